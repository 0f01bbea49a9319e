import { expect, test } from 'vitest';
import { securityFaults } from '../../../server/domain/faults/catalogue.ts';
import { unrelatedKeyPair } from '../../../server/domain/faults/security-faults.ts';
import { Keyring, type KeyVersion, type Validity } from '../../../server/protocol/keys/keyring.ts';

const now = 1_800_000_000_000;
const own = { clientId: 'c', timeMs: now, keyVersion: 3, key: unrelatedKeyPair('EC').privateKey };
const version = (number: number, life: Validity): KeyVersion => ({
  version: number,
  family: 'RSA',
  ...unrelatedKeyPair('RSA'),
  fingerprint: '',
  validity: life,
});
const signedWith = (...versions: KeyVersion[]): number | undefined =>
  securityFaults['retired-key']
    .hooksFor({})
    .signing?.(own, { platform: new Keyring(versions), family: 'RSA' }).keyVersion;

test.each([
  [
    'the newest one that is retired',
    [version(1, { until: now - 2 }), version(2, { until: now - 1 }), version(3, {})],
    2,
  ],
  [
    'not one that still serves',
    [version(1, { until: now - 1 }), version(2, { until: now + 1 }), version(3, {})],
    1,
  ],
  ['nor one that does not serve yet', [version(3, {}), version(4, { from: now + 1 })], 2],
  ['an invented one where none is retired', [version(1, {})], 0],
])('%s', (_what, versions, expected) => {
  expect(signedWith(...versions)).toBe(expected);
});
