import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MockServer } from '../../../server/app/create-server.ts';
import type { Settings } from '../../../server/domain/settings/settings-table.ts';
import type { JsonObject } from '../../../server/domain/state/state.ts';
import { merchantAt } from '../../merchant.ts';
import { startServer } from '../../start-server.ts';

let server: MockServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

type Merchant = ReturnType<typeof merchantAt>;
const withServer = async (
  settings: Partial<Settings>,
  run: (merchant: Merchant) => Promise<void>,
): Promise<void> => {
  const at = await startServer(settings);
  try {
    await run(merchantAt(at));
  } finally {
    await at.close();
  }
};

let clock = Date.now();
const order = (at: Merchant, fields: JsonObject) =>
  at.call('syncOrder', { ...fields, orderModifyTime: ++clock });
const link = (at: Merchant, fields: JsonObject) =>
  at.call('syncAccountLinkage', { ...fields, bizTime: ++clock }, 'minimal');

describe('the identity of a thing (O-03)', () => {
  test('a binding to USER_ID is one, with and without bindingTarget', async () => {
    const at = merchantAt(server);
    const identities = [];
    for (const target of [{}, { bindingTarget: '' }, { bindingTarget: '2160120074526881' }])
      identities.push(
        (await link(at, { externalIdentityValue: 'ONE', ...target })).entry?.identity,
      );
    expect(new Set(identities).size).toBe(1);
    expect(
      (await link(at, { externalIdentityValue: 'ONE', bindingTarget: '2160999' })).entry?.identity,
    ).not.toBe(identities[0]);
  });

  test('payment info with an empty subType is that without one', async () => {
    const at = merchantAt(server);
    const { subType: _, ...body } = at.sample('syncPaymentInfo', {
      accountId: 'SUB',
      requestId: 'SUB-1',
    });
    const first = await at.send('syncPaymentInfo', body);
    for (const subType of ['', null]) {
      const again = await at.send('syncPaymentInfo', {
        ...body,
        subType,
        requestId: `SUB-${subType}`,
        requestTime: ++clock + 5000,
      });
      expect(again.entry?.identity).toBe(first.entry?.identity);
    }
  });

  test('two sub-merchants may use one merchantBizNo; without an account it is a third order, with a finding', async () => {
    const at = merchantAt(server);
    const none = await order(at, { merchantBizNo: 'SAME', orderStatus: 'TICKETED' });
    expect(none.entry?.findings).toEqual([]);
    const a = await order(at, {
      merchantBizNo: 'SAME',
      merchantAccountId: 'A',
      orderStatus: 'USED',
    });
    const b = await order(at, {
      merchantBizNo: 'SAME',
      merchantAccountId: 'B',
      orderStatus: 'TICKETED',
    });
    expect([a.code, b.code]).toEqual(['SUCCESS', 'SUCCESS']);
    expect(new Set([none, a, b].map(({ fields }) => fields['orderId'])).size).toBe(3);
    const old = await order(at, {
      merchantBizNo: 'SAME',
      merchantId: 'B',
      orderStatus: 'TICKETED',
    });
    expect(old.fields['orderId']).toBe(b.fields['orderId']);
    const again = await order(at, { merchantBizNo: 'SAME', orderStatus: 'TICKETED' });
    expect(again.fields['orderId']).toBe(none.fields['orderId']);
    expect(again.entry?.findings).toMatchObject([
      { id: 'ORDER_ACCOUNT_MISSING', register: 'O-03' },
    ]);
  });

  test('order.identity: merchantBizNo leaves the account out', () =>
    withServer({ 'order.identity': 'merchantBizNo' }, async (at) => {
      await order(at, { merchantBizNo: 'SAME', merchantAccountId: 'A', orderStatus: 'USED' });
      expect(
        await order(at, { merchantBizNo: 'SAME', merchantAccountId: 'B', orderStatus: 'TICKETED' }),
      ).toMatchObject({
        code: 'ORDER_STATUS_INVALID',
      });
    }));
});

test('a second UNBIND is that of an unknown binding, and so is an expired one (E-08)', () =>
  withServer({ 'linkage.unknownUnbind': 'PARAM_ILLEGAL' }, async (at) => {
    const codes = [];
    for (const fields of [
      {},
      { operateType: 'UNBIND' },
      { operateType: 'UNBIND' },
      { expiryTime: Date.now() - 1 },
      { operateType: 'UNBIND' },
    ])
      codes.push((await link(at, { externalIdentityValue: 'TWICE', ...fields })).code);
    expect(codes).toEqual(['SUCCESS', 'SUCCESS', 'PARAM_ILLEGAL', 'SUCCESS', 'PARAM_ILLEGAL']);
  }));

describe('repeats', () => {
  const paid = (at: Merchant) =>
    at.sample('syncOrder', {
      merchantBizNo: 'NOW',
      orderStatus: 'TICKETED',
      orderModifyTime: 1_800_000_000_000,
    });

  test('orderStatus is the one held now (I-02); idempotency.replay: first repeats the first', async () => {
    for (const [replay, orderStatus] of [
      ['current', 'USED'],
      ['first', 'TICKETED'],
    ] as const)
      await withServer({ 'idempotency.replay': replay }, async (at) => {
        const body = paid(at);
        const first = await at.send('syncOrder', body);
        await at.call('syncOrder', {
          merchantBizNo: 'NOW',
          orderStatus: 'USED',
          orderModifyTime: 1_800_000_000_001,
        });
        expect(await at.send('syncOrder', body)).toMatchObject({
          code: 'SUCCESS',
          tags: ['duplicate'],
          fields: { orderId: first.fields['orderId'], orderStatus },
        });
      });
  });

  test('the detail says what differs, or that only the layout does (I-03)', async () => {
    const at = merchantAt(server);
    const body = at.sample('syncOrder', { merchantBizNo: 'DIFF', tinyAppId: 'T' });
    await at.send('syncOrder', body);
    const { tinyAppId: _, ...less } = body;
    const used = 'requestId: already used with another body';
    expect(await at.send('syncOrder', { ...less, orderStatus: 'USED' })).toMatchObject({
      code: 'PARAM_ILLEGAL',
      detail: `${used}; what differs: orderStatus, tinyAppId`,
    });
    const turned = Object.fromEntries(Object.entries(body).reverse());
    expect(await at.send('syncOrder', turned)).toMatchObject({
      detail: `${used}, the same JSON in another layout`,
    });
  });

  test('idempotency.compare: content, and key (I-03)', async () => {
    for (const [compare, codes] of [
      ['body', ['PARAM_ILLEGAL', 'PARAM_ILLEGAL']],
      ['content', ['SUCCESS', 'PARAM_ILLEGAL']],
      ['key', ['SUCCESS', 'SUCCESS']],
    ] as const)
      await withServer({ 'idempotency.compare': compare }, async (at) => {
        const body = at.sample('syncAdditionalInfo');
        await at.send('syncAdditionalInfo', body);
        const turned = Object.fromEntries(Object.entries(body).reverse());
        const answers = [
          await at.send('syncAdditionalInfo', turned),
          await at.send('syncAdditionalInfo', {
            ...body,
            requestTime: Number(body['requestTime']) + 1,
          }),
        ];
        expect(answers.map(({ code }) => code)).toEqual(codes);
        expect((await at.send('syncAdditionalInfo', { ...body, status: 'INVALID' })).code).toBe(
          'PARAM_ILLEGAL',
        );
      });
  });
});

describe('what is odd about what is held', () => {
  test('a stale message that is also invalid says both (O-01)', async () => {
    const fields = {
      merchantBizNo: 'BOTH',
      orderStatus: 'DANCING',
      orderCreateTime: 1,
      orderModifyTime: 2,
    };
    const at = merchantAt(server);
    await order(at, { merchantBizNo: 'BOTH', orderStatus: 'TICKETED' });
    const late = await at.call('syncOrder', fields);
    expect(late).toMatchObject({ code: 'SUCCESS', tags: ['stale'] });
    const findings = late.entry?.findings.filter(({ id }) => id === 'STALE_AND_INVALID') ?? [];
    expect(findings.map(({ register }) => register)).toEqual(['O-04', 'E-01']);
    expect(late.entry?.verdict.reason).toMatch(
      /orderModifyTime: 2 is not newer.*orderCreateTime: must stay.*"DANCING" is not a status/,
    );
    // That an older status could not follow the held one is what being late means.
    expect(
      (await at.call('syncOrder', { merchantBizNo: 'BOTH', orderModifyTime: 3 })).entry?.findings,
    ).not.toMatchObject(
      expect.arrayContaining([expect.objectContaining({ id: 'STALE_AND_INVALID' })]),
    );
    await withServer({ 'ordering.stale': 'refuse' }, async (strict) => {
      await order(strict, { merchantBizNo: 'BOTH', orderStatus: 'TICKETED' });
      expect((await strict.call('syncOrder', fields)).entry?.verdict.reason).toMatch(
        /not newer.*must stay.*not a status/,
      );
    });
  });

  test.each([
    ['syncOrder', { merchantBizNo: 'AHEAD' }, 'orderModifyTime'],
    ['syncAccountLinkage', { externalIdentityValue: 'AHEAD' }, 'bizTime'],
    ['syncPaymentInfo', { accountId: 'AHEAD' }, 'requestTime'],
  ])('%s: an event time far ahead (O-02)', async (id, fields, eventTime) => {
    const at = merchantAt(server);
    const soon = await at.call(id, { ...fields, [eventTime]: Date.now() + 60_000 });
    const far = await at.call(id, { ...fields, [eventTime]: Date.now() + 8 * 3_600_000 });
    expect(soon.entry?.findings).toEqual([]);
    expect(far.entry?.findings).toMatchObject([{ id: 'EVENT_TIME_AHEAD', register: 'O-02' }]);
  });

  test('another user or template', async () => {
    const at = merchantAt(server);
    await at.call('updateMembershipCard', { passId: 'CHANGED' });
    const card = await at.call('updateMembershipCard', {
      passId: 'CHANGED',
      userId: '2160x',
      templateCode: 'other',
    });
    expect(
      card.entry?.findings.map(({ id, sentence }) => `${id} ${sentence.split(':')[0]}`),
    ).toEqual(['PASS_CONSTANT_CHANGED userId', 'PASS_CONSTANT_CHANGED templateCode']);
    await order(at, { merchantBizNo: 'CHANGED', userId: '1' });
    expect(
      (await order(at, { merchantBizNo: 'CHANGED', userId: '2' })).entry?.findings,
    ).toMatchObject([{ id: 'ORDER_USER_CHANGED', register: 'O-04' }]);
  });
});
