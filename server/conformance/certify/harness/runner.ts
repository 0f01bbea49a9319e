import { randomInt } from 'node:crypto';
import type { OperationId } from '../../../domain/contract/contract.ts';
import type { CasePlan, CaseRecord, RunRecord, SkippedCase, SkipReason } from '../types.ts';
import type { Driver } from './driver.ts';
import {
  type CaseCrypto,
  composeMessages,
  controlCase,
  type PlannedCase,
  planCases,
  planControls,
  runsIn,
  toCaseRun,
} from './plan-runs.ts';

import { type CaseTurn, pausesCase, type RunCaseDeps, runCase } from './run-case.ts';
import type { HarnessSettings, Sandbox } from './sandbox.ts';

import { TrafficSorter } from './traffic.ts';

/** What the runner asks about a case as soon as it is over. */
export interface RunnerJudge<Plan extends CasePlan> {
  /** First contact has failed: nothing else can be judged on this operation, in this mode. */
  readonly isControlFailed: (record: CaseRecord<Plan>) => boolean;
  /** Only time made it fail, or it was stopped: it is worth a second run, alone. */
  readonly shouldRepeat: (record: CaseRecord<Plan>) => boolean;
}

/** How far a run is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** Undefined until some cases have shown how long they take. */
  readonly leftMs: number | undefined;
  readonly running: number;
}

export interface RunnerOptions<Plan extends CasePlan> {
  readonly cases: readonly Plan[];
  readonly sandbox: Sandbox;
  readonly driver: Driver;
  readonly settings: HarnessSettings;
  readonly judge: RunnerJudge<Plan>;
  /** An empty folder for what the cases keep. */
  readonly folder: string;
  /** Only these cases run, with the first contact; all when absent. */
  readonly chosen?: ReadonlySet<string> | undefined;
  /** Ends the run; what has been seen so far is handed to the judge. */
  readonly stop: AbortSignal;
  readonly onCase?: (record: CaseRecord<Plan>) => void;
  readonly onProgress?: (progress: Progress) => void;
}

/** Runs the catalogue against a driver, and returns all that was seen. */
export const runCatalogue = async <Plan extends CasePlan>(
  options: RunnerOptions<Plan>,
): Promise<RunRecord<Plan>> => {
  const runner = new Runner(options);
  try {
    await runner.run();
    return runner.record();
  } finally {
    await runner.close();
  }
};

interface Wanted<Plan extends CasePlan> {
  readonly possible: readonly Plan[];
  readonly modes: readonly CaseCrypto[];
  readonly every: 'primary' | 'operation';
}

/** Where cases can run. */
interface Ground<Plan extends CasePlan> {
  readonly operations: readonly OperationId[];
  readonly controls: readonly CaseRecord<Plan>[];
}

interface Skipped<Plan extends CasePlan> {
  readonly planned: PlannedCase<Plan>;
  readonly reason: SkipReason;
}

class Runner<Plan extends CasePlan> {
  readonly #options: RunnerOptions<Plan>;
  readonly #traffic: TrafficSorter;
  readonly #deps: RunCaseDeps;
  readonly #records: CaseRecord<Plan>[] = [];
  readonly #skipped: Skipped<Plan>[] = [];
  readonly #durations: number[] = [];
  #total = 0;
  #running = 0;
  #count = 0;
  readonly #prefix = `C${randomLetters(4)}`;

  constructor(options: RunnerOptions<Plan>) {
    this.#options = options;
    const { sandbox, driver, settings, folder, stop } = options;
    this.#traffic = new TrafficSorter(sandbox);
    const quietMs = (): number => this.#quietMs();
    this.#deps = { sandbox, driver, traffic: this.#traffic, settings, folder, stop, quietMs };
  }

  async run(): Promise<void> {
    const { cases, settings, chosen, judge } = this.#options;
    const wanted = cases.filter(({ id }) => chosen === undefined || chosen.has(id));
    const [possible, impossible] = partition(wanted, (plan) => this.#canShow(plan));
    const { modes, every } = settings;
    const { operations, controls } = await this.#findOperations({ possible, modes, every });
    const planning = { operations, modes, every };
    const verdicts = controls.map((record) => ({ record, reason: controlVerdict(record, judge) }));
    const blockReason = (one: PlannedCase<Plan>): SkipReason | undefined =>
      verdicts.find(({ record: { run } }) => isSameGround(run, one))?.reason;
    const planned = planCases({ ...planning, cases: possible });
    this.#skipAll(planCases({ ...planning, cases: impossible }), () => 'mode');
    this.#skipAll(
      planned.filter((one) => blockReason(one) !== undefined),
      blockReason,
    );
    const runnable = planned.filter((one) => blockReason(one) === undefined);
    this.#total = controls.length + runnable.length;
    const [timed, others] = partition(runnable, ({ plan }) => needsQuiet(plan));
    await this.#runAll(others, settings.jobs);
    await this.#runAll(timed, 1);
    await this.#repeat();
  }

  /** An application with a fixed identity has the platform keys that it has: none is withheld. */
  #canShow(plan: Plan): boolean {
    const { driver, settings, sandbox } = this.#options;
    const { client, modes } = settings;
    if (!runsIn(plan, driver.mode)) return false;
    if (client === undefined || plan.platformKeys === undefined) return true;
    const { held, given } = plan.platformKeys;
    const algorithm = modes[0]?.algorithm ?? 'RSA256';
    const keys = sandbox.knownClient(client, algorithm)?.platformKeys ?? {};
    const versions = Object.keys(keys).map(Number);
    return (
      held.every((one) => versions.includes(one)) && versions.every((one) => given.includes(one))
    );
  }

  /**
   * Makes first contact on the operations that the cases need. A case moves on to its next
   * operation where the driver does not do the first.
   */
  async #findOperations({ possible, modes, every }: Wanted<Plan>): Promise<Ground<Plan>> {
    const { cases, settings, chosen } = this.#options;
    let operations = settings.operations;
    for (;;) {
      const planned = planCases({ operations, modes, every, cases: possible });
      const wantsAll = chosen === undefined || chosen.has(controlCase);
      const known = this.#records;
      const controls = planControls({ cases, operations, modes }).filter(
        (control) =>
          !known.some(({ run }) => isSameGround(run, control)) &&
          (wantsAll || planned.some((one) => isSameGround(one, control))),
      );
      if (controls.length === 0 || this.#options.stop.aborted)
        return { operations, controls: [...known] };
      this.#total = known.length + controls.length + planned.length;
      await this.#runAll(controls, settings.jobs);
      const unsupported = new Set(known.filter(isUnsupported).map(({ run }) => run.operation));
      const left = operations.filter((operation) => !unsupported.has(operation));
      if (left.length > 0) operations = left;
    }
  }

  record(): RunRecord<Plan> {
    const { driver, settings, stop } = this.#options;
    const { pauseFactor, realPauses, isRevealed } = settings;
    return {
      mode: driver.mode,
      cases: this.#records,
      stray: this.#traffic.stray,
      pauseFactor,
      realPauses,
      isRevealed,
      isInterrupted: stop.aborted,
      skipped: this.#skipped.map((one) => this.#toSkipped(one)),
    };
  }

  async close(): Promise<void> {
    this.#traffic.close();
    await this.#options.driver.close();
  }

  /** What only time made fail is run once more, alone; others are never repeated. */
  async #repeat(): Promise<void> {
    const { judge } = this.#options;
    const again = this.#records.filter((record) => judge.shouldRepeat(record));
    this.#total += again.length;
    for (const { run } of again) await this.#runAll([{ ...run }], 1, true);
  }

  /** @param jobs how many run at once */
  async #runAll(
    planned: readonly PlannedCase<Plan>[],
    jobs: number,
    isRepeat = false,
  ): Promise<void> {
    const queue = [...planned];
    const work = async (): Promise<void> => {
      for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
        if (this.#options.stop.aborted) this.#skip(one, 'interrupted');
        else await this.#runOne(one, isRepeat);
      }
    };
    const results = await Promise.allSettled(
      Array.from({ length: Math.min(jobs, planned.length) }, work),
    );
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  async #runOne(planned: PlannedCase<Plan>, isRepeat: boolean): Promise<void> {
    const turn: CaseTurn = { token: this.#nextToken(), isRepeat };
    this.#running++;
    this.#reportProgress();
    const began = performance.now();
    const record = await runCase(planned, turn, this.#deps);
    this.#running--;
    this.#durations.push(performance.now() - began);
    // Its last job was ended by the interruption: what it would have done is not known.
    if (this.#options.stop.aborted && record.jobs.at(-1)?.end.kind === 'deadline') {
      this.#skip(planned, 'interrupted');
      return;
    }
    this.#records.push(record);
    this.#options.onCase?.(record);
    this.#reportProgress();
  }

  #nextToken(): string {
    return `${this.#prefix}${String(++this.#count).padStart(4, '0')}`;
  }

  #skipAll(
    planned: readonly PlannedCase<Plan>[],
    reasonFor: (one: PlannedCase<Plan>) => SkipReason | undefined,
  ): void {
    for (const one of planned) this.#skip(one, reasonFor(one) ?? 'interrupted');
  }

  #skip(planned: PlannedCase<Plan>, reason: SkipReason): void {
    this.#skipped.push({ planned, reason });
  }

  #toSkipped({ planned, reason }: Skipped<Plan>): SkippedCase<Plan> {
    const { sandbox, settings } = this.#options;
    const run = toCaseRun(planned, {
      contract: sandbox.contract,
      clientId: '',
      separation: 'client',
      token: this.#prefix,
      time: Date.now(),
      messages: settings.messages,
    });
    return { run, reason };
  }

  /** 2.5 times the longest pause that the client has shown where its outcome was unknown. */
  #quietMs(): number {
    const { quietMs, patienceMs } = this.#options.settings;
    const pauses = this.#records
      .filter(({ run }) => run.plan.id === pausesCase)
      .flatMap(({ exchanges }) =>
        exchanges.slice(1).map(({ arrival }, index) => {
          const before = exchanges[index]?.arrival.atUs ?? arrival.atUs;
          return (arrival.atUs - before) / 1000;
        }),
      );
    return Math.min(patienceMs, Math.max(quietMs, 2.5 * Math.max(0, ...pauses)));
  }

  #reportProgress(): void {
    const done = this.#records.length;
    const left = Math.max(0, this.#total - done);
    const mean = this.#durations.reduce((sum, one) => sum + one, 0) / this.#durations.length;
    this.#options.onProgress?.({
      done,
      total: this.#total,
      running: this.#running,
      leftMs: done < 3 ? undefined : (left * mean) / Math.max(1, this.#running),
    });
  }
}

/** Whether a control speaks for a case: the same operation in the same mode. */
const isSameGround = (run: PlannedCase, other: PlannedCase): boolean =>
  run.operation === other.operation &&
  run.algorithm === other.algorithm &&
  run.sealed === other.sealed;

const isUnsupported = ({ jobs }: CaseRecord): boolean =>
  jobs.some(({ claim }) => claim?.outcome === 'UNSUPPORTED');

const controlVerdict = <Plan extends CasePlan>(
  record: CaseRecord<Plan>,
  judge: RunnerJudge<Plan>,
): SkipReason | undefined => {
  if (isUnsupported(record)) return 'unsupported';
  return judge.isControlFailed(record) ? 'control-failed' : undefined;
};

/** A case that measures time, or that kills a process which others use, has no company. */
const needsQuiet = ({ isTimed, jobs }: CasePlan): boolean =>
  isTimed === true || jobs.some(({ killAtAttempt }) => killAtAttempt !== undefined);

const partition = <T>(
  items: readonly T[],
  isFirst: (item: T) => boolean,
): readonly [readonly T[], readonly T[]] => [
  items.filter(isFirst),
  items.filter((item) => !isFirst(item)),
];

/** Keeps the tokens of two runs apart. */
export const randomLetters = (count: number): string =>
  Array.from({ length: count }, () => letters[randomInt(letters.length)]).join('');

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ';

/** @returns what the contract says against the messages of the cases, a sentence a field */
export const checkMessages = async <Plan extends CasePlan>({
  cases,
  sandbox,
  settings,
}: Pick<RunnerOptions<Plan>, 'cases' | 'sandbox' | 'settings'>): Promise<readonly string[]> => {
  const sentences = new Set<string>();
  for (const operationId of settings.operations) {
    const operation = sandbox.contract.operations.get(operationId);
    if (operation === undefined) continue;
    const requestId = [...operation.examples.values()][0]?.['requestId'];
    for (const plan of cases) {
      if (plan.operations !== 'all' && !plan.operations.includes(operationId)) continue;
      const fields = settings.messages[operationId];
      const messages = composeMessages({
        operation,
        plan,
        token: 'CABCD0001',
        time: Date.now(),
        fields,
      });
      for (const message of messages) {
        const complete = requestId === undefined ? message : { requestId, ...message };
        for (const sentence of await sandbox.validate(operationId, complete))
          sentences.add(`${operationId}: ${sentence}`);
      }
    }
  }
  return [...sentences];
};
