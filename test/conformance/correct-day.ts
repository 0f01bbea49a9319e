import type { OperationId } from '../../server/domain/contract/contract.ts';
import type { SecurityFaultId, WireFaultId } from '../../server/domain/faults/catalogue.ts';
import type { JournalEntry } from '../../server/journal/journal-entry.ts';
import { record, type Sent, startMs } from './traffic.ts';

/** A number from 0 to 1 that is the same in every run. */
const createRandom = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

/** Pauses of the printed plan, each up to a quarter longer. */
const pausesMs = [2000, 2000, 2000, 600_000, 1_800_000];
const timeoutMs = 8000;
const dayMs = 24 * 3_600_000;

const wireFaults: readonly WireFaultId[] = [
  ...(['reset', 'close', 'hang', 'headers-only', 'cut-body', 'length-too-long'] as const),
  ...(['partial-status', 'gateway-html', 'empty-200', 'not-json', 'duplicate-headers'] as const),
];
const securityFaults: readonly SecurityFaultId[] = [
  ...(['unsigned', 'wrong-key', 'tampered-body', 'stale-time', 'foreign-client-id'] as const),
  ...(['unknown-version', 'signature-without-time'] as const),
];

/** How an attempt is answered; `S` and `F` are final. */
type Answered = Pick<Sent, 'view' | 'code' | 'fault' | 'security' | 'takesMs' | 'endedBy'>;

interface Message {
  readonly client: string;
  readonly operation: OperationId;
  readonly id: string;
  readonly body: NonNullable<Sent['body']>;
  /** Answers of the first attempts; then S. */
  readonly answers: Answered[];
}

/** A request has arrived, or its exchange is over. */
export interface DayEvent {
  readonly kind: 'opened' | 'closed';
  readonly entry: JournalEntry;
}

/** Something that happens at a time. */
interface Event {
  readonly ms: number;
  readonly run: (ms: number) => void;
}

/**
 * A day of correct clients whose answers go wrong in every way: they keep id and body, sign again,
 * follow the printed plan, send one message about a thing at a time, and give up after 8 s.
 * @returns exchanges as they open and close
 */
export function* playCorrectDay(requests: number, seed = 1): Generator<DayEvent> {
  const random = createRandom(seed);
  const pick = <T>(values: readonly T[]): T =>
    values[Math.floor(random() * values.length)] ?? (values[0] as T);
  const clients = Array.from({ length: 40 }, (_, at) => ({
    id: `CLIENT${at}`,
    clockMs: Math.round((random() - 0.5) * 40_000),
    connection: 1000 * at,
    position: 0,
  }));
  const events: Event[] = [];
  const schedule = (ms: number, run: Event['run']): void => {
    let at = events.length;
    events.push({ ms, run });
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((events[parent]?.ms ?? 0) <= (events[at]?.ms ?? 0)) break;
      swap(events, at, parent);
      at = parent;
    }
  };
  const seen: DayEvent[] = [];
  let number = 0;

  const answer = (): Answered => {
    const kind = random();
    if (kind < 0.3) return { view: 'U', code: pick(['UNKNOWN_EXCEPTION', 'SYSTEM_ERROR']) };
    if (kind < 0.4) return { view: 'U', code: 'REQUEST_TRAFFIC_EXCEED_LIMIT' };
    if (kind < 0.65) return { security: pick(securityFaults) };
    const fault = pick(wireFaults);
    if (fault === 'hang' || fault === 'headers-only')
      return { view: 'lost', fault, takesMs: timeoutMs, endedBy: 'client' };
    const isComplete = ['gateway-html', 'empty-200', 'not-json', 'duplicate-headers'];
    return { fault, ...(!isComplete.includes(fault) && { view: 'lost' as const }) };
  };

  const send = (message: Message, attempt: number, done: (ms: number) => void) => (ms: number) => {
    const client = clients.find(({ id }) => id === message.client);
    if (client === undefined) return;
    const given: Answered = message.answers[attempt] ?? { view: 'S' };
    const isSlow = random() < 0.02 && given.takesMs === undefined;
    const takesMs = given.takesMs ?? (isSlow ? 1000 + random() * 4000 : 2 + random() * 30);
    if (given.fault !== undefined || client.position === 0) {
      client.connection++;
      client.position = 0;
    }
    client.position++;
    const [entry] = record([
      {
        ...given,
        ms,
        takesMs,
        ...{ client: message.client, operation: message.operation, id: message.id },
        body: message.body,
        time: new Date(startMs + ms + client.clockMs).toISOString(),
        more: {
          connection: {
            ordinal: client.connection,
            position: client.position,
            tls: false,
          },
        },
      },
    ]);
    number++;
    if (entry === undefined) return;
    const numbered = {
      ...entry,
      number,
      id: `trace${number}`,
      arrival: { ...entry.arrival, order: number },
    };
    const endMs = ms + takesMs;
    seen.push({ kind: 'opened', entry: numbered });
    schedule(endMs, () => seen.push({ kind: 'closed', entry: numbered }));
    const isFinal = (given.view === 'S' || given.view === 'F') && given.security === undefined;
    if (isFinal) schedule(endMs + 30, done);
    else
      schedule(
        endMs + 30 + (pausesMs[attempt] ?? 0) * (1 + random() / 4),
        send(message, attempt + 1, done),
      );
  };

  /** One thing after the other about one order, account, binding or card. */
  const startThing = (at: number) => (ms: number) => {
    const client = pick(clients).id;
    const operation = pick<OperationId>([
      ...(['syncOrder', 'syncOrder', 'syncPaymentInfo', 'syncAdditionalInfo'] as const),
      ...(['syncAccountLinkage', 'updateMembershipCard'] as const),
    ]);
    const count = 1 + Math.floor(random() * 3);
    const next = (step: number) => (nowMs: number) => {
      if (step === count) return;
      const isBad = random() < 0.25;
      const answers = isBad ? Array.from({ length: 1 + Math.floor(random() * 3) }, answer) : [];
      if (random() < 0.05) answers.push({ view: 'F', code: 'PROCESS_FAIL' });
      const last = answers.at(-1)?.view === 'F' ? count - 1 : step;
      const message = {
        ...{ client, operation, id: `id${at}x${step}x${Math.floor(random() * 1e9).toString(36)}` },
        body: bodyOf(operation, at, step, startMs + Math.round(nowMs)),
        answers,
      };
      const pauseMs = random() * 60_000;
      send(message, 0, (doneMs) => schedule(doneMs + pauseMs, next(last + 1)))(nowMs);
    };
    next(0)(ms);
  };

  // A thing has two messages on the average, a message 1.3 attempts.
  const things = Math.ceil(requests / 2.6);
  let started = 0;
  const startNext = (ms: number): void => {
    startThing(started++)(ms);
    if (started < things) schedule(ms + (2 * random() * dayMs) / things, startNext);
  };
  schedule(0, startNext);
  for (let event = takeFirst(events); event !== undefined; event = takeFirst(events)) {
    event.run(event.ms);
    yield* seen.splice(0);
  }
}

const states: Readonly<Partial<Record<OperationId, readonly string[]>>> = {
  syncOrder: ['TICKETED', 'USED', 'REFUNDED'],
  syncAccountLinkage: ['BIND', 'UNBIND', 'BIND'],
};

const bodyOf = (
  operation: OperationId,
  at: number,
  step: number,
  timeMs: number,
): NonNullable<Sent['body']> => {
  const state = states[operation]?.[step] ?? '';
  switch (operation) {
    case 'syncOrder':
      return { merchantBizNo: `BIZ${at}`, orderStatus: state, orderModifyTime: timeMs };
    case 'syncAccountLinkage':
      return { externalIdentityValue: `V${at}`, operateType: state, bizTime: timeMs };
    case 'updateMembershipCard':
      return { passId: `P${at}`, points: step };
    default:
      return { accountId: `A${at}`, requestTime: timeMs, step };
  }
};

const takeFirst = (heap: Event[]): Event | undefined => {
  const [first] = heap;
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  heap[0] = last;
  for (let at = 0; ; ) {
    const [left, right] = [2 * at + 1, 2 * at + 2];
    const timeAt = (place: number): number => heap[place]?.ms ?? Infinity;
    const child = timeAt(right) < timeAt(left) ? right : left;
    if (timeAt(child) >= timeAt(at)) return first;
    swap(heap, at, child);
    at = child;
  }
};

const swap = (heap: Event[], a: number, b: number): void => {
  const [one, other] = [heap[a], heap[b]];
  if (one === undefined || other === undefined) return;
  heap[a] = other;
  heap[b] = one;
};
