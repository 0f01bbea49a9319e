import type { components } from '../../server/admin/types.gen.ts';
import type { Client } from '../api/use-clients.ts';

export type Scenario = components['schemas']['Scenario'];
export type ScenarioCheck = components['schemas']['ScenarioCheck'];

export interface ScenariosState {
  /** Active for everyone, in order. */
  readonly active: readonly string[];
  readonly known: readonly Scenario[];
  readonly clients: readonly Client[];
  reload(): void;
}
