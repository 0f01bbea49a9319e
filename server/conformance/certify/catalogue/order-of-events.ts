import { type CatalogueCase, wire, withClaims } from './case.ts';

/** Three states of one thing, one after the other. */
const second = {
  syncAdditionalInfo: { autoDebitStatus: 'AUTO_DEBIT' },
  syncAccountLinkage: { operateType: 'UNBIND' },
  syncPaymentInfo: { amount: 12_900 },
  syncOrder: { payAmount: { value: '19900', currency: 'HKD' } },
} as const;
const third = {
  syncAdditionalInfo: { autoDebitStatus: 'UN_AUTO_DEBIT' },
  syncAccountLinkage: { operateType: 'BIND' },
  syncPaymentInfo: { amount: 13_000 },
  syncOrder: { payAmount: { value: '19700', currency: 'HKD' } },
} as const;

const clientPage = 'how-to/client.md#what-it-does-and-yours-must-do';

/** Updates of one thing, and what comes after a crash. */
export const orderOfEvents: readonly CatalogueCase[] = [
  {
    id: 'C-ORD-01',
    title: { en: 'Rising time', 'zh-HK': '遞增的時間' },
    severity: 'major',
    basis: [{ kind: 'doc', register: 'O-02' }],
    inferredFor: ['syncAdditionalInfo', 'syncPaymentInfo'],
    operations: ['syncAdditionalInfo', 'syncAccountLinkage', 'syncPaymentInfo', 'syncOrder'],
    messages: [
      {},
      { isSameThing: true, eventTimeOffsetMs: 1, fields: second },
      { isSameThing: true, eventTimeOffsetMs: 2, fields: third },
    ],
    play: [],
    jobs: [{ action: 'sendAll' }, { action: 'resume' }],
    checks: ['rising-time', 'constants'],
    expectedMs: 600,
    must: 'Gives every later update a greater event time, also within one second, and keeps orderCreateTime and merchantBizType.',
    why: 'An update whose time is not newer is answered with S and ignored.',
    remedy: clientPage,
  },
  {
    id: 'C-ORD-02',
    title: { en: 'One after the other', 'zh-HK': '逐一處理' },
    severity: 'minor',
    basis: [{ kind: 'safety', register: 'O-01' }],
    operations: ['syncAccountLinkage', 'syncOrder'],
    messages: [{}, { isSameThing: true, eventTimeOffsetMs: 1000, fields: second }],
    play: [{ then: { result: 'UNKNOWN_EXCEPTION', status: 'U' }, times: 2, message: 1 }],
    jobs: [{ action: 'sendAll' }, { action: 'resume' }],
    checks: ['not-overtaken'],
    expectedMs: 900,
    must: 'Settles the first update before the second, or sends the second with a newer time, which makes the late first one harmless.',
    why: 'Updates that overtake each other leave the older state in force.',
    remedy: clientPage,
  },
  {
    id: 'C-ORD-03',
    title: { en: 'S, but another status', 'zh-HK': '成功，但狀態不同' },
    severity: 'major',
    basis: [{ kind: 'doc', register: 'O-01', source: 'orderStatus in the response' }],
    operations: ['syncOrder'],
    messages: [
      {},
      {
        isSameThing: true,
        eventTimeOffsetMs: 1000,
        fields: { syncOrder: { orderStatus: 'USED' } },
      },
    ],
    subject: 2,
    play: [
      {
        then: {
          result: 'SUCCESS',
          change: 'drop',
          body: { orderStatus: '{{held.orderStatus}}' },
        },
        message: 2,
        times: 'always',
      },
    ],
    jobs: [{ action: 'send' }, { action: 'send', message: 2 }],
    modes: withClaims,
    checks: ['status-noticed'],
    expectedMs: 600,
    must: 'Compares the orderStatus in the response with the one that it sent.',
    why: 'S with another status says that your update was not applied.',
    remedy: clientPage,
  },
  {
    id: 'C-ORD-04',
    title: { en: 'Not allowed any more', 'zh-HK': '狀態已不容許' },
    severity: 'major',
    basis: [{ kind: 'doc', register: 'E-01', source: 'ORDER_STATUS_INVALID' }],
    operations: ['syncOrder'],
    messages: [
      {},
      {
        isSameThing: true,
        eventTimeOffsetMs: 1000,
        fields: { syncOrder: { orderStatus: 'USED' } },
      },
    ],
    subject: 2,
    play: [
      {
        then: {
          result: 'ORDER_STATUS_INVALID',
          status: 'F',
          body: { orderStatus: '{{held.orderStatus}}' },
        },
        message: 2,
        times: 'always',
      },
    ],
    jobs: [{ action: 'send' }, { action: 'send', message: 2 }, { action: 'resume' }],
    modes: withClaims,
    checks: [
      'no-false-success',
      'stops',
      { id: 'code-kept', required: false },
      { id: 'status-noticed', required: false, atMost: 'warn' },
    ],
    expectedMs: 700,
    must: 'Stops, looks at the status that AlipayHK has, and does not send the same under another id.',
    why: 'The order has moved on without this update; sending it again does not change that.',
    remedy: clientPage,
  },
  {
    id: 'C-BOX-01',
    title: { en: 'Killed while the outcome is unknown', 'zh-HK': '結果未明時程序被終止' },
    severity: 'critical',
    basis: [{ kind: 'doc', source: '"until the final state is known"' }],
    operations: 'all',
    modes: ['command', 'stream'],
    play: [{ then: { fault: wire('hang') } }],
    jobs: [{ action: 'send', killAtAttempt: 1 }, { action: 'resume' }],
    checks: ['repeats-on-resume', 'same-id', 'same-body', 'once'],
    expectedMs: 1000,
    must: 'Keeps the message on disk before it sends it, and sends the same one, with the same id, after a restart.',
    why: 'A process can end at any time; what was only in its memory is lost or sent under a new id.',
    remedy: clientPage,
  },
];
