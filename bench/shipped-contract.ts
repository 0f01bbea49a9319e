import { join } from 'node:path';
import { resolveSettings } from '../server/app/settings/resolve-settings.ts';
import type { Contract, Operation, OperationId } from '../server/domain/contract/contract.ts';
import { readContract } from '../server/domain/contract/read-contract.ts';
import { packageRoot } from '../server/package-root.ts';

export const contractFile = join(packageRoot, 'openapi', 'alipayhk.yaml');

/** The package's own contract with the default settings. */
export const shippedContract = (): Contract => {
  const defaults = resolveSettings({
    flags: new Map(),
    variables: {},
    file: undefined,
    folder: packageRoot,
  });
  const { value, problems } = readContract(contractFile, defaults.value);
  if (value === undefined) throw new Error(problems.map(({ message }) => message).join('; '));
  return value;
};

export const requireOperation = ({ operations }: Contract, id: OperationId): Operation => {
  const operation = operations.get(id);
  if (operation === undefined) throw new Error(`the contract has no operation ${id}`);
  return operation;
};
