import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../server/package-root.ts';
import { demoClient } from '../../start-server.ts';
import { type RawMessage, valuesOf } from './raw-socket.ts';

const platformKey = createPublicKey(
  readFileSync(join(packageRoot, 'keys', 'platform', 'v1.public.pem')),
);

/**
 * A verifier that shares nothing with the simulator: as a strict client would check the raw bytes
 * of an answer.
 */
export const checkAnswer = (
  target: string,
  message: RawMessage,
): 'verified' | 'unsigned' | 'bad' => {
  const signatures = valuesOf(message, 'signature');
  const times = valuesOf(message, 'response-time');
  if (signatures.length === 0 && times.length === 0) return 'unsigned';
  if (signatures.length !== 1 || times.length !== 1) return 'bad';
  const value = /^algorithm=RSA256,keyVersion=1,signature=([A-Za-z0-9%]+)$/.exec(
    signatures[0] ?? '',
  )?.[1];
  if (value === undefined) return 'bad';
  const length = Number(valuesOf(message, 'content-length')[0]);
  const content = Buffer.concat([
    Buffer.from(`POST ${target}\n${demoClient}.${times[0]}.`),
    message.body.subarray(0, length),
  ]);
  return verify('sha256', content, platformKey, Buffer.from(decodeURIComponent(value), 'base64'))
    ? 'verified'
    : 'bad';
};
