import type { Contract } from '../domain/contract/contract.ts';
import type { ScenarioSet } from '../domain/scenarios/scenario-set.ts';

/** What says that an answer is of this product and not of another program on the port. */
export const productName = 'alipayhk-mock';

export interface HealthDeps {
  readonly version: string;
  readonly contract: Contract;
  readonly scenarios: ScenarioSet;
}

/** The answer of a simulator that takes requests. */
export const healthAnswer = ({ version, contract, scenarios }: HealthDeps) => ({
  status: 'ready',
  name: productName,
  version,
  contract: contract.version,
  scenarios: scenarios.activeNames,
});
