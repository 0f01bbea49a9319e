import { sampleDelay } from '../../domain/faults/chance.ts';
import type { Selection } from '../../domain/scenarios/match-rule.ts';
import { type Delivery, plainDelivery } from '../../domain/scenarios/script.ts';

/**
 * How the answer travels, once chance has chosen what was left to it. It hangs on the seed, the
 * client, the rule and which of the rule's calls this is, and on nothing else: neither on the time
 * nor on what other clients do.
 */
export const resolveDelivery = (
  { script, calls }: Selection,
  clientId: string,
  seed: number,
): Delivery => {
  if (script === undefined) return plainDelivery;
  const { delayMs, ...rest } = script.delivery;
  if (typeof delayMs === 'number') return { ...rest, delayMs };
  return {
    ...rest,
    delayMs: sampleDelay(delayMs, JSON.stringify([seed, clientId, calls.at(-1)])),
    delayIsDrawn: true,
  };
};
