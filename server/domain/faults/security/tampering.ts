import { decodeHeaderBytes, encodeHeaderBytes } from '../../../protocol/encodings.ts';
import { securityFault } from '../fault.ts';
import type { WireMessage } from '../wire-message.ts';

/** What is sent is not what was signed. */
export const tampering = {
  'tampered-body': securityFault('signature', {
    sentence:
      'The result was changed after signing: S into F, F and U into a success; of a sealed body, one character.',
    expectedClientBehaviour:
      'Verifies the raw bytes before it reads them; what does not verify is neither a success nor a failure.',
    hooks: () => ({ rewrite: (message) => withBody(message, tamper(message)) }),
  }),
  'tampered-signature': securityFault('signature', {
    sentence: 'One bit of the signature is wrong; it still reads as one.',
    expectedClientBehaviour: 'Verifies the signature itself, not only that there is one.',
    hooks: () => ({ rewrite: (message) => withSignatureValue(message, flipLastBit) }),
  }),
  'raw-signature': securityFault('signature', {
    sentence: 'The signature is bare base64, not URL-encoded as it must be.',
    expectedClientBehaviour:
      'Does not crash on it; accepts it only if it means to. Without a verified signature the outcome is unknown.',
    hooks: () => ({ rewrite: (message) => withSignatureValue(message, decodeURIComponent) }),
  }),
} as const;

const withBody = (message: WireMessage, body: Buffer): WireMessage => ({
  ...message,
  headers: { ...message.headers, 'content-length': String(body.length) },
  body,
});

const result = /"resultCode":"\w+","resultStatus":"([SFU])"/;

const tamper = ({ body }: WireMessage): Buffer => {
  const text = body.toString('utf8');
  const told = result.exec(text);
  if (told === null) return otherCharacter(body);
  const [code, status] = told[1] === 'S' ? ['PARAM_ILLEGAL', 'F'] : ['SUCCESS', 'S'];
  return Buffer.from(text.replace(result, `"resultCode":"${code}","resultStatus":"${status}"`));
};

const otherCharacter = (body: Buffer): Buffer => {
  const at = Math.floor(body.length / 2);
  return Buffer.concat([
    body.subarray(0, at),
    Buffer.from(body[at] === 0x41 ? 'B' : 'A'),
    body.subarray(at + 1),
  ]);
};

const withSignatureValue = (
  message: WireMessage,
  change: (value: string) => string,
): WireMessage => ({
  ...message,
  headers: Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) =>
      name === 'signature' ? [name, value.replace(/(?<=signature=).*$/, change)] : [name, value],
    ),
  ),
});

const flipLastBit = (value: string): string => {
  const bytes = decodeHeaderBytes(value);
  if (!Buffer.isBuffer(bytes)) return value;
  return encodeHeaderBytes(
    Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) ?? 0) ^ 1])]),
  );
};
