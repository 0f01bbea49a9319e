import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MockServer } from '../../../server/app/create-server.ts';
import { endpoints } from '../../../server/domain/operations/index.ts';
import type { Settings } from '../../../server/domain/settings/settings-table.ts';
import { merchantAt } from '../../merchant.ts';
import { readWorld } from '../../read-world.ts';
import { startServer } from '../../start-server.ts';

let server: MockServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const withServer = async (
  settings: Partial<Settings>,
  run: (merchant: ReturnType<typeof merchantAt>) => Promise<void>,
): Promise<void> => {
  const at = await startServer(settings);
  try {
    await run(merchantAt(at));
  } finally {
    await at.close();
  }
};

test('every endpoint is an operation of the contract, and the other way round', () => {
  expect(endpoints.map(({ operationId }) => operationId).sort()).toEqual(
    [...server.contract.operations.keys()].sort(),
  );
  for (const { operationId, identity, eventTime, idempotencyKey } of endpoints) {
    const known = server.contract.operations.get(operationId)?.knownFields.get('');
    for (const field of [...identity, eventTime, idempotencyKey])
      if (field !== null) expect(known).toContain(field);
  }
});

const withRequestId = [
  ['syncAdditionalInfo', { accountId: 'A' }, { status: 'INVALID' }, 'requestTime', 'accounts'],
  [
    'syncAccountLinkage',
    { externalIdentityValue: 'A' },
    { operateType: 'UNBIND' },
    'bizTime',
    'linkages',
  ],
  ['syncPaymentInfo', { accountId: 'A' }, { amount: 1 }, 'requestTime', 'payments'],
  ['syncOrder', { merchantBizNo: 'A' }, { orderStatus: 'USED' }, 'orderModifyTime', 'orders'],
] as const;

describe.each(withRequestId)('%s', (id, thing, change, eventTime, collection) => {
  const merchant = () => merchantAt(server);
  const held = async (prefix: string) =>
    [...(await readWorld(server.store, '4Q5Y8W0WSG45P907917'))[collection]].find(([key]) =>
      key.includes(prefix),
    )?.[1];
  const named = (suffix: string) =>
    Object.fromEntries(
      Object.entries(thing).map(([name, value]) => [name, `${value}-${id}-${suffix}`]),
    );

  test('same requestId, same body: the first answer again, no second change (I-02)', async () => {
    const body = merchant().sample(id, named('repeat'));
    const first = await merchant().send(id, body);
    const second = await merchant().send(id, body);
    expect(first).toMatchObject({ code: 'SUCCESS', status: 'S', tags: [] });
    expect(second).toMatchObject({
      code: 'SUCCESS',
      fields: first.fields,
      tags: ['duplicate'],
      signature: 'verified',
    });
    expect(await held('repeat')).toMatchObject({ updates: 1 });
  });

  test('same requestId, other body: PARAM_ILLEGAL, no change (I-03); REPEAT_REQ_INCONSISTENT or replay by setting', async () => {
    const body = merchant().sample(id, named('mismatch'));
    await merchant().send(id, body);
    const changed = await merchant().send(id, {
      ...body,
      ...change,
      [eventTime]: Date.now() + 5000,
    });
    expect(changed).toMatchObject({
      code: 'PARAM_ILLEGAL',
      status: 'F',
      message: expect.stringContaining('[requestId: already used with another body'),
      tags: ['mismatch'],
    });
    expect(await held('mismatch')).toMatchObject({ updates: 1 });
    expect(await merchant().send(id, body)).toMatchObject({
      code: 'SUCCESS',
      tags: ['duplicate'],
    });
    await withServer({ 'idempotency.mismatch': 'REPEAT_REQ_INCONSISTENT' }, async (at) => {
      await at.send(id, body);
      expect(await at.send(id, { ...body, ...change })).toMatchObject({
        code: 'REPEAT_REQ_INCONSISTENT',
        status: 'F',
      });
    });
    await withServer({ 'idempotency.mismatch': 'replay' }, async (at) => {
      await at.send(id, body);
      expect(await at.send(id, { ...body, ...change })).toMatchObject({
        code: 'SUCCESS',
        tags: ['mismatch'],
      });
    });
  });

  test('stale: SUCCESS and no change (O-01); refused or applied by setting', async () => {
    const body = merchant().sample(id, named('stale'));
    const time = Number(body[eventTime]);
    await merchant().send(id, body);
    for (const older of [time, time - 1]) {
      expect(
        await merchant().call(id, { ...named('stale'), ...change, [eventTime]: older }),
      ).toMatchObject({
        code: 'SUCCESS',
        tags: ['stale'],
      });
    }
    expect(await held('stale')).toMatchObject({ updates: 1, fields: body });
    await withServer({ 'ordering.stale': 'refuse' }, async (at) => {
      await at.send(id, body);
      const code = id === 'syncOrder' ? 'ORDER_STATUS_INVALID' : 'PARAM_ILLEGAL';
      expect(await at.call(id, { ...named('stale'), ...change, [eventTime]: time })).toMatchObject({
        code,
        status: 'F',
        tags: ['stale'],
      });
    });
    await withServer({ 'ordering.stale': 'apply' }, async (at) => {
      await at.send(id, body);
      expect(await at.call(id, { ...named('stale'), ...change, [eventTime]: time })).toMatchObject({
        code: 'SUCCESS',
        tags: [],
      });
    });
  });

  test('a newer update replaces what is held', async () => {
    await merchant().call(id, named('newer'));
    expect(
      await merchant().call(id, { ...named('newer'), ...change, [eventTime]: Date.now() + 1000 }),
    ).toMatchObject({
      code: 'SUCCESS',
      tags: [],
    });
    expect(await held('newer')).toMatchObject({ updates: 2, fields: change });
  });
});

describe('orders', () => {
  const merchant = () => merchantAt(server);
  let clock = Date.now();
  const order = (merchantBizNo: string, orderStatus: string, example = 'PASS_TICKET') =>
    merchant().call('syncOrder', { merchantBizNo, orderStatus, orderModifyTime: ++clock }, example);

  test('the answer names the order and its held status; the id is the same in every run (E-04)', async () => {
    const first = await order('ID-1', 'TICKETED');
    expect(first.fields).toMatchObject({
      orderStatus: 'TICKETED',
      orderId: expect.stringMatching(/^\d{28}$/),
    });
    await withServer({}, async (at) =>
      expect((await at.call('syncOrder', { merchantBizNo: 'ID-1' })).fields).toMatchObject({
        orderId: first.fields['orderId'],
      }),
    );
    expect((await order('ID-2', 'TICKETED')).fields['orderId']).not.toBe(first.fields['orderId']);
  });

  test('a stale update is answered with the held status', async () => {
    const time = ++clock;
    await order('STALE-1', 'USED');
    expect(
      await merchant().call('syncOrder', {
        merchantBizNo: 'STALE-1',
        orderStatus: 'TICKETED',
        orderModifyTime: time,
      }),
    ).toMatchObject({
      code: 'SUCCESS',
      fields: { orderStatus: 'USED' },
    });
  });

  test('a final status is final; the message says what would be allowed', async () => {
    await order('FINAL-1', 'USED');
    expect(await order('FINAL-1', 'REFUNDED')).toMatchObject({
      code: 'ORDER_STATUS_INVALID',
      status: 'F',
      message:
        'Order status is invalid, please refer to the relevant business scenario. ' +
        '[orderStatus: the order cannot go from USED to REFUNDED (USED is final)]',
      fields: { orderStatus: 'USED' },
    });
  });

  test('a status of another business type is refused', async () => {
    expect(await order('TYPE-1', 'SERVING')).toMatchObject({
      code: 'ORDER_STATUS_INVALID',
      message:
        'Order status is invalid, please refer to the relevant business scenario. ' +
        '[orderStatus: "SERVING" is not a status of PASS_TICKET (TICKETED, USED, REFUNDED)]',
    });
  });

  test.each([
    ['LINE_UP', 'CALL_NUM', 'FINISHED', true],
    ['LINE_UP', 'NUMBER_ARRIVED', 'CALL_NUM', false],
    ['LINE_UP', 'NUMBER_ARRIVED', 'CANCELLED', false],
    ['LINE_UP', 'CALL_NUM', 'CALL_NUM', true],
    ['SELF_PICK', 'PENDING', 'TO_PICK_UP', true],
    ['SELF_PICK', 'TO_PICK_UP', 'REFUNDED', false],
    ['SELF_PICK', 'ORDER_TAKEN', 'CLOSED', true],
    ['CHARGING_PILE', 'PAUSED', 'SERVING_LITE', true],
    ['CHARGING_PILE', 'FINISHED', 'SERVING', false],
    ['RIDE_HAILING', 'TO_SEND', 'ORDER_TAKEN', true],
    ['RIDE_HAILING', 'CLOSED', 'SERVING', false],
    ['MOVIE_TICKET', 'USED', 'TICKETED', false],
    ['TRAIN_TICKET', 'TICKETED', 'REFUNDED', true],
    ['GIFT_CARD_COUPON', 'TICKETED', 'USED', true],
    ['ALIPAY_COUPON', 'TICKETED', 'TICKETED', true],
  ])('%s: %s → %s is allowed: %s', async (type, from, to, allowed) => {
    const name = `${type}-${from}-${to}`.slice(0, 32);
    expect((await order(name, from, type)).code).toBe('SUCCESS');
    expect((await order(name, to, type)).code).toBe(allowed ? 'SUCCESS' : 'ORDER_STATUS_INVALID');
  });

  test('orderCreateTime and merchantBizType stay what they were (O-04)', async () => {
    await order('DRIFT-1', 'TICKETED');
    expect(
      await merchant().call('syncOrder', {
        merchantBizNo: 'DRIFT-1',
        orderCreateTime: 1,
        orderModifyTime: ++clock,
      }),
    ).toMatchObject({
      code: 'PARAM_ILLEGAL',
      message: expect.stringMatching(/\[orderCreateTime: must stay/),
    });
    expect(await order('DRIFT-1', 'TICKETED', 'MOVIE_TICKET')).toMatchObject({
      code: 'PARAM_ILLEGAL',
    });
    await withServer({ 'order.identityDrift': 'ignore' }, async (at) => {
      await at.call('syncOrder', { merchantBizNo: 'D' });
      expect(
        await at.call('syncOrder', {
          merchantBizNo: 'D',
          orderCreateTime: 1,
          orderModifyTime: Date.now() + 9,
        }),
      ).toMatchObject({
        code: 'SUCCESS',
      });
    });
  });

  test('order.statusMachine: off, and a replaced table (E-01)', async () => {
    await withServer({ 'order.statusMachine': 'off' }, async (at) =>
      expect(await at.call('syncOrder', { orderStatus: 'ANYTHING' })).toMatchObject({
        code: 'SUCCESS',
      }),
    );
    await withServer(
      { 'order.statusMachines': { PASS_TICKET: { NEW: ['DONE'], DONE: [] } } },
      async (at) => {
        expect(
          await at.call('syncOrder', { merchantBizNo: 'M', orderStatus: 'NEW' }),
        ).toMatchObject({ code: 'SUCCESS' });
        expect(
          await at.call('syncOrder', { merchantBizNo: 'M2', orderStatus: 'TICKETED' }),
        ).toMatchObject({ code: 'ORDER_STATUS_INVALID' });
      },
    );
  });

  test('required extra fields are enforced, or noted by setting (E-20)', async () => {
    expect(
      await merchant().call('syncOrder', { merchantBizNo: 'X-1', extInfo: null }, 'LINE_UP'),
    ).toMatchObject({
      code: 'PARAM_ILLEGAL',
      detail: 'extInfo: is required',
    });
    await withServer({ 'order.extraFields': 'note' }, async (at) => {
      const { code, entry } = await at.call('syncOrder', { extInfo: null }, 'LINE_UP');
      expect(code).toBe('SUCCESS');
      expect(entry?.findings).toEqual([
        {
          id: 'EXTRA_FIELD_MISSING',
          sentence: 'extInfo: the page of LINE_UP marks it required',
          register: 'E-20',
        },
      ]);
    });
  });

  test('the older page’s FAULT is accepted with a finding (E-02)', async () => {
    const { code, entry } = await order('FAULT-1', 'FAULT', 'CHARGING_PILE');
    expect(code).toBe('SUCCESS');
    expect(entry?.findings.map(({ id }) => id)).toEqual(['ORDER_STATUS_LEGACY']);
  });

  test('every example of the contract is accepted', async () => {
    await withServer({}, async (at) => {
      for (const { id, examples } of server.contract.operations.values())
        for (const name of examples.keys())
          expect([name, (await at.call(id, {}, name)).code]).toEqual([name, 'SUCCESS']);
    });
  });
});

describe('account linkage', () => {
  const merchant = () => merchantAt(server);
  test('bindingTarget is required unless the type is USER_ID (E-06)', async () => {
    expect(
      await merchant().call('syncAccountLinkage', {
        bindingTargetType: 'PHONE',
        bindingTarget: null,
      }),
    ).toMatchObject({
      code: 'PARAM_ILLEGAL',
      detail: 'bindingTarget: is required',
    });
    expect(
      await merchant().call('syncAccountLinkage', {
        bindingTargetType: 'USER_ID',
        bindingTarget: null,
      }),
    ).toMatchObject({
      code: 'SUCCESS',
    });
  });
  test('bizType must be BINDING_SYNC (E-07)', async () => {
    expect(await merchant().call('syncAccountLinkage', { bizType: 'OTHER' })).toMatchObject({
      code: 'PARAM_ILLEGAL',
      detail: 'bizType: must be BINDING_SYNC (got "OTHER")',
    });
  });
  test('UNBIND of an unknown binding succeeds, or not by setting (E-08)', async () => {
    const unbind = { operateType: 'UNBIND', externalIdentityValue: 'never-bound' };
    expect(await merchant().call('syncAccountLinkage', unbind)).toMatchObject({ code: 'SUCCESS' });
    await withServer({ 'linkage.unknownUnbind': 'PARAM_ILLEGAL' }, async (at) =>
      expect(await at.call('syncAccountLinkage', unbind)).toMatchObject({ code: 'PARAM_ILLEGAL' }),
    );
  });
});

describe('membership card', () => {
  const merchant = () => merchantAt(server);
  test('repeats are updates: there is no requestId (I-01)', async () => {
    const body = merchant().sample('updateMembershipCard', { passId: 'R' });
    expect(await merchant().send('updateMembershipCard', body)).toMatchObject({
      code: 'SUCCESS',
      tags: [],
    });
    expect(await merchant().send('updateMembershipCard', body)).toMatchObject({
      code: 'SUCCESS',
      tags: [],
    });
  });
  test('CLOSED is the end (E-11)', async () => {
    await merchant().call('updateMembershipCard', { passId: 'C' });
    expect(await merchant().call('updateMembershipCard', { passId: 'C' }, 'close')).toMatchObject({
      code: 'SUCCESS',
    });
    for (const example of ['update', 'close'])
      expect(await merchant().call('updateMembershipCard', { passId: 'C' }, example)).toMatchObject(
        {
          code: 'PASS_UPDATE_FAIL',
          status: 'F',
        },
      );
    await withServer({ 'membership.closedPass': 'SUCCESS' }, async (at) => {
      await at.call('updateMembershipCard', { passId: 'C' }, 'close');
      expect(await at.call('updateMembershipCard', { passId: 'C' }, 'update')).toMatchObject({
        code: 'SUCCESS',
      });
      expect(await at.call('updateMembershipCard', { passId: 'C' }, 'close')).toMatchObject({
        code: 'SUCCESS',
      });
    });
  });
  test('an unknown pass is known from then on, or refused by setting (E-10)', () =>
    withServer({ 'membership.unknownPass': 'PASS_HAS_NOT_EXIST' }, async (at) =>
      expect(await at.call('updateMembershipCard', { passId: 'N' })).toMatchObject({
        code: 'PASS_HAS_NOT_EXIST',
        status: 'F',
      }),
    ));
  test('updateDetailType: required for UPDATE, a finding for CLOSED, required always when strict (E-12)', async () => {
    expect(
      await merchant().call('updateMembershipCard', { passId: 'U', updateDetailType: null }),
    ).toMatchObject({
      code: 'PARAM_ILLEGAL',
      detail: 'updateDetailType: is required',
    });
    const closed = await merchant().call(
      'updateMembershipCard',
      { passId: 'U', updateDetailType: null },
      'close',
    );
    expect(closed).toMatchObject({
      code: 'SUCCESS',
      entry: { findings: [{ id: 'UPDATE_DETAIL_TYPE_MISSING' }] },
    });
    await withServer({ strict: ['updateDetailType'] }, async (at) =>
      expect(
        await at.call('updateMembershipCard', { updateDetailType: null }, 'close'),
      ).toMatchObject({ code: 'PARAM_ILLEGAL' }),
    );
  });
  test('codeInfo may be null; userId or openId is needed (E-13, E-21)', async () => {
    const body = { ...merchant().sample('updateMembershipCard', { passId: 'K' }), codeInfo: null };
    expect(await merchant().send('updateMembershipCard', body)).toMatchObject({ code: 'SUCCESS' });
    expect(
      await merchant().call('updateMembershipCard', { userId: null, openId: null }),
    ).toMatchObject({
      code: 'PARAM_ILLEGAL',
      detail: 'userId, openId: one of the two is required',
    });
  });
});

describe('payment info', () => {
  test.each([
    [{ amount: -1 }, 'amount: must be whole cents, e.g. 1050 for HKD 10.50, at least 0 (got -1)'],
    [{ amount: 1.5 }, 'amount: must be whole cents, e.g. 1050 for HKD 10.50 (got 1.5)'],
    [{ amount: '100' }, 'amount: must be whole cents, e.g. 1050 for HKD 10.50 (got "100")'],
    [{ currencyCode: 'hkd' }, 'currencyCode: must be three upper-case letters (got "hkd")'],
    [
      { paymentResult: 'PAID' },
      'paymentResult: must be one of SUCCESS, FAIL, UNKNOWN (got "PAID")',
    ],
    [{ merchant: null }, 'merchant: is required'],
    [
      { requestTime: 9007199254740992 },
      'requestTime: at most 9007199254740991 (got 9007199254740992)',
    ],
  ])('%j is refused', async (fields, detail) => {
    expect(await merchantAt(server).call('syncPaymentInfo', fields as never)).toMatchObject({
      code: 'PARAM_ILLEGAL',
      detail,
    });
  });
  test('an unknown currency is a finding (E-18)', async () => {
    expect(
      await merchantAt(server).call('syncPaymentInfo', { accountId: 'CUR', currencyCode: 'XQX' }),
    ).toMatchObject({
      code: 'SUCCESS',
      entry: { findings: [{ id: 'CURRENCY_UNKNOWN' }] },
    });
  });
});

test('request ids are bounded, and the journal says when one is forgotten (I-05)', () =>
  withServer({ 'idempotency.max': 2 }, async (at) => {
    const bodies = ['1', '2', '3'].map((merchantBizNo) =>
      at.sample('syncOrder', { merchantBizNo }),
    );
    const findings = [];
    for (const body of bodies)
      findings.push((await at.send('syncOrder', body)).entry?.findings.map(({ id }) => id));
    expect(findings).toEqual([[], [], ['REQUEST_IDS_FORGOTTEN']]);
    expect(await at.send('syncOrder', bodies[2] ?? {})).toMatchObject({ tags: ['duplicate'] });
    expect(await at.send('syncOrder', bodies[0] ?? {})).toMatchObject({ tags: ['stale'] });
  }));
