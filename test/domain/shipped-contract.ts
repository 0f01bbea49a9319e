import { join } from 'node:path';
import { settingsWith } from '../../server/app/settings/resolve-settings.ts';
import type { Contract, Operation } from '../../server/domain/contract/contract.ts';
import { readContract } from '../../server/domain/contract/read-contract.ts';
import type { Settings } from '../../server/domain/settings/settings-table.ts';
import { packageRoot } from '../../server/package-root.ts';

/** The contract that is shipped, as these settings make it. */
export const shippedContract = (settings: Partial<Settings> = {}): Contract => {
  const file = join(packageRoot, 'openapi', 'alipayhk.yaml');
  const { value, problems } = readContract(file, settingsWith(settings));
  if (value === undefined) throw new Error(`the contract cannot be read: ${problems.join()}`);
  return value;
};

export const operationOf = (contract: Contract, id: string): Operation => {
  const operation = [...contract.operations.values()].find((one) => one.id === id);
  if (operation === undefined) throw new Error(`no operation ${id}`);
  return operation;
};
