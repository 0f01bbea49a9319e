/** The protocol's headers by the name that the documents print. */
export type ProtocolHeader =
  | 'Client-Id'
  | 'Request-Time'
  | 'Signature'
  | 'Encrypt'
  | 'Content-Type';

/** Names of the same thing in other APIs and in ported code, without hyphens and in lower case. */
const otherNames: Readonly<Record<ProtocolHeader, readonly string[]>> = {
  'Client-Id': ['client', 'appid', 'partnerid', 'partner', 'merchantid', 'clientidentifier'],
  'Request-Time': [
    'time',
    'timestamp',
    'requesttimestamp',
    'requestdate',
    'requestdatetime',
    'reqtime',
  ],
  Signature: ['sign', 'sig', 'signatures', 'signed', 'signaturevalue'],
  Encrypt: ['encryption', 'encrypted', 'enc', 'encryptkey', 'encryptheader'],
  'Content-Type': ['contenttypes', 'mediatype', 'mimetype'],
};

/** Headers of their own that are only spelt alike. */
const notMeant: readonly string[] = ['clientip'];

const lettersOf = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** `X-Signature` and `HTTP_SIGNATURE` name what `Signature` names. */
const withoutPrefix = (letters: string): string =>
  letters.replace(/^(?:x|http|alipay(?:hk)?)(?=.)/, '');

/**
 * A header that was probably meant to be the protocol's: `clientId`, `request_time`, `X-Signature`,
 * `Encryption`.
 * @param names as sent
 * @returns its name as sent
 */
export const misnamedHeader = (
  names: readonly string[],
  meant: ProtocolHeader,
): string | undefined => {
  const right = lettersOf(meant);
  const others = names.filter(
    (name) => !notMeant.includes(lettersOf(name)) && name.toLowerCase() !== meant.toLowerCase(),
  );
  const ranked = [
    (letters: string) => letters === right || withoutPrefix(letters) === right,
    (letters: string) => otherNames[meant].includes(withoutPrefix(letters)),
    (letters: string) => isOneEditAway(letters, right),
  ];
  for (const isMeant of ranked) {
    const found = others.find((name) => isMeant(lettersOf(name)));
    if (found !== undefined) return found;
  }
  return undefined;
};

/** One letter too many, too few, replaced, or two neighbours swapped. */
const isOneEditAway = (text: string, right: string): boolean => {
  if (Math.abs(text.length - right.length) > 1) return false;
  let start = 0;
  while (start < right.length && text[start] === right[start]) start++;
  const rest = text.slice(start);
  const wanted = right.slice(start);
  if (rest.slice(1) === wanted || rest === wanted.slice(1) || rest.slice(1) === wanted.slice(1))
    return true;
  return rest[0] === wanted[1] && rest[1] === wanted[0] && rest.slice(2) === wanted.slice(2);
};
