import type { MessageAttempt } from '../messages/attempt.ts';
import type { ClientMessage } from '../messages/client-message.ts';
import type { TrackedAttempt } from '../messages/message-tracker.ts';
import type { ClientFacts, LintMemory, Thing } from './lint-memory.ts';
import { type LintRuleId, lintRules, type Severity } from './lint-rules.ts';

/** One occurrence of a rule. */
export interface Hit {
  readonly rule: LintRuleId;
  readonly severity: Severity;
  readonly clientId: string;
  readonly sentence: string;
  /** The attempts that show it, oldest first. */
  readonly attempts: readonly Pick<MessageAttempt, 'number' | 'id' | 'receivedAt'>[];
  /** Members of the body that differ. */
  readonly members: readonly string[];
  /** Key of the message that is at fault, where it is one. */
  readonly message?: string | undefined;
}

export interface LintTuning {
  /** By which pauses are shorter than in production. */
  readonly pauseFactor: number;
  /** How long a message without a final answer may rest. */
  readonly abandonedAfterMs: number;
}

/** What a rule looks at: an attempt in its place, and what is remembered. */
export interface RuleContext extends TrackedAttempt {
  readonly memory: LintMemory;
  readonly client: ClientFacts;
  readonly thing: Thing | undefined;
  readonly tuning: LintTuning;
  /** The client's clock in the simulator was not moved or held. */
  readonly isClockReal: boolean;
  /** Tests created the client, or it is the demo client. */
  readonly isTestClient: boolean;
  readonly report: (hit: Hit) => void;
}

/** Looks at each attempt, in the order of arrival. */
export type Check = (context: RuleContext) => void;

/** An attempt whose message is known. */
export interface MessageContext extends RuleContext {
  readonly message: ClientMessage;
  readonly thing: Thing;
}

interface HitDetails {
  readonly severity?: Severity;
  readonly attempts?: readonly (MessageAttempt | undefined)[];
  readonly members?: readonly string[];
}

export const reportHit = (
  { attempt, message, report }: RuleContext,
  rule: LintRuleId,
  sentence: string,
  { severity = lintRules[rule].severity, attempts = [], members = [] }: HitDetails = {},
): void =>
  report({
    rule,
    severity,
    clientId: attempt.clientId ?? '',
    sentence,
    attempts: [...attempts.filter((one) => one !== undefined), attempt],
    members,
    message: message?.key,
  });

const minuteUs = 60_000_000;
export const tenMinutesUs = 10 * minuteUs;
export const hourUs = 60 * minuteUs;

/** `1.2 s`, `80 ms`. */
export const formatUs = (us: number): string =>
  us < 1_000_000 ? `${Math.round(us / 1000)} ms` : `${(us / 1_000_000).toFixed(1)} s`;
