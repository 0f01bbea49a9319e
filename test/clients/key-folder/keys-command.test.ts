import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../../server/package-root.ts';
import { runBundle } from '../../run-bundle.ts';
import { vectorFolder } from '../../vectors.ts';
import { newFolder } from './key-folder.ts';

const vector = (name: string): string => join(vectorFolder, 'keys', name);

/** Runs `keys …` in a folder whose key folder is `k`. */
const keysIn =
  (cwd: string, folder = 'k') =>
  (command: string, ...args: string[]) =>
    runBundle(['keys', command, '--keys', folder, ...args], { cwd }).finished;

const list = async (keys: ReturnType<typeof keysIn>): Promise<Record<string, unknown>[]> =>
  JSON.parse((await keys('list', '--json')).stdout);

describe('keys create and list', () => {
  test('a new folder gets the platform’s keys and the client’s, private ones for their owner only, none of them printed', async () => {
    const cwd = newFolder();
    const keys = keysIn(cwd);
    const { code, stdout, stderr } = await keys('create', '--client', 'SHOP');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /a new key folder; the platform's keys \(RSA256 version 1, ECC224 version 1\)/,
    );
    expect(stdout).toMatch(
      /client SHOP: RSA256 version 1 is active\n {2}SHA256:[0-9a-f]{64}\n.*v1\.private\.pem\n.*v1\.public\.pem\n$/,
    );
    expect(stdout).not.toContain('PRIVATE KEY');
    for (const file of [
      'platform/v1.private.pem',
      'platform/v1.ecc224.private.pem',
      'clients/SHOP/v1.private.pem',
    ])
      expect(statSync(join(cwd, 'k', file)).mode & 0o777).toBe(0o600);
    expect((await keys('create', '--client', 'SHOP', '--type', 'ec')).code).toBe(0);
    expect((await keys('create', '--client', 'BIG', '--bits', '3072')).code).toBe(0);
    const lines = await list(keys);
    expect(
      lines.map(({ party, algorithm, version, key, state }) =>
        [party, algorithm, version, key, state].join(' '),
      ),
    ).toEqual([
      'platform ECC224 1 secp224r1 active',
      'platform RSA256 1 RSA 2048 active',
      'BIG RSA256 1 RSA 3072 active',
      'SHOP ECC224 1 secp224r1 active',
      'SHOP RSA256 1 RSA 2048 active',
    ]);
    expect((await keys('list', '--client', 'SHOP')).stdout).toMatch(
      /^party +algorithm +version +state .*\nSHOP +ECC224 .*\nSHOP +RSA256 .*\n$/,
    );
  });

  test('without a client only the platform’s keys are made', async () => {
    const keys = keysIn(newFolder());
    expect((await keys('create', '--bits', '4096')).code).toBe(0);
    expect((await list(keys)).map(({ party, key }) => [party, key])).toEqual([
      ['platform', 'secp224r1'],
      ['platform', 'RSA 4096'],
    ]);
  });

  test('what cannot be done is told with a remedy, exit code 2, and nothing is written', async () => {
    const cwd = newFolder();
    const keys = keysIn(cwd);
    const refused = async (expected: RegExp, command: string, ...args: string[]) => {
      const { code, stderr } = await keys(command, ...args);
      expect([code, stderr]).toEqual([2, expect.stringMatching(expected)]);
    };
    await refused(
      /--bits: 1024 is not a supported RSA key length.*\n.*--lenient weakKeys/,
      'create',
      '--client',
      'SHOP',
      '--bits',
      '1024',
    );
    await refused(/"\.\.\/x" is not a Client-Id/, 'create', '--client', '../x');
    await refused(
      /holds a private key where a public one belongs/,
      'add',
      '--client',
      'SHOP',
      vector('merchant-v1.private.pkcs8.pem'),
    );
    expect(existsSync(join(cwd, 'k'))).toBe(false);
    await keys('create', '--client', 'SHOP');
    await refused(/needs to know whose key/, 'create');
    await refused(
      /SHOP: holds RSA256 version 1 already\n.*keys rotate/,
      'create',
      '--client',
      'SHOP',
    );
    await refused(
      /client "SHOPP" is not in the key folder\n.*Did you mean "SHOP"\?/,
      'rotate',
      '--client',
      'SHOPP',
    );
    await refused(
      /holds no ECC224 key yet\n.*keys create/,
      'rotate',
      '--client',
      'SHOP',
      '--type',
      'ec',
    );
    await refused(/"tomorrow" is not a time/, 'rotate', '--client', 'SHOP', '--from', 'tomorrow');
    await refused(
      /RSA256 version 7 does not exist/,
      'retire',
      '--client',
      'SHOP',
      '--version',
      '7',
    );
    await refused(
      /client SHOP: would have no active RSA256 key from .*\n.*--anyway/,
      'retire',
      '--client',
      'SHOP',
      '--version',
      '1',
    );
    await refused(
      /platform: would have no active RSA256 key/,
      'retire',
      '--platform',
      '--version',
      '1',
      '--anyway',
    );
    expect((await keys('list')).stdout).not.toMatch(/retired|until 2/);
    const demo = await runBundle(['keys', 'create', '--client', 'X']).finished;
    expect([demo.code, demo.stderr]).toEqual([
      2,
      expect.stringMatching(/must name a folder of your own: the demo keys are not changed/),
    ]);
    const named = await runBundle([
      'keys',
      'rotate',
      '--platform',
      '--keys',
      join(packageRoot, 'keys'),
    ]).finished;
    expect(named.stderr).toMatch(/the demo keys are not changed/);
    expect((await runBundle(['keys', 'list']).finished).stdout).toContain('SHA256:1752bedb');
  });
});

describe('keys add', () => {
  test('takes every form by content and writes SPKI PEM as the next version', async () => {
    const cwd = newFolder();
    const keys = keysIn(cwd);
    const add = (...args: string[]) => keys('add', '--client', 'SHOP', ...args);
    expect((await add(vector('merchant-v1.public.spki.base64.txt'))).stdout).toMatch(
      /a public RSA key \(SPKI\)\nclient SHOP: RSA256 version 1 is active/,
    );
    expect((await add(vector('merchant-v2.public.pkcs1.pem'), '--overlap', '1h')).stdout).toMatch(
      /RSA256 version 2 is active[\s\S]*RSA256 version 1 is active until /,
    );
    expect((await add(vector('merchant-ec224.private.sec1.pem'), '--private-too')).stdout).toMatch(
      /ECC224 version 1 is active/,
    );
    expect(
      (await add(vector('stranger.public.spki.pem'), '--version', '7', '--from', '+1h')).stdout,
    ).toMatch(/version 7 is not active before/);
    const shop = join(cwd, 'k', 'clients', 'SHOP');
    expect(readFileSync(join(shop, 'v1.public.pem'), 'utf8')).toBe(
      readFileSync(vector('merchant-v1.public.spki.pem'), 'utf8'),
    );
    expect(readFileSync(join(shop, 'v2.public.pem'), 'utf8')).toBe(
      readFileSync(vector('merchant-v2.public.spki.pem'), 'utf8'),
    );
    expect(statSync(join(shop, 'v1.ecc224.private.pem')).mode & 0o777).toBe(0o600);
    expect(
      (await list(keys))
        .filter(({ party }) => party === 'SHOP')
        .map(({ version, state, overlapping }) => [version, state, overlapping]),
    ).toEqual([
      [1, 'active', false],
      [1, 'active', true],
      [2, 'active', false],
      [7, 'not yet active', false],
    ]);
  });

  test('each slip has its sentence', async () => {
    const cwd = newFolder();
    const keys = keysIn(cwd);
    await keys('create', '--client', 'SHOP');
    const slip = async (...args: string[]) =>
      (await keys('add', '--client', 'SHOP', ...args)).stderr;
    expect(await slip(vector('weak-1024.public.spki.pem'))).toMatch(
      /an RSA key of 1024 bits; the documents ask for 2048/,
    );
    expect(
      (
        await keys(
          'add',
          '--client',
          'OLD',
          vector('weak-1024.public.spki.pem'),
          '--lenient',
          'weakKeys',
        )
      ).code,
    ).toBe(0);
    await keys('add', '--client', 'X', vector('stranger.public.spki.pem'), '--lenient', 'weakKeys');
    const lenient = async (...args: string[]) =>
      (await keys('add', ...args, '--lenient', 'weakKeys')).stderr;
    expect(await lenient('--client', 'SHOP', join(cwd, 'k/platform/v1.public.pem'))).toMatch(
      /is the platform’s own key, not the merchant’s/,
    );
    expect(await lenient('--client', 'SHOP', join(cwd, 'k/clients/SHOP/v1.public.pem'))).toMatch(
      /is RSA256 version 1 already/,
    );
    expect(await lenient('--platform', join(cwd, 'k/clients/SHOP/v1.private.pem'))).toMatch(
      /is the key of client SHOP, not the platform’s/,
    );
    expect(await lenient('--platform', vector('merchant-v1.public.spki.pem'))).toMatch(
      /holds a public key where a private one belongs/,
    );
    expect(
      await lenient('--client', 'SHOP', vector('merchant-v1.public.spki.pem'), '--version', '1'),
    ).toMatch(/RSA256 version 1 exists already/);
    expect(await lenient('--client', 'SHOP', '/nowhere')).toMatch(
      /nowhere: cannot be read: it does not exist/,
    );
  });

  test('a certificate’s and a PKCS#12 file’s key come in; so does standard input', async () => {
    const cwd = newFolder();
    const keys = keysIn(cwd);
    await keys('create', '--client', 'SHOP');
    const store = join(cwd, 'shop.p12');
    expect(
      (
        await keys(
          'export',
          '--client',
          'SHOP',
          '--form',
          'p12',
          '--private',
          '--password',
          'secret',
          '--out',
          store,
        )
      ).code,
    ).toBe(0);
    expect(statSync(store).mode & 0o777).toBe(0o600);
    const certificate = (await keys('export', '--client', 'SHOP', '--form', 'certificate')).stdout;
    writeFileSync(join(cwd, 'shop.crt'), certificate);
    const other = keysIn(cwd, 'other');
    expect((await other('add', '--client', 'SHOP', store)).stderr).toMatch(
      /PKCS#12 file, which opens with a password/,
    );
    expect((await other('add', '--client', 'SHOP', store, '--password', 'secret')).stderr).toMatch(
      /holds a private key .*\n.*openssl pkcs12/,
    );
    expect(
      (await other('add', '--client', 'SHOP', store, '--password', 'secret', '--private-too'))
        .stdout,
    ).toMatch(/a private RSA key \(PKCS#12\)/);
    expect((await other('add', '--client', 'CERT', 'shop.crt')).stdout).toMatch(
      /a public RSA key \(certificate\)/,
    );
    const main = join(packageRoot, 'dist', 'main.cjs');
    const input = readFileSync(vector('merchant-v2.public.spki.base64.txt'));
    const piped = execFileSync(
      process.execPath,
      [main, 'keys', 'add', '--keys', 'other', '--client', 'PIPE', '-'],
      { cwd, input },
    );
    expect(piped.toString()).toMatch(
      /^standard input: a public RSA key \(SPKI\)\nclient PIPE: RSA256 version 1 is active/,
    );
  });
});

describe('keys export', () => {
  test('the public key unless the private one is asked for; the newest active version unless one is named', async () => {
    const cwd = newFolder();
    const keys = keysIn(cwd);
    await keys('create', '--client', 'SHOP');
    await keys('rotate', '--client', 'SHOP', '--from', '+1h');
    const file = (name: string) => readFileSync(join(cwd, 'k/clients/SHOP', name), 'utf8');
    const exported = async (...args: string[]) =>
      (await keys('export', '--client', 'SHOP', ...args)).stdout;
    expect(await exported()).toBe(file('v1.public.pem'));
    expect(await exported('--version', '2')).toBe(file('v2.public.pem'));
    expect(await exported('--private')).toBe(file('v1.private.pem'));
    const line = await exported('--form', 'base64-pkcs1', '--private');
    expect(line).toMatch(/^[A-Za-z0-9+/]+=*\n$/);
    expect(
      createPrivateKey({ key: Buffer.from(line, 'base64'), format: 'der', type: 'pkcs1' })
        .asymmetricKeyType,
    ).toBe('rsa');
    expect(
      (await keys('export', '--platform', '--algorithm', 'ECC224', '--form', 'jwk')).stdout,
    ).toContain('"P-224"');
  });

  test('what cannot be had is told', async () => {
    const cwd = newFolder();
    const keys = keysIn(cwd);
    await keys('add', '--client', 'SHOP', vector('merchant-v1.public.spki.pem'));
    const refused = async (...args: string[]) => (await keys('export', ...args)).stderr;
    expect(await refused('--client', 'SHOP', '--private')).toMatch(
      /client SHOP: has its public key only in the folder/,
    );
    expect(await refused('--client', 'SHOP', '--form', 'csr')).toMatch(
      /has its public key only in the folder/,
    );
    expect(await refused('--client', 'SHOP', '--version', '3')).toMatch(
      /has no RSA256 key version 3/,
    );
    expect(await refused('--platform', '--form', 'p12', '--password', 'x')).toMatch(
      /p12 without --private is not locked/,
    );
    expect(await refused('--platform', '--form', 'p12')).toMatch(
      /p12 holds the private key too\n.*Add --private/,
    );
    expect(await refused('--platform', '--form', 'p12', '--private')).toMatch(
      /p12 is locked with a password/,
    );
    expect(await refused('--platform', '--form', 'pkcs1', '--private', '--password', 'x')).toMatch(
      /pkcs1 is not locked with a password/,
    );
    expect(
      await refused(
        '--platform',
        '--algorithm',
        'ECC224',
        '--form',
        'p12',
        '--private',
        '--password',
        'x',
      ),
    ).toMatch(/p12 is not for ECC224 keys\n.*pem, sec1/);
    expect(await refused('--platform', '--out', join(cwd, 'k/platform/v1.public.pem'))).toMatch(
      /exists already/,
    );
  });
});

test('a drill with commands alone: a running simulator takes up a rotation and a retirement, and send keeps being answered', async () => {
  const cwd = newFolder();
  const keys = keysIn(cwd);
  await keys('create', '--client', 'SHOP');
  const running = runBundle(['--keys', 'k', '--port', '0', '--https-port', '0'], { cwd });
  const url = await running.url;
  const lines: string[] = [];
  running.child.stdout?.on('data', (text: string) => lines.push(text));
  const heard = (words: string) =>
    expect.poll(() => lines.join(''), { timeout: 10_000 }).toContain(words);
  const send = () =>
    runBundle(
      ['send', 'membership-card', '--keys', 'k', '--client', 'SHOP', '--url', url, '--encrypt'],
      { cwd },
    ).finished;
  expect((await send()).stdout).toMatch(/keyVersion=1[\s\S]*✓ the response is signed/);
  expect((await keys('rotate', '--client', 'SHOP', '--overlap', '1h')).code).toBe(0);
  await heard('keys: client SHOP: RSA256 version 2 is new');
  expect((await send()).stdout).toMatch(/keyVersion=2[\s\S]*✓ the response is signed/);
  expect((await keys('rotate', '--platform', '--overlap', '0s')).code).toBe(0);
  await heard('keys: platform: RSA256 version 2 is new');
  const answered = await send();
  expect(answered.stdout.split('←')[1]).toMatch(/signature: algorithm=RSA256,keyVersion=2,/);
  expect((await keys('retire', '--client', 'SHOP', '--version', '1')).stdout).toMatch(
    /version 1 was retired at /,
  );
  await heard('keys: client SHOP: RSA256 version 1 was retired at');
  writeFileSync(join(cwd, 'k/clients/SHOP/v3.public.pem'), 'oops');
  await heard('keys: the previous keys stay in use');
  running.child.kill('SIGTERM');
  const { code, stdout } = await running.finished;
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /with TLS on https:\/\/127\.0\.0\.1:\d+; let clients trust \S+\/k\/tls\/ca\.pem/,
  );
}, 60_000);
