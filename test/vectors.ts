import { cpSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../server/package-root.ts';

export const vectorFolder = join(packageRoot, 'test', 'vectors');

export interface Vector {
  readonly id: string;
  readonly note: string;
  readonly method: string;
  readonly requestTarget: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBase64?: string;
  readonly bodyText?: string;
}

export interface SigningVector extends Vector {
  readonly direction: 'request' | 'response' | 'notification';
  readonly bodyBase64: string;
  readonly contentToSignBase64: string;
  readonly contentSha256Hex: string;
  readonly signatureBase64: string;
  readonly signatureUrlEncoded: string;
  readonly signingKey: string;
  readonly verifyingKey: string;
}

export interface DiagnosisVector extends Vector {
  readonly code: string;
  readonly suggestedGatewayCode: string;
  readonly bodyBase64: string;
}

export interface EncryptionVector extends Vector {
  readonly rank: number;
  readonly direction: 'request' | 'response';
  readonly code: string | null;
  readonly scheme: {
    readonly cipher: string;
    readonly bodyLayout: string;
    readonly keyWrap: string;
    readonly wrappedBytes: string;
  };
  readonly bodyText: string;
  readonly plaintextBase64: string;
  readonly wrappedKeyBase64: string;
  readonly unwrapKey: string;
}

export interface EccVector extends Vector {
  readonly hash: 'sha256' | 'sha224';
  readonly form: string;
  readonly bodyBase64: string;
  readonly contentToSignBase64: string;
  readonly signatureBase64: string;
}

export interface HeaderVector {
  readonly id: string;
  readonly value: string;
  readonly parsed: Readonly<Record<string, string>>;
  readonly note: string;
}

const read = <T>(name: string): readonly T[] =>
  JSON.parse(readFileSync(join(vectorFolder, name), 'utf8'));

export const signingVectors = read<SigningVector>('signing.json');
export const diagnosisVectors = read<DiagnosisVector>('diagnosis.json');
export const encryptionVectors = read<EncryptionVector>('encryption.json');
export const eccVectors = read<EccVector>('ecc224.json');
export const headerVectors = read<HeaderVector>('header-parsing.json');

export const vectorKey = (path: string): Buffer => readFileSync(join(vectorFolder, path));

/** The key folder that the vectors' README describes: merchant-v1 and merchant-v2 registered, platform-v1 owned. */
export const vectorKeyFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'vector-keys-'));
  const client = join(folder, 'clients', '4Q5Y8W0WSG45P907917');
  mkdirSync(client, { recursive: true });
  cpSync(join(packageRoot, 'keys', 'platform'), join(folder, 'platform'), { recursive: true });
  cpSync(join(vectorFolder, 'keys', 'merchant-v1.public.spki.pem'), join(client, 'v1.public.pem'));
  cpSync(join(vectorFolder, 'keys', 'merchant-v2.public.spki.pem'), join(client, 'v2.public.pem'));
  cpSync(
    join(vectorFolder, 'keys', 'merchant-ec224.public.spki.pem'),
    join(client, 'v1.ecc224.public.pem'),
  );
  return folder;
};

/** The scheme of the product that a vector's own scheme corresponds to. */
export const schemeOf = ({ scheme }: EncryptionVector) => ({
  cipher: scheme.cipher.endsWith('ecb')
    ? ('ecb' as const)
    : scheme.cipher.endsWith('gcm')
      ? ('gcm' as const)
      : scheme.bodyLayout.startsWith('iv')
        ? ('cbc' as const)
        : ('cbc-zero-iv' as const),
  wrap:
    (
      {
        pkcs1: 'pkcs1',
        'oaep-sha1': 'oaep-sha1',
        'oaep-sha256': 'oaep-sha256',
        'oaep-sha256-mgf1sha1': 'oaep-sha256-mgf1-sha1',
      } as const
    )[scheme.keyWrap] ?? 'pkcs1',
  keyForm: scheme.wrappedBytes === 'key text' ? ('base64' as const) : ('bytes' as const),
});
