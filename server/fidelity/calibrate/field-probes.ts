import { statusTableSetting } from './explore.ts';
import { isRefusal, isSuccessAnswer, type Probe, type ProbeQuestion } from './probe.ts';
import {
  binding,
  card,
  goodOrder,
  isRefused,
  observe,
  orderProbe,
  type ProbeAnswers,
  payment,
  statusAt,
  succeeds,
} from './probe-requests.ts';

/** A card that does not exist is refused after its body was accepted. */
const isCardAccepted = (at: number) => (answers: ProbeAnswers) =>
  isSuccessAnswer(answers[at]) || isRefusal(answers[at], 'PASS_HAS_NOT_EXIST');

const about = (text: string, question: ProbeQuestion): ProbeQuestion => ({
  ...question,
  about: text,
});

const longestTradeNo = 64;

/** What the pages of the operations leave open about their fields. */
export const fieldProbes: readonly Probe[] = [
  {
    id: 'order-fields',
    title: 'a status of an older page, the fields of a voucher’s answer, a UUID as requestId',
    effect: 'writes',
    requests: [
      goodOrder,
      orderProbe({ example: 'CHARGING_PILE', fields: { orderStatus: 'FAULT' } }),
      orderProbe({ example: 'ALIPAY_COUPON' }),
      orderProbe({ fields: { requestId: '6f1c2a9e-8b47-4d0a-9c35-1e7f20b4d6a8' } }),
      orderProbe({ fields: { tradeNo: undefined }, spliced: '"tradeNo":null,' }),
    ],
    questions: [
      {
        row: 'E-02',
        usual: 'FAULT is a status',
        alternatives: {
          'FAULT is a status': succeeds(1),
          'FAULT is unknown': isRefused(1, 'ORDER_STATUS_INVALID', 'PARAM_ILLEGAL'),
        },
      },
      {
        row: 'E-05',
        usual: 'not sent',
        alternatives: {
          'not sent': ([, , voucher]) =>
            isSuccessAnswer(voucher) && voucher?.fields['distributeResult'] === undefined,
          sent: ([, , voucher]) =>
            isSuccessAnswer(voucher) && voucher?.fields['distributeResult'] !== undefined,
        },
      },
      about('a UUID with hyphens for an order', observe('E-19', 'refused', 3)),
      about('null on an optional field', observe('G-27', 'accepted', 4)),
    ],
  },
  {
    id: 'lengths',
    title: 'a field of its printed length, in characters of 1, 3 and 4 bytes',
    effect: 'writes',
    requests: [
      orderProbe({ control: true, fields: { tradeNo: 'C'.repeat(longestTradeNo) } }),
      orderProbe({ fields: { tradeNo: '海'.repeat(longestTradeNo) } }),
      orderProbe({ fields: { tradeNo: '🐟'.repeat(longestTradeNo) } }),
    ],
    questions: [
      {
        row: 'E-16',
        usual: 'code points',
        alternatives: {
          'code points': (answers) => succeeds(1)(answers) && succeeds(2)(answers),
          'UTF-16 units': (answers) =>
            succeeds(1)(answers) && isRefused(2, 'PARAM_ILLEGAL')(answers),
          bytes: (answers) =>
            isRefused(1, 'PARAM_ILLEGAL')(answers) && isRefused(2, 'PARAM_ILLEGAL')(answers),
        },
      },
    ],
  },
  {
    id: 'payment-fields',
    title: 'payment info without subType, with odd amounts, currencies and links',
    effect: 'writes',
    requests: [
      payment({ control: true }),
      payment({ fields: { subType: undefined } }),
      payment({ fields: { amount: -1 } }),
      payment({ fields: { currencyCode: 'hkd' } }),
      payment({ fields: { actionUrl: 'https://example.com/' } }),
    ],
    questions: [
      about('payment info without it', observe('E-14', 'accepted', 1)),
      about('a negative amount', observe('E-18', 'refused', 2)),
      about('a currency in lower case', observe('E-18', 'refused', 3)),
      about('an actionUrl of another scheme', observe('E-25', 'accepted', 4)),
    ],
  },
  {
    id: 'account-fields',
    title: 'additional info without subType, and with an extInfo that is no JSON',
    effect: 'writes',
    requests: [
      { operation: 'syncAdditionalInfo', control: true },
      { operation: 'syncAdditionalInfo', fields: { subType: undefined } },
      { operation: 'syncAdditionalInfo', fields: { extInfo: 'calibration' } },
    ],
    questions: [
      about('additional info without it', observe('E-14', 'refused', 1)),
      about('an extInfo that is no JSON', observe('E-25', 'accepted', 2)),
    ],
  },
  {
    id: 'binding-fields',
    title: 'a binding to the account itself without a target, another bizType, and no userId',
    effect: 'writes',
    requests: [
      binding({ control: true }),
      binding({ fields: { bindingTargetType: 'USER_ID', bindingTarget: undefined } }),
      binding({ fields: { bizType: 'CAL' } }),
      binding({ fields: { userId: undefined } }),
    ],
    questions: [
      observe('E-06', 'accepted', 1),
      observe('E-07', 'refused', 2),
      {
        row: 'E-09',
        usual: 'PARAM_ILLEGAL',
        alternatives: {
          PARAM_ILLEGAL: isRefused(3, 'PARAM_ILLEGAL'),
          'a code of its own': ([, , , answer]) =>
            answer?.letter === 'F' && !/PARAM_ILLEGAL|INVALID_SIGNATURE/.test(answer.code),
        },
      },
    ],
  },
  {
    id: 'card-fields',
    title:
      'a card without a user, of both userId and openId, and with a member of its own in dataInfo',
    effect: 'writes',
    requests: [
      goodOrder,
      card({ thing: 'none', fields: { userId: undefined, openId: undefined } }),
      card({ thing: 'both', fields: { userId: '2160120074526881', openId: '2160120074526881' } }),
      card({ thing: 'member', fields: { dataInfo: { calProbe: 'x' } } }),
    ],
    questions: [
      {
        row: 'E-21',
        usual: 'one is needed, both are accepted',
        alternatives: {
          'one is needed, both are accepted': (answers) =>
            isRefusal(answers[1], 'PARAM_ILLEGAL') && isCardAccepted(2)(answers),
          'one is needed, both are refused': (answers) =>
            isRefusal(answers[1], 'PARAM_ILLEGAL') && isRefusal(answers[2], 'PARAM_ILLEGAL'),
          'none is needed': isCardAccepted(1),
        },
      },
      {
        row: 'E-13',
        usual: 'any member',
        alternatives: {
          'any member': isCardAccepted(3),
          'known members only': isRefused(3, 'PARAM_ILLEGAL'),
        },
      },
    ],
  },
  {
    id: 'same-id-other-operation',
    title: 'one requestId for two operations',
    effect: 'writes',
    requests: [
      payment({ control: true, message: 'shared' }),
      { operation: 'syncAdditionalInfo', message: 'shared' },
    ],
    questions: [
      {
        row: 'I-01',
        usual: 'each operation has its own',
        alternatives: {
          'each operation has its own': succeeds(1),
          'one for all operations': isRefused(1, 'PARAM_ILLEGAL', 'REPEAT_REQ_INCONSISTENT'),
        },
      },
    ],
  },
  {
    id: 'event-times',
    title: 'older messages about an account and a binding',
    effect: 'writes',
    requires: [{ row: 'O-01', key: 'ordering.stale', value: 'refuse', isVisibleOnly: true }],
    requests: [
      payment({ control: true, thing: 'account', eventSecond: 9 }),
      payment({ thing: 'account', eventSecond: 5 }),
      binding({ control: true, thing: 'binding', eventSecond: 9, fields: { operateType: 'BIND' } }),
      binding({ thing: 'binding', eventSecond: 5, fields: { operateType: 'BIND' } }),
    ],
    questions: [
      about('requestTime of payment info', observe('O-02', 'refused', 1)),
      about('bizTime of a binding', observe('O-02', 'refused', 3)),
    ],
  },
  {
    id: 'expired-binding',
    title: 'UNBIND of a binding whose expiryTime has passed',
    effect: 'writes',
    requires: [
      { row: 'E-08', key: 'linkage.unknownUnbind', value: 'PARAM_ILLEGAL', isVisibleOnly: true },
    ],
    requests: [
      binding({
        control: true,
        thing: 'binding',
        fields: { operateType: 'BIND', expiryTime: Date.UTC(2026, 0, 1) },
      }),
      binding({ thing: 'binding', fields: { operateType: 'UNBIND' } }),
    ],
    questions: [
      {
        row: 'E-22',
        usual: 'like no binding',
        alternatives: {
          'like no binding': isRefused(1, 'PARAM_ILLEGAL'),
          'like a binding': succeeds(1),
        },
      },
    ],
  },
  {
    id: 'kept-fields',
    title:
      'whether a card keeps an endDate that an update does not contain; waits for that endDate',
    effect: 'irreversible',
    onRequest: true,
    requires: [
      { row: 'E-10', key: 'membership.unknownPass', value: 'SUCCESS' },
      {
        row: 'E-23',
        key: 'membership.expiredPass',
        value: 'PASS_UPDATE_FAIL',
        isVisibleOnly: true,
      },
    ],
    requests: [
      card({ control: true, endsInSeconds: 20 }),
      card({ control: true }),
      card({ waitSeconds: 25 }),
    ],
    questions: [
      {
        row: 'E-24',
        decides: { key: 'membership.update' },
        usual: 'merge',
        alternatives: { merge: isRefused(2, 'PASS_UPDATE_FAIL'), replace: succeeds(2) },
      },
    ],
  },
  {
    id: 'body-limit',
    title: 'bodies of 64 KiB to 2 MiB',
    effect: 'writes',
    onRequest: true,
    requires: [{ plain: 'syncOrder' }],
    requests: [],
    questions: [],
    exploration: { row: 'G-24', kind: 'body limit', decides: ['limits.bodyBytes'] },
  },
];

/** What follows a status, for each business type of the contract. */
export const statusTablesProbe = (types: readonly string[]): Probe => ({
  id: 'status-tables',
  title: 'every change of status of every business type',
  effect: 'writes',
  onRequest: true,
  requires: [{ row: 'E-01', key: 'order.statusMachine', value: 'on' }],
  requests: [],
  questions: [],
  exploration: { row: 'E-01', kind: 'status tables', decides: types.map(statusTableSetting) },
});

/** The platform's id of an order: one for all of its messages, and another for another order. */
export const orderIdQuestions = ([first, again, other]: readonly [
  first: number,
  again: number,
  other: number,
]): readonly ProbeQuestion[] => {
  const idAt = (answers: ProbeAnswers, at: number): unknown => answers[at]?.fields['orderId'];
  return [
    {
      row: 'E-04',
      about: 'for all messages of an order',
      usual: 'the same',
      alternatives: {
        'the same': (answers) =>
          idAt(answers, first) !== undefined && idAt(answers, first) === idAt(answers, again),
        'new each time': (answers) =>
          statusAt(answers, again) !== undefined && idAt(answers, first) !== idAt(answers, again),
      },
    },
    {
      row: 'E-04',
      about: 'for two orders',
      usual: 'different',
      alternatives: {
        different: (answers) =>
          idAt(answers, first) !== undefined && idAt(answers, first) !== idAt(answers, other),
        'the same': (answers) =>
          idAt(answers, first) !== undefined && idAt(answers, first) === idAt(answers, other),
      },
    },
  ];
};
