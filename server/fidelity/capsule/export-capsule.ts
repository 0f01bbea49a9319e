import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Contract } from '../../domain/contract/contract.ts';
import type { Scenario } from '../../domain/scenarios/compile-scenario.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { headerPairs, secretHeaders } from '../../journal/exchange-views.ts';
import type { ExchangeTape, JournalEntry } from '../../journal/journal-entry.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import { type Problem, StartupError } from '../../problems/problem.ts';
import { readRegularFile } from '../../problems/read-file.ts';
import type { Keyring } from '../../protocol/keys/keyring.ts';
import { decryptErrorTexts } from '../../protocol/sealing.ts';
import { type CapsuleExchange, markAsSent, packBody } from './capsule-exchange.ts';
import {
  type Capsule,
  capsuleFormat,
  carrySettings,
  discardedKey,
  maxCapsuleExchanges,
  packKeys,
  readCapsule,
  sealCapsule,
  writeCapsule,
} from './capsule-file.ts';
import { packRandom, packReply, packVerdict, type StartPlayback } from './play-capsule.ts';
import { pseudonymize } from './pseudonyms.ts';
import { replayCapsule } from './replay-capsule.ts';

/** The simulator that the exchanges come from. */
export interface CapsuleSource {
  readonly version: string;
  readonly settings: Settings;
  readonly contract: Contract;
  readonly scenarios: ReadonlyMap<string, Scenario>;
  /** The folder of the package's own scenarios, which need not travel. */
  readonly packageScenarios: string;
  /** Whether a client was made up by this package or a simulator. */
  readonly isTestClient: (clientId: string) => boolean;
  readonly start: StartPlayback;
}

export interface ExportCapsuleOptions {
  /**
   * Keeps the values that the client sent. Otherwise all that the contract itself does not contain
   * are replaced by pseudonyms, and what was signed is signed again.
   */
  readonly keepData?: boolean | undefined;
  /** With `keepData`: adds what opens the encrypted bodies. */
  readonly open?: boolean | undefined;
  readonly note?: string | undefined;
  /** Milliseconds since 1970. */
  readonly now?: number | undefined;
}

/**
 * Makes a capsule of exchanges: what another machine needs to replay them byte for byte. It never
 * holds a private key or a token.
 * @param entries diagnosed, in the order of their arrival
 * @throws StartupError with the reason why some of them cannot be exported
 */
export const exportCapsule = async (
  entries: readonly JournalEntry[],
  source: CapsuleSource,
  options: ExportCapsuleOptions = {},
): Promise<Capsule> => {
  checkEntries(entries);
  const taped = entries.map((entry): TapedEntry => [entry, tapeOf(entry)]);
  const isOpen = options.keepData !== true || options.open === true;
  const before = new StateBefore();
  const secrets = new HeaderSecrets();
  const capsule: Omit<Capsule, 'integrity'> = {
    format: capsuleFormat,
    made: {
      by: source.version,
      node: process.version,
      at: new Date(options.now ?? Date.now()).toISOString(),
      contract: digestContract(source.contract),
      ...omitUndefined({ note: options.note }),
    },
    redaction: { level: 'none', fields: [], signatures: 'original' },
    settings: settingsFor(taped, source.settings, secrets),
    ...keysFor(taped),
    ...omitUndefined({ scenarios: scenariosFor(taped, source) }),
    exchanges: taped.map(([entry, tape]) =>
      packExchange(entry, tape, { before: before.take(tape), isOpen, secrets }),
    ),
  };
  if (options.keepData === true) return sealCapsule(capsule);
  const scenarioTexts = scenarioNames(taped, source.scenarios).flatMap((name) => {
    const scenario = source.scenarios.get(name);
    return scenario === undefined ? [] : [scenarioText(scenario)];
  });
  return sealCapsule(await pseudonymize(capsule, { ...source, entries, scenarioTexts }));
};

type TapedEntry = readonly [entry: JournalEntry, tape: ExchangeTape];

const checkEntries = (entries: readonly JournalEntry[]): void => {
  const refuse = (message: string, remedy: string): never => {
    throw new StartupError([{ where: 'capsule', message, remedy }]);
  };
  if (entries.length === 0)
    refuse('no exchange is selected', '"alipayhk-mock journal list" shows what there is.');
  if (entries.length > maxCapsuleExchanges)
    refuse(
      `${entries.length} exchanges are selected; a capsule takes ${maxCapsuleExchanges}`,
      'Select fewer, e.g. with --last.',
    );
};

const tapeOf = ({ number, tape }: JournalEntry): ExchangeTape => {
  if (tape !== undefined) return tape;
  throw new StartupError([
    {
      where: `exchange ${number}`,
      message: 'was recorded without what a replay needs',
      remedy: 'Send the request again to a simulator of this version, and export that exchange.',
    },
  ]);
};

export const digestContract = ({ document }: Contract): string =>
  createHash('sha256').update(JSON.stringify(document)).digest('hex').slice(0, 16);

/** Of the settings of clients only those of clients that take part; tokens are replaced. */
const settingsFor = (
  taped: readonly TapedEntry[],
  settings: Settings,
  secrets: HeaderSecrets,
): Capsule['settings'] => {
  const [[, first] = []] = taped;
  const ids = new Set(taped.map(([{ clientId }]) => clientId));
  const clients = Object.fromEntries(
    Object.entries(settings.clients)
      .filter(([id]) => ids.has(id))
      .map(([id, { agentToken, ...rest }]) => [
        id,
        { ...rest, ...omitUndefined({ agentToken: agentToken && secrets.replace(agentToken) }) },
      ]),
  );
  return carrySettings({ ...settings, clients, seed: first?.seed ?? settings.seed });
};

const keysFor = (taped: readonly TapedEntry[]): Pick<Capsule, 'platform' | 'clients'> => {
  const clients = new Map<string, { keys: Keyring; platform: Keyring }>();
  for (const [{ clientId }, { keys }] of taped)
    if (clientId !== undefined && keys.client !== undefined)
      clients.set(clientId, { keys: keys.client, platform: keys.platform });
  const platform = taped.at(-1)?.[1].keys.platform;
  const families = new Set(taped.flatMap(([entry]) => familiesOf(entry)));
  const pack = (keyring: Keyring | undefined) =>
    keyring === undefined ? [] : packKeys(keyring).filter(({ family }) => families.has(family));
  return {
    platform: pack(platform),
    clients: [...clients].map(([clientId, own]) => ({
      clientId,
      keys: pack(own.keys),
      ...omitUndefined({ platform: own.platform === platform ? undefined : pack(own.platform) }),
    })),
  };
};

/** Key families that an exchange can depend on; a refused signature may be by any key. */
const familiesOf = ({ request, reply, verdict }: JournalEntry): readonly ('RSA' | 'EC')[] => {
  const text = `${request.headers['signature'] ?? ''} ${reply.headers['signature'] ?? ''}`;
  const isRefused = verdict.step !== 'decide' && verdict.step !== 'early-fault';
  return isRefused || /ECC224/i.test(text) ? ['RSA', 'EC'] : ['RSA'];
};

/** Scenarios that could have a say, with those that they include. */
const scenarioNames = (
  taped: readonly TapedEntry[],
  known: ReadonlyMap<string, Scenario>,
): readonly string[] => {
  const names = new Set(
    taped.flatMap(([{ request }, { scenarios }]) => [
      ...scenarios.all,
      ...scenarios.client,
      ...(request.headers['x-mock-scenario'] ?? '').split(/\s*,\s*/).filter((name) => name !== ''),
    ]),
  );
  // A set grows while it is walked through: those that are included come after those that include.
  for (const name of names) for (const one of known.get(name)?.include ?? []) names.add(one);
  return [...names];
};

const scenarioText = ({ text, file }: Scenario): string =>
  text ?? readRegularFile(file).toString('utf8');

const scenariosFor = (
  taped: readonly TapedEntry[],
  { scenarios: known, packageScenarios }: CapsuleSource,
): Capsule['scenarios'] => {
  const listed = scenarioNames(taped, known).flatMap((name) => {
    const scenario = known.get(name);
    if (scenario === undefined) return [];
    const text = scenarioText(scenario);
    const sha256 = createHash('sha256').update(text).digest('hex').slice(0, 16);
    const isPackaged = scenario.text === undefined && scenario.file.startsWith(packageScenarios);
    return [omitUndefined({ name, sha256, text: isPackaged ? undefined : text })];
  });
  // One that includes another comes after it.
  return listed.length === 0 ? undefined : listed.reverse();
};

interface PackOptions {
  readonly before: CapsuleExchange['before'];
  readonly isOpen: boolean;
  readonly secrets: HeaderSecrets;
}

const packExchange = (
  entry: JournalEntry,
  tape: ExchangeTape,
  { before, isOpen, secrets }: PackOptions,
): CapsuleExchange => {
  const { all, client } = tape.scenarios;
  const { position } = entry.connection;
  const drawn = isOpen && tape.drawn.length > 0 ? Buffer.concat(tape.drawn) : undefined;
  const packed: CapsuleExchange = omitUndefined({
    number: entry.number,
    operation: entry.operation as CapsuleExchange['operation'],
    receivedAt: entry.receivedAt,
    clockSteps: tape.clockSteps.length === 0 ? undefined : [...tape.clockSteps],
    place: position === 1 ? undefined : position,
    scenarios:
      all.length + client.length === 0 ? undefined : { all: [...all], client: [...client] },
    before,
    request: {
      method: entry.method,
      target: entry.target,
      headers: headerPairs(entry.request.headerLines).map(([name, value]): [string, string] => [
        name,
        secrets.isSecret(name) ? secrets.replace(value) : value,
      ]),
      ...packBody(entry.request.body),
    },
    opening: packOpening(entry, tape, isOpen),
    random: packRandom(entry, drawn),
    reply: packReply(entry, tape),
    notCompared: whyNotCompared(entry),
    verdict: packVerdict(entry),
  });
  return markAsSent(packed);
};

const packOpening = (
  { verdict, sealed }: JournalEntry,
  { symmetricKey }: ExchangeTape,
  isOpen: boolean,
): CapsuleExchange['opening'] => {
  if (verdict.step === 'decrypt-body' && verdict.code === 'PARAM_ILLEGAL')
    return omitUndefined({
      fault: Object.entries(decryptErrorTexts).find(([, text]) =>
        verdict.reason.startsWith(text),
      )?.[0],
    });
  if (!sealed) return undefined;
  return isOpen && symmetricKey !== undefined
    ? { key: symmetricKey.toString('base64') }
    : { fault: discardedKey };
};

const whyNotCompared = ({ tags, verdict, delivery }: JournalEntry): string | undefined => {
  if (tags.includes('broken-off')) return 'the request never became complete';
  if (verdict.basis.includes('G-28')) return 'the state could not be kept';
  if (verdict.step === 'reply' || verdict.reason.startsWith('internal error'))
    return 'an internal error ended it';
  return tags.includes('client-left') && delivery.bytes === 0
    ? 'the client closed the connection before its answer'
    : undefined;
};

/** Records as each exchange found them, where those before it in the capsule did not leave them so. */
class StateBefore {
  readonly #left = new Map<string, unknown>();

  take({ transactions }: ExchangeTape): CapsuleExchange['before'] {
    const found: NonNullable<CapsuleExchange['before']> = [];
    for (const { clientId, read, changes } of transactions) {
      for (const { collection, id, value = null } of read) {
        const key = JSON.stringify([clientId, collection, id]);
        if (isDeepStrictEqual(this.#left.get(key) ?? null, value)) continue;
        this.#left.set(key, value);
        found.push([clientId, collection, id, value as never]);
      }
      for (const { collection, id, value } of changes)
        this.#left.set(JSON.stringify([clientId, collection, id]), value);
    }
    return found.length === 0 ? undefined : found;
  }
}

/** Values of headers that let their bearer in somewhere: equal ones are replaced alike. */
class HeaderSecrets {
  readonly #known = new Map<string, string>();

  isSecret(name: string): boolean {
    return secretHeaders.has(name.toLowerCase());
  }

  replace(value: string): string {
    const known = this.#known.get(value) ?? `removed-${this.#known.size + 1}`;
    this.#known.set(value, known);
    return known;
  }
}

/** What is wrong with a selection that names exchanges. */
export const unknownExchanges = (ids: readonly string[], evicted: number): readonly Problem[] =>
  ids.map((id) => ({
    where: id,
    message:
      evicted > 0
        ? `is not in the journal; ${evicted} older exchanges had to go`
        : 'is not in the journal',
    remedy: 'GET /__admin/journal lists what there is.',
  }));

/**
 * Leaves out what the last exchange of a capsule replays without: exchanges before it, then records
 * that it would find. Each is left out for good where the replay is then still the same.
 */
export const minimizeCapsule = async (capsule: Capsule, start: StartPlayback): Promise<Capsule> => {
  let best = capsule;
  if (!(await replaysAlike(best, start))) return best;
  for (const { number } of capsule.exchanges.slice(0, -1)) {
    const exchanges = best.exchanges.filter((one) => one.number !== number);
    best = await unlessItDiffers(best, exchanges, start);
  }
  for (const { number, before = [] } of best.exchanges)
    for (const record of before) {
      const exchanges = best.exchanges.map((one) => {
        if (one.number !== number) return one;
        const { before: found = [], ...rest } = one;
        const left = found.filter((other) => JSON.stringify(other) !== JSON.stringify(record));
        return left.length === 0 ? rest : { ...rest, before: left };
      });
      best = await unlessItDiffers(best, exchanges, start);
    }
  return best;
};

const unlessItDiffers = async (
  best: Capsule,
  exchanges: Capsule['exchanges'],
  start: StartPlayback,
): Promise<Capsule> => {
  const { integrity: _, ...members } = best;
  const tried = sealCapsule({ ...members, exchanges });
  return (await replaysAlike(tried, start)) ? tried : best;
};

const replaysAlike = async (capsule: Capsule, start: StartPlayback): Promise<boolean> => {
  const read = readCapsule(Buffer.from(writeCapsule(capsule)), 'capsule');
  const results = await replayCapsule(read, { start });
  return results.every(({ result }) => result !== 'differs');
};
