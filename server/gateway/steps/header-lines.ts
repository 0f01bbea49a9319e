import type { IncomingMessage } from 'node:http';
import type { Finding } from '../../domain/contract/contract.ts';
import { clipText } from '../../problems/display-text.ts';
import { misnamedHeader, type ProtocolHeader } from '../../protocol/headers.ts';

type Named = Pick<IncomingMessage, 'rawHeaders'>;

const readNames = ({ rawHeaders }: Named): readonly string[] =>
  rawHeaders.filter((_, at) => at % 2 === 0);

/** A header that holds a signature list under a name of another protocol, such as Authorization. */
const listElsewhere = ({ rawHeaders }: Named): string | undefined => {
  const at = rawHeaders.findIndex(
    (text, index) => index % 2 === 1 && /(?:^|[,\s])signature=/i.test(text),
  );
  return rawHeaders[at - 1];
};

/** The name as sent of the header that was probably meant to be this one. */
export const misnamedAs = (req: Named, meant: ProtocolHeader): string | undefined =>
  misnamedHeader(readNames(req), meant) ?? (meant === 'Signature' ? listElsewhere(req) : undefined);

const clipName = (name: string): string => clipText(name, 40);

/**
 * What to append to the message about a missing header; empty when no other header looks like it.
 */
export const didYouMeanHeader = (req: IncomingMessage, meant: ProtocolHeader): string => {
  const name = misnamedAs(req, meant);
  return name === undefined
    ? ''
    : `, but the request has a header "${clipName(name)}". Did you mean "${meant}"?`;
};

/** For a request without Encrypt: a header that is not read, because its name is another. */
export const encryptNameFinding = (req: IncomingMessage): readonly Finding[] => {
  const name = namesEncryption(req) ? misnamedAs(req, 'Encrypt') : undefined;
  if (name === undefined) return [];
  return [
    {
      id: 'HEADER_NAME',
      sentence: `header "${clipName(name)}": is not read. Did you mean "Encrypt"?`,
      register: 'G-02',
    },
  ];
};

/** Asked of every request, so it looks no further than it must. */
const namesEncryption = ({ rawHeaders }: IncomingMessage): boolean => {
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (/crypt/i.test(rawHeaders[at] ?? '')) return true;
  return false;
};

/**
 * How many lines of the request carry this header. Node joins some headers that are sent twice, and
 * of others keeps the first.
 */
export const timesSent = ({ rawHeaders }: IncomingMessage, name: string): number => {
  let times = 0;
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (rawHeaders[at]?.length === name.length && rawHeaders[at]?.toLowerCase() === name) times++;
  return times;
};

/** The header's value, or undefined where it is missing, empty, or sent more than once. */
export const sentOnce = (req: IncomingMessage, name: string): string | undefined => {
  const value = req.headers[name]?.toString().trim();
  if (value === undefined || value === '') return undefined;
  return value.includes(',') && timesSent(req, name) > 1 ? undefined : value;
};
