import type { Client, Scenario } from '../../../server/admin/types.gen.ts';

export interface ScenariosState {
  /** Active for all clients, in order. */
  readonly active: readonly string[];
  readonly known: readonly Scenario[];
  readonly clients: readonly Client[];
  reload(): void;
}

/** Text that another view passes to the scenario editor. */
export const incomingScenario: { text: string | undefined } = { text: undefined };

/** Routes of the view that are not scenarios; names of scenarios never start with a tilde. */
export const newScenarioName = '~new';
export const oneShotName = '~one-shot';
