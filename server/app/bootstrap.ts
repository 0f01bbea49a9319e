import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { type KeyRules, readKeyFolder } from '../clients/key-folder/key-folder.ts';
import { folderStamp } from '../clients/key-folder/key-store.ts';
import type { Contract, StatusMachine } from '../domain/contract/contract.ts';
import { readContract } from '../domain/contract/read-contract.ts';
import type { Scenario } from '../domain/scenarios/compile-scenario.ts';
import { chooseScenarios, readScenarios } from '../domain/scenarios/read-scenarios.ts';
import type { ScenarioSet } from '../domain/scenarios/scenario-set.ts';
import type { Settings } from '../domain/settings/settings-table.ts';
import { type CalibrationFile, readCalibration } from '../fidelity/calibrate/results.ts';
import {
  createRequestValidator,
  describeUncompilable,
  type PreparedValidator,
} from '../gateway/request-validator.ts';
import { packageRoot, shippedContract } from '../package-root.ts';
import { type Gathered, type Problem, StartupError } from '../problems/problem.ts';
import { fileStamp, isLeftover } from '../problems/read-file.ts';
import type { Keyrings } from '../protocol/keys/keyring.ts';
import { readServerCredentials, type TlsCredentials } from '../protocol/tls/certificates.ts';
import { openFileStore } from '../storage/file/file-store.ts';
import { MemoryStore } from '../storage/memory-store.ts';
import type { Store } from '../storage/store.ts';

/** What the settings point to, read and checked. */
export interface Resources {
  readonly contract: Contract;
  readonly validator: PreparedValidator;
  readonly parties: Keyrings;
  /** Of the key folder, as it was when it was read. */
  readonly keysStamp: string | undefined;
  readonly scenarios: () => ReadonlyMap<string, Scenario>;
  readonly tls: TlsCredentials | undefined;
  readonly calibration: CalibrationFile | undefined;
}

/** The package's own scenarios, and those of the settings. */
export const scenarioFolders = ({ scenarios }: Settings): string[] => [
  join(packageRoot, 'scenarios'),
  ...scenarios,
];

export const keyRules = ({ lenient }: Settings): KeyRules => ({
  weakKeys: lenient.includes('weakKeys'),
});

/**
 * Reads everything the settings point to, and reports all that is wrong with it at once.
 * @param keyrings instead of those of a key folder
 */
export const loadResources = async (
  settings: Settings,
  now: () => number,
  keyrings?: Keyrings,
): Promise<Resources> => {
  // Before the folder is read: what changes in between is then noticed.
  const keysStamp = settings.keys === '' ? undefined : await folderStamp(settings.keys);
  const parties =
    keyrings === undefined
      ? readKeyFolder(settings.keys || join(packageRoot, 'keys'), keyRules(settings), now())
      : { value: keyrings, problems: [] };
  const tls = await readTls(settings);
  const isOwnContract = settings.contract === '';
  const contractFile = settings.contract || shippedContract;
  const contract = readContract(contractFile, settings, isOwnContract);
  const calibration =
    settings.calibration === '' ? undefined : readCalibration(settings.calibration);
  const problems: Problem[] = [
    ...parties.problems,
    ...tls.problems,
    ...contract.problems,
    ...(calibration?.problems ?? []),
  ];
  if (contract.value === undefined) throw new StartupError(problems);
  const scenarios = findScenarios(settings, contract.value);
  problems.push(...scenarios.problems, ...unknownClients(settings, parties.value));
  const validator = createRequestValidator(contract.value, isOwnContract);
  // The package's own contract is tried by its tests; its operations are compiled once the
  // simulator listens.
  if (!isOwnContract) problems.push(...(await tryContract(contractFile, validator)));
  if (problems.length > 0) throw new StartupError(problems);
  return {
    contract: contract.value,
    validator,
    parties: parties.value,
    keysStamp,
    scenarios: scenarios.value,
    tls: tls.value,
    calibration: calibration?.value,
  };
};

const tryContract = async (
  file: string,
  validator: PreparedValidator,
): Promise<readonly Problem[]> => {
  // Its schema is of no use to a start with the package's own contract.
  const { openApiProblems } = await import('../gateway/openapi-problems.ts');
  const problems = openApiProblems(file);
  if (problems.length > 0) return problems;
  return validator.validateExamples().then(
    () => [],
    (error: unknown) => [describeUncompilable(file, error)],
  );
};

/**
 * The package's own scenarios are known to be valid: unless the settings name any, they are read on
 * first use.
 */
const findScenarios = (
  settings: Settings,
  contract: Contract,
): Gathered<() => ReadonlyMap<string, Scenario>> => {
  const read = () => readScenarios(scenarioFolders(settings), contract, settings.watch);
  if (settings.scenarios.length === 0 && settings.scenario.length === 0)
    return { value: () => read().value, problems: [] };
  const { value, problems } = read();
  return {
    value: () => value,
    problems: [...problems, ...chooseScenarios(value, settings.scenario).problems],
  };
};

/**
 * Certificates are judged by clients with clocks of their own, so it is the machine's clock that
 * counts here.
 */
const readTls = async (settings: Settings): Promise<Gathered<TlsCredentials | undefined>> => {
  if (settings.httpsPort === 'off') return { value: undefined, problems: [] };
  const home = settings.data || settings.keys;
  const wishes = {
    cert: settings['tls.cert'],
    key: settings['tls.key'],
    ca: settings['tls.ca'],
    names: settings['tls.names'],
    clientCa: settings['tls.clientCa'],
    folder: home === '' ? undefined : join(home, 'tls'),
  };
  return readServerCredentials(wishes, Date.now());
};

const unknownClients = ({ clients }: Settings, parties: Keyrings): Problem[] =>
  Object.keys(clients)
    .filter((id) => !parties.clients.has(id))
    .map((id) => ({
      where: 'clients',
      message: `settings for client "${id}", which has no keys`,
      remedy: `Put its public key into clients/${id}/v1.public.pem of the key folder.`,
    }));

/** The contract's status machines, with those that the settings replace (register E-01). */
export const statusMachines = (
  contract: Contract,
  settings: Settings,
): ReadonlyMap<string, StatusMachine> => {
  const replaced = Object.entries(settings['order.statusMachines']).map(
    ([type, table]): [string, StatusMachine] => [
      type,
      new Map(Object.entries(table).map(([status, next]) => [status, { next, legacy: false }])),
    ],
  );
  return new Map([...contract.statusMachines, ...replaced]);
};

/**
 * State in memory, in the data folder, or in an engine that several simulators share.
 * @throws StartupError, StoreUnusableError
 */
export const openStore = async (
  settings: Settings,
  onWarning: (sentence: string) => void,
): Promise<Store> => {
  const { store, data } = settings;
  const requests = settings['idempotency.max'];
  if (store !== 'memory' && store !== 'file') return openSharedStore(settings, onWarning);
  if (store === 'file' && data === '')
    throw new StartupError([
      { where: 'store', message: 'file needs a folder', remedy: 'Name one with --data DIR.' },
    ]);
  const limits = { requests, bytes: settings['limits.stateBytes'] || halfTheHeap() };
  return data === ''
    ? new MemoryStore(limits)
    : openFileStore(data, settings.durability, limits, { onWarning });
};

const openSharedStore = async (
  settings: Settings,
  onWarning: (sentence: string) => void,
): Promise<Store> => {
  // What it needs is loaded only here: most simulators run alone.
  const { parseAddress } = await import('../storage/redis/address.ts');
  const { RedisStore } = await import('../storage/redis/redis-store.ts');
  const address = parseAddress(settings.store);
  if (typeof address === 'string')
    throw new StartupError([
      { where: 'store', message: address, remedy: 'See docs/how-to/run-several.md.' },
    ]);
  return RedisStore.open(
    {
      ...{ address, onWarning },
      prefix: settings['store.prefix'],
      waitMs: settings['store.waitMs'],
      onLoss: settings['store.onLoss'],
    },
    // The engine bounds its own memory.
    { requests: settings['idempotency.max'], bytes: settings['limits.stateBytes'] },
  );
};

/** The other half is for everything else, and for what an estimate misses. */
const halfTheHeap = (): number => getHeapStatistics().heap_size_limit / 2;

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
