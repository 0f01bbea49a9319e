import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { AlipayHKClient } from '../../sdk/client/alipayhk-client.ts';
import { runCli } from '../cli/run-cli.ts';
import { demoClient, demoMerchant } from '../start-server.ts';

const folder = join(tmpdir(), 'weak-keys');
const files = {
  private: join(folder, 'weak.private.pem'),
  public: join(folder, 'weak.public.pem'),
};
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
const { keyring, platform } = demoMerchant();
const strong = {
  privateKey: keyring.find('RSA')?.privateKey ?? expect.fail('no private key'),
  platformKey: platform.find('RSA')?.publicKey ?? expect.fail('no platform key'),
};
const refused = /is an RSA key of 1024 bits; the documents ask for 2048/;

beforeAll(() => {
  mkdirSync(folder);
  writeFileSync(files.private, weak.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(files.public, weak.publicKey.export({ type: 'spki', format: 'pem' }));
});

describe('AlipayHKClient', () => {
  const clientWith = (keys: object) =>
    new AlipayHKClient({ baseUrl: 'http://localhost:1', clientId: 'A', ...strong, ...keys });

  test.each([
    ['privateKey', { privateKey: weak.privateKey }],
    ['platformKey', { platformKey: weak.publicKey }],
    ['privateKey', { privateKey: [{ version: 1, key: weak.privateKey }] }],
  ])('refuses a weak %s', (name, keys) => {
    expect(() => clientWith(keys)).toThrow(refused);
    expect(() => clientWith(keys)).toThrow(new RegExp(`^${name} `));
  });

  test('takes it where weak keys are accepted', () => {
    expect(() => clientWith({ privateKey: weak.privateKey, weakKeys: true })).not.toThrow();
  });
});

describe('the command line', () => {
  const commands: readonly (readonly [string, readonly string[]])[] = [
    ['doctor --key', ['doctor', join(folder, 'request.http'), '--key', files.public]],
    [
      'doctor --key, the private half',
      ['doctor', join(folder, 'request.http'), '--key', files.private],
    ],
    [
      'doctor --platform-key',
      ['doctor', join(folder, 'request.http'), '--platform-key', files.public],
    ],
    ['send --private-key', ['send', 'order-sync', '--private-key', files.private]],
    ['send --platform-key', ['send', 'order-sync', '--platform-key', files.public]],
    ['sign --private-key', ['sign', 'order-sync', '--private-key', files.private]],
    ['env --private-key', ['env', '--private-key', files.private]],
  ];
  beforeAll(() => {
    writeFileSync(
      join(folder, 'request.http'),
      `POST /api/x HTTP/1.1\r\nClient-Id: ${demoClient}\r\nRequest-Time: 2024-05-22T06:42:21+08:00\r\nSignature: algorithm=RSA256,keyVersion=1,signature=AAAA\r\n\r\n{}`,
    );
  });
  test.each(commands)('%s refuses a weak key', async (_, words) => {
    const { code, stderr } = await runCli(...words);
    expect([code, stderr]).toEqual([2, expect.stringMatching(refused)]);
  });

  test('doctor --key takes it with --lenient weakKeys', async () => {
    const { stderr } = await runCli(
      ...['doctor', join(folder, 'request.http'), '--key', files.public],
      ...['--lenient', 'weakKeys'],
    );
    expect(stderr).not.toMatch(refused);
  });
});
