import * as z from 'zod';
import { wireFault } from '../fault.ts';
import { maxHoldMs } from '../plan.ts';

const anyDecision = ['after-commit', 'before-verify', 'after-verify', 'before-commit'] as const;

/** Nothing at all comes back. */
export const silences = {
  hang: wireFault({
    sentence:
      'The request is taken and never answered; the connection stays open until the client gives up, or for `forMs`.',
    expectedClientBehaviour:
      'Has a time-out of its own. Then holds the outcome for unknown, not for failed, and sends the same requestId with the same body again.',
    phases: anyDecision,
    carriesAnswer: false,
    parameters: {
      forMs: z
        .int()
        .min(1)
        .max(600_000)
        .default(maxHoldMs)
        .describe('how long the connection stays open'),
    },
    hooks: ({ forMs }) => ({ plan: () => ({ chunks: [], holdMs: forMs, close: 'close' }) }),
  }),
  reset: wireFault({
    sentence: 'The connection is reset instead of an answer.',
    expectedClientBehaviour:
      'Holds the outcome for unknown and sends the same requestId with the same body again. A new requestId could do it twice.',
    phases: anyDecision,
    carriesAnswer: false,
    hooks: () => ({ plan: () => ({ chunks: [], holdMs: 0, close: 'reset' }) }),
  }),
  close: wireFault({
    sentence: 'The connection is closed without a byte.',
    expectedClientBehaviour:
      'Holds the outcome for unknown and sends the same requestId with the same body again. Where the HTTP library retries by itself, the bytes must be the same.',
    phases: anyDecision,
    carriesAnswer: false,
    hooks: () => ({ plan: () => ({ chunks: [], holdMs: 0, close: 'close' }) }),
  }),
} as const;
