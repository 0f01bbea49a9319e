import type { RegisterId } from '../../../domain/contract/basis.ts';
import type { OperationId } from '../../../domain/contract/contract.ts';
import type { SecurityChoice, WireChoice } from '../../../domain/faults/choice.ts';
import type { CasePlan, CaseVariant } from '../types.ts';

export const caseFamilies = [
  'PRE',
  'REQ',
  'UNK',
  'BACK',
  'LOST',
  'FIN',
  'SEC',
  'KEY',
  'SEAL',
  'ORD',
  'BOX',
] as const;
export type Family = (typeof caseFamilies)[number];

/** Cases in which AlipayHK calls, and the merchant's own server is judged. */
export type ReceiverFamily = 'OUT';

/** `C-SEC-01`. */
export type CaseId = `C-${Family | ReceiverFamily}-${string}`;

/** Money or orders can be wrong; it goes wrong under load or failure; hygiene. */
export const caseSeverities = ['critical', 'major', 'minor'] as const;
export type CaseSeverity = (typeof caseSeverities)[number];

/**
 * AlipayHK says so; the same protocol of a sister product says so; our conclusion. `safety`: our
 * conclusion, but its violation lets a third party or bad luck change the merchant's books, which
 * follows from the protocol and needs no document.
 */
export const basisKinds = ['doc', 'sister', 'inf', 'safety'] as const;
export type BasisKind = (typeof basisKinds)[number];

export interface CaseBasis {
  readonly kind: BasisKind;
  /** An entry of the fidelity register. */
  readonly register?: RegisterId;
  /** Where it is written, in words. */
  readonly source?: string;
}

export const checkIds = [
  'arrives',
  'repeats',
  'repeats-on-resume',
  'same-id',
  'same-body',
  'fresh-time',
  'once',
  'recovers',
  'no-false-success',
  'no-false-failure',
  'stops',
  'code-kept',
  'alerted',
  'pauses',
  'slows-down',
  'plan',
  'ends',
  'no-loop',
  'gives-up-by-itself',
  'whole-deadline',
  'text-unchanged',
  'distinct-ids',
  'credible-time',
  'either-way',
  'new-key',
  'rising-time',
  'constants',
  'not-overtaken',
  'status-noticed',
  'honest-claim',
] as const;
export type CheckId = (typeof checkIds)[number];

/** Checks of the merchant's own server. */
export const receiverCheckIds = [
  'acknowledges',
  'refuses',
  'applied-once',
  'same-order',
  'updates-pass',
  'closes-order',
  'ends-auto-debit',
] as const;
export type ReceiverCheckId = (typeof receiverCheckIds)[number];

/** A check as a case uses it; what is absent is the case's own. */
export interface CaseCheck {
  readonly id: CheckId;
  /** false: the case can pass although this is open. */
  readonly required?: false;
  readonly severity?: CaseSeverity;
  readonly basis?: BasisKind;
  /** Never worse than a warning, whatever the basis. */
  readonly atMost?: 'warn';
}

export interface CatalogueVariant extends CaseVariant {
  /** Absent: the case's. */
  readonly severity?: CaseSeverity;
  readonly basis?: BasisKind;
}

/** A row of the catalogue: what the harness plays, and what the judge makes of it. */
export interface CatalogueCase extends CasePlan {
  readonly id: CaseId;
  readonly severity: CaseSeverity;
  /** The first decides what may fail. */
  readonly basis: readonly [CaseBasis, ...CaseBasis[]];
  /** Operations for which it is our conclusion: there it can only warn. */
  readonly inferredFor?: readonly OperationId[];
  readonly variants?: Readonly<Record<string, CatalogueVariant>>;
  readonly checks: readonly [CheckId | CaseCheck, ...(CheckId | CaseCheck)[]];
  /** The message that the checks are about, from 1; the first when absent. */
  readonly subject?: number;
  /** Judged over the traffic of all cases of the operation. */
  readonly isOverAll?: true;
  /** What a correct client does. */
  readonly must: string;
  /** Why it matters. */
  readonly why: string;
  /** A page below `docs/`, with its anchor. */
  readonly remedy: string;
}

/** What reports say of a case, in either direction. */
export type DescribedCase = Pick<
  CatalogueCase,
  'id' | 'title' | 'severity' | 'basis' | 'must' | 'why' | 'remedy'
>;

/** A fault on the wire after the change was made, as a rule that has been read states it. */
export const wire = (
  id: WireChoice['id'],
  parameters: WireChoice['parameters'] = {},
): WireChoice => ({ id, phase: 'after-commit', parameters });

/** A fault of the signature or the encryption. */
export const dangerousFault = (id: SecurityChoice['id']): SecurityChoice => ({
  id,
  parameters: {},
});

/** Without a claim there is nothing to see of what the client believes. */
export const withClaims = ['command', 'stream', 'hook'] as const;

/** What most cases ask for: send the message, then settle what is open. */
export const sendThenResume = [{ action: 'send' }, { action: 'resume' }] as const;

/** What each check demands, in one sentence. */
export const checkTitles: Readonly<Record<CheckId | ReceiverCheckId, string>> = {
  arrives:
    'The message arrives, with a signature that verifies and a body that the contract allows.',
  repeats: 'The message is sent again after an answer that settles nothing.',
  'repeats-on-resume': 'The message is kept, and sent again when the application resumes.',
  'same-id': 'Every attempt of a message carries the same requestId.',
  'same-body': 'Every attempt of a message carries the same body.',
  'fresh-time': 'A later attempt has its own Request-Time and signature.',
  once: 'The message changes the state once, however often it is sent.',
  recovers: 'A good answer after the bad one is accepted, and nothing more is sent.',
  'no-false-success': 'No success is believed before a signed and readable S was delivered.',
  'no-false-failure': 'No failure is believed before a signed and readable F was delivered.',
  stops: 'Nothing more is sent after a signed F.',
  'code-kept': 'The application keeps the result code that was delivered.',
  alerted: 'A person is notified of a final refusal.',
  pauses: 'There are pauses between attempts, and they do not get shorter.',
  'slows-down': 'The pause is longer when the platform asks for fewer requests.',
  plan: 'The pauses follow the printed plan: 2 s, 2 s, 2 s, 10 min, 30 min.',
  ends: 'The attempts end, however long the outcome stays unknown.',
  'no-loop': 'A refusal that repeating cannot change is not repeated without end.',
  'gives-up-by-itself': 'The client ends an attempt that gets no answer.',
  'whole-deadline': 'The timeout covers the whole response, not only its beginning.',
  'text-unchanged': 'Every character of the message arrives as it was written.',
  'distinct-ids': 'Different messages have different ids, which fit the contract.',
  'credible-time': 'Request-Time is ISO 8601 with a zone, and near the real time.',
  'either-way':
    'The outcome is taken for failed or the same message is sent again; both are right.',
  'new-key': 'Every encrypted message has its own symmetric key.',
  'rising-time': 'A later event of one thing has a later event time.',
  constants: 'What must not change between events of one thing stays the same.',
  'not-overtaken': 'An event does not overtake one whose outcome is unknown.',
  'status-noticed': 'The application notices a status in the response that it did not ask for.',
  'honest-claim': 'What the driver claims agrees with what was sent.',
  acknowledges: 'The answer is SUCCESS, signed, in time, and in the form of the contract.',
  refuses: 'What cannot be trusted is not acknowledged; the genuine call after it is.',
  'applied-once': 'The event is applied as often as it should be, however often it is sent.',
  'same-order': 'The same requestId gets the same order again.',
  'updates-pass': 'The merchant calls updatePass at once after the record of a transaction.',
  'closes-order': 'The merchant acknowledges that the order is closed, so that stock is released.',
  'ends-auto-debit': 'An account that was unbound is not shown with automatic debit.',
};

/** Frozen sets of rules; the number counts up when one changes. */
export const profileIds = ['core-2027.1', 'strict-2027.1'] as const;
export type ProfileId = (typeof profileIds)[number];

/** What a profile asks for. */
export interface Profile {
  readonly id: ProfileId;
  /** Cases whose distrust of an answer is asked for with a warning only. */
  readonly warnsOnly: readonly CaseId[];
}

/**
 * What says whether an untrustworthy answer was believed. Other checks of a case that only warns
 * keep their weight: a new requestId is wrong whatever the answer was.
 */
export const distrustChecks: ReadonlySet<CheckId> = new Set([
  'no-false-success',
  'no-false-failure',
  'repeats',
  'recovers',
]);

/**
 * C-SEC-05 warns in both: the one public client of this API that could be read verifies with the
 * Client-Id of the response. C-SEC-06 fails under `strict`: the documents name no window.
 */
export const profiles: Readonly<Record<ProfileId, Profile>> = {
  'core-2027.1': { id: 'core-2027.1', warnsOnly: ['C-SEC-05', 'C-SEC-06'] },
  'strict-2027.1': { id: 'strict-2027.1', warnsOnly: ['C-SEC-05'] },
};
