import {
  constants,
  createHash,
  createHmac,
  type KeyObject,
  privateEncrypt,
  sign,
} from 'node:crypto';
import type { MistakeId } from '../../server/doctor/catalogue/mistakes.ts';
import type { SignatureCase } from '../../server/doctor/diagnosis.ts';
import { encodeLegacy } from '../../server/doctor/hypotheses/body-bytes.ts';
import { candidate, privateKey, registered } from './samples.ts';

/** What a merchant means to send. */
export interface Message {
  readonly target: string;
  readonly clientId: string;
  readonly time: string;
  readonly body: string;
}

/**
 * One mistake, made the way a merchant's code would make it: independently of the doctor's own
 * tables.
 */
export interface SignatureSample {
  readonly id: MistakeId;
  readonly how: string;
  /** The content that is signed. */
  readonly content?: (m: Message) => string | Buffer;
  readonly sign?: (content: Buffer, key: KeyObject) => Buffer;
  readonly key?: string;
  /** The value behind `signature=`. */
  readonly write?: (signature: Buffer) => string;
  readonly header?: (value: string) => string;
  readonly sent?: (m: Message) => Partial<SignatureCase>;
  /** Bodies for which this is a mistake at all. */
  readonly when?: (body: string) => boolean;
  readonly message?: Partial<Message>;
}

export const contentOf = ({ target, clientId, time, body }: Message): string =>
  `POST ${target}\n${clientId}.${time}.${body}`;

const base: Message = {
  target: '/api/open/alipay/v1/merchant/order/sync?trace=1&note=a%20b',
  clientId: '4Q5Y8W0WSG45P907917',
  time: '2024-05-22T06:42:21+08:00',
  body: '',
};
const order = {
  requestId: '9f0c1a526b2e4c3d8a7e000000000002',
  userId: '2088000000000000001',
  amount: 12345,
  rate: 1.5,
  extInfo: {
    shopName: 'Tea & <Toast>',
    url: 'https://m.example/a/b?x=1&y=2',
    note: null,
    tags: ['b', 'a'],
  },
  cancelled: false,
};
export const bodies: Readonly<Record<string, string>> = {
  ascii: JSON.stringify(order),
  chinese: JSON.stringify({
    ...order,
    extInfo: { ...order.extInfo, shopName: '香港茶餐廳 é 😀 & <x>' },
  }),
  indented: JSON.stringify({ ...order, remark: '早晨' }, null, 2),
  empty: '',
  large: JSON.stringify({
    ...order,
    items: Array.from({ length: 2000 }, (_, i) => ({
      sku: `SKU-${i}`,
      name: '菠蘿包',
      price: i,
      url: 'https://m.example/i',
      note: null,
    })),
  }),
};

const withoutField = (body: string, index: number): string =>
  JSON.stringify(Object.fromEntries(Object.entries(parse(body) as object).toSpliced(index, 1)));

const isJson = (body: string): boolean => body !== '';
const isCompact = (body: string): boolean => body !== '' && !body.includes('\n');
const isWide = (body: string): boolean => /[^\u0020-\u007e\s]/.test(body);
const isSmall = (body: string): boolean => !body.includes('SKU');
const isCompactJson = (body: string): boolean =>
  isJson(body) && JSON.stringify(parse(body)) === body;
const isSmallJson = (body: string): boolean => isJson(body) && isSmall(body);
const withBody =
  (change: (body: string) => string | Buffer) =>
  (m: Message): string | Buffer => {
    const body = change(m.body);
    return typeof body === 'string'
      ? contentOf({ ...m, body })
      : Buffer.concat([Buffer.from(contentOf({ ...m, body: '' })), body]);
  };
const digest = (name: string, content: string | Buffer) =>
  createHash(name).update(content).digest();
const withTime = (time: string) => (m: Message) => contentOf({ ...m, time });
const withTarget = (change: (target: string) => string) => (m: Message) =>
  contentOf({ ...m, target: change(m.target) });
const parse = (body: string): unknown => JSON.parse(body);
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
};
const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== null)
      .map(([key, one]) => [key, withoutNulls(one)]),
  );
};
const escapeUnicode = (text: string, upper = false): string =>
  text.replace(/[\u0080-\uffff]/g, (unit) => {
    const code = unit.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${upper ? code.toUpperCase() : code}`;
  });
const python = (body: string): string =>
  escapeUnicode(
    JSON.stringify(parse(body), null, 1)
      .replace(/\n\s*/g, ' ')
      .replace(/([{[]) /g, '$1')
      .replace(/ ([}\]])/g, '$1'),
  );
const sortedPairs = (body: string): string =>
  Object.entries(parse(body) as object)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join('&');
const inPem = (text: string): string =>
  `-----BEGIN SIGNATURE-----\n${text}\n-----END SIGNATURE-----\n`;
const jwsHead = Buffer.from('{"alg":"RS256"}').toString('base64url');
const jwsInput = (payload: string): string =>
  `${jwsHead}.${Buffer.from(payload).toString('base64url')}`;
const jws = (payload: string, signature: Buffer): string =>
  `${jwsInput(payload)}.${signature.toString('base64url')}`;
/** As str() of Python writes bytes. */
const pythonBytes = (body: string): string =>
  `b'${[...Buffer.from(body)]
    .map((byte) => {
      if (byte === 0x0a) return '\\n';
      return byte < 0x20 || byte > 0x7e
        ? `\\x${byte.toString(16).padStart(2, '0')}`
        : String.fromCharCode(byte);
    })
    .join('')}'`;
const ruby = (body: string): string =>
  body.replaceAll('":', '"=>').replaceAll(',"', ', "').replaceAll('null', 'nil');
/** Two blocks of AES. */
const ciphertext = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const html = (body: string): string =>
  body.replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
const rawBase64 = (signature: Buffer): string => signature.toString('base64');
const encoded = (signature: Buffer): string => encodeURIComponent(rawBase64(signature));
const sha256 = (content: Buffer, key: KeyObject): Buffer => sign('sha256', content, key);
const pss = (saltLength: number) => (content: Buffer, key: KeyObject) =>
  sign('sha256', content, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
const stripped = (m: Message): Partial<SignatureCase> => ({
  body: Buffer.from(m.body.replace(/[\r\n]/g, '')),
});
/** As AlipayHK's pages print it. */
const documentedSignature =
  'KEhXthj4bJ801Hqw8kaLvEKc0Rii8KsNUazw7kZgjxyGSPuOZ48058UVJUkkR21iD9JkHBGR rWiHPae8ZRPuBagh2H3qu7fxY5GxVDWayJUhUYkr9m%2FOW4UQVmXaQ9yn%2Fw2dCtzwAW0htPHYrKMyrT pMk%2BfDDmRflA%2FAMJhQ71yeyhufIA2PCJV8%2FCMOa46303A0WHhH0YPJ9%2FI0UeLVMWlJ1XcBo3Jr bRFvcowQwt0lP1XkoPmSLGpBevDE8%2FQ9WnxjPNDfrHnKgV2fp0hpMKVXNM%2BrLHNyMv3MkHg9iTMOD% 2FFYDAwSd%2B6%2FEOFo9UbdlKcmodJwjKlQoxZZIzmF8w%3D%3D';
const epoch = { time: '1716331341000' };

export const signatureSamples: readonly SignatureSample[] = [
  { id: 'SIG_NOT_URL_ENCODED', how: 'bare base64', write: rawBase64 },
  {
    id: 'SIG_NOT_URL_ENCODED',
    how: 'only + escaped',
    write: (s) => rawBase64(s).replaceAll('+', '%2B'),
  },
  { id: 'SIG_URL_ENCODED_TWICE', how: 'twice', write: (s) => encodeURIComponent(encoded(s)) },
  {
    id: 'SIG_URL_ENCODED_TWICE',
    how: 'three times',
    write: (s) => encodeURIComponent(encodeURIComponent(encoded(s))),
  },
  {
    id: 'SIG_PLUS_BECAME_BLANK',
    how: 'decoded on the way',
    write: (s) => rawBase64(s).replaceAll('+', ' '),
  },
  {
    id: 'SIG_PLUS_BECAME_BLANK',
    how: 'encoded afterwards',
    write: (s) => encodeURIComponent(rawBase64(s).replaceAll('+', ' ')),
  },
  { id: 'SIG_BASE64URL', how: 'without padding', write: (s) => s.toString('base64url') },
  { id: 'SIG_BASE64URL', how: 'with padding', write: (s) => `${s.toString('base64url')}==` },
  {
    id: 'SIG_BASE64URL',
    how: 'with encoded padding',
    write: (s) => `${s.toString('base64url')}%3D%3D`,
  },
  { id: 'SIG_HEX', how: 'small letters', write: (s) => s.toString('hex') },
  { id: 'SIG_HEX', how: 'capitals', write: (s) => s.toString('hex').toUpperCase() },
  {
    id: 'SIG_BASE64_TWICE',
    how: 'twice',
    write: (s) => encodeURIComponent(Buffer.from(rawBase64(s)).toString('base64')),
  },
  {
    id: 'SIG_LINE_WRAPPED',
    how: '76 columns',
    write: (s) => encodeURIComponent(rawBase64(s).replace(/.{76}/g, '$&\n')),
  },
  {
    id: 'SIG_LINE_WRAPPED',
    how: '64 columns, CR LF, and one at the end',
    write: (s) => encodeURIComponent(`${rawBase64(s).replace(/.{64}/g, '$&\r\n')}\r\n`),
  },
  { id: 'SIG_LINE_WRAPPED', how: 'a line feed at the end', write: (s) => `${encoded(s)}%0A` },
  {
    id: 'SIG_LINE_WRAPPED',
    how: 'folded into blanks',
    write: (s) => encoded(s).replace(/.{76}/g, '$& '),
  },
  { id: 'SIG_QUOTED', how: 'double quotes', write: (s) => `"${encoded(s)}"` },
  {
    id: 'SIG_QUOTED',
    how: 'quotes, then encoded',
    write: (s) => encodeURIComponent(`"${rawBase64(s)}"`),
  },
  { id: 'SIG_QUOTED', how: "Python's bytes", write: (s) => `b'${encoded(s)}'` },
  {
    id: 'SIG_QUOTED',
    how: "Python's bytes, then encoded",
    write: (s) => encodeURIComponent(`b'${rawBase64(s)}'`),
  },
  {
    id: 'SIG_PEM',
    how: 'encoded with its lines',
    write: (s) => encodeURIComponent(inPem(rawBase64(s).replace(/.{64}/g, '$&\n'))),
  },
  { id: 'SIG_PEM', how: 'folded into blanks', write: (s) => inPem(encoded(s)).replace(/\n/g, ' ') },
  {
    id: 'SIG_PEM',
    how: 'lines as escapes',
    write: (s) => encodeURIComponent(inPem(rawBase64(s)).replaceAll('\n', '\\n')),
  },
  { id: 'SIG_JWS', how: 'around the signature', write: (s) => jws('payload', s) },
  { id: 'SIG_JWS', how: 'detached, around the signature', write: (s) => jws('', s) },
  {
    id: 'SIG_JWS',
    how: 'of the content',
    content: (m) => jwsInput(contentOf(m)),
    write: (s) => jws('', s),
  },
  {
    id: 'SIG_JWS',
    how: 'of the body, unencoded',
    content: (m) => `${jwsHead}.${m.body}`,
    write: (s) => jws('', s),
  },
  {
    id: 'SIG_JWS',
    how: 'with claims as its payload',
    content: () => jwsInput('{"iss":"merchant"}'),
    write: (s) => jws('{"iss":"merchant"}', s),
  },
  { id: 'SIG_TRUNCATED', how: 'cut', write: (s) => encoded(s).slice(0, -20) },
  {
    id: 'SIG_TRUNCATED',
    how: 'cut in an escape',
    write: (s) =>
      encoded(s)
        .replace(/%3D.*$/, '')
        .slice(0, 250)
        .replace(/%..$|%.$|%$/, '')
        .concat('%2'),
  },
  {
    id: 'SIG_IS_HASH',
    how: 'HMAC-SHA256',
    sign: (content) => createHmac('sha256', 'secret').update(content).digest(),
  },
  {
    id: 'SIG_IS_HASH',
    how: 'MD5 as hex',
    write: () => createHash('md5').update('a').digest('hex'),
  },
  { id: 'SIG_TRUNCATED', how: 'split at =', write: (s) => encoded(s).replace(/%3D/g, '') },
  { id: 'SIG_MISSING', how: 'no pair', header: () => 'algorithm=RSA256,keyVersion=1' },
  { id: 'SIG_MISSING', how: 'empty', header: () => 'algorithm=RSA256,keyVersion=1,signature=' },
  { id: 'SIG_SAMPLE', how: 'with the line breaks of the page', write: () => documentedSignature },
  { id: 'SIG_SAMPLE', how: 'without them', write: () => documentedSignature.replaceAll(' ', '') },
  {
    id: 'SIG_SAMPLE',
    how: 'decoded',
    write: () => decodeURIComponent(documentedSignature.replaceAll(' ', '')),
  },
  {
    id: 'HEADER_SEPARATORS',
    how: 'semicolons',
    header: (value) => `algorithm=RSA256;keyVersion=1;signature=${value}`,
  },
  {
    id: 'HEADER_SEPARATORS',
    how: 'semicolons and spaces',
    header: (value) => `algorithm=RSA256; keyVersion=1; signature=${value}`,
  },
  {
    id: 'HEADER_SEPARATORS',
    how: 'as in a query',
    header: (value) => `algorithm=RSA256&keyVersion=1&signature=${value}`,
  },
  {
    id: 'HEADER_SEPARATORS',
    how: 'spaces',
    header: (value) => `algorithm=RSA256 keyVersion=1 signature=${value}`,
  },
  {
    id: 'HEADER_SEPARATORS',
    how: 'only the last',
    header: (value) => `algorithm=RSA256,keyVersion=1;signature=${value}`,
  },
  {
    id: 'HEADER_KEY_MISSPELT',
    how: 'keyversion',
    header: (value) => `algorithm=RSA256,keyversion=1,signature=${value}`,
  },
  {
    id: 'HEADER_KEY_MISSPELT',
    how: 'key_version',
    header: (value) => `algorithm=RSA256,key_version=1,signature=${value}`,
  },
  {
    id: 'HEADER_KEY_MISSPELT',
    how: 'Signature',
    header: (value) => `algorithm=RSA256,keyVersion=1,Signature=${value}`,
  },
  {
    id: 'ALGORITHM_UNKNOWN',
    how: 'RSA2',
    header: (value) => `algorithm=RSA2,keyVersion=1,signature=${value}`,
  },
  {
    id: 'KEY_OTHER_VERSION',
    how: 'stated',
    header: (value) => `algorithm=RSA256,keyVersion=2,signature=${value}`,
  },
  {
    id: 'KEY_OTHER_VERSION',
    how: 'newest meant',
    header: (value) => `algorithm=RSA256,signature=${value}`,
  },
  {
    id: 'KEY_VERSION_UNKNOWN',
    how: 'number',
    header: (value) => `algorithm=RSA256,keyVersion=9,signature=${value}`,
  },
  {
    id: 'KEY_VERSION_UNKNOWN',
    how: 'no number',
    header: (value) => `algorithm=RSA256,keyVersion=v1,signature=${value}`,
  },
  {
    id: 'KEY_OTHER_ALGORITHM',
    how: 'RSA key, ECC224 stated',
    header: (value) => `algorithm=ECC224,keyVersion=1,signature=${value}`,
  },
  { id: 'KEY_OTHER_ALGORITHM', how: 'EC key, RSA256 stated', key: 'merchant-ec224' },
  { id: 'KEY_IS_PLATFORM', how: 'swapped', key: 'platform-v1' },
  { id: 'KEY_IS_CLIENT', how: 'a notification', sent: () => ({ signer: 'platform' }) },
  {
    id: 'KEY_OTHER_CLIENT',
    how: 'of another',
    key: 'stranger',
    sent: () => ({ keys: [...registered, candidate('other-client', 1, 'stranger')] }),
  },
  { id: 'KEY_UNKNOWN', how: 'of nobody', key: 'stranger' },
  { id: 'KEY_SIZE', how: '1024 bits', key: 'weak-1024' },
  { id: 'HASH_SHA1', how: 'SHA1withRSA', sign: (content, key) => sign('sha1', content, key) },
  { id: 'HASH_SHA512', how: 'SHA512withRSA', sign: (content, key) => sign('sha512', content, key) },
  { id: 'HASH_OTHER', how: 'MD5withRSA', sign: (content, key) => sign('md5', content, key) },
  { id: 'HASH_OTHER', how: 'SHA384withRSA', sign: (content, key) => sign('sha384', content, key) },
  {
    id: 'HASHED_TWICE',
    how: 'raw',
    sign: (content, key) => sha256(digest('sha256', content), key),
  },
  {
    id: 'HASHED_TWICE_HEX',
    how: 'hex',
    sign: (content, key) => sha256(Buffer.from(digest('sha256', content).toString('hex')), key),
  },
  {
    id: 'HASHED_TWICE_HEX',
    how: 'base64',
    sign: (content, key) => sha256(Buffer.from(digest('sha256', content).toString('base64')), key),
  },
  { id: 'PADDING_PSS', how: 'salt as long as the hash', sign: pss(32) },
  { id: 'PADDING_PSS', how: 'longest salt', sign: pss(constants.RSA_PSS_SALTLEN_MAX_SIGN) },
  { id: 'PADDING_PSS', how: 'no salt', sign: pss(0) },
  {
    id: 'NO_DIGESTINFO',
    how: 'PKCS#1 padding',
    sign: (content, key) =>
      privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, digest('sha256', content)),
  },
  {
    id: 'NO_DIGESTINFO',
    how: 'hex text',
    sign: (content, key) =>
      privateEncrypt(
        { key, padding: constants.RSA_PKCS1_PADDING },
        Buffer.from(digest('sha256', content).toString('hex')),
      ),
  },
  {
    id: 'NO_DIGESTINFO',
    how: 'no padding',
    sign: (content, key) =>
      privateEncrypt(
        { key, padding: constants.RSA_NO_PADDING },
        Buffer.concat([Buffer.alloc(224), digest('sha256', content)]),
      ),
  },
  { id: 'METHOD_LOWER_CASE', how: 'post', content: (m) => contentOf(m).replace('POST', 'post') },
  { id: 'METHOD_OMITTED', how: 'without', content: (m) => contentOf(m).slice(5) },
  { id: 'METHOD_DIFFERS', how: 'PUT', content: (m) => contentOf(m).replace('POST', 'PUT') },
  { id: 'URI_FULL_URL', how: 'https', content: withTarget((t) => `https://127.0.0.1:4010${t}`) },
  { id: 'URI_FULL_URL', how: 'http', content: withTarget((t) => `http://127.0.0.1:4010${t}`) },
  { id: 'URI_FULL_URL', how: 'without port', content: withTarget((t) => `https://127.0.0.1${t}`) },
  { id: 'URI_FULL_URL', how: 'host only', content: withTarget((t) => `127.0.0.1:4010${t}`) },
  { id: 'URI_NO_LEADING_SLASH', how: 'without', content: withTarget((t) => t.slice(1)) },
  { id: 'URI_QUERY_DROPPED', how: 'without', content: withTarget((t) => t.replace(/\?.*/, '')) },
  {
    id: 'URI_TRAILING_SLASH',
    how: 'signed',
    content: withTarget((t) => `${t}/`),
    message: { target: '/api/open/v1/x' },
  },
  {
    id: 'URI_TRAILING_SLASH',
    how: 'sent',
    content: withTarget((t) => t.slice(0, -1)),
    message: { target: '/api/open/v1/x/' },
  },
  { id: 'URI_PREFIX_DROPPED', how: 'one', content: withTarget((t) => t.replace('/api', '')) },
  {
    id: 'URI_PREFIX_DROPPED',
    how: 'all',
    content: withTarget((t) => t.replace(/^.*\/(?=sync)/, '/')),
  },
  {
    id: 'URI_PREFIX_DROPPED',
    how: 'all with the slash',
    content: withTarget((t) => t.replace(/^.*\/(?=sync)/, '')),
  },
  { id: 'URI_ESCAPES_CHANGED', how: 'decoded', content: withTarget(decodeURIComponent) },
  { id: 'NEWLINE_CRLF', how: 'CR LF', content: (m) => contentOf(m).replace('\n', '\r\n') },
  {
    id: 'NEWLINE_LITERAL',
    how: 'single quotes',
    content: (m) => contentOf(m).replace('\n', '\\n'),
  },
  { id: 'NEWLINE_MISSING', how: 'none', content: (m) => contentOf(m).replace('\n', '') },
  {
    id: 'SEPARATOR_WRONG',
    how: 'lines',
    content: (m) => `POST ${m.target}\n${m.clientId}\n${m.time}\n${m.body}`,
    when: isJson,
  },
  {
    id: 'SEPARATOR_WRONG',
    how: 'commas',
    content: (m) => `POST ${m.target}\n${m.clientId},${m.time},${m.body}`,
  },
  {
    id: 'SEPARATOR_WRONG',
    how: 'the first line of HTTP',
    content: (m) => contentOf(m).replace('\n', ' HTTP/1.1\n'),
  },
  {
    id: 'SEPARATOR_WRONG',
    how: 'two line feeds',
    content: (m) => contentOf(m).replace('\n', '\n\n'),
  },
  {
    id: 'SEPARATOR_WRONG',
    how: 'order',
    content: (m) => `POST ${m.target}\n${m.time}.${m.clientId}.${m.body}`,
  },
  { id: 'SEPARATOR_WRONG', how: 'a space first', content: (m) => ` ${contentOf(m)}` },
  { id: 'SEPARATOR_WRONG', how: 'a line feed first', content: (m) => `\n${contentOf(m)}` },
  {
    id: 'CLIENT_ID_DIFFERS',
    how: 'small letters',
    content: (m) => contentOf({ ...m, clientId: m.clientId.toLowerCase() }),
  },
  {
    id: 'CLIENT_ID_DIFFERS',
    how: 'a blank',
    content: (m) => contentOf({ ...m, clientId: `${m.clientId} ` }),
  },
  {
    id: 'CLIENT_ID_DIFFERS',
    how: 'the user id of the body',
    content: (m) => contentOf({ ...m, clientId: '2088000000000000001' }),
    when: (body) => body !== '',
  },
  { id: 'TIME_DIFFERS', how: 'a second', content: withTime('2024-05-22T06:42:20+08:00') },
  { id: 'TIME_DIFFERS', how: '59 seconds', content: withTime('2024-05-22T06:43:20+08:00') },
  {
    id: 'TIME_DIFFERS',
    how: 'over midnight',
    content: withTime('2024-05-22T00:00:03+08:00'),
    message: { time: '2024-05-21T23:59:58+08:00' },
  },
  {
    id: 'TIME_DIFFERS',
    how: '17 milliseconds',
    content: withTime('1716331340983'),
    message: epoch,
  },
  {
    id: 'TIME_DIFFERS',
    how: '7 milliseconds in a fraction',
    content: withTime('2024-05-21T22:42:21.130Z'),
    message: { time: '2024-05-21T22:42:21.123Z' },
  },
  { id: 'TIME_FORMAT_DIFFERS', how: 'epoch', content: withTime('1716331341000') },
  {
    id: 'TIME_FORMAT_DIFFERS',
    how: 'epoch with its milliseconds',
    content: withTime('1716331341789'),
  },
  {
    id: 'TIME_FORMAT_DIFFERS',
    how: 'ISO of an epoch',
    content: withTime('2024-05-22T06:42:21+08:00'),
    message: epoch,
  },
  { id: 'TIME_FORMAT_DIFFERS', how: 'Z', content: withTime('2024-05-21T22:42:21Z') },
  {
    id: 'TIME_FORMAT_DIFFERS',
    how: 'milliseconds and Z',
    content: withTime('2024-05-21T22:42:21.456Z'),
  },
  { id: 'TIME_FORMAT_DIFFERS', how: 'no colon', content: withTime('2024-05-22T06:42:21+0800') },
  {
    id: 'TIME_FORMAT_DIFFERS',
    how: 'a space for the T',
    content: withTime('2024-05-22 06:42:21+08:00'),
  },
  { id: 'TIME_FORMAT_DIFFERS', how: 'no zone', content: withTime('2024-05-22 06:42:21') },
  {
    id: 'TIME_FORMAT_DIFFERS',
    how: 'encoded',
    content: withTime('2024-05-22T06%3A42%3A21%2B08%3A00'),
  },
  { id: 'TIME_DIFFERS', how: '61 seconds', content: withTime('2024-05-22T06:43:22+08:00') },
  { id: 'TIME_DIFFERS', how: 'three minutes', content: withTime('2024-05-22T06:39:21+08:00') },
  { id: 'TIME_DIFFERS', how: 'an hour', content: withTime('2024-05-22T07:42:21+08:00') },
  {
    id: 'TIME_DIFFERS',
    how: '61 seconds of an epoch',
    content: withTime('1716331402000'),
    message: epoch,
  },
  ...(
    [
      ['2024-05-21T22:42:21.123456789Z', '2024-05-21T22:42:21.123458001Z'],
      ['2024-05-21T22:42:21.9999999Z', '2024-05-21T22:42:22.0000312Z'],
      ['2024-05-22T06:42:21.123456+08:00', '2024-05-22T06:42:21.121999+08:00'],
      ['2024-05-22T06:42:21.123456000+08:00', '2024-05-22T06:42:21.123999000+08:00'],
    ] as const
  ).map(
    ([time, signed]): SignatureSample => ({
      id: 'TIME_DIFFERS',
      how: `${time} read twice`,
      content: withTime(signed),
      message: { time },
    }),
  ),
  {
    id: 'TIME_OR_BODY_CHANGED',
    how: 'nanoseconds read twice, far apart',
    content: withTime('2024-05-21T22:42:21.345678901Z'),
    message: { time: '2024-05-21T22:42:21.123456789Z' },
  },
  {
    id: 'TIME_FORMAT_DIFFERS',
    how: 'nanoseconds cut',
    content: withTime('2024-05-21T22:42:21.123456Z'),
    message: { time: '2024-05-21T22:42:21.123456789Z' },
  },
  {
    id: 'TIME_ZONE_DIFFERS',
    how: 'Z on the local time',
    content: withTime('2024-05-22T06:42:21Z'),
  },
  {
    id: 'TIME_ZONE_DIFFERS',
    how: 'Z on the local time, with milliseconds',
    content: withTime('2024-05-22T06:42:21.000Z'),
  },
  { id: 'TIME_ZONE_DIFFERS', how: '+08:00 on UTC', content: withTime('2024-05-21T22:42:21+08:00') },
  {
    id: 'TIME_ZONE_DIFFERS',
    how: 'sent with Z on the local time',
    content: withTime('2024-05-22T06:42:21+08:00'),
    message: { time: '2024-05-22T06:42:21Z' },
  },
  {
    id: 'CONTENT_PARTS_MISSING',
    how: 'no first line',
    content: (m) => `${m.clientId}.${m.time}.${m.body}`,
  },
  {
    id: 'CONTENT_PARTS_MISSING',
    how: 'no client id and time',
    content: (m) => `POST ${m.target}\n${m.body}`,
    when: isJson,
  },
  { id: 'CONTENT_PARTS_MISSING', how: 'time and body', content: (m) => `${m.time}.${m.body}` },
  {
    id: 'CONTENT_PARTS_MISSING',
    how: 'no path',
    content: (m) => `POST\n${m.clientId}.${m.time}.${m.body}`,
    when: isSmall,
  },
  {
    id: 'CONTENT_PARTS_MISSING',
    how: 'path and body',
    content: (m) => m.target + m.body,
    when: isSmallJson,
  },
  {
    id: 'CONTENT_OF_OTHER_API',
    how: 'WeChat Pay, the client id as nonce',
    content: (m) => `POST\n${m.target}\n1716331341\n${m.clientId}\n${m.body}\n`,
    when: isSmall,
  },
  {
    id: 'CONTENT_OF_OTHER_API',
    how: 'WeChat Pay, the request id as nonce',
    content: (m) => `POST\n${m.target}\n${m.time}\n${order.requestId}\n${m.body}\n`,
    when: isSmallJson,
  },
  {
    id: 'CONTENT_OF_OTHER_API',
    how: "Alipay's older OpenAPI",
    content: (m) => sortedPairs(m.body),
    when: isSmallJson,
  },
  {
    id: 'CONTENT_OF_OTHER_API',
    how: 'sorted pairs in the place of the body',
    content: withBody(sortedPairs),
    when: isSmallJson,
  },
  {
    id: 'CONTENT_ENCODED',
    how: 'base64',
    content: (m) => Buffer.from(contentOf(m)).toString('base64'),
    when: isSmall,
  },
  { id: 'TIME_PLUS_DECODED', how: 'blank signed', content: withTime('2024-05-22T06:42:21 08:00') },
  {
    id: 'TIME_PLUS_DECODED',
    how: 'blank sent',
    content: withTime('2024-05-22T06:42:21+08:00'),
    message: { time: '2024-05-22T06:42:21 08:00' },
  },
  {
    id: 'TIME_AND_BODY_SWAPPED',
    how: 'swapped',
    content: (m) => `POST ${m.target}\n${m.clientId}.${m.body}.${m.time}`,
    when: isJson,
  },
  { id: 'BODY_NEWLINE_SIGNED', how: 'LF', content: withBody((b) => `${b}\n`), when: isJson },
  { id: 'BODY_NEWLINE_SIGNED', how: 'CR LF', content: withBody((b) => `${b}\r\n`), when: isJson },
  {
    id: 'BODY_NEWLINE_SENT',
    how: 'LF',
    sent: (m) => ({ body: Buffer.from(`${m.body}\n`) }),
    when: isJson,
  },
  {
    id: 'BODY_REFORMATTED',
    how: '2 blanks',
    content: withBody((b) => JSON.stringify(parse(b), null, 2)),
    when: isCompact,
  },
  {
    id: 'BODY_REFORMATTED',
    how: '4 blanks, CR LF',
    content: withBody((b) => JSON.stringify(parse(b), null, 4).replaceAll('\n', '\r\n')),
    when: isCompact,
  },
  {
    id: 'BODY_REFORMATTED',
    how: 'tabs',
    content: withBody((b) => JSON.stringify(parse(b), null, '\t')),
    when: isCompact,
  },
  {
    id: 'BODY_REFORMATTED',
    how: 'compact',
    content: withBody((b) => JSON.stringify(parse(b))),
    when: (b) => b.includes('\n'),
  },
  {
    id: 'BODY_REFORMATTED',
    how: 'Python',
    content: withBody(python),
    when: (b) => isCompact(b) && !isWide(b),
  },
  {
    id: 'BODY_REFORMATTED',
    how: 'numbers with .0',
    content: withBody((b) => b.replace('12345', '12345.0')),
    when: (b) => isCompact(b) && !b.includes('SKU'),
  },
  ...(['1.2345E+4', '12345.00', '12345.0', '"12345"', '1.2345E4', '12345.000000'] as const).map(
    (amount): SignatureSample => ({
      id: 'BODY_REFORMATTED',
      how: `one number as ${amount}`,
      content: withBody((b) => b.replace('12345', amount)),
      when: isSmallJson,
    }),
  ),
  {
    id: 'BODY_REFORMATTED',
    how: 'one number sent in quotation marks',
    content: withBody((b) => b.replace('"2088000000000000001"', '2088000000000000001')),
    when: isSmallJson,
  },
  {
    id: 'BODY_REFORMATTED',
    how: 'one number sent as BigDecimal strips it',
    content: withBody((b) => b.replace('12345', '12300')),
    sent: (m) => ({ body: Buffer.from(m.body.replace('12345', '1.23E+4')) }),
    when: isSmallJson,
  },
  {
    id: 'BODY_LINE_BREAKS_STRIPPED',
    how: 'curl -d @file',
    sent: stripped,
    when: (b) => b.includes('\n'),
  },
  {
    id: 'BODY_LINE_BREAKS_STRIPPED',
    how: 'an odd indentation',
    content: withBody((b) => b.replaceAll('\n', '\n ')),
    sent: (m) => stripped({ ...m, body: m.body.replaceAll('\n', '\n ') }),
    when: (b) => b.includes('\n'),
  },
  {
    id: 'BODY_LINE_BREAKS_STRIPPED',
    how: 'and one at the end',
    content: withBody((b) => `${b}\n`),
    sent: stripped,
    when: (b) => b.includes('\n'),
  },
  {
    id: 'BODY_KEYS_SORTED',
    how: 'all',
    content: withBody((b) => JSON.stringify(sorted(parse(b)))),
    when: isCompact,
  },
  {
    id: 'BODY_NULLS_DROPPED',
    how: 'all',
    content: withBody((b) => JSON.stringify(withoutNulls(parse(b)))),
    when: isCompact,
  },
  {
    id: 'BODY_SLASHES_ESCAPED',
    how: 'PHP',
    content: withBody((b) => b.replaceAll('/', '\\/')),
    when: isJson,
  },
  {
    id: 'BODY_UNICODE_ESCAPED',
    how: 'small letters',
    content: withBody(escapeUnicode),
    when: isWide,
  },
  {
    id: 'BODY_UNICODE_ESCAPED',
    how: 'capitals',
    content: withBody((b) => escapeUnicode(b, true)),
    when: isWide,
  },
  { id: 'BODY_HTML_ESCAPED', how: 'Go', content: withBody(html), when: isJson },
  {
    id: 'BODY_HTML_ESCAPED',
    how: 'Gson',
    content: withBody((b) => html(b).replaceAll('=', '\\u003d')),
    when: isJson,
  },
  {
    id: 'BODY_ESCAPES_EXPANDED',
    how: 'unicode',
    sent: (m) => ({ body: Buffer.from(escapeUnicode(m.body)) }),
    when: isWide,
  },
  {
    id: 'BODY_ESCAPES_EXPANDED',
    how: 'slashes',
    sent: (m) => ({ body: Buffer.from(m.body.replaceAll('/', '\\/')) }),
    when: isJson,
  },
  {
    id: 'BODY_BOM',
    how: 'sent',
    sent: (m) => ({ body: Buffer.from(`\ufeff${m.body}`) }),
    when: isJson,
  },
  { id: 'BODY_BOM', how: 'signed', content: withBody((b) => `\ufeff${b}`), when: isJson },
  {
    id: 'BODY_CRLF',
    how: 'sent',
    sent: (m) => ({ body: Buffer.from(m.body.replaceAll('\n', '\r\n')) }),
    when: (b) => b.includes('\n'),
  },
  {
    id: 'BODY_CRLF',
    how: 'signed',
    content: withBody((b) => b.replaceAll('\n', '\r\n')),
    when: (b) => b.includes('\n'),
  },
  {
    id: 'BODY_CHARSET',
    how: 'GBK',
    content: withBody((b) => encodeLegacy(b, 'gbk')),
    when: isWide,
  },
  {
    id: 'BODY_CHARSET',
    how: 'Big5',
    content: withBody((b) => encodeLegacy(b, 'big5')),
    when: isWide,
  },
  {
    id: 'BODY_CHARSET',
    how: 'ASCII',
    content: withBody((b) => [...b].map((c) => (c > '\u007f' ? '?' : c)).join('')),
    when: isWide,
  },
  {
    id: 'BODY_CHARSET',
    how: 'read as Latin-1',
    content: withBody((b) => Buffer.from(b).toString('latin1')),
    when: isWide,
  },
  {
    id: 'BODY_CHARSET',
    how: 'sent as Big5',
    sent: (m) => ({ body: encodeLegacy(m.body, 'big5') }),
    when: (b) => isWide(b) && !/[é😀]/u.test(b),
  },
  {
    id: 'BODY_CHARSET',
    how: 'UTF-16LE',
    content: withBody((b) => Buffer.from(b, 'utf16le')),
    when: isSmallJson,
  },
  {
    id: 'BODY_CHARSET',
    how: 'UTF-16 of Java',
    content: withBody((b) => Buffer.from(`\ufeff${b}`, 'utf16le').swap16()),
    when: isSmallJson,
  },
  {
    id: 'BODY_CHARSET',
    how: 'all of it as UTF-16LE',
    content: (m) => Buffer.from(contentOf(m), 'utf16le'),
    when: isSmall,
  },
  {
    id: 'BODY_ENCODED',
    how: 'base64',
    content: withBody((b) => Buffer.from(b).toString('base64')),
    when: isSmallJson,
  },
  {
    id: 'BODY_ENCODED',
    how: 'hex',
    content: withBody((b) => Buffer.from(b).toString('hex')),
    when: isSmallJson,
  },
  {
    id: 'BODY_ENCODED',
    how: 'URL-encoded',
    content: withBody(encodeURIComponent),
    when: isSmallJson,
  },
  {
    id: 'BODY_ENCODED',
    how: 'sent as base64',
    sent: (m) => ({ body: Buffer.from(Buffer.from(m.body).toString('base64')) }),
    when: isSmallJson,
  },
  {
    id: 'BODY_PLUS_BECAME_SPACE',
    how: 'in a ciphertext',
    content: withBody(() => 'uuvuZ9EqH6g7mnUT03I0JT+1TySi6DDm/YPUc+'),
    sent: () => ({ body: Buffer.from('uuvuZ9EqH6g7mnUT03I0JT 1TySi6DDm/YPUc ') }),
  },
  {
    id: 'BODY_PART_SIGNED',
    how: 'the value of one member',
    content: withBody((b) => JSON.stringify((parse(b) as typeof order).extInfo)),
    when: isSmallJson,
  },
  {
    id: 'BODY_FIELD_ADDED',
    how: 'the first one',
    content: withBody((b) => withoutField(b, 0)),
    when: isCompactJson,
  },
  {
    id: 'BODY_FIELD_ADDED',
    how: 'the last one',
    content: withBody((b) => withoutField(b, -1)),
    when: isCompactJson,
  },
  {
    id: 'BODY_HTML_ESCAPED',
    how: 'as HTML entities, quotes too',
    content: withBody((b) => b.replaceAll('&', '&amp;').replaceAll('"', '&quot;')),
    when: (body) => isSmallJson(body) && !/[<>]/.test(body),
  },
  {
    id: 'CONTENT_OF_OTHER_API',
    how: 'a form in the place of the body',
    content: withBody((b) =>
      new URLSearchParams(
        Object.entries(parse(b) as object).map(([key, value]): [string, string] => [
          key,
          typeof value === 'object' ? JSON.stringify(value) : String(value),
        ]),
      ).toString(),
    ),
    when: isSmallJson,
  },
  {
    id: 'ENC_BODY_IN_JSON',
    how: 'the ciphertext signed, JSON around it sent',
    content: withBody(() => ciphertext),
    sent: () => ({ body: Buffer.from(JSON.stringify({ requestId: '1', data: ciphertext })) }),
  },
  {
    id: 'ENC_BODY_NOT_ENCRYPTED',
    how: 'the ciphertext signed, the plain body sent',
    content: withBody(() => ciphertext),
    sent: () => ({ sealedBody: Buffer.from(ciphertext) }),
    when: isJson,
  },
  { id: 'BODY_ONLY_SIGNED', how: 'alone', content: (m) => m.body, when: isJson },
  {
    id: 'BODY_HASH_SIGNED',
    how: 'in place',
    content: withBody((b) => digest('sha256', b).toString('hex')),
  },
  {
    id: 'BODY_HASH_SIGNED',
    how: 'alone',
    content: (m) => digest('sha256', m.body).toString('hex'),
  },
  {
    id: 'BODY_HASH_SIGNED',
    how: 'MD5 as base64',
    content: withBody((b) => digest('md5', b).toString('base64')),
  },
  { id: 'BODY_EMPTY_SIGNED', how: 'nothing', content: withBody(() => ''), when: isJson },
  { id: 'BODY_EMPTY_SIGNED', how: 'braces', content: withBody(() => '{}') },
  ...(['[]', 'nil', 'false', '[object Promise]', '<nil>', 'None', 'undefined'] as const).map(
    (text): SignatureSample => ({
      id: 'BODY_EMPTY_SIGNED',
      how: text,
      content: withBody(() => text),
    }),
  ),
  {
    id: 'BODY_STRINGIFIED_TWICE',
    how: 'sent',
    sent: (m) => ({ body: Buffer.from(JSON.stringify(m.body)) }),
    when: isJson,
  },
  {
    id: 'BODY_STRINGIFIED_TWICE',
    how: 'signed',
    content: withBody((b) => JSON.stringify(b)),
    when: isJson,
  },
  {
    id: 'BODY_STRINGIFIED_TWICE',
    how: 'one value signed as text',
    content: withBody((b) => {
      const whole = parse(b) as typeof order;
      return JSON.stringify({ ...whole, extInfo: JSON.stringify(whole.extInfo) });
    }),
    when: isCompactJson,
  },
  {
    id: 'BODY_OBJECT_PRINTED',
    how: 'JavaScript',
    content: withBody(() => '[object Object]'),
    when: isJson,
  },
  {
    id: 'BODY_OBJECT_PRINTED',
    how: 'Python bytes',
    content: withBody(pythonBytes),
    when: isSmallJson,
  },
  {
    id: 'BODY_OBJECT_PRINTED',
    how: 'Go bytes',
    content: withBody((b) => `[${[...Buffer.from(b)].join(' ')}]`),
    when: isSmallJson,
  },
  {
    id: 'BODY_OBJECT_PRINTED',
    how: 'Ruby',
    content: withBody(ruby),
    when: (b) => isSmallJson(b) && isCompact(b),
  },
  {
    id: 'BODY_CHANGED',
    how: 'an amount',
    content: withBody((b) => b.replace('12345', '12346')),
    when: isJson,
  },
  { id: 'BODY_CHANGED', how: 'all of it', content: () => 'something else' },
  {
    id: 'ENC_PLAINTEXT_SIGNED',
    how: 'before encryption',
    sent: (m) => ({ body: Buffer.from('c2VhbGVkIHNlYWxlZA=='), plainBody: Buffer.from(m.body) }),
    when: isJson,
  },
];

/** The message as it arrives, with the mistake in it. */
export const caseWith = (mistake: SignatureSample, body: string): SignatureCase => {
  const message: Message = { ...base, ...mistake.message, body };
  const content = Buffer.from((mistake.content ?? contentOf)(message) as string);
  const signature = (mistake.sign ?? sha256)(content, privateKey(mistake.key ?? 'merchant-v1'));
  const value = (mistake.write ?? encoded)(signature);
  return {
    signer: 'client',
    target: message.target,
    hosts: ['127.0.0.1:4010'],
    method: 'POST',
    clientId: message.clientId,
    time: message.time,
    signatureHeader: (
      mistake.header ?? ((text: string) => `algorithm=RSA256,keyVersion=1,signature=${text}`)
    )(value),
    body: Buffer.from(body),
    keys: registered,
    ecc224: 'sha256',
    ...mistake.sent?.(message),
  };
};

export const mistakeOf = (id: MistakeId, how?: string): SignatureSample => {
  const found = signatureSamples.find(
    (one) => one.id === id && (how === undefined || one.how === how),
  );
  if (found === undefined) throw new Error(`no sample of ${id}`);
  return found;
};
