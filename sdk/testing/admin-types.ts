/** Types of the admin API's requests and responses. Those of its contract are generated. */
import type {
  operations,
  RequestBodyClockMove,
  Verification as VerificationSchema,
  Wait as WaitSchema,
} from '../../server/admin/types.gen.ts';

export type {
  Client as ClientOverview,
  ClockState,
  Collection,
  Exchange,
  ExchangeQuery,
  ExchangeSummary,
  JournalPage,
  LintFinding,
  LintReport,
  Scenario as ScenarioOverview,
  StoredRecord,
  Verified,
  WaitResult,
} from '../../server/admin/types.gen.ts';

/** Which exchanges a capsule has, and what of them. */
export type CapsuleSelection = Readonly<NonNullable<operations['capsule']['parameters']['query']>>;

/** Exchanges that another machine replays; `docs/capsule.schema.json` describes all members. */
export type CapsuleDocument =
  operations['capsule']['responses']['200']['content']['application/json'];

/** One move of a clock: one member at least. */
export type ClockMove = RequestBodyClockMove['content']['application/json'];

/** Which exchanges must have arrived, and how many. Fields with a default may be left out. */
export type Verification = Pick<VerificationSchema, 'exchanges'> & Partial<VerificationSchema>;

/** What to wait for, and how long. Fields with a default may be left out. */
export type Wait = Pick<WaitSchema, 'exchange'> & Partial<WaitSchema>;

/** A rule as in a scenario file, for the next calls of a client. */
export interface OneShotRule {
  /** How many calls it answers; default 1. */
  readonly times?: number;
  readonly when?: Readonly<Record<string, unknown>>;
  readonly then: Readonly<Record<string, unknown>>;
}

/** Selects exchanges of the journal; an empty filter selects all of them. */
export interface JournalFilter {
  readonly clientId?: string;
  readonly operation?: string | readonly string[];
  readonly code?: string | readonly string[];
  readonly status?: 'S' | 'F' | 'U';
  /** Default: both. */
  readonly direction?: 'inbound' | 'outbound' | 'both';
  /** Calls to the merchant, e.g. `bill-notify`. */
  readonly call?: string | readonly string[];
  readonly tag?: string | readonly string[];
  readonly identity?: string;
  readonly since?: number;
  readonly limit?: number;
}
