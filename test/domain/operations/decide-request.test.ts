import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { settingsWith } from '../../../server/app/settings/resolve-settings.ts';
import { readContract } from '../../../server/domain/contract/read-contract.ts';
import {
  buildIdentity,
  buildRequestKey,
  decideRequest,
  type Held,
} from '../../../server/domain/operations/decide-request.ts';
import { contentFingerprint } from '../../../server/domain/operations/request-content.ts';
import { syncOrder } from '../../../server/domain/operations/sync-order.ts';
import { updateMembershipCard } from '../../../server/domain/operations/update-membership-card.ts';
import type { ScriptedResult } from '../../../server/domain/scenarios/select-rule.ts';
import type { Settings } from '../../../server/domain/settings/settings-table.ts';
import type { Entity, JsonObject } from '../../../server/domain/state/state.ts';
import { packageRoot } from '../../../server/package-root.ts';

const { value: contract } = readContract(
  join(packageRoot, 'openapi', 'alipayhk.yaml'),
  settingsWith(),
);
const operation = contract?.operations.get('syncOrder') ?? expect.fail('no syncOrder');
const statusMachines = contract?.statusMachines ?? new Map();

const order = {
  requestId: 'R-1',
  merchantBizNo: 'T-1',
  merchantBizType: 'MOVIE_TICKET',
  orderStatus: 'TICKETED',
  userId: 'U',
  orderCreateTime: 1000,
  orderModifyTime: 2000,
};
const held: Entity = { fields: order, eventTime: 2000, updates: 1 };

interface Case {
  readonly request?: JsonObject;
  readonly entity?: Entity;
  readonly remembered?: Held['remembered'];
  readonly settings?: Partial<Settings>;
  readonly script?: Partial<ScriptedResult>;
  readonly fingerprint?: string;
  readonly now?: number;
}

const decide = (given: Case) => {
  const request: JsonObject = { ...order, ...given.request };
  const policies = settingsWith(given.settings);
  return decideRequest(
    {
      endpoint: syncOrder,
      operation,
      call: {
        request,
        fingerprint: given.fingerprint ?? 'one',
        identity: buildIdentity(syncOrder, request, policies),
        requestKey: buildRequestKey(syncOrder, request),
      },
      held: { entity: given.entity, remembered: given.remembered },
      context: { clientId: 'SHOP', now: given.now ?? 2000, policies, statusMachines },
    },
    given.script === undefined
      ? undefined
      : { name: 'story, rule 1', delivery: { delayMs: 0, signed: true }, ...given.script },
  );
};

const collectionsOf = ({ changes }: ReturnType<typeof decide>) =>
  changes.map(({ collection }) => collection);

describe('a new request', () => {
  test('is accepted, held and remembered', () => {
    const decision = decide({});
    expect(decision).toMatchObject({
      answer: { code: 'SUCCESS', status: 'S', fields: { orderStatus: 'TICKETED' } },
      tags: [],
      findings: [],
    });
    expect(decision.changes).toMatchObject([
      {
        collection: 'orders',
        id: '["T-1"]',
        value: { fields: order, eventTime: 2000, updates: 1 },
      },
      { collection: 'requests', id: 'syncOrder R-1', value: { fingerprint: 'one' } },
    ]);
  });

  test('that breaks a rule changes nothing but what is remembered', () => {
    const decision = decide({
      request: { orderStatus: 'NOPE', orderModifyTime: 3000 },
      entity: held,
    });
    expect(decision.answer).toMatchObject({
      code: 'ORDER_STATUS_INVALID',
      status: 'F',
      fields: { orderStatus: 'TICKETED' },
    });
    expect(collectionsOf(decision)).toEqual(['requests']);
  });

  test.each([
    [2000 + 3_600_000, []],
    [2001 + 3_600_000, ['EVENT_TIME_AHEAD']],
  ])('with the event time %i is told when that is far ahead (O-02)', (orderModifyTime, ids) => {
    expect(decide({ request: { orderModifyTime } }).findings.map(({ id }) => id)).toEqual(ids);
  });
});

describe('an update', () => {
  test.each([
    [2001, 'ignore', 'SUCCESS', []],
    [2000, 'ignore', 'SUCCESS', ['stale']],
    [1999, 'ignore', 'SUCCESS', ['stale']],
    [2000, 'refuse', 'ORDER_STATUS_INVALID', ['stale']],
    [2000, 'apply', 'SUCCESS', []],
    [1999, 'apply', 'SUCCESS', []],
  ] as const)('at %i under ordering.stale: %s (O-01)', (time, stale, code, tags) => {
    const decision = decide({
      request: { orderStatus: 'USED', orderModifyTime: time },
      entity: held,
      settings: { 'ordering.stale': stale },
    });
    expect(decision.answer.code).toBe(code);
    expect(decision.tags).toEqual(tags);
    expect(collectionsOf(decision)).toEqual(
      tags.length > 0 ? ['requests'] : ['orders', 'requests'],
    );
    expect(decision.answer.fields['orderStatus']).toBe(tags.length > 0 ? 'TICKETED' : 'USED');
  });

  test('that is stale and wrong says both', () => {
    const { findings, answer } = decide({
      request: { orderStatus: 'NOPE', orderModifyTime: 1 },
      entity: held,
      settings: { 'ordering.stale': 'refuse' },
    });
    expect(findings.map(({ id }) => id)).toEqual(['STALE_AND_INVALID']);
    expect(answer.detail).toMatch(/1 is not newer than 2000.*"NOPE" is not a status/);
  });
});

describe('a repeat', () => {
  const first = decide({});
  const remembered = {
    fingerprint: 'one',
    content: contentFingerprint(order, []),
    fieldHashes: '',
    answer: first.answer,
  };
  const later: Entity = { ...held, fields: { ...order, orderStatus: 'USED' } };

  test.each([
    ['first', 'TICKETED'],
    ['current', 'USED'],
  ] as const)('of the same body, idempotency.replay: %s (I-02)', (replay, orderStatus) => {
    expect(
      decide({ remembered, entity: later, settings: { 'idempotency.replay': replay } }),
    ).toMatchObject({
      answer: { code: 'SUCCESS', fields: { orderStatus } },
      changes: [],
      tags: ['duplicate'],
    });
  });

  test.each([
    ['body', 'mismatch'],
    ['content', 'duplicate'],
  ] as const)('in another layout, idempotency.compare: %s (I-03)', (compare, tag) => {
    const settings = { 'idempotency.compare': compare };
    expect(decide({ remembered, fingerprint: 'other', settings }).tags).toEqual([tag]);
  });

  test.each([
    ['PARAM_ILLEGAL', 'PARAM_ILLEGAL', /already used with another body/],
    ['replay', 'SUCCESS', undefined],
  ] as const)('of another body, idempotency.mismatch: %s (I-03)', (mismatch, code, detail) => {
    const { answer, tags, changes } = decide({
      remembered,
      fingerprint: 'other',
      request: { orderStatus: 'USED', orderModifyTime: 9000 },
      entity: held,
      settings: { 'idempotency.mismatch': mismatch },
    });
    expect(answer.code).toBe(code);
    if (detail === undefined) expect(answer.detail).toBeUndefined();
    else expect(answer.detail).toMatch(detail);
    expect([tags, changes]).toEqual([['mismatch'], []]);
  });
});

describe('what a scenario scripts', () => {
  test.each<[string, Partial<ScriptedResult>, string, string[]]>([
    ['a failure', { result: 'PARAM_ILLEGAL' }, 'F', []],
    [
      'a failure that keeps',
      { result: 'PARAM_ILLEGAL', change: 'keep' },
      'F',
      ['orders', 'requests'],
    ],
    ['U', { result: 'UNKNOWN_EXCEPTION', status: 'U' }, 'U', []],
    [
      'U that keeps',
      { result: 'UNKNOWN_EXCEPTION', status: 'U', change: 'keep' },
      'U',
      ['orders', 'requests'],
    ],
    ['a success', { result: 'SUCCESS' }, 'S', ['orders', 'requests']],
    ['a success that drops', { result: 'SUCCESS', change: 'drop' }, 'S', []],
    ['no result', {}, 'S', ['orders', 'requests']],
    ['no result, dropped', { change: 'drop' }, 'S', []],
  ])('%s', (_what, script, status, collections) => {
    const decision = decide({ script });
    expect(decision.answer.status).toBe(status);
    expect(collectionsOf(decision)).toEqual(collections);
    expect(decision.tags).toEqual(script.result === undefined ? [] : ['scripted']);
  });

  test('message and fields are laid over the answer', () => {
    const script = { result: 'SUCCESS', message: 'Hello.', body: { extra: 1 } };
    expect(decide({ script }).answer).toMatchObject({
      message: 'Hello.',
      fields: { extra: 1, orderStatus: 'TICKETED' },
    });
  });

  test('a failure tells what is held, not what would have been', () => {
    const decision = decide({
      request: { orderStatus: 'USED', orderModifyTime: 3000 },
      entity: held,
      script: { result: 'PARAM_ILLEGAL' },
    });
    expect(decision.answer.fields['orderStatus']).toBe('TICKETED');
  });
});

test('an operation without a request id remembers nothing (I-01)', () => {
  expect(buildRequestKey(updateMembershipCard, { requestId: 'R' })).toBeUndefined();
});

test.each([
  [{ merchantBizNo: 'T' }, {}, '["T"]'],
  [{ merchantBizNo: 'T', merchantAccountId: 'A' }, {}, '["T","A"]'],
  [{ merchantBizNo: 'T', merchantId: 'M' }, {}, '["T","M"]'],
  [{ merchantBizNo: 'T', merchantAccountId: '' }, {}, '["T"]'],
  [{ merchantBizNo: 'T', merchantAccountId: 'A' }, { 'order.identity': 'merchantBizNo' }, '["T"]'],
] as const)('the order %o is named, under %o, %s (O-03)', (request, settings, identity) => {
  expect(buildIdentity(syncOrder, request, settingsWith(settings))).toBe(identity);
});
