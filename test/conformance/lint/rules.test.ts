import { describe, expect, test } from 'vitest';
import { type LintRuleId, lintRules } from '../../../server/conformance/lint/lint-rules.ts';
import type { OutboundCallId } from '../../../server/domain/outbound/outbound-calls.ts';
import { isoTime, record, type Sent, startMs } from '../traffic.ts';
import { findingsOf, type LintedAs, lintEntries } from './lint-traffic.ts';

const minute = 60_000;
const fine = isoTime(1);
const hour = 60 * minute;
const isoSecond = new Date(startMs).toISOString();
const wholeSecond = isoSecond.replace('.000Z', 'Z');
const signedOnce = { time: wholeSecond, signature: 'X' };

/** An event time that many milliseconds later. */
const at = (ms: number) => ({ orderModifyTime: startMs + ms });

const times = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));

type Row = readonly [
  what: string,
  sent: readonly Sent[],
  found: readonly string[],
  options?: LintedAs,
];

/** By rule: what it must find, and what looks alike and must not be found. */
const rows: Readonly<Record<LintRuleId, readonly Row[]>> = {
  'L-RTY-01': [
    [
      'another id after U',
      [
        { ms: 0, id: 'A', view: 'U' },
        { ms: 2000, id: 'B', body: at(5) },
      ],
      ['L-RTY-01 error'],
    ],
    [
      'another id after a lost answer whose connection is still open',
      [
        { ms: 0, id: 'A', view: 'lost', fault: 'hang', takesMs: 9000 },
        { ms: 8000, id: 'B', body: at(5) },
      ],
      ['L-RTY-01 error'],
    ],
    [
      'another id after an answer that proves nothing',
      [
        { ms: 0, id: 'A', security: 'wrong-key' },
        { ms: 2000, id: 'B', body: at(5) },
      ],
      ['L-RTY-01 error'],
    ],
    [
      'nothing but the time differs',
      [
        { ms: 0, id: 'A', operation: 'syncAdditionalInfo', view: 'U' },
        { ms: 2000, id: 'B', operation: 'syncAdditionalInfo', body: { requestTime: startMs + 1 } },
      ],
      ['L-RTY-01 error'],
    ],
    [
      'a person sends the same state after a quarter of an hour',
      [
        { ms: 0, id: 'A', view: 'U' },
        { ms: 15 * minute, id: 'B', body: at(15 * minute) },
      ],
      ['L-RTY-01 warning'],
      { abandonedAfterMs: hour },
    ],
    [
      'the first message had been repeated',
      [
        { ms: 0, id: 'A', view: 'U' },
        { ms: 2000, id: 'A', view: 'U' },
        { ms: 4000, id: 'B', body: at(5) },
      ],
      ['L-RTY-01 warning'],
    ],
    ['the same id', [{ ms: 0, view: 'U' }, { ms: 2000 }], []],
    [
      'another order',
      [
        { ms: 0, id: 'A', view: 'U' },
        { ms: 9, id: 'B', body: { merchantBizNo: 'X' } },
      ],
      [],
    ],
    [
      'another event',
      [
        { ms: 0, id: 'A', view: 'U' },
        { ms: 2000, id: 'B', body: { orderStatus: 'REFUNDED', ...at(2000) } },
      ],
      [],
    ],
    [
      'after S',
      [
        { ms: 0, id: 'A' },
        { ms: 2000, id: 'B', body: at(5) },
      ],
      [],
    ],
    [
      'after F',
      [
        { ms: 0, id: 'A', view: 'F' },
        { ms: 2000, id: 'B', body: at(5) },
      ],
      [],
    ],
    [
      'corrected keys after a genuine refusal',
      [
        { ms: 0, id: 'A', view: 'untrusted', step: 'verify-signature', code: 'INVALID_SIGNATURE' },
        { ms: 2000, id: 'B', body: at(5) },
      ],
      [],
    ],
    [
      'two at once, both answered',
      [
        { ms: 0, id: 'A', takesMs: 50 },
        { ms: 10, id: 'B', body: at(5), takesMs: 50 },
      ],
      ['L-ORD-04 warning'],
    ],
    [
      'an answer that correct clients may accept',
      [
        { ms: 0, id: 'A', security: 'raw-signature' },
        { ms: 2000, id: 'B', body: at(5) },
      ],
      [],
    ],
    [
      'another client',
      [
        { ms: 0, id: 'A', view: 'U' },
        { ms: 2000, id: 'B', client: 'OTHER', body: at(5) },
      ],
      [],
    ],
    [
      'bound, released and bound again, the first time in doubt',
      [linked(0, 'A', 'BIND', 'U'), linked(1000, 'B', 'UNBIND'), linked(2000, 'C', 'BIND')],
      [],
    ],
    [
      'the same after another event that came before it',
      [
        { ms: 0, id: 'A', body: { orderStatus: 'PAID' } },
        { ms: 1000, id: 'B', view: 'U', body: at(1000) },
        { ms: 3000, id: 'C', body: at(3000) },
      ],
      ['L-RTY-01 error'],
    ],
  ],
  'L-RTY-02': [
    [
      'the same after F',
      [
        { ms: 0, view: 'F' },
        { ms: 2000, view: 'F' },
      ],
      ['L-RTY-02 error'],
    ],
    ['after a quarter of an hour', [{ ms: 0, view: 'F' }, { ms: 15 * minute }], ['L-RTY-02 note']],
    [
      'access may have been granted',
      [{ ms: 0, view: 'F', step: 'check-access', code: 'ACCESS_DENIED' }, { ms: 2000 }],
      ['L-RTY-02 warning'],
    ],
    [
      'a card, whose messages have no id',
      [
        { ms: 0, operation: 'updateMembershipCard', view: 'F', code: 'PASS_HAS_NOT_EXIST' },
        { ms: 2000, operation: 'updateMembershipCard' },
      ],
      ['L-RTY-02 warning'],
    ],
    [
      'F that its page asks to repeat',
      [{ ms: 0, view: 'F', code: 'UNKNOWN_EXCEPTION' }, { ms: 2000 }],
      [],
    ],
    ['on its way', [{ ms: 0, view: 'F', takesMs: 50 }, { ms: 60 }], []],
    ['it had given up as the answer came', [{ ms: 0, view: 'F', takesMs: 2490 }, { ms: 2600 }], []],
    [
      'on the connection on which a slow answer came',
      [
        { ms: 0, view: 'F', takesMs: 2490, connection: 1 },
        { ms: 2600, view: 'F', connection: 1 },
      ],
      ['L-RTY-02 error'],
    ],
    [
      'again and again after a slow answer',
      [
        { ms: 0, view: 'F', takesMs: 2490 },
        { ms: 4000, view: 'F' },
        { ms: 6000, view: 'F' },
      ],
      ['L-RTY-02 error'],
    ],
    ['an unsigned refusal', [{ ms: 0, view: 'F', security: 'unsigned' }, { ms: 2000 }], []],
    [
      'another message',
      [
        { ms: 0, id: 'A', view: 'F' },
        { ms: 2000, id: 'B' },
      ],
      [],
    ],
    ['a proxy delivers it twice', copies(2, 30, { view: 'F' }), []],
    ['it comes three times, signed once', copies(3, 30, { view: 'F' }), ['L-RTY-02 error']],
  ],
  'L-RTY-03': [
    [
      'the time in the body is renewed',
      [
        { ms: 0, operation: 'syncPaymentInfo', view: 'U' },
        { ms: 2000, operation: 'syncPaymentInfo', body: { requestTime: startMs + 2000 } },
      ],
      ['L-RTY-03 error'],
    ],
    [
      'other values',
      [
        { ms: 0, view: 'U' },
        { ms: 2000, body: { orderStatus: 'REFUNDED' } },
      ],
      ['L-RTY-03 error'],
    ],
    [
      'another layout',
      [
        { ms: 0, view: 'U', text: '{"requestId":"R1","merchantBizNo":"1"}' },
        { ms: 2000, text: '{"merchantBizNo": "1", "requestId": "R1"}' },
      ],
      ['L-RTY-03 warning'],
    ],
    ['the same bytes', [{ ms: 0, view: 'U' }, { ms: 2000 }], []],
    [
      'corrected after a refusal that decided nothing, and sent again',
      [
        { ms: 0, view: 'F', step: 'validate-body', body: { orderStatus: '' } },
        { ms: 2000, view: 'U' },
        { ms: 4000 },
      ],
      [],
    ],
    [
      'changed again after that',
      [
        { ms: 0, view: 'F', step: 'validate-body', body: { orderStatus: '' } },
        { ms: 2000, view: 'U' },
        { ms: 4000, body: { orderStatus: 'REFUNDED' } },
      ],
      ['L-RTY-03 error'],
    ],
    [
      'encrypted and not decrypted',
      [
        { ms: 0, view: 'U', headers: { encrypt: 'x' }, text: 'abc' },
        { ms: 2000, headers: { encrypt: 'x' }, text: 'def' },
      ],
      [],
    ],
  ],
  'L-RTY-04': [
    ['once after S', [{ ms: 0 }, { ms: 2000, tags: ['duplicate'] }], ['L-RTY-04 note']],
    ['three times after S', times(4, (index) => ({ ms: index * 2000 })), ['L-RTY-04 warning']],
    [
      'on its way',
      [
        { ms: 0, takesMs: 50 },
        { ms: 60, takesMs: 5 },
      ],
      [],
    ],
    [
      'a card, whose messages have no id',
      times(4, (index) => ({ ms: index * 2000, operation: 'updateMembershipCard' })),
      [],
    ],
    [
      'after an answer that may be refused',
      [{ ms: 0, security: 'raw-signature' }, { ms: 2000 }],
      [],
    ],
    ['a proxy delivers it twice', copies(2, 30, {}), []],
  ],
  'L-RTY-05': [
    [
      'two seconds later',
      [
        { ms: 0, view: 'U', time: fine, signature: 'X' },
        { ms: 2000, time: fine, signature: 'X' },
      ],
      ['L-RTY-05 warning'],
    ],
    [
      'by the library',
      [
        { ms: 0, view: 'lost', time: fine, signature: 'X' },
        { ms: 500, time: fine, signature: 'X' },
      ],
      ['L-RTY-06 note'],
    ],
    ['signed again', [{ ms: 0, view: 'U' }, { ms: 2000 }], []],
    [
      'within the same second',
      [
        { ms: 0, view: 'U', time: fine, signature: 'X' },
        { ms: 900, time: fine, signature: 'X' },
      ],
      [],
    ],
    [
      'whole seconds, on a machine that is busy',
      [
        { ms: 0, view: 'U', time: wholeSecond, signature: 'X' },
        { ms: 2100, time: wholeSecond, signature: 'X' },
      ],
      [],
    ],
    [
      'whole seconds, five seconds later',
      [
        { ms: 0, view: 'U', time: wholeSecond, signature: 'X' },
        { ms: 5000, time: wholeSecond, signature: 'X' },
      ],
      ['L-RTY-05 warning'],
    ],
  ],
  'L-RTY-06': [
    [
      'the same headers after a reset',
      [
        { ms: 0, view: 'lost', signature: 'X', time: fine },
        { ms: 5, signature: 'X', time: fine },
      ],
      ['L-RTY-06 note'],
    ],
    ['signed again', [{ ms: 0, view: 'lost' }, { ms: 500 }], []],
    [
      'a proxy asks the next server when it has waited, times in whole seconds',
      [
        { ms: 0, view: 'lost', takesMs: 4000, endedBy: 'client', ...signedOnce },
        { ms: 4010, ...signedOnce },
      ],
      ['L-RTY-06 note'],
    ],
  ],
  'L-RTY-07': [
    [
      'twice without a pause',
      [{ ms: 0, view: 'U' }, { ms: 10, view: 'U' }, { ms: 20 }],
      ['L-RTY-07 error'],
    ],
    ['once without a pause', [{ ms: 0, view: 'U' }, { ms: 10 }], ['L-RTY-07 warning']],
    ['once after 100 ms by an early timer', [{ ms: 0, view: 'U' }, { ms: 95 }], []],
    [
      'five times in a second',
      times(5, (index) => ({ ms: index * 200, view: index < 4 ? 'U' : 'S' })),
      ['L-RTY-07 warning'],
    ],
    [
      'the pauses shrink',
      [0, 4000, 6000, 7000].map((ms) => ({ ms, view: 'U' })),
      ['L-RTY-07 warning'],
    ],
    [
      'a busy machine lengthens the first two pauses of a scaled plan',
      [0, 965, 1320, 1465].map((ms) => ({ ms, view: 'U' })),
      [],
      { pauseFactor: 0.05 },
    ],
    [
      'the printed plan',
      [0, 2000, 4000, 6000, 10 * minute, 40 * minute].map((ms) => ({ ms, view: 'U' })),
      [],
    ],
    [
      'the printed plan, scaled',
      [0, 100, 200, 300, 30_000].map((ms) => ({ ms, view: 'U' })),
      [],
      { pauseFactor: 0.05 },
    ],
    [
      'by the library',
      [
        { ms: 0, view: 'lost', signature: 'X', time: fine },
        { ms: 5, signature: 'X', time: fine },
      ],
      ['L-RTY-06 note'],
    ],
    ['it is not known when it gave up', [{ ms: 0, view: 'lost', takesMs: 5000 }, { ms: 4990 }], []],
    ['a proxy delivers it twice', [...copies(2, 5, { view: 'U' }), { ms: 2000 }], []],
    [
      'a proxy delivers it twice, times in whole seconds',
      [...copies(2, 5, { view: 'U', ...signedOnce }), { ms: 2000 }],
      [],
    ],
    [
      'one random pause of many is short',
      [
        ...[0, 1500, 4000].map((ms) => ({ ms, view: 'U' as const })),
        ...[0, 1900, 1950].map((ms) => ({ ...order(7, 9000 + ms), view: 'U' as const })),
      ],
      [],
    ],
    [
      'random pauses shrink, and grow more often',
      [
        ...jittered(1, [1500, 3000, 4000]),
        ...jittered(2, [1900, 1100, 300]),
        ...jittered(3, [900, 3500, 2000]),
      ],
      [],
    ],
    [
      'every plan shrinks',
      [...jittered(1, [4000, 2000, 1000]), ...jittered(2, [3000, 1500, 700])],
      ['L-RTY-07 warning'],
    ],
    [
      'a restart sends what was open at once',
      [0, 2000, 4000, 6000, 7000].map((ms) => ({ ms, view: ms < 7000 ? 'U' : 'S' })),
      [],
    ],
    [
      'a restart during a long pause',
      [0, 2000, 4000, 6000, 606_000, 611_000].map((ms) => ({ ms, view: 'U' })),
      [],
    ],
    [
      'pauses that spread a little',
      [0, 2000, 3800, 6000, 9500].map((ms) => ({ ms, view: 'U' })),
      [],
    ],
    [
      'it was collateral',
      [
        { ms: 0, id: 'A', view: 'lost', connection: 7, takesMs: 50, body: { merchantBizNo: 'X' } },
        { ms: 10, id: 'B', view: 'lost', connection: 7, takesMs: 40, scripted: false },
        { ms: 60, id: 'B' },
      ],
      [],
    ],
  ],
  'L-RTY-08': [
    [
      'thirteen attempts',
      times(13, (index) => ({ ms: index ** 2 * 2000, view: 'U' as const })),
      ['L-RTY-08 warning'],
    ],
    [
      'thirty attempts',
      times(30, (index) => ({ ms: index ** 2 * 2000, view: 'U' as const })),
      ['L-RTY-08 error'],
    ],
    ['twelve attempts', times(12, (index) => ({ ms: index ** 2 * 2000, view: 'U' as const })), []],
    [
      'after a success it is L-RTY-04',
      times(14, (index) => ({ ms: index ** 2 * 2000 })),
      ['L-RTY-04 warning'],
    ],
  ],
  'L-RTY-09': [
    ['never again', [{ ms: 0, view: 'U' }], ['L-RTY-09 warning'], { endMs: 2 * minute }],
    [
      'the same state was never sent',
      [
        { ms: 0, id: 'A', operation: 'syncPaymentInfo', view: 'lost' },
        {
          ms: 5000,
          id: 'B',
          operation: 'syncPaymentInfo',
          body: { requestTime: startMs + 5, memo: 'x' },
        },
      ],
      ['L-RTY-09 warning'],
      { endMs: 2 * minute },
    ],
    ['the test ended early', [{ ms: 0, view: 'U' }], [], { endMs: 30_000 }],
    [
      'a long pause of the printed plan',
      [0, 2000, 4000, 6000].map((ms) => ({ ms, view: 'U' })),
      [],
      { endMs: 8 * minute },
    ],
    [
      'the printed plan is over',
      [0, 2000, 4000, 6000, 10 * minute, 40 * minute].map((ms) => ({ ms, view: 'U' })),
      ['L-RTY-09 warning'],
      { endMs: 42 * minute },
    ],
    [
      'a genuine refusal',
      [{ ms: 0, view: 'untrusted', step: 'verify-signature', code: 'INVALID_SIGNATURE' }],
      [],
      { endMs: hour },
    ],
    ['answered', [{ ms: 0 }], [], { endMs: hour }],
    [
      'pauses that double have not come to an end',
      [0, 10, 30, 70].map((seconds) => ({ ms: seconds * 1000, view: 'U' })),
      [],
      { endMs: 70_000 + 79_000 },
    ],
    [
      'another message of this client was repeated after so long',
      [
        { ...order(1, 0), view: 'U' },
        { ...order(1, 5 * minute) },
        { ...order(2, 6 * minute), view: 'U' },
      ],
      [],
      { endMs: 12 * minute },
    ],
    ['it may have been accepted', [{ ms: 0, fault: 'huge-body' }], [], { endMs: hour }],
  ],
  'L-RTY-10': [
    [
      'the same at once',
      [{ ms: 0, view: 'U', code: 'REQUEST_TRAFFIC_EXCEED_LIMIT' }, { ms: 500 }],
      ['L-RTY-10 warning'],
    ],
    [
      'three others at once',
      times(4, (index) => ({
        ms: index * 100,
        id: `R${index}`,
        body: { merchantBizNo: `B${index}` },
        ...(index === 0 && { view: 'U' as const, code: 'REQUEST_TRAFFIC_EXCEED_LIMIT' }),
      })),
      ['L-RTY-10 warning'],
    ],
    ['later', [{ ms: 0, view: 'U', code: 'REQUEST_TRAFFIC_EXCEED_LIMIT' }, { ms: 1100 }], []],
    [
      'on its way',
      [
        { ms: 0, view: 'U', code: 'REQUEST_TRAFFIC_EXCEED_LIMIT' },
        { ms: 10, id: 'B', body: { merchantBizNo: 'X' } },
      ],
      [],
    ],
    [
      'workers that do not know of it',
      [
        { ...order(90, 0), takesMs: 300, connection: 90 },
        { ...order(91, 100), takesMs: 50, connection: 91 },
        { ...limitOn(1, 400), connection: 91 },
        ...times(6, (index) => ({ ...order(index + 2, 500 + index * 50), connection: 92 + index })),
      ],
      [],
    ],
    [
      'workers, and one goes on that knows of it',
      [
        { ...order(90, 0), takesMs: 300, connection: 90 },
        { ...order(91, 100), takesMs: 50, connection: 91 },
        { ...limitOn(1, 400), connection: 91 },
        ...times(3, (index) => ({ ...order(index + 2, 500 + index * 50), connection: 91 })),
      ],
      ['L-RTY-10 warning'],
    ],
    [
      'a scaled pause',
      [{ ms: 0, view: 'U', code: 'REQUEST_TRAFFIC_EXCEED_LIMIT' }, { ms: 200 }],
      [],
      { pauseFactor: 0.05 },
    ],
  ],
  'L-RTY-11': [
    ['three in a row', times(3, (index) => refusal(index)), ['L-RTY-11 error']],
    ['two in a row', times(2, (index) => refusal(index)), []],
    [
      'one that verified in between',
      [refusal(0), refusal(1), { ms: 2500, id: 'OK', body: { merchantBizNo: 'BIZ9' } }, refusal(3)],
      [],
    ],
    ['a scenario made them', times(3, (index) => ({ ...refusal(index), scripted: true })), []],
    [
      'other causes',
      [refusal(0), { ...refusal(1), code: 'KEY_NOT_FOUND' }, refusal(2), refusal(3)],
      [],
    ],
  ],
  'L-ID-01': [
    ['two operations', [{ ms: 0 }, { ms: 100, operation: 'syncPaymentInfo' }], ['L-ID-01 warning']],
    ['two clients', [{ ms: 0 }, { ms: 100, operation: 'syncPaymentInfo', client: 'OTHER' }], []],
    ['twice for one', [{ ms: 0, view: 'U' }, { ms: 2000 }], []],
  ],
  'L-ID-02': [
    ['the order number', [{ ms: 0, id: 'ORDER1' }], ['L-ID-02 note']],
    [
      'and a second body',
      [
        { ms: 0, id: 'ORDER1' },
        { ms: 2000, id: 'ORDER1', body: { orderStatus: 'REFUNDED' } },
      ],
      ['L-ID-02 error', 'L-RTY-03 error'],
    ],
    ['an id that holds the number', [{ ms: 0, id: 'ORDER1-1' }], []],
    [
      'one that JSON escapes',
      [{ ms: 0, id: 'A"1', body: { merchantBizNo: 'A"1' } }],
      ['L-ID-02 note'],
    ],
    ['part of one that JSON escapes', [{ ms: 0, id: 'A', body: { merchantBizNo: 'A"1' } }], []],
  ],
  'L-ID-03': [
    ['a counter', times(20, (index) => numbered(index, `${1000 + 7 * index}`)), ['L-ID-03 note']],
    ['nineteen', times(19, (index) => numbered(index, `${1000 + index}`)), []],
    ['with a prefix', times(25, (index) => numbered(index, `N${1000 + index}`)), []],
    [
      'a counter after the date',
      times(25, (index) =>
        numbered(index, `${isoSecond.slice(0, 10).replaceAll('-', '')}${1000 + index}`),
      ),
      [],
    ],
    ['random numbers', times(25, (index) => numbered(index, `${(index * 7919) % 104729}0000`)), []],
  ],
  'L-TIM-01': [
    ['seven minutes', times(3, (index) => late(index, 7 * minute)), ['L-TIM-01 error']],
    ['two minutes', times(3, (index) => late(index, -2 * minute)), ['L-TIM-01 warning']],
    ['eight hours', times(3, (index) => late(index, 8 * hour)), ['L-TIM-01 error']],
    ['half a minute', times(3, (index) => late(index, 30_000)), []],
    ['two messages', times(2, (index) => late(index, 7 * minute)), []],
    ['one outlier', [late(0, hour), late(1, 0), late(2, 0)], []],
    [
      'the clock was moved',
      times(3, (index) => late(index, 7 * minute)),
      [],
      { isClockReal: () => false },
    ],
  ],
  'L-TIM-02': [
    [
      'five seconds',
      times(3, (index) => ({ ...order(index, index * 2500), time: isoSecond })),
      ['L-TIM-02 warning'],
    ],
    ['whole seconds', times(9, (index) => ({ ...order(index, index * 100), time: isoSecond })), []],
    [
      'signed while answers to others were awaited',
      times(4, (index) => ({ ...order(index, index * 2000), time: wholeSecond, takesMs: 1990 })),
      [],
    ],
    [
      'the clock is held',
      times(3, (index) => ({ ...order(index, index * 2500), time: isoSecond })),
      [],
      { isClockReal: () => false },
    ],
  ],
  'L-TIM-03': [
    [
      '70 s',
      [{ ms: 0, view: 'lost', fault: 'hang', takesMs: 70_000, endedBy: 'client' }],
      ['L-TIM-03 error'],
    ],
    [
      '40 s',
      [{ ms: 0, view: 'lost', fault: 'hang', takesMs: 40_000, endedBy: 'client' }],
      ['L-TIM-03 warning'],
    ],
    [
      'drop by drop',
      [{ ms: 0, view: 'lost', fault: 'slow-drip', takesMs: 70_000, endedBy: 'client' }],
      ['L-TIM-03 warning'],
    ],
    ['8 s', [{ ms: 0, view: 'lost', fault: 'hang', takesMs: 8000, endedBy: 'client' }], []],
    ['the server ended it', [{ ms: 0, view: 'lost', fault: 'hang', takesMs: 120_000 }], []],
    ['an answer that came late', [{ ms: 0, delayMs: 45_000, scripted: true, takesMs: 45_000 }], []],
  ],
  'L-TIM-04': [
    ['three times', times(3, (index) => impatient(index)), ['L-TIM-04 warning']],
    ['twice', times(2, (index) => impatient(index)), []],
    [
      'it stops, and ends all that is in flight',
      times(5, (index) => ({ ...impatient(index), ms: 100 * index, takesMs: 1000 - 100 * index })),
      [],
    ],
    [
      'three stops on other days',
      [300, 2900, 1100].map((takesMs, index) => ({
        ...impatient(index),
        ms: index * 24 * hour,
        takesMs,
      })),
      [],
      { abandonedAfterMs: 99 * hour },
    ],
    ['8 s', times(3, (index) => ({ ...impatient(index), takesMs: 8000 })), []],
    ['silence', times(3, (index) => silent(index)), []],
  ],
  'L-TIM-05': [
    [
      'epoch milliseconds, once',
      times(3, (index) => ({
        ...order(index, index * 1000),
        time: String(startMs + index * 1000),
        more: { findings: [{ id: 'REQUEST_TIME_FORM', sentence: '', register: 'G-09' as const }] },
      })),
      ['L-TIM-05 note'],
    ],
    ['ISO-8601', [order(0, 0)], []],
  ],
  'L-ORD-01': [
    [
      'an equal time',
      [
        { ms: 0, id: 'A' },
        { ms: 2000, id: 'B', body: { orderStatus: 'REFUNDED' } },
      ],
      ['L-ORD-01 error'],
    ],
    [
      'an account operation',
      [
        { ms: 0, id: 'A', operation: 'syncPaymentInfo' },
        { ms: 2000, id: 'B', operation: 'syncPaymentInfo', body: { memo: 'x' } },
      ],
      ['L-ORD-01 warning'],
    ],
    [
      'an older open message again',
      [
        { ms: 0, id: 'A', view: 'U' },
        { ms: 1000, id: 'B', body: { orderStatus: 'REFUNDED', ...at(1000) } },
        { ms: 2000, id: 'A' },
      ],
      [],
    ],
    [
      'the first was refused and corrected',
      [
        { ms: 0, id: 'A', view: 'F' },
        { ms: 2000, id: 'B', body: { orderStatus: 'REFUNDED' } },
      ],
      [],
    ],
    [
      'it rises',
      [
        { ms: 0, id: 'A' },
        { ms: 2000, id: 'B', body: { orderStatus: 'REFUNDED', ...at(1) } },
      ],
      [],
    ],
    [
      'no event time',
      times(3, (index) => ({
        ms: index * 1000,
        operation: 'updateMembershipCard',
        body: { memo: `${index}` },
      })),
      [],
    ],
    [
      'a repetition whose message is not remembered',
      [
        ...times(40, (index) => ({
          ms: index * 100,
          id: `R${index}`,
          body: { memo: `${index}`, ...at(index) },
        })),
        { ms: 5000, id: 'R0', body: { memo: '0', ...at(0) } },
      ],
      ['L-RTY-04 note'],
    ],
  ],
  'L-ORD-02': [
    [
      'orderCreateTime',
      [
        { ms: 0, id: 'A' },
        {
          ms: 1000,
          id: 'B',
          view: 'F',
          body: { orderStatus: 'REFUNDED', orderCreateTime: startMs + 1, ...at(1) },
        },
      ],
      ['L-ORD-02 error'],
    ],
    [
      'merchantBizType',
      [
        { ms: 0, id: 'A' },
        { ms: 1000, id: 'B', view: 'F', body: { merchantBizType: 'LINE_UP', ...at(1) } },
      ],
      ['L-ORD-02 warning'],
    ],
    [
      'the first was refused',
      [
        { ms: 0, id: 'A', view: 'F', body: { merchantBizType: 'LINE_UP' } },
        { ms: 1000, id: 'B', body: at(1) },
      ],
      [],
    ],
    [
      'they stay',
      [
        { ms: 0, id: 'A' },
        { ms: 1000, id: 'B', body: { orderStatus: 'REFUNDED', ...at(1) } },
      ],
      [],
    ],
  ],
  'L-ORD-03': [
    [
      'the same status again',
      [
        { ms: 0, id: 'A', view: 'F', code: 'ORDER_STATUS_INVALID' },
        { ms: 2000, id: 'B', view: 'F', code: 'ORDER_STATUS_INVALID', body: at(1) },
      ],
      ['L-ORD-03 error'],
    ],
    [
      'a card that is closed already, for ever',
      [
        { ms: 0, operation: 'updateMembershipCard', body: { status: 'CLOSED' }, view: 'lost' },
        ...times(3, (index) => closedAgain(2000 * (index + 1))),
      ],
      ['L-ORD-03 error'],
    ],
    [
      'another status was accepted in between',
      [
        { ms: 0, id: 'A', view: 'F', code: 'ORDER_STATUS_INVALID' },
        { ms: 2000, id: 'B', body: { orderStatus: 'PAID', ...at(1) } },
        { ms: 4000, id: 'C', body: at(2) },
      ],
      [],
    ],
    [
      'one repetition for a card whose CLOSED was lost',
      [
        { ms: 0, operation: 'updateMembershipCard', body: { status: 'CLOSED' }, view: 'lost' },
        closedAgain(2000),
        closedAgain(4000),
      ],
      [],
    ],
    [
      'another status',
      [
        { ms: 0, id: 'A', view: 'F', code: 'ORDER_STATUS_INVALID' },
        { ms: 2000, id: 'B', body: { orderStatus: 'REFUNDED', ...at(1) } },
      ],
      [],
    ],
    [
      'it had been changed elsewhere, and is right now',
      [
        { ms: 0, id: 'A', view: 'F', code: 'ORDER_STATUS_INVALID' },
        { ms: 2000, id: 'B', body: at(1) },
      ],
      [],
    ],
  ],
  'L-ORD-04': [
    ['copies of one message', times(6, (index) => ({ ms: index, id: 'A', takesMs: 50 })), []],
    [
      'copies of one message, and then another one',
      [
        ...times(6, (index) => ({ ms: index, id: 'A', takesMs: 50 })),
        { ms: 10, id: 'B', body: { orderStatus: 'REFUNDED', ...at(1) } },
      ],
      ['L-ORD-04 warning'],
    ],
    [
      'together',
      [
        { ms: 0, id: 'A', takesMs: 50 },
        { ms: 10, id: 'B', body: { orderStatus: 'REFUNDED', ...at(1) } },
      ],
      ['L-ORD-04 warning'],
    ],
    [
      'together, and not newer',
      [
        { ms: 0, id: 'A', takesMs: 50 },
        { ms: 10, id: 'B', body: { orderStatus: 'REFUNDED' } },
      ],
      ['L-ORD-04 error'],
    ],
    [
      'two orders',
      [
        { ms: 0, id: 'A', takesMs: 50 },
        { ms: 10, id: 'B', body: { merchantBizNo: 'X' } },
      ],
      [],
    ],
    [
      'the client had given up the first',
      [
        { ms: 0, id: 'A', view: 'lost', fault: 'hang', takesMs: 9000, endedBy: 'client' },
        { ms: 8000, id: 'B', body: { orderStatus: 'REFUNDED', ...at(1) } },
        { ms: 8100, id: 'A' },
      ],
      [],
    ],
    [
      'a balancer keeps the connection that the client has given up',
      [
        { ms: 0, id: 'A', takesMs: 9000 },
        { ms: 8000, id: 'A' },
        { ms: 8100, id: 'B', body: { orderStatus: 'REFUNDED', ...at(1) } },
      ],
      [],
    ],
    [
      'attempts of one message',
      [
        { ms: 0, view: 'U', takesMs: 50 },
        { ms: 10, takesMs: 5 },
      ],
      [],
    ],
  ],
  'L-ORD-05': [
    [
      'an answer that proves nothing was believed',
      [
        { ms: 0, id: 'A', security: 'unsigned' },
        { ms: 2000, id: 'B', body: { orderStatus: 'REFUNDED', ...at(1) } },
      ],
      ['L-ORD-05 error'],
      { endMs: 2 * minute },
    ],
    [
      'U was taken for done',
      [
        { ms: 0, id: 'A', view: 'U' },
        { ms: 2000, id: 'B', body: { orderStatus: 'REFUNDED', ...at(1) } },
      ],
      ['L-ORD-05 error'],
      { endMs: 2 * minute },
    ],
    [
      'it was sent again later',
      [
        { ms: 0, id: 'A', view: 'U' },
        { ms: 2000, id: 'B', body: { orderStatus: 'REFUNDED', ...at(1) } },
        { ms: 4000, id: 'A' },
      ],
      [],
      { endMs: hour },
    ],
    [
      'it still rests',
      [
        { ms: 0, id: 'A', view: 'U' },
        { ms: 2000, id: 'B', body: { orderStatus: 'REFUNDED', ...at(1) } },
      ],
      [],
      { endMs: 30_000 },
    ],
    [
      'it was refused',
      [
        { ms: 0, id: 'A', view: 'F' },
        { ms: 2000, id: 'B', body: { orderStatus: 'REFUNDED', ...at(1) } },
      ],
      [],
      { endMs: hour },
    ],
  ],
  'L-SIG-01': [
    [
      'the same order both ways',
      [
        { ms: 0, id: 'A' },
        encrypted(2000, 'K1', { id: 'B', body: at(1) }),
        { ms: 3000, id: 'C', body: at(2) },
      ],
      ['L-SIG-01 warning'],
    ],
    [
      'a deploy turns encryption on',
      [
        { ms: 0, id: 'A' },
        encrypted(2000, 'K1', { id: 'B', body: at(1) }),
        encrypted(3000, 'K2', { id: 'C', body: at(2) }),
      ],
      [],
    ],
    [
      'two orders',
      [{ ms: 0, id: 'A' }, encrypted(2000, 'K1', { id: 'B', body: { merchantBizNo: 'X' } })],
      [],
    ],
    [
      'always',
      [encrypted(0, 'K1', { id: 'A' }), encrypted(2000, 'K2', { id: 'B', body: at(1) })],
      [],
    ],
  ],
  'L-SIG-02': [
    [
      'two messages',
      [encrypted(0, 'K1', { id: 'A' }), encrypted(2000, 'K1', { id: 'B', body: at(1) })],
      ['L-SIG-02 warning'],
    ],
    ['two attempts', [encrypted(0, 'K1', { view: 'U' }), encrypted(2000, 'K1', {})], []],
    [
      'a key for each',
      [encrypted(0, 'K1', { id: 'A' }), encrypted(2000, 'K2', { id: 'B', body: at(1) })],
      [],
    ],
  ],
  'L-SIG-03': [
    ['two hours after the newer one', [version(0, 2), version(2 * hour, 1)], ['L-SIG-03 note']],
    ['during the rotation', [version(0, 2), version(minute, 1)], []],
    ['the newest', [version(0, 1), version(hour, 2), version(3 * hour, 2)], []],
  ],
  'L-HTTP-01': [
    ['a header', [{ ms: 0, headers: { 'x-mock-result': 'X' } }], ['L-HTTP-01 note']],
    [
      'a magic value',
      [{ ms: 0, body: { merchantBizNo: 'MOCK_PARAM_ILLEGAL' } }],
      ['L-HTTP-01 note'],
    ],
    [
      'a shop whose orders are called so',
      [
        {
          ms: 0,
          body: { merchantBizNo: 'MOCK_SHOP_1' },
          more: { findings: [{ id: 'MAGIC_VALUE_UNKNOWN', sentence: '', register: 'G-25' }] },
        },
      ],
      [],
    ],
    [
      'a client of a test',
      [{ ms: 0, headers: { 'x-mock-result': 'X' } }],
      [],
      { isTestClient: () => true },
    ],
    ['neither', [{ ms: 0 }], []],
  ],
  'L-HTTP-02': [
    ['fifty connections', times(52, (index) => order(index, index * 100)), ['L-HTTP-02 note']],
    ['forty', times(40, (index) => order(index, index * 100)), []],
    [
      'kept',
      times(60, (index) => ({
        ...order(index, index * 100),
        more: { connection: { ordinal: 1, position: index + 1, tls: false } },
      })),
      [],
    ],
    ['rarely', times(60, (index) => order(index, index * 10_000)), []],
    ['all at once', times(60, (index) => ({ ...order(index, index), takesMs: 500 })), []],
    [
      'ten at once, where one is kept',
      times(100, (index) => order(index, Math.floor(index / 10) * 1000 + (index % 10))),
      [],
    ],
    [
      'closed by a fault',
      times(60, (index) => ({ ...order(index, index * 100), endedBy: 'server' as const })),
      [],
    ],
  ],
  'L-HTTP-03': [
    [
      'a byte order mark',
      [{ ms: 0, text: '\ufeff{"requestId":"R1"}', view: 'F', step: 'parse-body' }],
      ['L-HTTP-03 note'],
    ],
    [
      'another charset',
      [{ ms: 0, headers: { 'content-type': 'application/json; charset=GBK' } }],
      ['L-HTTP-03 note'],
    ],
    [
      'empty strings, once',
      times(2, (index) => ({
        ...order(index, index * 1000),
        more: { findings: [{ id: 'EMPTY_STRING', sentence: '', register: 'G-27' as const }] },
      })),
      ['L-HTTP-03 note'],
    ],
    ['UTF-8', [{ ms: 0, headers: { 'content-type': 'application/json; charset=UTF-8' } }], []],
  ],
  'L-OUT-01': [
    [
      'a forged call is acknowledged',
      [called('bill-notify', ['acknowledged', 'wrong-signature'])],
      ['L-OUT-01 error'],
    ],
    [
      'a forged call is refused',
      [called('bill-notify', ['not-acknowledged', 'changed-body'], 'OUT_UNSIGNED')],
      [],
    ],
  ],
  'L-OUT-02': [
    [
      'an unsigned answer',
      [called('bill-notify', ['not-acknowledged'], 'OUT_UNSIGNED')],
      ['L-OUT-02 error'],
    ],
    [
      'a good answer, also to a duplicate',
      [called('bill-notify', ['acknowledged', 'duplicate'])],
      [],
    ],
  ],
  'L-OUT-03': [
    [
      'HTTP 500',
      [called('query-account', ['not-acknowledged'], 'OUT_HTTP_STATUS')],
      ['L-OUT-03 warning'],
    ],
    ['an honest F', [called('query-account', ['not-acknowledged'], 'OUT_NOT_SUCCESS')], []],
  ],
  'L-OUT-04': [
    [
      'no answer in time',
      [called('query-account', ['not-acknowledged'], 'OUT_TIMEOUT')],
      ['L-OUT-04 warning'],
    ],
    ['no server listens', [called('query-account', ['not-acknowledged'], 'OUT_UNREACHABLE')], []],
  ],
};

/** The same request so many times, each a moment after the other. */
function copies(count: number, afterMs: number, sent: Partial<Sent>): readonly Sent[] {
  const once = { time: fine, signature: 'X' };
  return times(count, (index) => ({ ...once, ...sent, ms: index * afterMs }));
}

/** An order that is repeated after these pauses, and never answered. */
function jittered(index: number, pauses: readonly number[]): readonly Sent[] {
  let ms = index * minute;
  return [0, ...pauses].map((pause) => {
    ms += pause;
    return { ...order(index, ms), view: 'U' as const };
  });
}

function linked(ms: number, id: string, operateType: string, view: 'S' | 'U' = 'S'): Sent {
  return {
    ...{ ms, id, view, operation: 'syncAccountLinkage' },
    body: { operateType, bizTime: startMs + ms },
  };
}

function limitOn(index: number, ms: number): Sent {
  return { ...order(index, ms), view: 'U', code: 'REQUEST_TRAFFIC_EXCEED_LIMIT' };
}

function refusal(index: number): Sent {
  return {
    ...order(index, index * 1000),
    view: 'untrusted',
    step: 'verify-signature',
    code: 'INVALID_SIGNATURE',
  };
}

/** One of many orders. */
function order(index: number, ms: number): Sent {
  return { ms, id: `ID${index}x`, body: { merchantBizNo: `BIZ${index}` } };
}

function numbered(index: number, id: string): Sent {
  return { ...order(index, index * 1000), id };
}

function late(index: number, byMs: number): Sent {
  return {
    ...order(index, index * 1000),
    time: new Date(startMs + index * 1000 + byMs).toISOString(),
  };
}

function impatient(index: number): Sent {
  return {
    ...order(index, index * 3000),
    view: 'lost',
    more: {
      scripted: {
        rule: 'slow, rule 1',
        delivery: { delayMs: 5000, signed: true },
      },
    },
    takesMs: 1000,
    endedBy: 'client',
  };
}

function silent(index: number): Sent {
  return {
    ...order(index, index * 3000),
    ...{ view: 'lost', fault: 'hang', delayMs: 5000, takesMs: 1000, endedBy: 'client' },
  };
}

function closedAgain(ms: number): Sent {
  return {
    ms,
    operation: 'updateMembershipCard',
    body: { status: 'CLOSED' },
    view: 'F',
    code: 'PASS_UPDATE_FAIL',
  };
}

function encrypted(ms: number, key: string, sent: Partial<Sent>): Sent {
  const [entry] = record([{ ms, ...sent }]);
  const plain = entry?.request.body ?? Buffer.alloc(0);
  return {
    ...sent,
    ms,
    more: {
      sealed: true,
      symmetricKeyDigest: key,
      request: {
        headers: { ...entry?.request.headers, encrypt: 'symmetricKey=x' },
        headerLines: [],
        body: Buffer.from('sealed'),
        plain,
      },
    },
  };
}

/** A call to the merchant, with what is wrong with its answer. */
function called(call: OutboundCallId, tags: readonly string[], problem?: string): Sent {
  const acknowledged = tags.includes('acknowledged');
  const rest = { attempt: 1, nextAttemptAt: undefined, rule: undefined };
  return {
    ms: 0,
    tags,
    more: {
      direction: 'outbound',
      outbound: { messageId: 'out-1', url: 'http://127.0.0.1/x', call, acknowledged, ...rest },
      findings:
        problem === undefined ? [] : [{ id: problem, sentence: 'wrong', register: 'OB-19' }],
    },
  };
}

function version(ms: number, verified: number): Sent {
  return { ...order(ms, ms), more: { keyVersions: { verified, signed: 1 } } };
}

for (const [rule, cases] of Object.entries(rows))
  describe(rule, () => {
    for (const [what, sent, found, options] of cases)
      test(what, () => {
        expect(findingsOf(sent, options)).toEqual(found);
      });
  });

test('every rule has a case that it finds, and one that it must not', () => {
  for (const [rule, cases] of Object.entries(rows)) {
    const isFound = ([, , found]: Row): boolean => found.some((one) => one.startsWith(rule));
    expect([rule, cases.some(isFound), cases.some((one) => !isFound(one))]).toEqual([
      rule,
      true,
      true,
    ]);
  }
  expect(Object.keys(rows)).toEqual(Object.keys(lintRules));
  expect(Object.keys(lintRules)).toHaveLength(34);
});

test('a finding names the exchanges, the members and the remedy', () => {
  const { findings } = lintEntries(
    record([
      { ms: 0, operation: 'syncPaymentInfo', view: 'U' },
      { ms: 2000, operation: 'syncPaymentInfo', body: { requestTime: startMs + 2000 } },
    ]),
  );
  expect(findings).toEqual([
    {
      rule: 'L-RTY-03',
      severity: 'error',
      basis: 'documented',
      clientId: 'SHOP',
      exchanges: [
        { number: 1, id: 'trace1' },
        { number: 2, id: 'trace2' },
      ],
      sentence:
        'requestId R1 was sent again with another requestTime in its body; it belongs to the ' +
        'message, only the Request-Time header is renewed',
      members: ['requestTime'],
      remedyId: 'keepBody',
      first: startMs + 2000,
      last: startMs + 2000,
      count: 1,
    },
  ]);
});

test('time zones have a sentence of their own', () => {
  const [finding] = lintEntries(record(times(3, (index) => late(index, 8 * hour)))).findings;
  expect(finding?.sentence).toBe(
    'Request-Time is 480 minutes ahead: local time sent as UTC, or the other way round',
  );
});
