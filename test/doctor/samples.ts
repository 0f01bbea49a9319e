import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  type CandidateKey,
  defaultLimits,
  type SignatureCase,
} from '../../server/doctor/diagnosis.ts';
import { diagnoseSignature } from '../../server/doctor/signature/diagnose-signature.ts';
import { keyFingerprint } from '../../server/protocol/keys/key-objects.ts';
import { keyFamily } from '../../server/protocol/signatures.ts';

const vectors = new URL('../vectors/', import.meta.url);

export const readVector = (path: string): string => readFileSync(new URL(path, vectors), 'utf8');
export const privateKey = (name: string): KeyObject =>
  createPrivateKey(readVector(`keys/${name}.private.pkcs8.pem`));

/** The parts of a vector that these tests use. */
export interface Sample {
  readonly id: string;
  readonly code: string;
  readonly method: string;
  readonly requestTarget: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBase64?: string;
  readonly bodyText?: string;
  readonly plaintextBase64?: string;
  readonly unwrapKey?: string;
  readonly direction?: string;
}

/** The vectors are JSON from outside; their README describes these fields. */
export const readSamples = (file: string): readonly Sample[] =>
  JSON.parse(readVector(file)) as readonly Sample[];

export const candidate = (
  owner: CandidateKey['owner'],
  version: number,
  name: string,
): CandidateKey => {
  const key = createPublicKey(readVector(`keys/${name}.public.spki.pem`));
  return { owner, version, key, family: keyFamily(key) ?? 'RSA', fingerprint: keyFingerprint(key) };
};

/** What the vectors' README says the server knows. */
export const registered: readonly CandidateKey[] = [
  candidate('client', 1, 'merchant-v1'),
  candidate('client', 2, 'merchant-v2'),
  candidate('platform', 1, 'platform-v1'),
  candidate('client', 1, 'merchant-ec224'),
];

export const bodyOf = ({ bodyBase64, bodyText }: Sample): Buffer =>
  bodyBase64 === undefined ? Buffer.from(bodyText ?? '') : Buffer.from(bodyBase64, 'base64');

export const caseOf = (sample: Sample, more: Partial<SignatureCase> = {}): SignatureCase => ({
  signer:
    sample.direction === 'response' || sample.direction === 'notification' ? 'platform' : 'client',
  target: sample.requestTarget,
  method: sample.method,
  clientId: sample.headers['Client-Id'] ?? '',
  time: sample.headers['Request-Time'] ?? sample.headers['Response-Time'] ?? '',
  signatureHeader: sample.headers['Signature'] ?? '',
  body: bodyOf(sample),
  keys: registered,
  ecc224: 'sha256',
  ...more,
});

/** A clock that stands: what a search finds must not hang on how busy the machine is. */
export const now = (): number => 0;

/** Without a bound on time, so that a slow machine changes no result. */
export const patient = { ...defaultLimits, maxHypotheses: 100_000, maxMs: 60_000 };

export const diagnose = (c: SignatureCase) => diagnoseSignature(c, patient, now);
