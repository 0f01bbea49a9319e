import type { MerchantIdentity } from '../../sdk/client/signed-call.ts';
import { decodeHeaderBytes, readHeaderPairs } from '../../server/protocol/headers.ts';
import { defaultScheme, openBody } from '../../server/protocol/sealing.ts';
import {
  algorithmParamsFor,
  signingContent,
  verifyContent,
} from '../../server/protocol/signatures.ts';
import { type Answer, readHeader } from './answer.ts';

/** The result code of a plain body, without parsing it; undefined when it has no result code. */
export const resultCodeIn = (body: Buffer): string | undefined =>
  /"resultCode"\s*:\s*"([^"]*)"/.exec(body.toString('latin1'))?.[1];

export const isSealed = ({ head }: Answer): boolean =>
  /\r\nencrypt:/i.test(head) && /\r\ncontent-type: *text\/plain/i.test(head);

/** The body of a sealed answer; empty when it does not open. */
export const openAnswer = (answer: Answer, { keyring }: MerchantIdentity): Buffer => {
  const { pairs } = readHeaderPairs(readHeader(answer, 'encrypt') ?? '');
  const key = keyring.find('RSA', Number(pairs.get('keyVersion')))?.privateKey;
  const opened = key && openBody(pairs.get('symmetricKey') ?? '', answer.body, key, defaultScheme);
  return opened !== undefined && 'plain' in opened ? opened.plain : Buffer.alloc(0);
};

/** Whether the platform signed this answer to that path. */
export const isVerified = (
  answer: Answer,
  target: string,
  { clientId, platform }: MerchantIdentity,
): boolean => {
  const { pairs } = readHeaderPairs(readHeader(answer, 'signature') ?? '');
  const key = platform.find('RSA', Number(pairs.get('keyVersion')))?.publicKey;
  const signature = decodeHeaderBytes(pairs.get('signature') ?? '');
  const time = readHeader(answer, 'response-time');
  if (key === undefined || time === undefined || !Buffer.isBuffer(signature)) return false;
  return verifyContent(
    signingContent({ target, clientId, time, body: answer.body }),
    signature,
    key,
    algorithmParamsFor('RSA256', 'sha256'),
  );
};
