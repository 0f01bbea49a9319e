/** The admin API's own words, as its contract has them. */
import type { components } from '../../server/admin/types.gen.ts';

type Schemas = components['schemas'];

export type ClockState = Schemas['ClockState'];
export type ExchangeQuery = Schemas['ExchangeQuery'];
export type ExchangeSummary = Schemas['ExchangeSummary'];
export type Exchange = Schemas['Exchange'];
export type JournalPage = Schemas['JournalPage'];
/** What has a default may be left out. */
export type Verification = Pick<Schemas['Verification'], 'exchanges'> &
  Partial<Schemas['Verification']>;
export type Verified = Schemas['Verified'];
export type Arrival = Schemas['Arrival'];
export type ClientOverview = Schemas['Client'];
export type ScenarioOverview = Schemas['Scenario'];
export type StoredRecord = Schemas['StoredRecord'];
export type Collection = Schemas['Collection'];
export type Wait = {
  exchange: ExchangeQuery;
  count?: number;
  clientId?: string;
  since?: number;
  withinMs?: number;
};

/** A rule as in a scenario file, for the next calls of a client. */
export interface OneShotRule {
  /** How many calls it answers; default 1. */
  readonly times?: number;
  readonly when?: Readonly<Record<string, unknown>>;
  readonly then: Readonly<Record<string, unknown>>;
}

/** Which exchanges of the journal; all of them when nothing is said. */
export interface JournalFilter {
  readonly clientId?: string;
  readonly operation?: string | readonly string[];
  readonly code?: string | readonly string[];
  readonly status?: 'S' | 'F' | 'U';
  readonly mark?: string | readonly string[];
  readonly identity?: string;
  readonly since?: number;
  readonly limit?: number;
}
