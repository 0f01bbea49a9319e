import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addVersion, endVersion } from '../../../server/clients/key-folder/change-key-folder.ts';
import {
  isNewFolder,
  ownerIn,
  readKeyFolder,
} from '../../../server/clients/key-folder/key-folder.ts';
import { formatProblem } from '../../../server/problems/problem.ts';
import {
  describeValidity,
  firstUncovered,
  Keyring,
  type Validity,
  validityState,
} from '../../../server/protocol/keys/keyring.ts';
import { vectorKey } from '../../vectors.ts';
import { newFolder, readWhole, rotate, shopFolder, vectorPair, writeAt } from './key-folder.ts';

const at = (text: string): number => Date.parse(text);
const now = at('2026-08-01T12:00:00+08:00');
const hour = 3_600_000;

describe('a life', () => {
  test.each<[Validity, number, string, string]>([
    [{}, 0, 'active', 'is active'],
    [{ from: now }, now - 1, 'not yet active', 'is not active before 2026-08-01T12:00:00+08:00'],
    [{ from: now }, now, 'active', 'is active'],
    [{ until: now }, now - 1, 'active', 'is active until 2026-08-01T12:00:00+08:00'],
    [{ until: now }, now, 'retired', 'was retired at 2026-08-01T12:00:00+08:00'],
  ])('%j at %d is %s', (life, moment, state, reported) => {
    expect([validityState(life, moment), describeValidity(life, moment)]).toEqual([
      state,
      reported,
    ]);
  });

  test.each<[string, Validity[], number | undefined]>([
    ['for ever', [{}], undefined],
    ['none', [], now],
    ['ends', [{ until: now + 5 }], now + 5],
    ['handed over', [{ until: now + 5 }, { from: now + 5 }], undefined],
    ['handed over with overlap', [{ from: now }, { until: now + hour }], undefined],
    ['a gap between', [{ until: now + 5 }, { from: now + 6 }], now + 5],
    ['not begun', [{ from: now + 6 }], now],
    ['a chain', [{ until: now + 1 }, { from: now, until: now + 2 }, { from: now + 1 }], undefined],
  ])('gaps: %s', (_what, validities, gap) => {
    expect(firstUncovered(validities, now)).toBe(gap);
  });
});

describe('which version serves', () => {
  const { publicKey } = vectorPair('merchant-v1');
  const version = (n: number, life: Validity, family: 'RSA' | 'EC' = 'RSA') => ({
    version: n,
    family,
    publicKey,
    fingerprint: `f${n}`,
    validity: life,
  });
  const ring = new Keyring([
    version(3, { from: now + hour }),
    version(1, { until: now + hour }),
    version(2, { from: now }),
    version(9, {}, 'EC'),
  ]);
  test.each<[number | undefined, number | undefined, number | undefined]>([
    [undefined, now - 1, 1],
    [undefined, now, 2],
    [undefined, now + hour, 3],
    [1, now, 1],
    [1, now + hour, undefined],
    [2, now - 1, undefined],
    [3, now, undefined],
    [undefined, undefined, 3],
    [3, undefined, 3],
    [9, now, undefined],
  ])('version %s at %s is %s', (wanted, moment, expected) => {
    expect(ring.find('RSA', wanted, moment)?.version).toBe(expected);
  });
});

describe('key-validity.yaml', () => {
  const problemsWith = (text: string, folder = shopFolder()) => {
    writeAt(folder, 'clients/SHOP/key-validity.yaml', text);
    return readKeyFolder(folder, { weakKeys: false }, now).problems.map(formatProblem);
  };

  test('says from when and until when; nothing said is for ever', () => {
    const folder = shopFolder();
    expect(
      problemsWith(
        'RSA256:\n  v1: { from: 2026-08-01T12:00:00+08:00, until: "2026-09-01T00:00:00Z" }\n',
        folder,
      ),
    ).toEqual([]);
    expect(readWhole(folder, now).clients.get('SHOP')?.versions[0]?.validity).toEqual({
      from: now,
      until: at('2026-09-01T00:00:00Z'),
    });
    expect(problemsWith('', folder)).toEqual([]);
    expect(readWhole(folder, now).clients.get('SHOP')?.versions[0]?.validity).toEqual({});
  });

  test.each([
    [
      'RSA256:\n  v1: { until: tomorrow }',
      /key-validity\.yaml:2:16: RSA256\.v1\.until: must be a time with an offset/,
    ],
    ['RSA256:\n  v1: { until: 2026-02-30T00:00:00+08:00 }', /must be a time with an offset/],
    [
      'RSA256:\n  v1: { from: 2026-02-02T00:00:00Z, until: 2026-02-01T00:00:00Z }',
      /key-validity\.yaml:2:7: .*until must be later than from/,
    ],
    ['RSA256:\n  1: { until: 2026-02-01T00:00:00Z }', /must be a key version, e\.g\. v1/],
    [
      'RSA256:\n  v2: { until: 2026-02-01T00:00:00Z }',
      /key-validity\.yaml:2:7: RSA256 version 2 has a validity period but no key file/,
    ],
    ['ECC224:\n  v1: {}', /ECC224 version 1 has a validity period but no key file/],
    ['RSA: {}', /key-validity\.yaml:1:1: RSA is not known here[\s\S]*keys rotate/],
    ['RSA256:\n  v1: { till: x }', /RSA256\.v1\.till is not known here/],
    ['RSA256: [', /key-validity\.yaml:1:/],
  ])('%j is refused with its line', (text, expected) => {
    const problems = problemsWith(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
  });

  test('the platform must always have a key to sign with', () => {
    const folder = shopFolder();
    writeAt(
      folder,
      'platform/key-validity.yaml',
      'RSA256:\n  v1: { until: 2026-09-01T00:00:00+08:00 }\n',
    );
    const problems = () =>
      readKeyFolder(folder, { weakKeys: false }, now).problems.map(formatProblem).join('\n');
    expect(problems()).toMatch(
      /platform: has no active RSA256 key from 2026-09-01T00:00:00\+08:00 on, so no answer could be signed\n.*keys rotate/,
    );
    writeAt(
      folder,
      'platform/key-validity.yaml',
      'RSA256:\n  v1: { from: 2026-09-01T00:00:00+08:00 }\n',
    );
    expect(problems()).toMatch(/has no active RSA256 key now/);
  });
});

describe('a key folder is changed', () => {
  test('rotation: the next version begins, the older ones end after the overlap', async () => {
    const folder = shopFolder();
    await rotate(folder, 'SHOP', { now, from: now, overlapMs: hour });
    await rotate(folder, 'SHOP', { now, from: now + 2 * hour, overlapMs: hour });
    expect(
      readFileSync(join(folder, 'clients/SHOP/key-validity.yaml'), 'utf8').split('\n').slice(1),
    ).toEqual([
      'RSA256:',
      '  v1: { until: 2026-08-01T13:00:00+08:00 }',
      '  v2: { from: 2026-08-01T12:00:00+08:00, until: 2026-08-01T15:00:00+08:00 }',
      '  v3: { from: 2026-08-01T14:00:00+08:00 }',
      '',
    ]);
    const ring = readWhole(folder, now).clients.get('SHOP');
    expect(
      [0, 1, 2, 3].map((hours) => ring?.find('RSA', undefined, now + hours * hour)?.version),
    ).toEqual([2, 2, 3, 3]);
    expect(statSync(join(folder, 'clients/SHOP/v2.private.pem')).mode & 0o777).toBe(0o600);
  });

  test('a version that would end before it begins is over at once', async () => {
    const folder = shopFolder();
    await rotate(folder, 'SHOP', { now, from: now + 24 * hour, overlapMs: 0 });
    await rotate(folder, 'SHOP', { now, from: now + 2 * hour, overlapMs: 0 });
    const ring = readWhole(folder, now).clients.get('SHOP');
    expect(
      [0, 1, 2, 24, 48].map((hours) => ring?.find('RSA', undefined, now + hours * hour)?.version),
    ).toEqual([1, 1, 3, 3, 3]);
  });

  test('retirement ends one version; RSA and EC keep apart; a key file is never overwritten', async () => {
    const folder = shopFolder();
    await rotate(folder, 'SHOP', { now });
    expect(existsSync(join(folder, 'clients/SHOP/key-validity.yaml'))).toBe(false);
    const held = readWhole(folder, now).clients.get('SHOP') ?? new Keyring([]);
    const first = held.find('RSA', 1);
    if (first === undefined) throw new Error('no version 1');
    endVersion(ownerIn(folder, 'SHOP'), held, first, { until: now + hour, now });
    const after = readWhole(folder, now).clients.get('SHOP');
    expect(after?.versions.map(({ validity }) => validity)).toEqual([{ until: now + hour }, {}]);
    expect(() =>
      addVersion(ownerIn(folder, 'SHOP'), held, {
        family: 'RSA',
        key: vectorPair('stranger'),
        version: 1,
        now,
      }),
    ).toThrow(/EEXIST/);
  });

  test('a folder is new when nothing is in it', () => {
    expect([
      isNewFolder(newFolder()),
      isNewFolder('/nowhere/at/all'),
      isNewFolder(shopFolder()),
    ]).toEqual([true, true, false]);
  });
});

test('the platform’s key registered as the merchant’s, in whatever form', () => {
  const folder = shopFolder();
  writeAt(
    folder,
    'clients/SHOP/v2.public.txt',
    vectorKey('keys/platform-v1.public.pkcs1.base64.txt'),
  );
  expect(readKeyFolder(folder, { weakKeys: false }).problems.map(formatProblem)).toEqual([
    expect.stringMatching(/SHOP: RSA256 version 2 is the platform’s own key, not the merchant’s\n/),
  ]);
});

test('a folder holds keys in every form that needs no password', () => {
  const folder = shopFolder();
  writeAt(
    folder,
    'clients/JWK/v1.public.json',
    JSON.stringify(vectorPair('merchant-v2').publicKey.export({ format: 'jwk' })),
  );
  writeAt(
    folder,
    'clients/DER/v1.public.der',
    vectorPair('merchant-v2').publicKey.export({ type: 'pkcs1', format: 'der' }),
  );
  const { clients } = readWhole(folder);
  expect(clients.get('JWK')?.versions[0]?.fingerprint).toBe(
    clients.get('DER')?.versions[0]?.fingerprint,
  );
});
