import type { Client, Scenario } from '../../../server/admin/types.gen.ts';

export interface ScenariosState {
  /** Active for everyone, in order. */
  readonly active: readonly string[];
  readonly known: readonly Scenario[];
  readonly clients: readonly Client[];
  reload(): void;
}

/** A scenario that was begun elsewhere in the page, for the editor to open. */
export const incomingScenario: { text: string | undefined } = { text: undefined };

/** Places within the view that are no scenario; no scenario's name begins with a tilde. */
export const newScenarioName = '~new';
export const oneShotName = '~one-shot';
