import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Contract } from '../domain/contract/contract.ts';
import { readScenarios } from '../domain/scenarios/read-scenarios.ts';
import type { ScenarioSet } from '../domain/scenarios/scenario-set.ts';
import type { Problem } from '../problems/problem.ts';
import { fileStamp, isLeftover } from '../problems/read-file.ts';

const pollIntervalMs = 500;

/** The result of a change of the scenario files: all of it is loaded, or none. */
export type ScenariosChange =
  | { readonly scenarios: number }
  | { readonly problems: readonly Problem[] };

/**
 * Polls the files and reloads them when they have changed: with a broken file the last good set
 * stays, and the file is reported once. Polls, because mounted folders send no events.
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
          message: 'is active, but its file was deleted',
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
