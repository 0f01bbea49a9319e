import { execFileSync } from 'node:child_process';
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type ExportForm,
  type ExportFormRow,
  exportForms,
  openKey,
} from '../../../server/protocol/keys/key-forms.ts';
import {
  checkKey,
  keyFingerprint,
  type ParsedKey,
} from '../../../server/protocol/keys/key-objects.ts';
import { parseKey } from '../../../server/protocol/keys/parse-key.ts';
import { vectorFolder, vectorKey } from '../../vectors.ts';
import { newFolder } from './key-folder.ts';

const fingerprintOf = ({ kind, key }: ParsedKey): string =>
  keyFingerprint(kind === 'private' ? createPublicKey(key) : key);
const recognised = (bytes: Buffer, password?: string): ParsedKey => {
  const found = parseKey(bytes, password);
  if ('message' in found) throw new Error(found.message);
  return found;
};
const complaint = (bytes: Buffer | string, password?: string): string => {
  const found = parseKey(Buffer.from(bytes), password);
  return 'message' in found ? `${found.message} | ${found.remedy}` : `a ${found.kind} key`;
};

const merchant = createPrivateKey(vectorKey('keys/merchant-v1.private.pkcs8.pem'));
const curve = createPrivateKey(vectorKey('keys/merchant-ec224.private.pkcs8.pem'));
const openssl = (args: readonly string[], input?: Buffer | string): Buffer =>
  execFileSync('openssl', [...args], {
    ...(input === undefined ? {} : { input }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

describe('keys come in', () => {
  const files = readdirSync(join(vectorFolder, 'keys'));
  const named: Record<string, string> = {
    spki: 'SPKI',
    pkcs1: 'PKCS#1',
    pkcs8: 'PKCS#8',
    sec1: 'SEC1',
  };

  test.each(files)(
    '%s: as PEM or bare line, as DER, with lying labels, broken lines and a byte order mark',
    (file) => {
      const [party = '', kind = '', structure = ''] = file.split('.');
      const bytes = vectorKey(`keys/${file}`);
      const expected = { kind, form: named[structure] };
      const fingerprint = fingerprintOf(recognised(vectorKey(`keys/${party}.public.spki.pem`)));
      const base64 = bytes.toString().replace(/-----[^-]+-----|\s/g, '');
      const ways = [
        bytes,
        Buffer.from(base64, 'base64'),
        Buffer.from(
          `-----BEGIN ANY LABEL-----\r\n${base64.replace(/.{76}/g, '$&\r\n')}\r\n-----END ANY LABEL-----\r\n\r\n`,
        ),
        Buffer.from(`\uFEFF${base64}\n\n`),
        Buffer.from(`\uFEFF${bytes.toString()}`, 'utf16le'),
      ];
      for (const way of ways) {
        const found = recognised(way);
        expect(found).toMatchObject(expected);
        expect(fingerprintOf(found)).toBe(fingerprint);
      }
    },
  );

  test('what openssl makes: curve parameters before a key, certificates, requests, bundles, encrypted keys', () => {
    const folder = newFolder();
    for (const [name, key] of [
      ['rsa', merchant],
      ['ec', curve],
    ] as const) {
      const file = join(folder, `${name}.pem`);
      writeFileSync(file, pemOf(key));
      const certificate = openssl(['req', '-new', '-x509', '-key', file, '-subj', '/CN=x']);
      const ways: [Buffer, Partial<ParsedKey>][] = [
        [certificate, { kind: 'public', form: 'certificate' }],
        [new X509Certificate(certificate).raw, { kind: 'public', form: 'certificate' }],
        [openssl(['req', '-new', '-key', file, '-subj', '/CN=x']), { kind: 'public', form: 'CSR' }],
        [
          openssl(['req', '-new', '-key', file, '-subj', '/CN=x', '-outform', 'DER']),
          { kind: 'public', form: 'CSR' },
        ],
        [
          Buffer.from(`Bag Attributes\n  friendlyName: x\n${certificate}${pemOf(key)}`),
          { kind: 'private', form: 'PKCS#8' },
        ],
        [
          openssl(['pkcs8', '-topk8', '-in', file, '-passout', 'pass:secret']),
          { kind: 'private', form: 'encrypted' },
        ],
        [
          openssl([
            'pkcs8',
            '-topk8',
            '-v1',
            'PBE-SHA1-3DES',
            '-in',
            file,
            '-passout',
            'pass:secret',
            '-outform',
            'DER',
          ]),
          { form: 'encrypted' },
        ],
        [
          openssl(['pkey', '-traditional', '-aes128', '-in', file, '-passout', 'pass:secret']),
          { kind: 'private', form: 'encrypted' },
        ],
      ];
      for (const [bytes, expected] of ways) {
        const found = recognised(bytes, 'secret');
        expect(found).toMatchObject(expected);
        expect(fingerprintOf(found)).toBe(keyFingerprint(createPublicKey(key)));
      }
    }
    const withParameters = openssl(['ecparam', '-name', 'secp224r1', '-genkey']);
    expect(withParameters.toString()).toContain('EC PARAMETERS');
    expect(recognised(withParameters)).toMatchObject({ kind: 'private', form: 'SEC1' });
  });

  test('JWK, single and in a set of one, RSA and P-224', async () => {
    for (const key of [merchant, curve]) {
      const jwk = String(
        await (exportForms.jwk as ExportFormRow).private?.(key, { commonName: '', now: 0 }),
      );
      for (const text of [jwk, `{"keys":[${jwk}]}`])
        expect(recognised(Buffer.from(text))).toMatchObject({ kind: 'private', form: 'JWK' });
      expect(fingerprintOf(recognised(Buffer.from(jwk)))).toBe(
        keyFingerprint(createPublicKey(key)),
      );
    }
    expect(complaint('{"kty":"oct","k":"AAAA"}')).toMatch(/no key that can be read/);
    expect(complaint('{"kty":"EC","crv":"P-224","x":"AA","y":"AA"}')).toMatch(
      /no key that can be read/,
    );
  });

  test('PKCS#12 of openssl and keytool’s kind, RSA and EC, and without a private key', async () => {
    const folder = newFolder();
    for (const [name, key] of [
      ['rsa', merchant],
      ['ec', curve],
    ] as const) {
      const file = join(folder, `${name}.pem`);
      const cert = join(folder, `${name}.crt`);
      writeFileSync(file, pemOf(key));
      writeFileSync(cert, openssl(['req', '-new', '-x509', '-key', file, '-subj', '/CN=x']));
      const pack = (...more: string[]) =>
        openssl(['pkcs12', '-export', '-in', cert, '-passout', 'pass:secret', ...more]);
      const ways: [Buffer, string][] = [
        [pack('-inkey', file), 'private'],
        [
          pack(
            '-inkey',
            file,
            '-keypbe',
            'PBE-SHA1-3DES',
            '-certpbe',
            'PBE-SHA1-3DES',
            '-macalg',
            'sha1',
          ),
          'private',
        ],
        [Buffer.from(pack('-inkey', file).toString('base64')), 'private'],
        [pack('-nokeys'), 'public'],
      ];
      for (const [bytes, kind] of ways) {
        const found = await openKey(bytes, 'secret');
        if ('message' in found) throw new Error(found.message);
        expect(found.kind).toBe(kind);
        expect(fingerprintOf(found)).toBe(keyFingerprint(createPublicKey(key)));
        expect(await openKey(bytes, 'wrong')).toMatchObject({
          message: expect.stringContaining('does not open with this password'),
        });
        expect(await openKey(bytes)).toMatchObject({
          message: expect.stringContaining('PKCS#12 file, which opens with a password'),
        });
      }
    }
  });
});

describe('what is no key of this protocol says so', () => {
  test.each([
    ['nothing', '', /is empty/],
    ['prose', 'not a key', /holds no key that can be read/],
    [
      'an OpenSSH private key',
      '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----',
      /OpenSSH.*ssh-keygen -p -m PKCS8/,
    ],
    [
      'an OpenSSH public key',
      'ssh-rsa AAAAB3NzaC1yc2E= me@here',
      /OpenSSH.*ssh-keygen -e -m PKCS8/,
    ],
    ['a Java keystore', Buffer.from('feedfeed00000002', 'hex'), /Java keystore.*keytool/],
    [
      '.NET XML',
      '<RSAKeyValue><Modulus>AQAB</Modulus></RSAKeyValue>',
      /\.NET.*ExportPkcs8PrivateKeyPem/,
    ],
    [
      'a truncated key',
      vectorKey('keys/merchant-v1.public.spki.pem').subarray(0, 200),
      /no END line: its end is cut off/,
    ],
  ])('%s', (_what, bytes, expected) => {
    expect(complaint(bytes)).toMatch(expected);
  });

  test('encrypted: without a password, with a wrong one', () => {
    const locked = merchant
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' })
      .toString();
    expect(complaint(locked)).toMatch(/is encrypted with a password.*--password/);
    expect(complaint(locked, 'wrong')).toMatch(/does not open with this password/);
  });

  const strict = { weakKeys: false };
  const check = (
    key: KeyObject,
    wanted: 'public' | 'private' | 'either',
    rules = strict,
  ): string => {
    const checked = checkKey(
      { kind: key.type === 'private' ? 'private' : 'public', form: 'PKCS#8', key },
      wanted,
      rules,
    );
    return 'family' in checked ? checked.family : `${checked.message} | ${checked.remedy}`;
  };
  test('the wrong kind, the wrong half, too short', () => {
    const weak = createPublicKey(vectorKey('keys/weak-1024.public.spki.pem'));
    const p256 = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey;
    const edwards = generateKeyPairSync('ed25519').publicKey;
    const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey;
    expect(check(merchant, 'public')).toMatch(
      /holds a private key where a public one belongs \| .*openssl pkey -in private.pem -pubout/,
    );
    expect(check(createPublicKey(merchant), 'private')).toMatch(
      /holds a public key where a private one belongs/,
    );
    expect(check(weak, 'public')).toMatch(
      /an RSA key of 1024 bits; the documents ask for 2048 \| .*lenient: \[weakKeys\]/,
    );
    expect(check(weak, 'public', { weakKeys: true })).toBe('RSA');
    expect(check(p256, 'public')).toMatch(/type ec \(prime256v1\) \| .*secp224r1/);
    expect(check(edwards, 'public')).toMatch(/type ed25519/);
    expect(check(pss, 'public')).toMatch(/type rsa-pss/);
    expect([check(merchant, 'either'), check(createPublicKey(curve), 'public')]).toEqual([
      'RSA',
      'EC',
    ]);
  });
});

describe('keys go out', () => {
  const writing = { commonName: 'SHOP', password: undefined, now: Date.now() };
  const rows = Object.entries(exportForms) as [ExportForm, ExportFormRow][];
  const cases = rows.flatMap(([name, row]) =>
    row.families.flatMap((family) =>
      (['public', 'private', 'selfIssued'] as const).flatMap((half) =>
        row[half] === undefined ? [] : [[name, family, half] as const],
      ),
    ),
  );

  test.each(cases)('%s of %s, %s: comes in again as the same key', async (name, family, half) => {
    const row: ExportFormRow = exportForms[name];
    const key = family === 'RSA' ? merchant : curve;
    const password = row.password === 'needed' ? 'secret' : undefined;
    const written = await row[half]?.(half === 'public' ? createPublicKey(key) : key, {
      ...writing,
      password,
    });
    const found = await openKey(Buffer.from(written ?? ''), password);
    if ('message' in found) throw new Error(found.message);
    expect(found.kind).toBe(half === 'private' ? 'private' : 'public');
    expect(fingerprintOf(found)).toBe(keyFingerprint(createPublicKey(key)));
    if (half !== 'private')
      expect(Buffer.from(written ?? '').toString('latin1')).not.toMatch(/PRIVATE|"d"/);
  });

  test('what SDK users hold, byte for byte', async () => {
    const write = async (name: ExportForm, half: 'public' | 'private', key: KeyObject) =>
      String(
        await (exportForms[name] as ExportFormRow)[half]?.(
          half === 'public' ? createPublicKey(key) : key,
          writing,
        ),
      ).trim();
    const file = (name: string) => vectorKey(`keys/${name}`).toString().trim();
    expect(await write('base64', 'private', merchant)).toBe(
      file('merchant-v1.private.pkcs8.base64.txt'),
    );
    expect(await write('base64', 'public', merchant)).toBe(
      file('merchant-v1.public.spki.base64.txt'),
    );
    expect(await write('base64-pkcs1', 'private', merchant)).toBe(
      file('merchant-v1.private.pkcs1.base64.txt'),
    );
    expect(await write('pkcs1', 'public', merchant)).toBe(file('merchant-v1.public.pkcs1.pem'));
    expect(await write('sec1', 'private', curve)).toBe(file('merchant-ec224.private.sec1.pem'));
  });

  test('openssl reads the PKCS#12 file, the certificate and the request, and finds SHA-256 in them', async () => {
    const store = await (exportForms.p12 as ExportFormRow).private?.(merchant, {
      ...writing,
      password: 'secret',
    });
    const opened = openssl(
      ['pkcs12', '-passin', 'pass:secret', '-nodes'],
      Buffer.from(store ?? ''),
    );
    expect(
      keyFingerprint(
        createPublicKey(opened.toString().slice(opened.toString().indexOf('-----BEGIN PRIVATE'))),
      ),
    ).toBe(keyFingerprint(createPublicKey(merchant)));
    const certificate = await (exportForms.certificate as ExportFormRow).selfIssued?.(
      merchant,
      writing,
    );
    expect(openssl(['x509', '-noout', '-text'], certificate).toString()).toMatch(
      /sha256WithRSAEncryption[\s\S]*CN = SHOP/,
    );
    const request = await (exportForms.csr as ExportFormRow).selfIssued?.(merchant, writing);
    expect(openssl(['req', '-noout', '-verify', '-text'], request).toString()).toMatch(
      /CN = SHOP[\s\S]*sha256WithRSAEncryption/,
    );
  });

  test('a password locks PKCS#8', async () => {
    for (const name of ['pem', 'der'] as const) {
      const written = Buffer.from(
        (await (exportForms[name] as ExportFormRow).private?.(merchant, {
          ...writing,
          password: 'secret',
        })) ?? '',
      );
      expect(parseKey(written)).toMatchObject({ message: 'is encrypted with a password' });
      expect(recognised(written, 'secret')).toMatchObject({ kind: 'private', form: 'encrypted' });
    }
  });
});
