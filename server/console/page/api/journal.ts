import type { components } from '../../../admin/types.gen.ts';
import { askJson } from './admin.ts';

type Schemas = components['schemas'];

/** One line of the list. */
export type ExchangeRow = Schemas['ExchangeSummary'];
export type Exchange = Schemas['Exchange'];
export type Message = Schemas['Message'];
export type Diagnosis = Schemas['Diagnosis'];
export type DoctorFinding = Schemas['DoctorFinding'];
export type StateChange = Schemas['StateChange'];
export type Sent = Schemas['Sent'];
type JournalPage = Schemas['JournalPage'];

export interface JournalCounts {
  readonly held: number;
  /** How many had to go because the journal is bounded. */
  readonly evicted: number;
}

/** What the journal holds, oldest first, at most so many of the newest. */
export const readJournal = async (most: number): Promise<{ readonly rows: readonly ExchangeRow[]; readonly counts: JournalCounts }> => {
  const rows: ExchangeRow[] = [];
  let page: JournalPage | undefined;
  do {
    const before = page?.next === undefined ? '' : `&before=${page.next}`;
    page = await askJson<JournalPage>(`/journal?limit=1000${before}`);
    rows.push(...page.entries);
  } while (page.next !== undefined && rows.length < most);
  return { rows: rows.reverse(), counts: { held: page.kept, evicted: page.evicted } };
};

/** How much the journal holds now. */
export const readCounts = async (): Promise<JournalCounts> => {
  const { kept, evicted } = await askJson<JournalPage>('/journal?limit=1');
  return { held: kept, evicted };
};
