import { join } from 'node:path';
import type { Contract, Operation } from '../domain/contract/contract.ts';
import { readContract } from '../domain/contract/read-contract.ts';
import type { Settings } from '../domain/settings/settings-table.ts';
import { packageRoot } from '../package-root.ts';
import { suggest } from '../problems/did-you-mean.ts';
import { StartupError } from '../problems/problem.ts';
import { shortNames } from './operation-names.ts';

/** The contract of the settings. @throws StartupError with what is wrong with it */
export const loadContract = (settings: Settings): Contract => {
  const { value, problems } = readContract(
    settings.contract || join(packageRoot, 'openapi', 'alipayhk.yaml'),
    settings,
  );
  if (value === undefined || problems.length > 0) throw new StartupError(problems);
  return value;
};

/** An operation by its short name, its id or its path. @throws StartupError with a suggestion */
export const operationNamed = (name: string, { operations }: Contract): Operation => {
  const found = [...operations.values()].find(
    ({ id, paths }) => id === (shortNames[name] ?? name) || paths.includes(name),
  );
  if (found === undefined)
    throw new StartupError([
      {
        where: name,
        message: `there is no operation "${name}"`,
        remedy: suggest(name, Object.keys(shortNames)),
      },
    ]);
  return found;
};
