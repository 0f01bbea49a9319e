import type { Contract } from '../../domain/contract/contract.ts';
import type { Rule } from '../../domain/scenarios/scenario-file.ts';
import { exchangeToJson } from '../../journal/exchange-views.ts';
import type { JournalEntry, OpenExchange } from '../../journal/journal-entry.ts';
import { Coverage } from '../coverage/coverage.ts';
import type { LintFinding } from '../lint/lint.ts';
import { readExchanges } from '../lint/read-exchanges.ts';
import { lintRecorded } from '../lint/render-lint.ts';
import { type CaseEvidence, readCase } from './case-evidence.ts';
import type { CatalogueCase } from './catalogue/case.ts';
import { catalogue } from './catalogue/index.ts';
import { type RunnerOptions, runCatalogue } from './harness/runner.ts';
import {
  isControlPassed,
  isWorthRepeating,
  type JudgeOptions,
  judgeAlone,
  judgeRun,
} from './judge-run.ts';
import { type CaseResult, type CertifyResult, summarizeCases } from './result.ts';
import type { CaseRecord, CaseRun, RunRecord } from './types.ts';

type Record = CaseRecord<CatalogueCase>;
type CatalogueRunner = RunnerOptions<CatalogueCase>;

interface CertifyOptions extends Omit<CatalogueRunner, 'cases' | 'judge' | 'onCase' | 'driver'> {
  /** Absent: nothing is made to send. */
  readonly driver?: CatalogueRunner['driver'] | undefined;
  /** Plays the family OUT once the other cases have ended; absent: no server was named. */
  readonly playReceiver?: (() => Promise<readonly ReceiverResult[]>) | undefined;
  readonly judging: JudgeOptions;
  readonly tool: CertifyResult['tool'];
  readonly subject: CertifyResult['subject'];
  /** The command that runs one case alone. */
  readonly againCommand: (result: CaseResult) => string;
  readonly onCase?: (result: CaseResult, record: Record) => void;
}

/** A case of the family OUT, as it was judged when it was played. */
export interface ReceiverResult {
  readonly result: CaseResult;
  readonly exchanges: readonly JournalEntry[];
}

interface CertifyRun {
  readonly record: RunRecord<CatalogueCase>;
  readonly result: CertifyResult;
}

/** Runs the catalogue and judges it. */
export const runCertify = async (options: CertifyOptions): Promise<CertifyRun> => {
  const { judging, onCase, driver } = options;
  const startedAt = new Date();
  const began = performance.now();
  const judge = (record: Record): CaseResult => {
    // The doctor's sentence says more than the refusal.
    for (const { pendingDiagnosis } of record.exchanges) pendingDiagnosis?.finish();
    return judgeAlone(record, judging, earlier);
  };
  const earlier: CaseEvidence[] = [];
  const record =
    driver === undefined
      ? emptyRun(options)
      : await runCatalogue<CatalogueCase>({
          ...options,
          driver,
          cases: catalogue,
          judge: {
            isControlFailed: (control) => !isControlPassed(judge(control)),
            shouldRepeat: (one) => isWorthRepeating(judge(one)),
          },
          onCase: (one) => {
            onCase?.(judge(one), one);
            earlier.push(readCase(one, judging.reading));
          },
        });
  const receiver = await options.playReceiver?.();
  const result = concludeRun(record, {
    ...options,
    receiver,
    contract: options.sandbox.contract,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - began),
  });
  return { record, result };
};

/** A run in which nothing is made to send. */
const emptyRun = ({
  settings: { realPauses },
  stop,
}: CertifyOptions): RunRecord<CatalogueCase> => ({
  ...{ mode: 'receiver', cases: [], stray: [], skipped: [], pauseFactor: 1, realPauses },
  isRevealed: false,
  isInterrupted: stop.aborted,
});

interface ConclusionOptions
  extends Pick<CertifyOptions, 'judging' | 'tool' | 'subject' | 'againCommand'>,
    Pick<CertifyResult, 'startedAt' | 'durationMs'> {
  readonly contract: Contract;
  readonly receiver?: readonly ReceiverResult[] | undefined;
}

/** Judges all that was seen. Pure: a saved run can be judged again. */
export const concludeRun = (
  record: RunRecord<CatalogueCase>,
  options: ConclusionOptions,
): CertifyResult => {
  const { judging, tool, subject, startedAt, durationMs, receiver = [] } = options;
  const judged = judgeRun(record, judging);
  const own = judged.cases
    .map((one) => withEvidence(one, record, options))
    .sort((a, b) => findPlace(a) - findPlace(b));
  const cases = [...own, ...receiver.map(({ result }) => result)];
  return {
    ...{ schema: 1 as const, tool, subject, ...judged, startedAt, durationMs, cases },
    summary: summarizeCases(cases),
    ...observeRun(record, options),
    harness: { selfChecks: 'pass', messages: [], interrupted: record.isInterrupted },
  };
};

/** How long a message may rest before it counts as abandoned; a run is over much earlier. */
const abandonedAfterMs = 600_000;

/** What lint and coverage say of the traffic of all cases; it decides no verdict. */
const observeRun = (
  { cases, pauseFactor }: RunRecord<CatalogueCase>,
  { judging: { reading }, contract, receiver = [] }: ConclusionOptions,
): Pick<CertifyResult, 'lint' | 'coverage'> => {
  const coverage = new Coverage({ contract, documentedOnly: false, hasInconsistentCode: false });
  const calls = receiver.flatMap(({ exchanges }) => exchanges);
  for (const entry of calls) coverage.addCall(entry);
  const { findings } = lintRecorded([...cases.flatMap(({ exchanges }) => exchanges), ...calls], {
    ...{ ...reading, pauseFactor, abandonedAfterMs },
    onAttempt: (tracked, hits) => coverage.add(tracked, hits),
  });
  const own = findings.filter((finding) => !cases.some((one) => isMadeByCase(finding, one)));
  return { lint: own, coverage: coverage.report() };
};

/**
 * Lint knows nothing of cases: it would blame the client for an attempt that a `resume` asked for at
 * once, and for not believing an S whose key the case has withheld.
 */
const isMadeByCase = (
  { rule, exchanges: found }: LintFinding,
  { run, jobs, exchanges }: CaseRecord<CatalogueCase>,
): boolean => {
  const entries = exchanges.filter((entry) => found.some(({ number }) => number === entry.number));
  const given = run.plan.platformKeys?.given;
  if (rule === 'L-RTY-04')
    return entries.some(
      ({ keyVersions: { signed } }) => signed !== undefined && given?.includes(signed) === false,
    );
  const atUs = entries.at(-1)?.arrival.atUs;
  return (
    rule === 'L-RTY-07' &&
    atUs !== undefined &&
    jobs.some(
      ({ job, givenUs, endedUs }) => job.action === 'resume' && atUs >= givenUs && atUs <= endedUs,
    )
  );
};

const casePlaces = new Map<string, number>(catalogue.map(({ id }, place) => [id, place]));

const findPlace = ({ id }: CaseResult): number => casePlaces.get(id) ?? Number.POSITIVE_INFINITY;

const withEvidence = (
  result: CaseResult,
  { cases }: RunRecord<CatalogueCase>,
  { againCommand }: ConclusionOptions,
): CaseResult => {
  const record = cases.findLast(({ run }) => belongsToRun(run, result));
  if (record === undefined) return result;
  return {
    ...result,
    script: writeScript(record.run),
    log: `${caseFolder(result)}/driver.log`,
    again: againCommand(result),
  };
};

/** Below the folder of the run. */
export const caseFolder = ({
  id,
  variant,
  operation,
  crypto,
  sealed,
}: Pick<CaseResult, 'id' | 'variant' | 'operation' | 'crypto' | 'sealed'>): string =>
  [id, variant, operation, crypto === 'RSA256' ? undefined : crypto, sealed ? 'sealed' : undefined]
    .filter((part) => part !== undefined)
    .join('-');

const belongsToRun = (run: Record['run'], result: CaseResult): boolean =>
  run.plan.id === result.id &&
  run.variant === result.variant &&
  run.operation === result.operation &&
  run.sealed === result.sealed;

/**
 * The rules of a case as a scenario file, so that they can be played again with `--scenario`. JSON
 * is YAML too. Conditions on the case's own client are left out.
 */
export const writeScript = ({ plan, variant, rules }: CaseRun): string =>
  `${JSON.stringify(
    {
      name: [plan.id, variant].filter(Boolean).join('-').toLowerCase(),
      description: plan.title.en,
      rules: rules.map(toFileForm),
    },
    null,
    2,
  )}\n`;

/** A fault as a file has it: parameters next to its id. */
const toFileForm = ({ when: { client: _, ...when }, then }: Rule): unknown => {
  const { fault, security, ...rest } = then;
  return {
    when,
    then: {
      ...rest,
      ...(fault && { fault: { id: fault.id, phase: fault.phase, ...fault.parameters } }),
      ...(security && { security: { id: security.id, ...security.parameters } }),
    },
  };
};

type SavedCaseRun = CaseRun<CatalogueCase>;

/** A case of the catalogue by its id: the version that judges again has its own. */
type SavedRun = Omit<SavedCaseRun, 'plan'> & { readonly id: string };

export interface SavedCase extends Omit<Record, 'run' | 'exchanges' | 'played' | 'open'> {
  readonly run: SavedRun;
  readonly exchanges: unknown;
  readonly open: readonly OpenExchange[];
  /** Number of an exchange, and the rule that answered it. */
  readonly played: readonly (readonly [number, number])[];
}

/** What of a run is in no case. */
export interface SavedRunFacts extends Omit<RunRecord, 'cases' | 'stray' | 'skipped'> {
  readonly schema: 1;
  readonly stray: unknown;
  readonly skipped: readonly { readonly run: SavedRun; readonly reason: string }[];
}

/**
 * A case as JSON, so that it can be judged again. The plaintext of encrypted bodies is left out
 * unless it is asked for.
 */
export const saveCase = (record: Record, showing: { readonly plaintext: boolean }): SavedCase => {
  const { run, exchanges, played, open, ...rest } = record;
  return {
    ...rest,
    jobs: rest.jobs.map((job) => ({ ...job, log: '' })),
    run: saveRun(run),
    exchanges: exchanges.map((entry) => exchangeToJson(entry, showing)),
    played: [...played],
    open: open.map(
      ({ number, id, receivedAt, arrival, connection, method, target, operation, clientId }) => ({
        ...{ number, id, receivedAt, arrival, connection, method, target, operation, clientId },
        steps: [],
      }),
    ),
  };
};

const saveRun = ({ plan, ...run }: SavedCaseRun): SavedRun => ({ ...run, id: plan.id });

export const saveRunFacts = (
  { cases: _, stray, skipped, ...facts }: RunRecord<CatalogueCase>,
  showing: { readonly plaintext: boolean },
): SavedRunFacts => ({
  schema: 1,
  ...facts,
  stray: stray.map((entry) => exchangeToJson(entry, showing)),
  skipped: skipped.map(({ run, reason }) => ({ reason, run: saveRun(run) })),
});

/**
 * Puts a run together again. Cases that this version does not have any more are left out.
 * @throws ExchangeFileError for files that certify did not write
 */
export const readSavedRun = (
  facts: SavedRunFacts,
  cases: readonly SavedCase[],
): RunRecord<CatalogueCase> => ({
  ...facts,
  stray: readExchanges(facts.stray),
  skipped: facts.skipped.flatMap(({ run, reason }) =>
    readRun(run).map((known) => ({ run: known, reason: reason as 'interrupted' })),
  ),
  cases: cases
    .flatMap(({ run, exchanges, played, ...rest }) =>
      readRun(run).map(
        (known): Record => ({
          ...rest,
          run: known,
          exchanges: readExchanges(exchanges),
          played: new Map(played),
        }),
      ),
    )
    .sort((a, b) => a.startedUs - b.startedUs),
});

const readRun = ({ id, ...run }: SavedRun): readonly SavedCaseRun[] =>
  catalogue.filter((plan) => plan.id === id).map((plan) => ({ ...run, plan }));
