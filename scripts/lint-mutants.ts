/**
 * Lets the faulty clients of `test/conformance/mutants/` do ordinary work, without certify, and
 * compares what lint finds in their traffic with `lint.yaml` there, for equality. The correct client
 * has no finding.
 *
 * `npm run mutants:lint` plays all; names as arguments, e.g. `M07`, play those alone. `--quick`
 * plays the correct client and one of each kind that needs no time-out of its own, in less than a
 * minute. `--write` replaces what is expected by what was seen, to be read before a commit. Ends
 * with 1 when one differs, or when a rule that traffic of minutes can show is found in no client.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse, stringify } from 'yaml';
import { createSandbox } from '../server/app/certify-sandbox.ts';
import { createMockServer, type MockServer } from '../server/app/create-server.ts';
import { settingsWith } from '../server/app/settings/resolve-settings.ts';
import { dangerousFault, wire } from '../server/conformance/certify/catalogue/case.ts';
import { composeMessages } from '../server/conformance/certify/harness/plan-runs.ts';
import type { SandboxClient } from '../server/conformance/certify/harness/sandbox.ts';
import type { Job } from '../server/conformance/certify/types.ts';
import { Lint } from '../server/conformance/lint/lint.ts';
import { lintRules } from '../server/conformance/lint/lint-rules.ts';
import type { OperationId } from '../server/domain/contract/contract.ts';
import type { SecurityChoice, WireChoice } from '../server/domain/faults/choice.ts';
import { endpoints } from '../server/domain/operations/index.ts';
import type { Rule } from '../server/domain/scenarios/scenario-file.ts';
import type { JsonObject } from '../server/domain/state/state.ts';
import type { JournalEntry } from '../server/journal/journal-entry.ts';
import { loadMutants } from '../test/conformance/mutants/inline-driver.ts';

const folder = join(import.meta.dirname, '../test/conformance/mutants');
const expectationsFile = join(folder, 'lint.yaml');
/** Name of the client → `L-RTY-01 error`, of each rule the worst. */
const expected: Record<string, readonly string[]> = parse(readFileSync(expectationsFile, 'utf8'));
const titles: Record<string, { readonly title: string; readonly pauseFactor?: number }> = parse(
  readFileSync(join(folder, 'mutants.yaml'), 'utf8'),
);

const { values: flags, positionals: names } = parseArgs({
  options: {
    write: { type: 'boolean' },
    jobs: { type: 'string' },
    quick: { type: 'boolean' },
  },
  allowPositionals: true,
});

/** On a loaded machine an answer can come as the client gives up: one more attempt follows it. */
const causedByLoad = { rule: 'L-RTY-04', severity: 'note', maxCount: 10 };
/** What only an hour or a certain moment of one connection shows; a test of each is in the suite. */
const shownElsewhere: ReadonlySet<string> = new Set([
  'L-SIG-03',
  // Of servers, which these clients are not: test/outbound/faulty-receivers.test.ts has them.
  ...['L-OUT-01', 'L-OUT-02', 'L-OUT-03', 'L-OUT-04'],
]);
const { startMerchant, NoOpinion } = await loadMutants();
const work = mkdtempSync(join(tmpdir(), 'alipayhk-lint-mutants-'));
const settings = settingsWith({ port: 0, steering: 'off' });
const timeoutMs = 2500;
/** Longer than a client with a time-out needs for an attempt without an answer, and one more. */
const patienceMs = 6500;

/** The fifth attempt of the printed plan comes after so long, the sixth after three times that. */
const laterPauseMs = 600_000;
type Wait = (ms: number) => void;

/** One or more for each rule that needs no step without an answer. */
const quickNames: readonly string[] = [
  ...['correct', 'M01', 'M04', 'M06', 'M07', 'M20', 'M30', 'M36'],
  ...['M39', 'M43', 'M49', 'M50', 'M56', 'M63', 'M64', 'M68'],
];

type Then = Rule['then'];

/** Messages about one thing of its own, and how they are answered; afterwards as usual. */
interface Step {
  readonly operation?: OperationId;
  readonly sealed?: boolean;
  /** How the first attempts about this thing are answered. */
  readonly answers?: readonly Then[];
  /** Laid over the sample, a message each; they are given to the client one after the other. */
  readonly messages?: readonly JsonObject[];
  /** All in one job. */
  readonly isBatch?: boolean;
  /** Each about a thing of its own. */
  readonly isMany?: boolean;
  readonly resumes?: number;
  /** A client that is not done by then is ended, as an operator would do. */
  readonly isWatched?: boolean;
  /** The rule is for requests that are not the first on their connection. */
  readonly connection?: 'reused';
}

const unknown: Then = { result: 'UNKNOWN_EXCEPTION', status: 'U' };
/** The ticket, then its use: a client that believes wrongly sends the second. */
const twoStates: readonly JsonObject[] = [{ orderStatus: 'TICKETED' }, { orderStatus: 'USED' }];
const times = (count: number, then: Then): readonly Then[] =>
  Array.from({ length: count }, () => then);
const fault = (id: WireChoice['id'], parameters: WireChoice['parameters'] = {}): Then => ({
  fault: wire(id, parameters),
});
/** An S for a change that was not made. */
const falseSuccess: Then = { result: 'SUCCESS', status: 'S', change: 'drop' };
const security = (id: SecurityChoice['id']): Then => ({
  ...falseSuccess,
  security: dangerousFault(id),
});

const wholeWorkload: readonly Step[] = [
  // A good morning: many orders, a card, an account.
  { messages: Array.from({ length: 55 }, () => ({})), isBatch: true, isMany: true },
  { operation: 'updateMembershipCard' },
  { operation: 'syncAccountLinkage' },
  // Unknown outcomes.
  { answers: times(2, unknown), messages: twoStates },
  { operation: 'syncAdditionalInfo', answers: times(2, unknown) },
  {
    answers: times(1, { result: 'SOMETHING_NEW', status: 'U', unlisted: true }),
    messages: twoStates,
  },
  { answers: times(2, { result: 'REQUEST_TRAFFIC_EXCEED_LIMIT', status: 'U' }) },
  { answers: times(6, unknown), resumes: 3, isWatched: true },
  { answers: times(40, unknown), resumes: 1, isWatched: true },
  // Lost answers.
  { answers: [fault('reset')], messages: twoStates },
  { answers: [fault('length-too-long', { forMs: 200 })], messages: twoStates },
  { answers: [fault('gateway-html', { httpStatus: 502 })], messages: twoStates },
  { answers: [fault('empty-200')], messages: twoStates },
  { answers: [fault('not-json')], messages: twoStates },
  { answers: [fault('hang', { forMs: 30_000 })], isWatched: true },
  { answers: [fault('headers-only', { forMs: 30_000 })], isWatched: true },
  { answers: [fault('slow-drip', { bytesPerSecond: 1 })], isWatched: true },
  {
    answers: [fault('close')],
    connection: 'reused',
    messages: [{}, {}],
    isBatch: true,
    isMany: true,
  },
  { answers: [{ delayMs: 1200 }], messages: [{}, {}, {}, {}], isBatch: true, isMany: true },
  // Refusals.
  { answers: [{ result: 'PARAM_ILLEGAL' }] },
  { answers: [{ result: 'UNKNOWN_EXCEPTION', status: 'F' }], messages: twoStates },
  { messages: [{ orderStatus: 'REFUNDED' }, { orderStatus: 'TICKETED' }] },
  {
    operation: 'updateMembershipCard',
    answers: [fault('reset')],
    messages: [{ status: 'CLOSED' }],
    isWatched: true,
  },
  // Answers that prove nothing.
  ...(
    [
      ...(['unsigned', 'signature-without-time', 'tampered-signature', 'wrong-key'] as const),
      ...(['foreign-client-id', 'stale-time', 'unknown-version'] as const),
    ] as const
  ).map((id): Step => ({ answers: [security(id)], messages: twoStates })),
  {
    answers: [{ result: 'PARAM_ILLEGAL', status: 'F', security: dangerousFault('tampered-body') }],
    messages: twoStates,
  },
  { answers: [{ ...falseSuccess, ...fault('duplicate-headers') }], messages: twoStates },
  {
    answers: [
      {
        ...{ result: 'PARAM_ILLEGAL', status: 'F', change: 'keep' },
        security: dangerousFault('unsigned'),
      },
    ],
    messages: twoStates,
  },
  // Encrypted, about one order; and answers in the clear, or for another recipient.
  { sealed: true, messages: twoStates, isBatch: true },
  { sealed: true, answers: [security('unsealed')], messages: twoStates },
  { sealed: true, answers: [security('wrong-seal-key')], messages: twoStates },
  // Three updates of one order at once.
  {
    answers: times(3, { delayMs: 100 }),
    messages: [{}, { memo: 'b' }, { memo: 'c' }],
    isBatch: true,
  },
];

/** Silence takes the client's time-out each time, and what has no end is ended. */
const workload = wholeWorkload.filter((step) => flags.quick !== true || step.isWatched !== true);

/** Plays the workload. @returns `L-RTY-01 error`, sorted */
const findRules = async (name: string): Promise<readonly string[]> => {
  const pauseFactor = titles[name]?.pauseFactor ?? 0.05;
  const server = await createMockServer({ settings });
  try {
    const worst = new Map<string, string>();
    const { stop, wait, report } = observe(server, pauseFactor, worst);
    const sandbox = createSandbox(server);
    const client = await sandbox.createClient({ algorithm: 'RSA256', platformKeyVersions: [1] });
    const merchant = new Merchant(name, client, sandbox.url, pauseFactor);
    for (const [index, step] of workload.entries()) {
      const token = `D${String(index).padStart(3, '0')}`;
      const end = await sandbox.play({
        name: `step-${index}`,
        clientId: client.clientId,
        operation: step.operation ?? 'syncOrder',
        rules: toRules(step, token, client.clientId),
      });
      const isDone = await merchant.work(step, token, server, wait);
      // What is still in flight has waited for more than a minute by this clock.
      if (!isDone) report(61_000);
      merchant.stop();
      await end();
      await merchant.resume(step, wait);
    }
    report(3 * 3_600_000);
    stop();
    return [...worst].map(([rule, severity]) => `${rule} ${severity}`).sort();
  } finally {
    await server.close(0);
  }
};

/** As the simulator's own observer reads its journal, with a clock that can be set forward. */
const observe = (server: MockServer, pauseFactor: number, worst: Map<string, string>) => {
  const lint = new Lint({
    endpoints: new Map(endpoints.map((endpoint) => [endpoint.operationId, endpoint])),
    policies: settings,
    pauseFactor,
    abandonedAfterMs: 90_000,
    isClockReal: () => true,
    isTestClient: () => false,
    since: Date.now(),
  });
  let offsetUs = 0;
  /** An exchange ends by the clock by which it began. */
  const offsets = new Map<number, number>();
  const shiftFor = (number: number): number => {
    const us = offsets.get(number) ?? offsetUs;
    offsets.set(number, us);
    return us;
  };
  const stop = server.journal.listen({
    onOpen: (exchange) => {
      const { number, id, receivedAt, arrival, connection, method, target, operation } = exchange;
      const { clientId, steps } = exchange;
      const atUs = arrival.atUs + shiftFor(number);
      lint.addOpen({
        ...{ number, id, receivedAt, connection, method, target, operation, clientId, steps },
        arrival: { ...arrival, atUs },
      });
    },
    onDiagnosis: (entry) => lint.addDiagnosis(entry),
    onClose: (entry) => {
      entry.pendingDiagnosis?.finish();
      const { delivery, arrival } = entry;
      const own = shiftFor(entry.number);
      const shift = (us: number | undefined): number | undefined => us && us + own;
      const shifted = {
        ...delivery,
        firstByteUs: shift(delivery.firstByteUs),
        lastByteUs: shift(delivery.lastByteUs),
        endedUs: delivery.endedUs + own,
      };
      const changed: Partial<JournalEntry> = {
        arrival: { ...arrival, atUs: arrival.atUs + own },
        delivery: shifted,
      };
      // An entry computes members on demand, which a copy would lose.
      const moved = new Proxy(entry, {
        get: (target, name) => Reflect.get(Object.hasOwn(changed, name) ? changed : target, name),
      });
      lint.add(moved);
    },
  });
  return {
    stop,
    /** Nothing is in flight: what comes is so much later. */
    wait: (ms: number): void => {
      offsetUs += ms * 1000;
    },
    report: (forwardMs: number): void => {
      const nowUs = (performance.now() + forwardMs) * 1000 + offsetUs;
      const { findings } = lint.report({ nowUs, isEnd: forwardMs > 3_600_000 });
      for (const { rule, severity, sentence, count } of findings) {
        const isLoad = rule === causedByLoad.rule && severity === causedByLoad.severity;
        if (isLoad && count <= causedByLoad.maxCount) continue;
        worst.set(rule, severity);
        if (names.length > 0) console.log(`         ${rule} ${severity}: ${sentence}`);
      }
    },
  };
};

const toRules = (
  { operation = 'syncOrder', answers = [], connection, messages = [], isBatch }: Step,
  token: string,
  client: string,
): readonly Rule[] => {
  const rules = new Map<Then, number>();
  // A rule counts the calls of all things that it is about.
  const each = isBatch === true && connection === undefined ? Math.max(1, messages.length) : 1;
  for (const then of answers) rules.set(then, (rules.get(then) ?? 0) + each);
  const field = { syncOrder: 'merchantBizNo', updateMembershipCard: 'passId' };
  const name =
    { ...field, syncAccountLinkage: 'externalIdentityValue' }[operation as string] ?? 'accountId';
  return [...rules].map(
    ([then, first]): Rule =>
      ({
        when: {
          ...{ operation, client, body: { [name]: { prefix: token } }, call: { first } },
          ...(connection && { connection }),
        },
        then,
      }) as Rule,
  );
};

/** The merchant's application: restarted after each step, with one outbox. */
class Merchant {
  readonly #mutant: string;
  readonly #env: Record<string, string>;
  #process: ((job: Job) => Promise<object>) | undefined;
  #end = new AbortController();
  #jobs = 0;

  constructor(name: string, client: SandboxClient, url: string, pauseFactor: number) {
    this.#mutant = name === 'correct' ? '' : name;
    this.#env = {
      ALIPAYHK_BASE_URL: url,
      ALIPAYHK_CLIENT_ID: client.clientId,
      ALIPAYHK_PRIVATE_KEY: client.privateKey,
      ALIPAYHK_KEY_VERSION: String(client.keyVersion),
      ALIPAYHK_PLATFORM_KEYS: JSON.stringify(client.platformKeys),
      ALIPAYHK_CERTIFY_STATE: mkdtempSync(join(work, `${name}-`)),
      ALIPAYHK_CERTIFY_PAUSE_FACTOR: String(pauseFactor),
      MERCHANT_TIMEOUT_MS: String(timeoutMs),
    };
  }

  /** @returns whether it was done in time */
  async work(step: Step, token: string, { contract }: MockServer, wait: Wait): Promise<boolean> {
    const { operation = 'syncOrder', messages = [{}], isBatch = false, isMany = false } = step;
    const known = contract.operations.get(operation);
    if (known === undefined) throw new Error(`no operation ${operation}`);
    const composed = messages.map((fields, index) => {
      const own = isMany ? `${token}${String(index).padStart(2, '0')}` : token;
      const plan = { messages: [{ eventTimeOffsetMs: index }] };
      const [message = {}] = composeMessages({
        ...{ operation: known, plan: plan as never, token: own },
        ...{ time: this.#time, fields },
      });
      return message;
    });
    const jobs = isBatch
      ? [{ action: 'sendAll', messages: composed } as const]
      : composed.map((message) => ({ action: 'send', message }) as const);
    const all = async (): Promise<boolean> => {
      for (const job of jobs) await this.#give({ ...this.#jobFor(step, contract), ...job });
      for (let count = 0; count < (step.resumes ?? 0); count++) {
        wait(laterPauseMs * (count + 1));
        await this.#give({ ...this.#jobFor(step, contract), action: 'resume' });
      }
      return true;
    };
    if (step.isWatched !== true) return all();
    return Promise.race([
      all(),
      new Promise<false>((resolve) => setTimeout(() => resolve(false), patienceMs).unref()),
    ]);
  }

  /** What is open is sent again, after a restart; nothing is wrong any more. */
  async resume(step: Step, wait: Wait): Promise<void> {
    for (let count = 0; count < 2; count++) {
      wait(laterPauseMs * 10);
      await this.#give({ ...this.#jobFor(step), action: 'resume' });
    }
  }

  stop(): void {
    this.#end.abort();
    this.#end = new AbortController();
    this.#process = undefined;
  }

  /** One moment for all events of a step: the constants of an order stay. */
  readonly #time = Date.now();

  #jobFor(
    { operation = 'syncOrder', sealed = false }: Step,
    contract?: MockServer['contract'],
  ): Job {
    const path = contract?.operations.get(operation)?.path ?? '';
    return { protocol: 1, job: `job-${++this.#jobs}`, action: 'send', operation, path, sealed };
  }

  async #give(job: Job): Promise<void> {
    this.#process ??= startMerchant(this.#mutant, this.#env, this.#end.signal);
    await this.#process(job).catch((error: unknown) => {
      const isEnd = error instanceof NoOpinion || this.#end.signal.aborted;
      // One that was ended says so in its own way.
      if (!isEnd && (error as Error).name !== 'AbortError') throw error;
    });
  }
}

const chosen = names.length > 0 ? names : flags.quick === true ? quickNames : Object.keys(titles);
const began = performance.now();
const seen: Record<string, readonly string[]> = {};
const queue = [...chosen];
/** After each client: a run that is interrupted has not been in vain. */
const writeTable = (): void => {
  const text = readFileSync(expectationsFile, 'utf8');
  const ordered = Object.keys(titles).map((name) => [name, seen[name] ?? expected[name] ?? []]);
  const table = stringify(Object.fromEntries(ordered), { flowCollectionPadding: false });
  writeFileSync(expectationsFile, text.slice(0, text.indexOf('correct:')) + table);
};
const differs = (name: string): boolean =>
  JSON.stringify(seen[name]) !== JSON.stringify(expected[name] ?? []);
const playQueue = async (): Promise<void> => {
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    seen[name] = await findRules(name);
    if (flags.write === true) writeTable();
    const wanted = expected[name] ?? [];
    const found = seen[name] ?? [];
    const isSame = JSON.stringify(found) === JSON.stringify(wanted);
    console.log(`${isSame ? 'ok    ' : 'DIFFER'} ${name.padEnd(8)}${titles[name]?.title}`);
    if (!isSame)
      console.log(`         expected ${wanted.join(', ')}\n         seen ${found.join(', ')}`);
  }
};
try {
  await Promise.all(
    Array.from({ length: Number(flags.jobs ?? (flags.quick === true ? 16 : 6)) }, playQueue),
  );
  // Many at once are slow enough to look like a client without a timeout: alone, they are not.
  if (flags.write !== true) {
    queue.push(...chosen.filter(differs));
    await playQueue();
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
const different = chosen.filter(differs);
const merged: Record<string, readonly string[]> = { ...expected, ...seen };
const foundRules = new Set(
  Object.values(merged).flatMap((lines) => lines.map((line) => line.slice(0, line.indexOf(' ')))),
);
const never = Object.keys(lintRules).filter(
  (rule) => !foundRules.has(rule) && !shownElsewhere.has(rule),
);
console.log(
  `${chosen.length} clients in ${Math.round((performance.now() - began) / 1000)} s, ` +
    `${different.length} differ. Found in no client: ${never.join(', ') || 'none'}.`,
);
process.exitCode = different.length + never.length > 0 ? 1 : 0;
