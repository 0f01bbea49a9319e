import { exchangeToJson } from '../../journal/exchange-views.ts';
import type { OpenExchange } from '../../journal/journal-entry.ts';
import { readExchanges } from '../lint/read-exchanges.ts';
import type { CatalogueCase } from './catalogue/case.ts';
import { catalogue } from './catalogue/index.ts';
import type { CaseRecord, CaseRun, RunRecord } from './types.ts';

type Record = CaseRecord<CatalogueCase>;
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
