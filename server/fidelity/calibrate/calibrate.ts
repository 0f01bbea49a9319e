import type { RegisterId } from '../../domain/contract/basis.ts';
import type { Contract, OperationId } from '../../domain/contract/contract.ts';
import type { JsonObject } from '../../domain/state/state.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import { defaultScheme, type SealingScheme } from '../../protocol/sealing.ts';
import type { Ecc224Variant } from '../../protocol/signatures.ts';
import { readTimestamp } from '../../protocol/timestamps.ts';
import { type ExplorationRun, explore, statusTableSetting } from './explore.ts';
import { statusTablesProbe } from './field-probes.ts';
import type {
  Exploration,
  Probe,
  ProbeAnswer,
  ProbeQuestion,
  ProbeRequest,
  ProbeSearch,
  Requirement,
} from './probe.ts';
import { encryptionNeedProbe, encryptionProbe, notProbed, probeTable } from './probe-table.ts';
import {
  isFinalResult,
  isTrustedSuccess,
  isUntrusted,
  type RowResult,
  settingName,
  summarizeAnswer,
} from './results.ts';
import {
  type BuiltRequest,
  buildProbeRequest,
  type CalibrationIdentity,
  type KnownFacts,
  type LostAnswer,
  type ProbeRun,
  type ProbeTarget,
  runAgeMs,
  sendProbe,
} from './send-probe.ts';

export interface CalibrationOptions {
  readonly target: ProbeTarget;
  readonly contract: Contract;
  readonly identity: CalibrationIdentity;
  /** Values that exist at the target, e.g. merchantId or openId, by field. */
  readonly identityOverrides: JsonObject;
  /** Further paths to try, as the merchant lists them. */
  readonly pathCandidates: Readonly<Partial<Record<OperationId, readonly string[]>>>;
  /** All rows of the register: those that no probe asks about are reported so. */
  readonly register: readonly string[];
  /** Rows to probe; absent: all but those that are probed on request only. */
  readonly rows?: ReadonlySet<string> | undefined;
  readonly skip: ReadonlySet<string>;
  /** Most requests that are sent. */
  readonly budget: number;
  /** Requests a second at most. */
  readonly ratePerSecond: number;
  /** Six letters or digits that every name of this run begins with, after `CAL`. */
  readonly runId: string;
  /** Only probes without an effect: for a host that looks like production. */
  readonly withoutEffects: boolean;
  /** Results of an earlier run, which are kept. */
  readonly earlier: readonly RowResult[];
  readonly signal: AbortSignal;
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: () => number;
  readonly random: () => number;
  readonly onProgress: (line: string) => void;
}

/** One request and its answer, for the transcript. */
export interface TranscriptEntry {
  readonly probeRun: string;
  readonly at: string;
  readonly request: BuiltRequest;
  readonly answer: ProbeAnswer | LostAnswer;
}

export interface Calibration {
  readonly results: readonly RowResult[];
  readonly transcript: readonly TranscriptEntry[];
  readonly requests: number;
  /** Why the run ended early; absent: it went through. */
  readonly stopped?: string | undefined;
  /** Begins of the names that were made at the target. */
  readonly created: readonly string[];
}

/**
 * Finds out how a gateway decides what no document says: sends the probes of the table one after
 * another, each beside a request that must succeed, and compares the answers with the alternatives
 * that the simulator knows. It sends to the target alone, within a budget and a rate, and stops
 * when the target asks it to.
 */
export const calibrate = async (options: CalibrationOptions): Promise<Calibration> => {
  const run = new CalibrationRun(options);
  try {
    await run.reach();
    for (const probe of probesToRun(options)) await run.play(probe);
  } catch (error) {
    if (!(error instanceof CalibrationStop)) throw error;
    run.stop(error.message);
  }
  return run.finish();
};

/** The probes that these options select, in the order in which they are sent. */
export const probesToRun = (
  options: Pick<CalibrationOptions, 'rows' | 'skip' | 'withoutEffects' | 'contract'>,
): readonly Probe[] => {
  return allProbes(options.contract).filter((probe) => {
    const rows = rowsAskedBy(probe);
    const isNamed = rows.some((row) => options.rows?.has(row) === true);
    const isChosen = options.rows === undefined ? probe.onRequest !== true : isNamed;
    return (
      isChosen &&
      !rows.every((row) => options.skip.has(row)) &&
      !(options.withoutEffects && probe.effect !== 'none')
    );
  });
};

const allProbes = (contract: Contract): readonly Probe[] => {
  const [encryption, ...others] = probeTable;
  const needs = [...contract.operations.keys()].map(encryptionNeedProbe);
  const tables = statusTablesProbe([...contract.statusMachines.keys()]);
  return [...(encryption === undefined ? [] : [encryption]), ...needs, ...others, tables];
};

export const rowsAskedBy = ({ questions, search, exploration }: Probe): readonly RegisterId[] =>
  [...questions, search, exploration].flatMap((asked) => asked?.row ?? []);

/** Ends a run early: the target asked for it, the budget is spent, or the user stopped it. */
class CalibrationStop extends Error {
  override readonly name = 'CalibrationStop';
  readonly code = 'CALIBRATION_STOPPED';
}

/** The answers of one run of a probe, or why there are none. */
type ProbeOutcome =
  | {
      readonly kind: 'answers';
      readonly answers: readonly ProbeAnswer[];
      readonly evidence: string;
    }
  | { readonly kind: 'lost'; readonly because: string; readonly evidence: string }
  | { readonly kind: 'control-failed'; readonly because: string; readonly evidence: string };

const reachRepeats = 3;
const maxFailedControls = 3;
const maxServerErrors = 2;

class CalibrationRun {
  readonly #options: CalibrationOptions;
  readonly #results: RowResult[];
  readonly #transcript: TranscriptEntry[] = [];
  readonly #created: string[] = [];
  readonly #paths = new Map<OperationId, string>();
  readonly #encrypts = new Set<OperationId>();
  #scheme: SealingScheme = defaultScheme;
  #ecc224: Ecc224Variant = 'sha256';
  #clockDifferenceMs = 0;
  #requests = 0;
  #runs = 0;
  #failedControls = 0;
  #serverErrors = 0;
  #lost = 0;
  #lastSentAt = Number.NEGATIVE_INFINITY;
  #stopped: string | undefined;
  /** Whether a plain order reaches the platform; without it nothing can be compared. */
  #isReached = false;

  constructor(options: CalibrationOptions) {
    this.#options = options;
    this.#results = options.earlier.filter(isFinalResult);
    for (const result of this.#results) this.#learn(result);
  }

  /** Finds the paths, the difference of the clocks, and whether a good order succeeds each time. */
  async reach(): Promise<void> {
    for (const [operation, { path, pathRegister }] of this.#options.contract.operations)
      await this.#findPath(operation, path, pathRegister as RegisterId);
    const request = { operation: 'syncOrder', control: true, thing: 'control' } as const;
    for (let turn = 0; turn < reachRepeats; turn++) {
      const outcome = await this.#playOnce({ id: 'reach', requests: [request] });
      if (outcome.kind === 'answers') continue;
      if (this.#options.identity.encryptionKey !== undefined && turn === 0) {
        await this.play(encryptionProbe);
        if (this.#knows('G-13')) this.#encrypts.add('syncOrder');
        else throw new CalibrationStop(`a good order is not accepted: ${outcome.because}`);
      } else throw new CalibrationStop(`a good order is not accepted: ${outcome.because}`);
    }
    this.#failedControls = 0;
    this.#isReached = true;
  }

  async play(probe: Probe): Promise<void> {
    if (this.#isAnswered(probe)) return;
    const missing = this.#missingRequirement(probe.requires ?? []);
    if (missing !== undefined) {
      for (const asked of listQuestions(probe)) this.#record(asked, missing);
      return;
    }
    this.#options.onProgress(`${probe.id}: ${probe.title}`);
    if (probe.exploration !== undefined) await this.#explore(probe.exploration);
    if (probe.search !== undefined) await this.#playSearch(probe, probe.search);
    if (probe.questions.length > 0) await this.#playQuestions(probe);
  }

  stop(because: string): void {
    this.#stopped = because;
  }

  finish(): Calibration {
    const stopped = this.#stopped;
    // With controls that fail again and again, a single observation may be an accident.
    const isDoubtful = this.#failedControls >= maxFailedControls;
    const answered = new Set(this.#results.map(questionKey));
    const chosen = new Set(probesToRun(this.#options).map(({ id }) => id));
    const open = allProbes(this.#options.contract).flatMap((probe) =>
      listQuestions(probe)
        .filter((asked) => !answered.has(questionKey(asked)))
        .map((asked) =>
          chosen.has(probe.id)
            ? this.#result(asked, {
                result: this.#isReached ? 'not-probed' : 'not-reached',
                because: stopped ?? 'it was not asked',
              })
            : this.#result(asked, { result: 'not-probed', because: whyNotChosen(probe) }),
        ),
    );
    const asked = new Set(allProbes(this.#options.contract).flatMap(rowsAskedBy).map(String));
    const never = this.#options.register
      .filter((row) => !asked.has(row) && !row.startsWith('P-'))
      .map((row) =>
        this.#result(
          { row: row as RegisterId },
          { result: 'not-probed', because: notProbed[row] ?? 'no probe asks about it' },
        ),
      );
    return {
      results: [
        ...this.#results.map((result) =>
          isDoubtful && result.evidence.length === 1 && isFinalResult(result)
            ? { ...result, result: 'unstable' as const, because: 'the target answers at random' }
            : result,
        ),
        ...open,
        ...never,
      ],
      transcript: this.#transcript,
      requests: this.#requests,
      created: this.#created,
      stopped,
    };
  }

  async #findPath(operation: OperationId, usual: string, row: RegisterId): Promise<void> {
    const asked = { row, setting: `paths.${operation}` };
    if (this.#paths.has(operation)) return;
    const tried: string[] = [];
    for (const path of [usual, ...(this.#options.pathCandidates[operation] ?? [])]) {
      const probe = { id: `path-${operation}`, requests: [{ operation, path }] };
      const first = await this.#playOnce(probe);
      const outcome = first.kind === 'lost' ? await this.#playOnce(probe) : first;
      const answer = outcome.kind === 'answers' ? outcome.answers[0] : undefined;
      if (outcome.kind !== 'answers') tried.push(outcome.because);
      if (answer !== undefined) tried.push(summarizeAnswer(answer));
      if (answer === undefined || answer.code === '' || answer.code === 'INVALID_API') continue;
      this.#readClock(answer);
      this.#paths.set(operation, path);
      const result = path === usual ? 'agrees' : 'decided';
      this.#record(asked, { result, value: path, evidence: [outcome.evidence] });
      return;
    }
    const because = `no path that was tried is known there: ${tried.join('; ')}`;
    this.#record(asked, { result: 'other', because });
    if (operation === 'syncOrder') throw new CalibrationStop(because);
  }

  #readClock({ rawHeaders }: ProbeAnswer): void {
    const at = rawHeaders.findIndex((name) => name.toLowerCase() === 'response-time');
    const time = at < 0 ? undefined : readTimestamp(rawHeaders[at + 1] ?? '')?.epochMs;
    if (time !== undefined) this.#clockDifferenceMs = time - this.#options.now();
  }

  async #playQuestions(probe: Probe): Promise<void> {
    const first = await this.#playOnce(probe);
    if (first.kind !== 'answers') {
      this.#recordFailure(probe, first);
      return;
    }
    const open = probe.questions.filter((question) => {
      const value = matchAlternative(question, first.answers);
      const needsSecond =
        'value' in value &&
        (value.value !== question.usual || this.#failedControls + this.#lost > 0);
      if (!needsSecond) this.#conclude(question, value, [first.evidence]);
      return needsSecond;
    });
    if (open.length === 0) return;
    const second = await this.#playOnce(probe);
    for (const question of open) {
      const before = matchAlternative(question, first.answers);
      const evidence = [first.evidence, second.evidence];
      const after =
        second.kind === 'answers'
          ? matchAlternative(question, second.answers)
          : { other: second.because };
      if ('value' in before && 'value' in after && before.value === after.value)
        this.#conclude(question, after, evidence);
      else
        this.#record(toAsked(question), {
          result: 'unstable',
          because: [before, after].map((seen) => Object.values(seen).join()).join(', then '),
          evidence,
        });
    }
  }

  #conclude(question: ProbeQuestion, seen: Matched, evidence: readonly string[]): void {
    const asked = toAsked(question);
    if ('other' in seen) {
      this.#record(asked, { result: 'other', because: seen.other, evidence });
      return;
    }
    const { value } = seen;
    const because = question.notDistinguishable?.[value];
    if (because !== undefined)
      this.#record(asked, { result: 'not-distinguishable', because, evidence });
    else if (value === question.usual) this.#record(asked, { result: 'agrees', value, evidence });
    else
      this.#record(asked, {
        result: asked.setting === undefined ? 'differs-no-setting' : 'decided',
        value,
        evidence,
      });
  }

  async #playSearch(probe: Probe, search: ProbeSearch): Promise<void> {
    const controls = probe.requests;
    const evidence: string[] = [];
    const tried: string[] = [];
    for (const { values, request } of search.candidates) {
      const attempt = { ...probe, requests: [...controls, request] };
      const first = await this.#playOnce(attempt);
      evidence.push(first.evidence);
      if (first.kind !== 'answers') {
        this.#recordFailure(probe, first);
        return;
      }
      const answer = first.answers.at(-1);
      const isAccepted = isTrustedSuccess(answer);
      const isRefused = answer?.letter === 'F' && answer.code !== 'INVALID_SIGNATURE';
      if (search.until === 'refused' && !isAccepted && !isRefused) {
        this.#recordSearch(
          search,
          { other: answer === undefined ? '' : summarizeAnswer(answer) },
          evidence,
        );
        return;
      }
      tried.push(answer === undefined ? '' : summarizeAnswer(answer));
      if (isAccepted !== (search.until === 'accepted')) continue;
      const isUsual = values.join() === search.usual.join();
      const again = isUsual ? undefined : await this.#playOnce(attempt);
      if (again !== undefined) evidence.push(again.evidence);
      const isSame =
        again === undefined ||
        (again.kind === 'answers' && isTrustedSuccess(again.answers.at(-1)) === isAccepted);
      this.#recordSearch(
        search,
        isSame ? { values } : { unstable: `${values.join(' ')} was not the same twice` },
        evidence.slice(-2),
      );
      return;
    }
    if (search.otherwise === undefined)
      this.#recordSearch(
        search,
        { other: `none of ${search.candidates.length} is accepted; the last: ${tried.at(-1)}` },
        evidence.slice(-1),
      );
    else this.#recordSearch(search, { values: search.otherwise }, evidence.slice(-1));
  }

  #recordSearch(
    search: ProbeSearch,
    seen:
      | { readonly values: readonly string[] }
      | { readonly other: string }
      | { readonly unstable: string },
    evidence: readonly string[],
  ): void {
    for (const [index, setting] of search.decides.entries()) {
      const asked = { row: search.row, setting };
      if ('other' in seen) this.#record(asked, { result: 'other', because: seen.other, evidence });
      else if ('unstable' in seen)
        this.#record(asked, { result: 'unstable', because: seen.unstable, evidence });
      else {
        const value = seen.values[index] ?? '';
        const result = value === search.usual[index] ? 'agrees' : 'decided';
        this.#record(asked, { result, value, evidence });
      }
    }
  }

  #recordFailure(
    probe: Probe,
    { because, evidence }: Exclude<ProbeOutcome, { kind: 'answers' }>,
  ): void {
    for (const asked of listQuestions(probe))
      this.#record(asked, { result: 'unstable', because, evidence: [evidence] });
  }

  /** What is answered already is not asked again. */
  async #explore({ row, kind, decides }: Exploration): Promise<void> {
    const answered = new Set(this.#results.map(questionKey));
    const machines = [...this.#options.contract.statusMachines].filter(
      ([type]) => !answered.has(questionKey({ row, setting: statusTableSetting(type) })),
    );
    await explore(
      { kind },
      new Map(machines),
      (id) => this.#beginRun(id),
      (setting, found) => {
        if (decides.includes(setting)) this.#record({ row, setting }, found);
      },
    );
  }

  /** Plays a probe with new names. A control that fails is tried once more, all from the start. */
  async #playOnce(probe: Pick<Probe, 'id' | 'requests'>): Promise<ProbeOutcome> {
    const first = await this.#playRequests(probe);
    if (first.kind !== 'control-failed') return first;
    const second = await this.#playRequests(probe);
    if (second.kind !== 'control-failed') return second;
    this.#failedControls++;
    if (this.#failedControls >= maxFailedControls)
      throw new CalibrationStop(
        `${maxFailedControls} requests that must succeed failed; the last: ${second.because}`,
      );
    return second;
  }

  async #playRequests({ id, requests }: Pick<Probe, 'id' | 'requests'>): Promise<ProbeOutcome> {
    const { evidence, ask } = this.#beginRun(id);
    const answers: ProbeAnswer[] = [];
    for (const [index, request] of requests.entries()) {
      const answer = await ask(request, index);
      if (request.control === true && !('lost' in answer)) this.#refuseIfBarred(answer);
      if (request.control === true && ('lost' in answer || !isTrustedSuccess(answer)))
        return { kind: 'control-failed', because: summarizeAnswer(answer), evidence };
      if ('lost' in answer) {
        this.#lost++;
        return { kind: 'lost', because: summarizeAnswer(answer), evidence };
      }
      answers.push(answer);
    }
    return { kind: 'answers', answers, evidence };
  }

  /** Requests that are sent one after another, with names that begin alike. */
  #beginRun(id: string): ExplorationRun {
    const number = this.#runs++;
    const evidence = `${String(number).padStart(3, '0')}-${id}`;
    const { runId, now, contract, identity, identityOverrides } = this.#options;
    const prefix = `CAL${runId}${number.toString(36).toUpperCase().padStart(2, '0')}`;
    this.#created.push(prefix);
    const run: ProbeRun = { prefix, beginMs: now() + this.#clockDifferenceMs - runAgeMs };
    const ask = async (
      request: ProbeRequest,
      index: number = 0,
    ): Promise<ProbeAnswer | LostAnswer> => {
      await this.#waitForTurn(request.waitSeconds);
      const facts = this.#facts();
      const context = { contract, identity, identityOverrides, facts, run };
      return this.#send(evidence, buildProbeRequest(request, index, context), request);
    };
    return { evidence, ask };
  }

  #refuseIfBarred({ code }: ProbeAnswer): void {
    if (code === 'INVALID_CLIENT' || code === 'ACCESS_DENIED')
      throw new CalibrationStop(`the target answers ${code} to a good request`);
  }

  /** Waits as long as the rate, or a request, says. @throws CalibrationStop */
  async #waitForTurn(waitSeconds = 0): Promise<void> {
    const { signal, budget, ratePerSecond, now, random, sleep } = this.#options;
    if (signal.aborted) throw new CalibrationStop('it was interrupted');
    if (this.#requests >= budget)
      throw new CalibrationStop(`the budget of ${budget} requests is spent`);
    const gap = Number.isFinite(ratePerSecond) ? (1000 / ratePerSecond) * (1 + 0.2 * random()) : 0;
    const pause = Math.max(gap, 1000 * waitSeconds);
    if (pause > 0) await sleep(Math.max(0, this.#lastSentAt + pause - now()));
    if (signal.aborted) throw new CalibrationStop('it was interrupted');
  }

  async #send(
    probeRun: string,
    built: BuiltRequest,
    request: ProbeRequest,
  ): Promise<ProbeAnswer | LostAnswer> {
    const { now, target, identity } = this.#options;
    this.#lastSentAt = now();
    this.#requests++;
    const scheme = typeof request.encrypt === 'object' ? request.encrypt : this.#scheme;
    const answer = await sendProbe(target, built, identity, scheme);
    this.#transcript.push({ probeRun, at: new Date(now()).toISOString(), request: built, answer });
    if (!('lost' in answer)) this.#checkStopSigns(answer);
    return answer;
  }

  #checkStopSigns({ code, httpStatus }: ProbeAnswer): void {
    if (code === 'REQUEST_TRAFFIC_EXCEED_LIMIT')
      throw new CalibrationStop(
        'the target asks for fewer requests (REQUEST_TRAFFIC_EXCEED_LIMIT)',
      );
    if (httpStatus >= 500 && ++this.#serverErrors >= maxServerErrors)
      throw new CalibrationStop(`the target answered HTTP ${httpStatus}, the second server error`);
  }

  #facts(): KnownFacts {
    return {
      paths: this.#paths,
      scheme: this.#scheme,
      ecc224: this.#ecc224,
      encrypts: this.#encrypts,
      platformTimeMs: this.#options.now() + this.#clockDifferenceMs,
    };
  }

  /** @returns what is recorded for the questions of a probe that nothing can be asked for */
  #missingRequirement(
    requirements: readonly Requirement[],
  ): Pick<RowResult, 'result' | 'because'> | undefined {
    for (const requirement of requirements) {
      if ('needs' in requirement) {
        if (!this.#holds(requirement.needs))
          return { result: 'not-reached', because: `it needs the ${requirement.needs}` };
      } else if ('plain' in requirement) {
        if (this.#encrypts.has(requirement.plain))
          return { result: 'not-reached', because: 'G-15: its bodies have to be encrypted' };
      } else {
        const { row, key, value, isVisibleOnly } = requirement;
        const found = this.#results.find((one) => one.row === row && one.setting === key);
        if (found?.value !== undefined && value === undefined) continue;
        if (found?.value !== undefined && found.value === value) continue;
        const seen = found?.value ?? found?.result ?? 'nothing';
        return isVisibleOnly === true && found?.value !== undefined
          ? {
              result: 'not-distinguishable',
              because: `${row}: nothing shows it with ${key} ${seen}`,
            }
          : {
              result: 'not-reached',
              because: `${row}: it needs ${key}${value === undefined ? '' : ` ${value}`}, found ${seen}`,
            };
      }
    }
    return undefined;
  }

  #holds(needed: 'platform encryption key' | 'EC key'): boolean {
    const { encryptionKey, ecPrivateKey } = this.#options.identity;
    const held = needed === 'EC key' ? ecPrivateKey : encryptionKey;
    return held !== undefined;
  }

  #isAnswered(probe: Probe): boolean {
    const answered = new Set(this.#results.map(questionKey));
    return listQuestions(probe).every((asked) => answered.has(questionKey(asked)));
  }

  #knows(row: RegisterId): boolean {
    return this.#results.some(
      (one) => one.row === row && (one.result === 'agrees' || one.result === 'decided'),
    );
  }

  #record(asked: Asked, found: Found): void {
    const result = this.#result(asked, found);
    this.#results.push(result);
    this.#learn(result);
    this.#options.onProgress(
      `  ${asked.row} ${asked.setting ?? asked.about ?? ''} ${found.result} ` +
        `${found.value ?? found.because ?? ''}`.trimEnd(),
    );
  }

  #result(asked: Asked, found: Found): RowResult {
    const at = new Date(this.#options.now()).toISOString();
    return { ...asked, evidence: [], at, ...found };
  }

  /** Takes over what later requests depend on. */
  #learn({ setting, value, result }: RowResult): void {
    if (setting === undefined || value === undefined) return;
    if (result !== 'decided' && result !== 'agrees') return;
    const [group, name, operation] = setting.split('.');
    if (group === 'paths') this.#paths.set(name as OperationId, value);
    if (group === 'clients' && value === 'required') this.#encrypts.add(operation as OperationId);
    if (group === 'clients' && value !== 'required')
      this.#encrypts.delete(operation as OperationId);
    if (setting === 'ecc224') this.#ecc224 = value as Ecc224Variant;
    if (setting === 'encryption.mode')
      this.#scheme = { ...this.#scheme, cipher: value as SealingScheme['cipher'] };
    if (setting === 'encryption.wrap')
      this.#scheme = { ...this.#scheme, wrap: value as SealingScheme['wrap'] };
    if (setting === 'encryption.keyForm')
      this.#scheme = { ...this.#scheme, keyForm: value as SealingScheme['keyForm'] };
  }
}

/** What a question is about. */
interface Asked {
  readonly row: RegisterId;
  readonly setting?: string | undefined;
  readonly about?: string | undefined;
}

type Found = Pick<RowResult, 'result'> & Partial<Pick<RowResult, 'value' | 'because' | 'evidence'>>;

const toAsked = ({ row, decides, about }: ProbeQuestion): Asked => ({
  row,
  setting: settingName(decides),
  ...omitUndefined({ about }),
});

const listQuestions = ({ questions, search, exploration }: Probe): readonly Asked[] => [
  ...questions.map(toAsked),
  ...[search, exploration].flatMap((asked) =>
    (asked?.decides ?? []).map((setting): Asked => ({ row: asked?.row ?? 'G-13', setting })),
  ),
];

const questionKey = ({ row, setting, about }: Asked): string => `${row} ${setting ?? about ?? ''}`;

const whyNotChosen = (probe: Probe): string =>
  probe.onRequest === true
    ? `only on request: --rows ${rowsAskedBy(probe).join()}`
    : 'it was not chosen';

type Matched = { readonly value: string } | { readonly other: string };

const matchAlternative = (question: ProbeQuestion, answers: readonly ProbeAnswer[]): Matched => {
  const untrusted = answers.find(isUntrusted);
  if (untrusted !== undefined) return { other: summarizeAnswer(untrusted) };
  const matching = Object.entries(question.alternatives)
    .filter(([, holds]) => holds(answers))
    .map(([value]) => value);
  const [value] = matching;
  return value !== undefined && matching.length === 1
    ? { value }
    : { other: answers.map(summarizeAnswer).join('; ') };
};
