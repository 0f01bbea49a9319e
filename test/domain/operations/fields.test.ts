import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MockServer } from '../../../server/app/create-server.ts';
import type { Settings } from '../../../server/domain/settings/settings-table.ts';
import type { JsonObject } from '../../../server/domain/state/state.ts';
import { merchantAt } from '../../merchant.ts';
import { readWorld } from '../../read-world.ts';
import { demoClient, startServer } from '../../start-server.ts';

let server: MockServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

type Merchant = ReturnType<typeof merchantAt>;

const withServer = async (
  settings: Partial<Settings>,
  run: (merchant: Merchant, at: MockServer) => Promise<void>,
): Promise<void> => {
  const at = await startServer(settings);
  try {
    await run(merchantAt(at), at);
  } finally {
    await at.close();
  }
};

/** Sends fields as they are, null included. */
const send = (at: Merchant, id: string, fields: JsonObject, example?: string) =>
  at.send(id, { ...at.sample(id, {}, example), ...fields });
const findingsOf = async (id: string, fields: JsonObject, example?: string) => {
  const { code, entry } = await send(merchantAt(server), id, fields, example);
  expect(code).toBe('SUCCESS');
  return entry?.findings.map(({ id: finding, register }) => `${finding} ${register}`);
};
const cardIn = async (at: MockServer, passId: string): Promise<JsonObject | undefined> =>
  [...(await readWorld(at.store, demoClient)).cards].find(([key]) => key.includes(passId))?.[1]
    .fields;

describe('null and empty optional fields (G-27)', () => {
  test('null counts as absent, in children too', async () => {
    const { code } = await send(
      merchantAt(server),
      'syncAdditionalInfo',
      {
        accountId: 'NULLS',
        name: null,
        phone: null,
        extInfo: null,
        merchant: { merchantAccountId: 'M', subMerchantId: null },
      },
      'full',
    );
    expect(code).toBe('SUCCESS');
    const held = [...(await readWorld(server.store, demoClient)).accounts].find(([key]) =>
      key.includes('NULLS'),
    )?.[1].fields;
    expect(held).not.toHaveProperty('name');
    expect(held).toMatchObject({ merchant: { merchantAccountId: 'M' } });
    expect(held?.['merchant']).not.toHaveProperty('subMerchantId');
  });

  test.each([
    ['syncAdditionalInfo', { accountId: null }, 'accountId: must be of type string (got null)'],
    ['syncOrder', { userId: null, openId: null }, 'userId, openId: one of the two is required'],
    ['updateMembershipCard', { updateDetailType: null }, 'updateDetailType: is required'],
  ])('%s: a required one is refused, %j', async (id, fields, detail) => {
    expect(await send(merchantAt(server), id, fields)).toMatchObject({
      code: 'PARAM_ILLEGAL',
      detail,
    });
  });

  test('an empty string is accepted with a finding; strict: emptyStrings refuses it', async () => {
    const fields = { name: '', merchant: { merchantAccountId: 'M', subMerchantId: '' } };
    expect(await findingsOf('syncAdditionalInfo', fields)).toEqual([
      'EMPTY_STRING G-27',
      'EMPTY_STRING G-27',
    ]);
    await withServer({ strict: ['emptyStrings'] }, async (at) => {
      expect(await send(at, 'syncAdditionalInfo', fields)).toMatchObject({
        code: 'PARAM_ILLEGAL',
        detail:
          'name: is empty; leave an optional field out instead; merchant.subMerchantId: is empty; leave an optional field out instead',
        entry: { verdict: { basis: ['G-27'] } },
      });
      expect((await send(at, 'syncAdditionalInfo', {})).code).toBe('SUCCESS');
    });
  });
});

describe('what a membership update does not carry (E-24)', () => {
  const card = {
    passId: 'MERGE',
    endDate: 4_000_000_000_000,
    templateCode: 'T1',
    codeInfo: { $codevalue$: '1' },
  };
  const update = (at: Merchant, fields: JsonObject) => {
    const {
      templateCode: _t,
      dataInfo: _d,
      ...body
    } = at.sample('updateMembershipCard', { passId: 'MERGE' });
    return at.send('updateMembershipCard', { ...body, ...fields });
  };

  test('stays; dataInfo merges by its top-level keys; null clears what is nullable', () =>
    withServer({}, async (at, mock) => {
      await update(at, {
        ...card,
        dataInfo: {
          billNo: '1',
          pointsProvider: 'ALIPAYHK',
          $points$: 1,
          zh_HK: { $a$: 'x', $b$: 'y' },
        },
      });
      await update(at, { dataInfo: { $points$: 2, zh_HK: { $a$: 'z' } } });
      expect(await cardIn(mock, 'MERGE')).toMatchObject({
        ...card,
        dataInfo: { billNo: '1', pointsProvider: 'ALIPAYHK', $points$: 2, zh_HK: { $a$: 'z' } },
      });
      await update(at, { codeInfo: null, dataInfo: { billNo: null, $points$: null } });
      const cleared = await cardIn(mock, 'MERGE');
      expect(cleared).not.toHaveProperty('codeInfo');
      expect(cleared?.['dataInfo']).toEqual({
        pointsProvider: 'ALIPAYHK',
        $points$: null,
        zh_HK: { $a$: 'z' },
      });
      expect(cleared).toMatchObject({ templateCode: 'T1', endDate: card.endDate });
    }));

  test('membership.update: replace keeps the last message only', () =>
    withServer({ 'membership.update': 'replace' }, async (at, mock) => {
      await update(at, { ...card, dataInfo: { $points$: 1 } });
      await update(at, { dataInfo: { $level$: 'x' } });
      expect(await cardIn(mock, 'MERGE')).not.toHaveProperty('endDate');
      expect((await cardIn(mock, 'MERGE'))?.['dataInfo']).toEqual({ $level$: 'x' });
    }));

  test('expiredPass: PASS_UPDATE_FAIL lets a card be closed, and its endDate be moved (E-23)', () =>
    withServer({ 'membership.expiredPass': 'PASS_UPDATE_FAIL' }, async (at) => {
      const past = Date.now() - 1000;
      await update(at, { endDate: past });
      expect(await update(at, {})).toMatchObject({ code: 'PASS_UPDATE_FAIL' });
      expect(await update(at, { endDate: past + 1 })).toMatchObject({ code: 'PASS_UPDATE_FAIL' });
      expect(await update(at, { endDate: Date.now() + 60_000 })).toMatchObject({ code: 'SUCCESS' });
      expect(await update(at, { endDate: past })).toMatchObject({ code: 'SUCCESS' });
      expect(await update(at, { status: 'CLOSED' })).toMatchObject({ code: 'SUCCESS' });
    }));
});

describe('findings of values that are let pass', () => {
  const future = Date.now() + 90_000;
  test.each([
    ['syncPaymentInfo', { actionUrl: 'https://example.com/pay' }, ['ACTION_URL_SCHEME E-25']],
    ['syncPaymentInfo', { actionUrl: 'alipayhk://platformapi/startapp' }, []],
    ['syncAdditionalInfo', { extInfo: 'plan=5G' }, ['EXT_INFO_NOT_JSON E-25']],
    ['syncAdditionalInfo', { extInfo: '{"plan":"5G"}' }, []],
    ['syncAccountLinkage', { expiryTime: Date.now() - 1 }, ['BIND_EXPIRED E-22']],
    ['syncAccountLinkage', { expiryTime: future }, []],
    [
      'syncOrder',
      { merchantBizNo: 'F1', orderCreateTime: future },
      ['MODIFIED_BEFORE_CREATED O-02'],
    ],
    [
      'syncOrder',
      { merchantBizNo: 'F2', extInfo: { price: { value: '1', currency: 'HKX' } } },
      ['CURRENCY_UNKNOWN E-18'],
    ],
    ['updateMembershipCard', { passId: 'F3', dataInfo: { points: 1 } }, ['DATA_INFO_KEY E-13']],
    [
      'updateMembershipCard',
      { passId: 'F3', dataInfo: { en_US: { points: 1, $ok$: 'x' } } },
      ['DATA_INFO_KEY E-13'],
    ],
    [
      'updateMembershipCard',
      { passId: 'F3', dataInfo: { $points$: true } },
      ['DATA_INFO_VALUE E-13'],
    ],
    [
      'updateMembershipCard',
      {
        passId: 'F3',
        dataInfo: { $m_zh_HK$: { cent: 1, currency: 'HKD' }, $n$: null, billNo: null },
      },
      [],
    ],
  ])('%s %j: %j', async (id, fields, expected) => {
    expect(await findingsOf(id, fields)).toEqual(expected);
  });

  test('children of merchant have at most 64 characters, and codeInfo two strings (E-13)', async () => {
    const at = merchantAt(server);
    for (const name of ['merchantAccountId', 'subMerchantId', 'segmentId'])
      expect(
        (await send(at, 'syncPaymentInfo', { merchant: { [name]: 'x'.repeat(65) } })).detail,
      ).toMatch(new RegExp(`^merchant.${name}: 65 characters, at most 64`));
    for (const name of ['$codemsg$', '$codevalue$'])
      expect((await send(at, 'updateMembershipCard', { codeInfo: { [name]: 1 } })).code).toBe(
        'PARAM_ILLEGAL',
      );
  });
});
