import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JournalEntry, OpenExchange } from '../../../journal/journal-entry.ts';
import { abortAfter } from '../../../protocol/http-call.ts';
import {
  type CasePlan,
  type CaseRecord,
  type CaseRun,
  type Claim,
  driverProtocol,
  type HarnessError,
  type Job,
  type JobConnection,
  type JobPlan,
  type JobRecord,
  type Separation,
} from '../types.ts';
import type { Driver, JobResult } from './driver.ts';
import { type PlannedCase, toCaseRun } from './plan-runs.ts';
import type { HarnessSettings, Sandbox, SandboxClient } from './sandbox.ts';
import type { CaseTraffic, TrafficSorter } from './traffic.ts';

export interface RunCaseDeps {
  readonly sandbox: Sandbox;
  readonly driver: Driver;
  readonly traffic: TrafficSorter;
  readonly settings: HarnessSettings;
  /** A folder of the run; every case has its own below it. */
  readonly folder: string;
  readonly stop: AbortSignal;
  /** How long nothing may arrive before a case is over, where its end is not known otherwise. */
  readonly quietMs: () => number;
}

export interface CaseTurn {
  /** Unique in the run, at most 16 letters and digits. */
  readonly token: string;
  readonly isRepeat: boolean;
}

/** A message that is announced for later than this is not waited for: `resume` asks for it. */
const longestWaitMs = 10_000;
/** An outbox may send nothing before its time has come; that much is waited for before `resume`. */
const longestDueMs = 2000;
const maxResumes = 3;
/** How long exchanges may take to end after the process that sent them has ended. */
const settleTimeoutMs = 2000;

/** The case in which the client shows how long it pauses. */
export const pausesCase = 'C-UNK-01';

/** Runs one case: arms its rules, gives its jobs, and watches until nothing more can come. */
export const runCase = async <Plan extends CasePlan>(
  planned: PlannedCase<Plan>,
  { token, isRepeat }: CaseTurn,
  deps: RunCaseDeps,
): Promise<CaseRecord<Plan>> => {
  const { sandbox, settings, traffic: sorter, driver } = deps;
  const client = await findClient(planned, deps);
  const separation = chooseSeparation(settings);
  const run = toCaseRun(planned, {
    contract: sandbox.contract,
    clientId: client.clientId,
    separation,
    token,
    time: Date.now(),
    messages: settings.messages,
  });
  const name = `certify-${token.toLowerCase()}`;
  const { operation, rules } = run;
  const endPlay = await sandbox.play({ name, clientId: client.clientId, operation, rules });
  const traffic = sorter.start({ separation, clientId: client.clientId, token });
  const since = sandbox.newestNumber();
  const startedUs = sandbox.nowUs();
  const folder = mkdtempSync(join(deps.folder, `${token.toLowerCase()}-`));
  const session = new RunningCase(run, client, traffic, { ...deps, folder });
  try {
    const jobs = await session.giveJobs();
    const quietMs = await session.watchUntilQuiet();
    await sandbox.catchUp();
    const { entries, open } = traffic;
    return {
      run,
      mode: driver.mode,
      separation,
      clientId: client.clientId,
      startedUs,
      endedUs: sandbox.nowUs(),
      jobs,
      exchanges: entries,
      open,
      played: findPlayed(entries, name),
      quietMs,
      pauseFactor: settings.pauseFactor,
      hasStray: traffic.hasStray,
      hasEvicted: sandbox.hasEvictedSince(since, client.clientId),
      error: findHarnessError(jobs),
      isRepeat,
    };
  } finally {
    sorter.end(traffic);
    await endPlay();
    await session.forget();
    rmSync(folder, { recursive: true, force: true });
  }
};

const chooseSeparation = ({ client, isSerial }: HarnessSettings): Separation =>
  client === undefined ? 'client' : isSerial ? 'serial' : 'token';

const findClient = async (
  { plan, algorithm }: PlannedCase,
  { sandbox, settings }: RunCaseDeps,
): Promise<SandboxClient> => {
  if (settings.client === undefined)
    return sandbox.createClient({
      algorithm,
      platformKeyVersions: plan.platformKeys?.held ?? [1],
    });
  const known = sandbox.knownClient(settings.client, algorithm);
  if (known === undefined) throw new Error(`the client ${settings.client} is not known`);
  return known;
};

interface SessionDeps extends RunCaseDeps {
  /** Of this case. */
  readonly folder: string;
}

/** The jobs of one case, one after the other. */
class RunningCase {
  readonly #run: CaseRun;
  readonly #client: SandboxClient;
  readonly #traffic: CaseTraffic;
  readonly #deps: SessionDeps;
  readonly #records: JobRecord[] = [];
  readonly #stateFolder: string;
  #resumes = 0;

  constructor(run: CaseRun, client: SandboxClient, traffic: CaseTraffic, deps: SessionDeps) {
    this.#run = run;
    this.#client = client;
    this.#traffic = traffic;
    this.#deps = deps;
    this.#stateFolder = join(deps.folder, 'state');
    mkdirSync(this.#stateFolder);
  }

  async giveJobs(): Promise<readonly JobRecord[]> {
    for (const plan of this.#run.plan.jobs) {
      if (this.#deps.stop.aborted || !this.#canGoOn) break;
      if (plan.action === 'resume') await this.#resume(plan);
      else await this.#give(plan);
    }
    return this.#records;
  }

  get #last(): Claim | undefined {
    return this.#records.at(-1)?.claim;
  }

  /** What the driver does not do, or could not do, is not asked again. */
  get #canGoOn(): boolean {
    const last = this.#records.at(-1);
    const outcome = last?.claim?.outcome;
    return outcome !== 'UNSUPPORTED' && outcome !== 'ERROR' && last?.end.kind !== 'not-given';
  }

  /** As often as the application announces another attempt. */
  async #resume(plan: JobPlan): Promise<void> {
    do {
      await this.#waitForAnnounced();
      this.#resumes++;
      await this.#give(plan);
    } while (
      this.#canGoOn &&
      !this.#deps.stop.aborted &&
      this.#resumes < maxResumes &&
      this.#last?.outcome === 'UNKNOWN' &&
      this.#last.nextAttemptInMs !== undefined
    );
  }

  /**
   * An application that runs on may send by itself what it has announced; a process that has ended
   * cannot, but its outbox may have a due time.
   */
  async #waitForAnnounced(): Promise<void> {
    const nextMs = this.#last?.outcome === 'UNKNOWN' ? (this.#last.nextAttemptInMs ?? 0) : 0;
    const limitMs = this.#deps.driver.endsWithJob ? longestDueMs : longestWaitMs;
    if (nextMs > 0 && nextMs <= limitMs) await this.#pause(nextMs);
  }

  async #pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#deps.stop }).catch(() => {});
  }

  async #give(plan: JobPlan): Promise<void> {
    const { sandbox, driver, settings, stop } = this.#deps;
    const job = this.#makeJob(plan);
    const kill = new AbortController();
    const isOver = new AbortController();
    const watching =
      plan.killAtAttempt === undefined
        ? undefined
        : this.#killAt(plan.killAtAttempt, kill, isOver.signal);
    const givenUs = sandbox.nowUs();
    const connection = this.#connection();
    const { mode } = driver;
    const known = new Set(this.#traffic.entries.map(bodyOf));
    const result = await driver.give({
      job: mode === 'command' ? job : { ...job, connection },
      connection,
      stateFolder: this.#stateFolder,
      caseName: settings.isRevealed ? caseName(this.#run) : undefined,
      deadlineMs: deadlineFor(this.#run.plan, settings),
      kill: kill.signal,
      stop,
      awaitMessage: (signal) => this.#awaitMessage(known, signal),
    });
    isOver.abort();
    await watching;
    this.#records.push(toRecord(job, result, givenUs, this.#resumes));
    if (driver.endsWithJob) await this.#settle();
  }

  async #awaitMessage(known: ReadonlySet<string>, signal: AbortSignal): Promise<boolean> {
    const isNew = (entry: JournalEntry): boolean => !known.has(bodyOf(entry));
    while (!signal.aborted) {
      if (this.#traffic.entries.some(isNew)) return true;
      await this.#traffic.next(signal);
    }
    return false;
  }

  #makeJob({ action, message = 1 }: JobPlan): Job {
    const { operation, sealed, messages, token } = this.#run;
    const { path } = this.#deps.sandbox.contract.operations.get(operation) ?? { path: '' };
    const one = messages[message - 1] ?? {};
    return {
      protocol: driverProtocol,
      job: `${token.toLowerCase()}-${this.#records.length + 1}`,
      action,
      operation,
      path,
      sealed,
      ...(action === 'send' && { message: one }),
      messages: action === 'send' ? [one] : action === 'sendAll' ? messages : [],
    };
  }

  #connection(): JobConnection {
    const { clientId, privateKey, keyVersion, platformKeys } = this.#client;
    const { given } = this.#run.plan.platformKeys ?? {};
    const kept = Object.entries(platformKeys).filter(
      ([version]) => given === undefined || given.includes(Number(version)),
    );
    return {
      baseUrl: this.#deps.sandbox.url,
      clientId,
      privateKey,
      keyVersion,
      platformKeys: Object.fromEntries(kept),
      state: this.#stateFolder,
      pauseFactor: this.#deps.settings.pauseFactor,
    };
  }

  /** Kills once that attempt has been handled and its answer is withheld. */
  async #killAt(attempt: number, kill: AbortController, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const exchange = this.#traffic.arrived[attempt - 1];
      if (exchange === undefined) await this.#traffic.next(over);
      else if (isHandled(exchange)) {
        kill.abort();
        return;
      } else await sleep(5);
    }
  }

  /** The sockets of a process that has ended are closed; the simulator notices soon after. */
  async #settle(): Promise<void> {
    await this.#deps.sandbox.catchUp();
    const timeout = AbortSignal.timeout(settleTimeoutMs);
    while (this.#traffic.open.length > 0 && !timeout.aborted) await this.#traffic.next(timeout);
  }

  /** How long the client pauses is known only when it has repeated the first U of this case. */
  #showsPauses(): boolean {
    return this.#run.plan.id === pausesCase && this.#traffic.entries.at(-1)?.verdict.status === 'U';
  }

  /** @returns how long nothing had arrived at the end; 0 where nothing can arrive any more */
  async watchUntilQuiet(): Promise<number> {
    const { driver, sandbox, quietMs, settings, stop } = this.#deps;
    if (driver.endsWithJob || !this.#canGoOn) return 0;
    await this.#waitForAnnounced();
    const from = sandbox.nowUs();
    while (!stop.aborted) {
      const wantedMs = this.#showsPauses() ? settings.patienceMs : quietMs();
      const now = sandbox.nowUs();
      const quietFor = (now - Math.max(this.#traffic.lastUs, from)) / 1000;
      const isWaiting = this.#traffic.open.length > 0;
      if ((quietFor >= wantedMs && !isWaiting) || (now - from) / 1000 >= settings.patienceMs)
        return quietFor;
      const restMs = Math.max(10, Math.ceil(wantedMs - quietFor));
      await this.#traffic.next(abortAfter(restMs, stop));
    }
    return 0;
  }

  /** Asks an application that runs on to delete what it has of this case. */
  async forget(): Promise<void> {
    const { driver } = this.#deps;
    if (driver.endsWithJob || this.#deps.stop.aborted || driver.mode === 'passive') return;
    const job: Job = { ...this.#makeJob({ action: 'resume' }), action: 'stop' };
    const connection = this.#connection();
    const never = new AbortController();
    await driver.give({
      job: { ...job, job: `${this.#run.token.toLowerCase()}-stop`, connection },
      connection,
      stateFolder: this.#stateFolder,
      caseName: undefined,
      deadlineMs: stopDeadlineMs,
      kill: never.signal,
      stop: never.signal,
      awaitMessage: () => Promise.resolve(false),
    });
  }
}

const stopDeadlineMs = 2000;

/** What a client that gives up at the ceiling gets for sending again. */
const maxAfterCeilingMs = 10_000;

/** A client whose patience is measured may wait to the ceiling, and then send again. */
const deadlineFor = ({ isTimed }: CasePlan, { patienceMs, ceilingMs }: HarnessSettings): number =>
  isTimed === true ? ceilingMs + Math.min(patienceMs, maxAfterCeilingMs) : patienceMs;

const bodyOf = ({ request }: JournalEntry): string =>
  (request.plain ?? request.body).toString('latin1');

const isHandled = (exchange: OpenExchange | JournalEntry): boolean =>
  exchange.steps.some(({ name }) => name === 'reply');

const toRecord = (
  { connection: _, ...job }: Job,
  result: JobResult,
  givenUs: number,
  resumes: number,
): JobRecord => ({
  job,
  resume: job.action === 'resume' ? resumes : undefined,
  givenUs,
  ...result,
});

/** `certify-7f3a01, rule 2` → 1. */
const findPlayed = (
  entries: readonly JournalEntry[],
  name: string,
): ReadonlyMap<number, number> => {
  const played = new Map<number, number>();
  for (const { number, scripted } of entries) {
    const rule = scripted?.rule.startsWith(`${name}, rule `)
      ? Number(scripted.rule.slice(`${name}, rule `.length))
      : Number.NaN;
    if (Number.isInteger(rule)) played.set(number, rule - 1);
  }
  return played;
};

/** `C-SEC-01 unsigned`. */
export const caseName = ({ plan, variant }: Pick<CaseRun, 'plan' | 'variant'>): string =>
  variant === undefined ? plan.id : `${plan.id} ${variant}`;

const findHarnessError = (jobs: readonly JobRecord[]): HarnessError | undefined => {
  for (const { claim, end, remarks } of jobs) {
    if (end.kind === 'not-given')
      return { message: end.problem, remedy: 'Look at the log of the application.' };
    if (claim?.outcome === 'ERROR')
      return {
        message: claim.reason ?? remarks[0] ?? 'the driver reported ERROR without a reason',
        remedy: 'Repair the driver or its surroundings; the log shows what it wrote.',
      };
  }
  return undefined;
};
