import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  isKnown,
  isOpen,
  knownAtUs,
  listPauses,
} from '../../../server/conformance/messages/client-message.ts';
import {
  compareContents,
  reportSame,
} from '../../../server/conformance/messages/message-content.ts';
import {
  buildMessages,
  MessageTracker,
  streamLimits,
  type TrackedAttempt,
} from '../../../server/conformance/messages/message-tracker.ts';

import type { JournalEntry } from '../../../server/journal/journal-entry.ts';
import { attemptOptions, inFlight, isoTime, record, type Sent, startMs } from '../traffic.ts';

const fine = isoTime(1);

const build = (sent: readonly Sent[]) => buildMessages(record(sent), attemptOptions);
const viewOfOne = (sent: Omit<Sent, 'ms'>) => build([{ ms: 0, ...sent }]).attempts[0]?.attempt.view;

test.each<[string, Omit<Sent, 'ms'>, string]>([
  ['a signed S', { view: 'S' }, 'S'],
  ['a signed F', { view: 'F' }, 'F'],
  ['a signed U', { view: 'U' }, 'U'],
  ['nothing delivered', { view: 'lost', fault: 'hang' }, 'lost'],
  ['a complete page of a proxy', { fault: 'gateway-html' }, 'lost'],
  ['an empty 200', { fault: 'empty-200' }, 'lost'],
  ['signed text that is no JSON', { fault: 'not-json' }, 'lost'],
  ['a slow answer that was read to its end', { fault: 'slow-drip' }, 'S'],
  ['headers sent twice', { fault: 'duplicate-headers' }, 'untrusted'],
  ['an unsigned refusal', { view: 'untrusted', step: 'verify-signature' }, 'untrusted'],
  ['a signature of another key', { security: 'wrong-key' }, 'untrusted'],
  ['an unencrypted answer', { security: 'unsealed' }, 'untrusted'],
  ['a signature that is not URL-encoded', { security: 'raw-signature' }, 'S'],
])('what the client can know of %s', (_what, sent, view) => {
  expect(viewOfOne(sent)).toBe(view);
});

test.each<[Omit<Sent, 'ms'>, boolean]>([
  [{ security: 'raw-signature' }, true],
  [{ fault: 'huge-body' }, true],
  [{ fault: 'wrong-charset' }, true],
  [{ security: 'wrong-key' }, false],
  [{}, false],
])('correct clients may differ on %j: %s', (sent, isAmbiguous) => {
  expect(build([{ ms: 0, ...sent }]).attempts[0]?.attempt.isAmbiguous).toBe(isAmbiguous);
});

test('a connection that the client closed before the answer was complete: lost', () => {
  const [entry] = record([{ ms: 0 }]);
  if (entry === undefined) expect.fail('no entry');
  const left: JournalEntry = {
    ...entry,
    verdict: { ...entry.verdict, code: 'NO_ANSWER', status: 'U' },
    delivery: { ...entry.delivery, complete: false, endedBy: 'client' },
  };
  expect(buildMessages([left], attemptOptions).attempts[0]?.attempt.view).toBe('lost');
});

test('attempts of one requestId are one message, of one body where there is none', () => {
  const { messages } = build([
    { ms: 0, id: 'A', view: 'U' },
    { ms: 100, id: 'B' },
    { ms: 200, id: 'A' },
    { ms: 300, id: 'A', operation: 'syncPaymentInfo' },
    { ms: 400, operation: 'updateMembershipCard' },
    { ms: 500, operation: 'updateMembershipCard' },
    { ms: 600, operation: 'updateMembershipCard', body: { status: 'CLOSED' } },
    { ms: 700, id: 'A', client: 'OTHER' },
  ]);
  expect(messages.map(({ requestId, operation, count }) => [operation, requestId, count])).toEqual([
    ['syncOrder', 'A', 2],
    ['syncOrder', 'B', 1],
    ['syncPaymentInfo', 'A', 1],
    ['updateMembershipCard', undefined, 2],
    ['updateMembershipCard', undefined, 1],
    ['syncOrder', 'A', 1],
  ]);
  expect(messages[0]).toMatchObject({
    identity: '["ORDER1"]',
    eventTime: startMs,
    content: { state: 'TICKETED' },
  });
});

test('the order in which exchanges end changes nothing', () => {
  const entries = record([
    { ms: 0, id: 'A', view: 'lost', fault: 'hang', takesMs: 900 },
    { ms: 300, id: 'A' },
    { ms: 350, id: 'B', view: 'U' },
    { ms: 500, id: 'B' },
  ]);
  const expected = buildMessages(entries, attemptOptions);
  for (const order of [
    [1, 2, 3, 0],
    [3, 0, 2, 1],
    [3, 2, 1, 0],
  ]) {
    const seen: TrackedAttempt[] = [];
    const tracker = new MessageTracker({
      ...attemptOptions,
      keepEntries: true,
      limits: streamLimits,
      onAttempt: (tracked) => seen.push(tracked),
    });
    for (const entry of entries) tracker.addOpen(inFlight(entry));
    for (const at of order) tracker.add(entries[at] ?? expect.fail('no entry'));
    expect(seen.map(({ attempt }) => attempt.number)).toEqual([1, 2, 3, 4]);
    expect(seen).toEqual(expected.attempts);
    expect(
      tracker
        .messages()
        .map(({ key }) => key)
        .sort(),
    ).toEqual(expected.messages.map(({ key }) => key).sort());
  }
});

test('what was delivered is known 20 ms later, what was lost when it ended', () => {
  const [answered, lost] = build([
    { ms: 0, id: 'A', takesMs: 10 },
    { ms: 100, id: 'B', view: 'lost', takesMs: 50 },
  ]).messages;
  if (answered === undefined || lost === undefined) expect.fail('two messages');
  expect(knownAtUs(answered.first)).toBe(1_030_000);
  expect(isKnown(answered.first, 1_029_999)).toBe(false);
  expect(isKnown(answered.first, 1_030_000)).toBe(true);
  expect(knownAtUs(lost.first)).toBe(1_170_000);
  expect(isOpen(answered, 1_029_999)).toBe(true);
  expect(isOpen(answered, 1_030_000)).toBe(false);
  expect(isOpen(lost, Infinity)).toBe(true);
});

test('an answer that correct clients may refuse does not settle a message', () => {
  const [message] = build([{ ms: 0, security: 'raw-signature' }]).messages;
  expect(message?.settledUs).toBeUndefined();
});

const signed = { time: fine, signature: 'X' };

test.each<[string, readonly Sent[], boolean]>([
  [
    'after a lost one',
    [
      { ms: 0, view: 'lost', ...signed },
      { ms: 900, ...signed },
    ],
    true,
  ],
  [
    'a second later',
    [
      { ms: 0, view: 'lost', ...signed },
      { ms: 1100, ...signed },
    ],
    false,
  ],
  [
    'after an unknown one',
    [
      { ms: 0, view: 'U', ...signed },
      { ms: 100, ...signed },
    ],
    false,
  ],
  ['signed again', [{ ms: 0, view: 'lost', ...signed }, { ms: 100 }], false],
  [
    'signed again in the same second',
    [
      { ms: 0, view: 'lost', time: '2026-01-01T00:00:00Z', signature: 'X' },
      { ms: 200, time: '2026-01-01T00:00:00Z', signature: 'X' },
    ],
    false,
  ],
  [
    'in the same second right after a reset',
    [
      { ms: 0, view: 'lost', time: '2026-01-01T00:00:00Z', signature: 'X' },
      { ms: 30, time: '2026-01-01T00:00:00Z', signature: 'X' },
    ],
    true,
  ],
  [
    'in the same second, after the client had left, which is recorded late',
    [
      {
        ms: 0,
        view: 'lost',
        time: '2026-01-01T00:00:00Z',
        signature: 'X',
        takesMs: 395,
        endedBy: 'client',
      },
      { ms: 400, time: '2026-01-01T00:00:00Z', signature: 'X' },
    ],
    false,
  ],
])('equal headers %s: by the library', (_when, sent, byLibrary) => {
  const { attempts, messages } = build(sent);
  expect(attempts[1]?.isLibraryRetry).toBe(byLibrary);
  expect(messages[0]?.applicationCount).toBe(byLibrary ? 1 : 2);
  expect(messages[0]?.count).toBe(2);
});

test('pauses are from the end of an attempt to the next of the application', () => {
  const [message] = build([
    { ms: 0, view: 'U', takesMs: 10 },
    { ms: 110, view: 'lost', takesMs: 20, ...signed },
    { ms: 150, view: 'lost', takesMs: 900, ...signed },
    { ms: 500, view: 'U', takesMs: 5 },
    { ms: 1505 },
  ]).messages;
  expect(listPauses(message?.attempts ?? []).map(({ us }) => us)).toEqual([
    100_000,
    undefined,
    1_000_000,
  ]);
});

/** As long as RSA's, with the padding that all of them end with. */
const signatureValue = (seed: string): string =>
  `${hash('sha512', seed, 'base64url').repeat(4)}%3D%3D`;

test.each([
  ['short', (seed: string) => seed],
  ['last', (seed: string) => `algorithm=RSA256,keyVersion=1,signature=${signatureValue(seed)}`],
  ['first', (seed: string) => `signature=${signatureValue(seed)},keyVersion=1,algorithm=RSA256`],
  ['alone', signatureValue],
])(
  'a request that broke off is attributed by its signature, %s in its header, or not at all',
  (_, sign) => {
    const brokenOff = (number: number, signature: string) =>
      record([{ ms: 0 }, { ms: 10 }, { ms: 20, view: 'lost', text: '{"requ', signature }])
        .slice(2)
        .map((entry) => ({ ...entry, number, requestCompleteUs: undefined, scripted: undefined }));
    const [first] = record([{ ms: 0, id: 'A', view: 'lost', signature: sign('X') }]);
    if (first === undefined) expect.fail('no entry');
    const batch = buildMessages(
      [first, ...brokenOff(2, sign('X')), ...brokenOff(3, sign('Y'))],
      attemptOptions,
    );
    expect(batch.messages.map(({ requestId, count }) => [requestId, count])).toEqual([['A', 2]]);
    expect(batch.unattributed.map(({ number, view }) => [number, view])).toEqual([[3, 'lost']]);
  },
);

test.each([
  ['algorithm=RSA256,keyVersion=1,signature=X', 'RSA256'],
  ['algorithm=ECC224,keyVersion=1,signature=X', 'ECC224'],
  ['signature=X,algorithm=ecc224', 'ECC224'],
  ['keyVersion=1,signature=X', 'RSA256'],
])('%s was signed with %s', (signature, algorithm) => {
  const { attempts } = build([{ ms: 0, signature }]);
  expect(attempts.map(({ attempt }) => attempt.algorithm)).toEqual([algorithm]);
});

test('what was pipelined behind a fault that closed the connection is collateral', () => {
  const { attempts } = build([
    { ms: 0, id: 'A', view: 'lost', connection: 7, takesMs: 50 },
    { ms: 10, id: 'B', view: 'lost', connection: 7, takesMs: 40, scripted: false },
    { ms: 10, id: 'C', view: 'lost', connection: 8, takesMs: 40, scripted: false },
    { ms: 90, id: 'D', view: 'lost', connection: 7, takesMs: 40, scripted: false },
  ]);
  expect(attempts.map(({ attempt }) => attempt.isCollateral)).toEqual([false, true, false, false]);
});

test.each<[string, Sent, Sent, object]>([
  ['equal', { ms: 0 }, { ms: 1 }, { kind: 'none' }],
  [
    'members in another order',
    { ms: 0, text: '{"requestId":"R1","merchantBizNo":"1","amount":{"a":1,"b":2}}' },
    { ms: 1, text: '{"merchantBizNo":"1","amount":{"b":2,"a":1}, "requestId":"R1"}' },
    { kind: 'layout' },
  ],
  [
    'a value differs',
    { ms: 0 },
    { ms: 1, body: { orderModifyTime: 5 } },
    { kind: 'values', members: ['orderModifyTime'] },
  ],
  [
    'a member is gone',
    { ms: 0, body: { memo: 'x' } },
    { ms: 1 },
    { kind: 'values', members: ['memo'] },
  ],
  [
    'a member is new',
    { ms: 0 },
    { ms: 1, body: { memo: 'x' } },
    { kind: 'values', members: ['memo'] },
  ],
])('two bodies under one id: %s', (_what, one, other, difference) => {
  const [first, second] = build([one, other]).attempts;
  const [before, after] = [first?.attempt.content, second?.attempt.content];
  if (before === undefined || after === undefined) expect.fail('no content');
  expect(compareContents(before, after)).toEqual(difference);
});

test('two reports of one event have the same business content, whatever id and time', () => {
  const { messages } = build([
    { ms: 0, id: 'A' },
    { ms: 1, id: 'B', body: { orderModifyTime: startMs + 5 } },
    { ms: 2, id: 'C', body: { orderStatus: 'REFUNDED' } },
  ]);
  const [a, b, c] = messages.map(({ content }) => content);
  if (a === undefined || b === undefined || c === undefined) expect.fail('three messages');
  expect(reportSame(a, b)).toBe(true);
  expect(reportSame(a, c)).toBe(false);
});

test('requests in flight are pending attempts', () => {
  const [first, second] = record([{ ms: 0, view: 'lost' }, { ms: 10 }]);
  if (second === undefined) expect.fail('no entry');
  const batch = buildMessages([second], attemptOptions, [inFlight(first)]);
  expect(batch.pending.map(({ number, view }) => [number, view])).toEqual([[1, 'pending']]);
  expect(batch.messages).toHaveLength(1);
});

test('the state of a stream is bounded, and what was dropped is counted', () => {
  const seen: TrackedAttempt[] = [];
  const tracker = new MessageTracker({
    ...attemptOptions,
    keepEntries: false,
    limits: { clients: 2, messages: 3, attempts: 4, repeats: 4, waiting: 5 },
    onAttempt: (tracked) => seen.push(tracked),
  });
  for (const entry of record(
    Array.from({ length: 40 }, (_, at) => ({ ms: at * 10, id: `R${at % 8}`, client: 'ONE' })),
  ))
    tracker.add(entry);
  expect(tracker.messages().map(({ requestId }) => requestId)).toEqual(['R6', 'R7']);
  for (const entry of record(
    Array.from({ length: 20 }, (_, at) => ({ ms: at * 10, client: `C${at % 4}` })),
  ))
    tracker.add(entry);
  expect(tracker.messages().map(({ clientId }) => clientId)).toEqual(['C2', 'C3']);
  expect(tracker.dropped).toBeGreaterThan(0);
  const many = record(Array.from({ length: 20 }, (_, at) => ({ ms: at * 10, client: 'LONG' })));
  for (const entry of many) tracker.add(entry);
  expect(tracker.messages('LONG')[0]).toMatchObject({ count: 20, applicationCount: 20 });
  expect(tracker.messages('LONG')[0]?.attempts.map(({ number }) => number)).toEqual([
    17, 18, 19, 20,
  ]);
  expect(tracker.messages('LONG')[0]?.first.number).toBe(1);
  expect(seen.every(({ attempt }) => attempt.entry === undefined)).toBe(true);
});

test('an attempt that hangs holds up so many others, and is late when it ends', () => {
  const seen: TrackedAttempt[] = [];
  const tracker = new MessageTracker({
    ...attemptOptions,
    keepEntries: false,
    limits: { ...streamLimits, waiting: 3 },
    onAttempt: (tracked) => seen.push(tracked),
  });
  const entries = record([
    { ms: 0, id: 'A', view: 'lost', takesMs: 5000 },
    ...Array.from({ length: 5 }, (_, at) => ({ ms: 10 + at, id: `B${at}` })),
  ]);
  for (const entry of entries) tracker.addOpen(inFlight(entry));
  for (const entry of entries.slice(1)) tracker.add(entry);
  expect(seen.map(({ attempt }) => attempt.number)).toEqual([2, 3]);
  tracker.flush();
  expect(seen.map(({ attempt }) => attempt.number)).toEqual([2, 3, 4, 5, 6]);
  tracker.add(entries[0] ?? expect.fail('no entry'));
  expect(seen.at(-1)).toMatchObject({ attempt: { number: 1 }, isLate: true });
});
