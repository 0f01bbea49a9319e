import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Contract } from '../domain/contract/contract.ts';
import { readScenarios } from '../domain/scenarios/read-scenarios.ts';
import type { ScenarioSet } from '../domain/scenarios/scenario-set.ts';
import type { Problem } from '../problems/problem.ts';
import { fileStamp, isLeftover } from '../problems/read-file.ts';

const pollIntervalMs = 500;

/** What came of a change of the scenario files: taken up as a whole, or not at all. */
export type ScenariosChange =
  | { readonly scenarios: number }
  | { readonly problems: readonly Problem[] };

/**
 * Looks at the files now and then and takes up what has changed: a broken file keeps the last good
 * set and is told once. It looks instead of being told, because mounted folders tell nothing.
 * @returns how to stop
 */
export const watchScenarios = (
  folders: readonly string[],
  contract: Contract,
  set: ScenarioSet,
  onChange: (change: ScenariosChange) => void,
): (() => void) => {
  let seen = stampFolders(folders);
  const timer = setInterval(() => {
    const stamp = stampFolders(folders);
    if (stamp === seen) return;
    seen = stamp;
    const { value, problems } = readScenarios(folders, contract, true);
    const lost = set.activeNames
      .filter((name) => !value.has(name) && !set.isUploaded(name))
      .map(
        (name): Problem => ({
          where: name,
          message: 'is active, but gone',
          remedy: 'Put its file back, or activate others.',
        }),
      );
    if (set.replace(value, [...problems, ...lost])) onChange({ scenarios: value.size });
    else onChange({ problems: [...problems, ...lost] });
  }, pollIntervalMs);
  timer.unref();
  return () => clearInterval(timer);
};

const stampFolders = (folders: readonly string[]): string => folders.flatMap(stampFiles).join('\n');

const stampFiles = (folder: string): string[] => {
  try {
    if (statSync(folder).isFile()) return [fileStamp(folder)];
    const names = readdirSync(folder).filter((name) => !isLeftover(name));
    return names.map((name) => fileStamp(join(folder, name)));
  } catch {
    return [folder];
  }
};
