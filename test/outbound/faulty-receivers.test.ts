import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readOutboundContract } from '../../server/domain/outbound/outbound-calls.ts';
import { certifyReceiver } from '../../server/outbound/certify-receiver.ts';
import { OutboundValidator } from '../../server/outbound/judge-answer.ts';
import { packageRoot } from '../../server/package-root.ts';
import { makeKeyPair } from '../../server/protocol/keys/key-objects.ts';
import { alwaysValid, Keyring } from '../../server/protocol/keys/keyring.ts';
import { defaultScheme } from '../../server/protocol/sealing.ts';
import { demoMerchant } from '../start-server.ts';
import { type ReceiverFlaws, startReceiver } from './receiver.ts';

const contract = readOutboundContract(join(packageRoot, 'openapi', 'outbound.yaml'));
const validator = new OutboundValidator(contract);
const identity = demoMerchant();
const clientKey = identity.keyring.find('RSA');
if (clientKey === undefined) throw new Error('no key');
const versions = await Promise.all(
  [0, 1, 2].map(async (version) => ({
    ...{ version, family: 'RSA' as const, fingerprint: String(version), validity: alwaysValid },
    ...(await makeKeyPair('RSA', 2048)),
  })),
);
const platform = new Keyring(versions);

const failedCases = async (flaws: ReceiverFlaws, timeoutMs = 3000): Promise<string[]> => {
  const receiver = await startReceiver({ flaws, identity: { ...identity, platform } });
  onTestFinished(() => receiver[Symbol.asyncDispose]());
  const results = await certifyReceiver({
    ...{ contract, validator },
    targetFor: (call) => new URL(`${receiver.url}/${call.replace('-', '_')}`),
    parties: {
      clientId: identity.clientId,
      platform,
      client: new Keyring([{ ...clientKey, ...{ family: 'RSA', fingerprint: '', validity: {} } }]),
      ecc224: 'sha256',
      scheme: defaultScheme,
    },
    rulesFor: () => ({ allowHosts: [], timeoutMs }),
    findUpdate: async () => true,
    readEffects: (id) => receiver.effects.get(id) ?? 0,
  });
  expect(results.filter(({ result }) => result.verdict === 'NOT APPLICABLE')).toEqual([]);
  const failed = results.filter(({ result }) => result.verdict === 'FAIL');
  return [...new Set(failed.map(({ result }) => result.id.slice(-2)))];
};

test('a correct receiver passes every case', async () => {
  expect(await failedCases({})).toEqual([]);
});

const acknowledged = '01 02 03 04 10 11 12 13 14 15 16 17 18 19 20';

test.each<[string, ReceiverFlaws, string, number?]>([
  ['does not verify', { skipsVerification: true }, '05 06 07 08 09'],
  [
    'verifies the body as it writes it again',
    { verifiesParsedBody: true },
    // Head and body of the older envelope are in the order of the alphabet anyway.
    '01 02 03 04 10 11 12 13 14 15 17 19',
  ],
  ['counts twice', { countsTwice: true }, '02 03 15 16 18 19'],
  ['works before it claims the id', { races: true }, '03'],
  ['ignores the age of a request', { ignoresAge: true }, '09'],
  ['verifies with the newest key alone', { usesNewestKey: true }, '10'],
  ['refuses unknown fields', { refusesUnknownFields: true }, '13'],
  ['refuses what comes again', { refusesRepeats: true }, '02 03 15 16 18 19'],
  ['answers unsigned', { unsigned: true }, acknowledged],
  ['signs another path', { signsOtherPath: true }, acknowledged],
  ['answers too late', { delayMs: 250 }, acknowledged, 200],
  ['answers 500, then succeeds', { answers: [{ httpStatus: 500 }] }, '01'],
])('a receiver that %s fails exactly its cases', async (_what, flaws, cases, timeoutMs) => {
  expect((await failedCases(flaws, timeoutMs)).join(' ')).toBe(cases);
});
