import type { JournalEntry, OpenExchange } from '../../journal/journal-entry.ts';
import type { AttemptOptions, MessageAttempt } from './attempt.ts';
import type { ClientMessage } from './client-message.ts';
import { MessageTracker, type TrackedAttempt, unlimited } from './message-tracker.ts';

/** The messages of some exchanges. */
export interface MessageBatch {
  /** In the order of their first attempts. */
  readonly messages: readonly ClientMessage[];
  /** All attempts in the order of their arrival, each with its message where that is known. */
  readonly attempts: readonly TrackedAttempt[];
  /** Attempts that cannot be attributed: their body did not arrive or could not be opened. */
  readonly unattributed: readonly MessageAttempt[];
  /** Requests in flight. */
  readonly pending: readonly MessageAttempt[];
}

/** Builds messages from exchanges in any order; attempts keep their entries. */
export const buildMessages = (
  entries: readonly JournalEntry[],
  options: Omit<AttemptOptions, 'keepEntries'>,
  open: readonly OpenExchange[] = [],
): MessageBatch => {
  const attempts: TrackedAttempt[] = [];
  const tracker = new MessageTracker({
    ...options,
    keepEntries: true,
    limits: unlimited,
    onAttempt: (tracked) => attempts.push(tracked),
  });
  const inOrder = [...entries].sort((a, b) => a.number - b.number);
  for (const entry of inOrder) tracker.add(entry);
  for (const exchange of open) tracker.addOpen(exchange);
  return {
    messages: [...tracker.messages()].sort((a, b) => a.first.number - b.first.number),
    attempts: attempts.sort((a, b) => a.attempt.number - b.attempt.number),
    unattributed: attempts.flatMap(({ attempt, message }) =>
      message === undefined ? [attempt] : [],
    ),
    pending: tracker.pending(),
  };
};
