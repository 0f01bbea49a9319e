import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { loadResources, scenarioFolders } from '../../app/bootstrap.ts';
import { type MockServer, startPlayback } from '../../app/create-server.ts';
import { demoClientId } from '../../clients/key-folder/key-folder.ts';
import type { ReportCase } from '../../conformance/report/test-report.ts';
import { readHar } from '../../doctor/read-http.ts';
import { readContract } from '../../domain/contract/read-contract.ts';
import { readScenarios } from '../../domain/scenarios/read-scenarios.ts';
import { type Settings, sealingScheme } from '../../domain/settings/settings-table.ts';
import {
  type CapsuleExchange,
  packBody,
  unpackBody,
} from '../../fidelity/capsule/capsule-exchange.ts';
import {
  type Capsule,
  capsuleFormat,
  carrySettings,
  discardedKey,
  type ExpectedResult,
  maxCapsuleBytes,
  packKeys,
  type ReadCapsule,
  readCapsule,
  sealCapsule,
  writeCapsule,
} from '../../fidelity/capsule/capsule-file.ts';
import {
  type CapsuleSource,
  digestContract,
  exportCapsule,
  minimizeCapsule,
} from '../../fidelity/capsule/export-capsule.ts';
import { playCapsule } from '../../fidelity/capsule/play-capsule.ts';
import {
  type ReplayedExchange,
  readRecorded,
  replayCapsule,
} from '../../fidelity/capsule/replay-capsule.ts';
import type { JournalEntry } from '../../journal/journal-entry.ts';
import { packageRoot, shippedContract, version } from '../../package-root.ts';
import { printableLine } from '../../problems/display-text.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import { StartupError } from '../../problems/problem.ts';
import { readHeaderPairs } from '../../protocol/headers.ts';
import type { Keyring } from '../../protocol/keys/keyring.ts';
import { openSymmetricKey } from '../../protocol/sealing.ts';
import { readTimestamp } from '../../protocol/timestamps.ts';
import { type AdminOptions, connectAdmin } from '../admin.ts';
import {
  exitCodes,
  formatJson,
  inputName,
  printError,
  printWarning,
  readInputFile,
  translateOutput,
  usageError,
  writeNamed,
  writeOut,
} from '../input-output.ts';
import { type ExchangeRecord, type ReportFileOptions, writeReports } from '../reports.ts';
import { type FilterOptions, filterQuery } from './journal.ts';
import { replayAt } from './replay-at.ts';

interface DataOptions {
  readonly keepData?: boolean;
  readonly note?: string;
  readonly out: string;
}

export type CapsuleExportOptions = AdminOptions &
  FilterOptions &
  DataOptions & { readonly last?: number; readonly open?: boolean; readonly minimal?: boolean };

const outFile = (out: string): string | undefined => (out === '-' ? undefined : out);

/** Exports exchanges of a running simulator. */
export const exportCapsuleFile = async (
  ids: readonly string[],
  options: CapsuleExportOptions,
  settings: Settings,
): Promise<number> => {
  const { keepData, open, note, last } = options;
  const query = {
    ...filterQuery(options),
    ...omitUndefined({ keepData, open, note, last, id: ids.length === 0 ? undefined : ids }),
  };
  const exported = await connectAdmin(options, settings).get('/capsule', { query });
  const whole = exported as unknown as Capsule;
  const capsule = options.minimal === true ? await minimizeCapsule(whole, startPlayback) : whole;
  writeOut(writeCapsule(capsule), outFile(options.out));
  if (options.out !== '-') process.stdout.write(describeWritten(capsule, options.out));
  return exitCodes.ok;
};

const describeWritten = ({ exchanges, redaction }: Capsule, out: string): string => {
  const count = `${exchanges.length} exchange${exchanges.length === 1 ? '' : 's'}`;
  const values =
    redaction.level === 'none'
      ? 'with the values that were sent'
      : redaction.fields.length === 0
        ? 'with values of the contract only'
        : `with pseudonyms for ${redaction.fields.join(', ')}`;
  return `${translateOutput(`${out}: ${count}, ${values}`)}\n`;
};

interface RunCapsuleOptions {
  readonly keepData: boolean;
  readonly settings: Settings;
  readonly server: Pick<MockServer, 'contract' | 'scenarios'>;
}

/** Writes a capsule of a run that is over. What cannot be exported is said, and the run counts. */
export const writeRunCapsule = async (
  file: string,
  { entries }: ExchangeRecord,
  { keepData, settings, server: { contract, scenarios } }: RunCapsuleOptions,
): Promise<void> => {
  const source = { ...capsuleSource(settings, contract), scenarios: scenarios.known };
  try {
    writeNamed(file, writeCapsule(await exportCapsule(entries, source, { keepData, open: true })));
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    printError(`${file} was not written: ${error.message}`);
  }
};

const readCapsuleFile = (file: string): ReadCapsule => {
  const bytes = readInputFile(file);
  return readCapsule(bytes.subarray(0, maxCapsuleBytes + 1), inputName(file));
};

/**
 * The exchanges of a capsule as entries of a journal, and how many cannot be read from it.
 * @throws StartupError for an unusable or changed file
 */
export const readCapsuleEntries = async (
  bytes: Buffer,
  where: string,
): Promise<{ readonly entries: readonly JournalEntry[]; readonly leftOut: number }> => {
  const read = readCapsule(bytes, where);
  if (!read.isIntact)
    throw usageError(
      `${where}: integrity`,
      'the file was changed after it was written',
      'Get it again, or export the exchanges again.',
    );
  const entries = await readRecorded(read, startPlayback);
  return { entries, leftOut: read.capsule.exchanges.length - entries.length };
};

export interface ShowCapsuleOptions {
  readonly json?: boolean;
  readonly diff?: string;
}

/** Shows what a capsule contains, before it is sent to anyone. */
export const showCapsule = (file: string, { json = false, diff }: ShowCapsuleOptions): number => {
  const { capsule, isIntact } = readCapsuleFile(file);
  if (diff !== undefined) return showDifferences(capsule, readCapsuleFile(diff).capsule, json);
  if (json) process.stdout.write(formatJson(capsule));
  else process.stdout.write(`${describeCapsule(capsule).map(printableLine).join('\n')}\n`);
  if (isIntact) return exitCodes.ok;
  printError(damageSentence(file));
  return exitCodes.unusable;
};

const damageSentence = (file: string): string =>
  `${inputName(file)}: integrity: the file was changed after it was written. ` +
  'Get it again, or export the exchanges again.';

const describeCapsule = (capsule: Capsule): readonly string[] => {
  const { made, redaction, settings, clients, exchanges, scenarios = [] } = capsule;
  const opened = exchanges.filter(({ opening }) => opening?.key !== undefined).length;
  const values =
    redaction.level === 'none'
      ? 'as they were sent'
      : redaction.fields.length === 0
        ? 'all are in the contract'
        : `pseudonyms for ${redaction.fields.join(', ')}`;
  const facts = [
    `made by alipayhk-mock ${made.by} on Node ${made.node} at ${made.at}`,
    ...(made.note === undefined ? [] : [`note: ${made.note}`]),
    `values: ${values}; signatures: ${redaction.signatures}`,
    `clients: ${clients.map(({ clientId }) => clientId).join(', ') || 'none that is known'}`,
    `settings: ${Object.keys(settings).join(', ') || 'all defaults'}`,
    ...(scenarios.length === 0
      ? []
      : [`scenarios: ${scenarios.map(({ name }) => name).join(', ')}`]),
    `encrypted messages that it opens: ${opened}`,
    'private keys and tokens: none',
  ];
  return [...facts.map(translateOutput), ...exchanges.map(describeCapsuleExchange)];
};

const describeCapsuleExchange = (exchange: CapsuleExchange): string => {
  const { number, operation, request, verdict, notCompared, receivedAt } = exchange;
  const body = unpackBody(request);
  return [
    `#${number}`,
    new Date(receivedAt).toISOString(),
    operation ?? `${request.method} ${request.target}`,
    `${verdict.code} ${verdict.status} (${verdict.step})`,
    ...[
      `${body.length} bytes`,
      ...(exchange.before === undefined ? [] : [`${exchange.before.length} records found`]),
      ...(notCompared === undefined ? [] : [`not compared: ${notCompared}`]),
    ].map(translateOutput),
  ].join('  ');
};

const showDifferences = (one: Capsule, other: Capsule, json: boolean): number => {
  const differences = diffValues(one, other, '').filter(({ path }) => path !== 'integrity');
  if (json) process.stdout.write(formatJson({ differences }));
  else
    for (const { path, one: left, other: right } of differences)
      process.stdout.write(`${printableLine(`${path}: ${left} | ${right}`)}\n`);
  return differences.length === 0 ? exitCodes.ok : exitCodes.failed;
};

interface ValueDifference {
  readonly path: string;
  readonly one: string;
  readonly other: string;
}

const diffValues = (one: unknown, other: unknown, path: string): readonly ValueDifference[] => {
  if (isContainer(one) && isContainer(other)) {
    const names = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...names].flatMap((name) =>
      diffValues(one[name], other[name], path === '' ? name : `${path}.${name}`),
    );
  }
  const [left, right] = [shortText(one), shortText(other)];
  return JSON.stringify(one) === JSON.stringify(other) ? [] : [{ path, one: left, other: right }];
};

const isContainer = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const shortText = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'absent';
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
};

export type ReplayCommandOptions = ReportFileOptions &
  AdminOptions & {
    /** Absent: as much as can be compared. */
    readonly expect?: ExpectedResult;
    readonly json?: boolean;
  };

/** Replays a capsule and says where an answer differs. */
export const replay = async (
  file: string,
  { expect: expected, json = false, report, ...place }: ReplayCommandOptions,
  settings: Partial<Settings>,
): Promise<number> => {
  const startedAt = Date.now();
  const expect = expected ?? (place.url === undefined ? 'bytes' : 'verdict');
  const read = readCapsuleFile(file);
  if (place.url !== undefined) checkReplayAt(read, expect, settings);
  const contract = await contractDigest(read.settings);
  const made = read.capsule.made.contract;
  const isOther = made !== '' && made !== contract && expect === 'bytes';
  if (isOther)
    printWarning(
      `${inputName(file)}: was made with another contract, so only verdicts are compared. ` +
        `Use alipayhk-mock ${printableLine(read.capsule.made.by)} to compare bytes.`,
    );
  const compared = isOther ? 'verdict' : expect;
  const results =
    place.url === undefined
      ? await replayCapsule(read, { start: startPlayback, expect: compared, settings })
      : await replayAt(read, {
          url: place.url,
          admin: connectAdmin(place, await defaultSettings()),
          expect: compared === 'answer' ? 'answer' : 'verdict',
          timeoutMs: 30_000,
        });
  const differing = results.filter(({ result }) => result === 'differs').length;
  const judged = results.filter(({ result }) => result !== 'not compared');
  const left = results.length - judged.length;
  const skipped = left === 0 ? '' : `, ${left} not compared`;
  if (json)
    process.stdout.write(
      formatJson({ expect: compared, isIntact: read.isIntact, differing, exchanges: results }),
    );
  else {
    for (const one of results) process.stdout.write(`${describeResult(one)}\n`);
    process.stdout.write(
      `${translateOutput(`${judged.length - differing} of ${judged.length} exchanges as recorded`)}` +
        `${translateOutput(skipped)}\n`,
    );
  }
  writeReports(report, {
    ...{ name: 'capsule replay', version, startedAt },
    durationMs: Date.now() - startedAt,
    cases: results.map((one) => toCase(one, inputName(file))),
  });
  if (!read.isIntact) printError(damageSentence(file));
  if (differing > 0) return exitCodes.failed;
  return read.isIntact ? exitCodes.ok : exitCodes.unusable;
};

const defaultSettings = async (): Promise<Settings> =>
  (await import('../../app/settings/resolve-settings.ts')).settingsWith();

/** A running simulator has its own clock, random numbers, state and settings. */
const checkReplayAt = (
  { isIntact }: ReadCapsule,
  expect: ExpectedResult,
  settings: Partial<Settings>,
): void => {
  const [flag] = Object.keys(settings);
  if (expect === 'bytes')
    throw usageError('--expect bytes', 'cannot hold with --url', 'Use answer or verdict.');
  if (flag !== undefined)
    throw usageError(flag, 'is a setting of the running simulator', 'Leave it out with --url.');
  if (!isIntact)
    throw usageError(
      'integrity',
      'the file was changed after it was written; nothing was sent',
      'Get it again, or export the exchanges again.',
    );
};

/** The digest of this package's contract with the capsule's settings; no key is read. */
const contractDigest = async (settings: Partial<Settings>): Promise<string> => {
  const { settingsWith } = await import('../../app/settings/resolve-settings.ts');
  const { value } = readContract(shippedContract, settingsWith(settings), true);
  return value === undefined ? '' : digestContract(value);
};

const describeResult = (one: ReplayedExchange): string => {
  const name = `#${one.number} ${one.operation ?? 'no operation'}`;
  if (one.result === 'same') return `✓ ${name}`;
  if (one.result === 'as far as decryption')
    return `✓ ${name}: ${translateOutput('the same as far as decryption; the capsule does not hold its symmetric key')}`;
  if (one.result === 'not compared')
    return `- ${name}: ${translateOutput(`not compared: ${one.reason ?? ''}`)}`;
  return `✗ ${name}: ${differenceSentence(one, translateOutput)}`;
};

const differenceSentence = (
  { difference, references }: ReplayedExchange,
  translate: (text: string) => string = (text) => text,
): string => {
  if (difference === undefined) return translate('differs');
  const { part, offset, recorded, replayed } = difference;
  const where =
    offset === undefined
      ? `replay differs in ${part}`
      : `replay differs at byte ${offset} (${part})`;
  const rows =
    references.length === 0 ? '' : `\n    ${translate('register')}: ${references.join(', ')}`;
  return printableLines(
    `${translate(where)}\n    ${translate('recorded')}: ${recorded}` +
      `\n    ${translate('replayed')}: ${replayed}${rows}`,
  );
};

const printableLines = (text: string): string => text.split('\n').map(printableLine).join('\n');

const toCase = (one: ReplayedExchange, file: string): ReportCase => ({
  group: 'capsule',
  name: `#${one.number} ${one.operation ?? 'no operation'}`,
  status:
    one.result === 'differs' ? 'failed' : one.result === 'not compared' ? 'skipped' : 'passed',
  durationMs: 0,
  findings:
    one.difference === undefined
      ? []
      : [
          {
            rule: 'replay',
            level: 'error',
            message: differenceSentence(one),
            location: { file },
          },
        ],
});

export interface WriteOptions {
  readonly out: string;
}

/** Removes what decrypts messages; what was encrypted then replays as far as decryption. */
export const stripCapsule = (file: string, { out }: WriteOptions): number => {
  const { capsule, isIntact } = readCapsuleFile(file);
  if (!isIntact) {
    printError(damageSentence(file));
    return exitCodes.unusable;
  }
  const { integrity: _, ...rest } = capsule;
  const stripped = sealCapsule({ ...rest, exchanges: rest.exchanges.map(withoutSecrets) });
  writeOut(writeCapsule(stripped), outFile(out));
  return exitCodes.ok;
};

const withoutSecrets = (exchange: CapsuleExchange): CapsuleExchange => {
  const tracerId = exchange.random?.tracerId;
  return Object.fromEntries(
    Object.entries({
      ...exchange,
      opening: exchange.opening?.key === undefined ? exchange.opening : { fault: discardedKey },
      random: tracerId === undefined ? undefined : { tracerId },
    }).filter(([, value]) => value !== undefined),
  ) as CapsuleExchange;
};

export interface FromHarOptions extends DataOptions {
  readonly client: string;
}

/** Plays the requests of an HTTP Archive at the times that they state. */
export const fromHar = async (
  file: string,
  { client, keepData, note, out }: FromHarOptions,
  settings: Settings,
): Promise<number> => {
  const requests = readRequests(file, client);
  const { contract, parties } = await loadResources(settings, Date.now);
  const keyring = parties.clients.get(client);
  if (keyring === undefined)
    throw usageError(
      '--client',
      `${client} has no key in the key folder`,
      'Name the folder with --keys; "alipayhk-mock keys add" puts a public key into it.',
    );
  const platform = await signingPlatform(parties.platform);
  const draft: Omit<Capsule, 'integrity'> = {
    format: capsuleFormat,
    made: { by: version, node: process.version, at: new Date().toISOString(), contract: '' },
    redaction: { level: 'none', fields: [], signatures: 'original' },
    settings: carrySettings(settings),
    platform: packKeys(platform),
    clients: [{ clientId: client, keys: packKeys(keyring) }],
    exchanges: requests.map((request, at) => toExchange(request, at + 1, { platform, settings })),
  };
  const played = await playCapsule(draft, {
    settings,
    keyrings: { platform, clients: new Map([[client, keyring]]) },
    start: startPlayback,
    supply: () => ({ bytes: randomBytes, sign: undefined }),
  });
  const entries = played.flatMap(({ entry }) => entry ?? []);
  const unplayed = played.filter(({ entry }) => entry === undefined);
  if (unplayed.length > 0)
    printWarning(
      `${inputName(file)}: ${unplayed.length} of ${played.length} requests of ${client} ` +
        'are no valid HTTP messages, and are left out.',
    );
  const capsule = await exportCapsule(entries, capsuleSource(settings, contract), {
    keepData,
    note,
    open: true,
  });
  writeOut(writeCapsule(capsule), outFile(out));
  if (out !== '-') process.stdout.write(describeWritten(capsule, out));
  return exitCodes.ok;
};

/** What an export needs besides the exchanges, of a simulator of this process. */
export const capsuleSource = (
  settings: Settings,
  contract: CapsuleSource['contract'],
): CapsuleSource => ({
  ...{ version, settings, contract, start: startPlayback },
  scenarios: readScenarios(scenarioFolders(settings), contract, true).value,
  packageScenarios: join(packageRoot, 'scenarios'),
  isTestClient: (clientId) => clientId === demoClientId || /^MOCK[0-9A-F]{16}$/.test(clientId),
});

const readRequests = (file: string, client: string) => {
  const where = inputName(file);
  const text = readInputFile(file).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw usageError(where, 'is not JSON', 'Name an HTTP Archive that a browser or proxy wrote.');
  }
  const messages = readHar(value);
  if (messages === undefined)
    throw usageError(where, 'is not an HTTP Archive', 'It needs log.entries with requests.');
  const own = messages.filter(({ headers }) =>
    headers.some(([name, id]) => name.toLowerCase() === 'client-id' && id === client),
  );
  if (own.length === 0)
    throw usageError(where, `has no request of ${client}`, 'Name a Client-Id that it contains.');
  return own;
};

type HarRequest = ReturnType<typeof readRequests>[number];

const unsentHeaders = new Set(['connection', 'content-length', 'transfer-encoding', 'keep-alive']);

const toExchange = (
  { method, target, host, headers, body }: HarRequest,
  number: number,
  { platform, settings }: { readonly platform: Keyring; readonly settings: Settings },
): CapsuleExchange => {
  const sent = headers
    .filter(([name]) => !unsentHeaders.has(name.toLowerCase()))
    .map(([name, value]): [string, string] => [name, value]);
  // HTTP/2 sends no Host, and no HTTP/1.1 server takes a request without one.
  const hasHost = sent.some(([name]) => name.toLowerCase() === 'host');
  const hostLine: [string, string][] = hasHost ? [] : [['Host', host ?? '127.0.0.1']];
  const time = sent.find(([name]) => name.toLowerCase() === 'request-time')?.[1];
  const exchange: CapsuleExchange = {
    number,
    receivedAt: readTimestamp(time ?? '')?.epochMs ?? Date.now(),
    request: {
      ...{ method, target },
      headers: [...hostLine, ...sent, ['Content-Length', String(body.length)]],
      ...packBody(body),
    },
    random: { tracerId: `har${String(number).padStart(4, '0')}${randomBytes(10).toString('hex')}` },
    verdict: { step: '', code: '', status: 'U', references: [] },
  };
  const encrypt = sent.find(([name]) => name.toLowerCase() === 'encrypt')?.[1];
  if (encrypt === undefined) return exchange;
  const { pairs } = readHeaderPairs(encrypt);
  const given = pairs.get('keyVersion');
  const key = platform.find('RSA', given === undefined ? undefined : Number(given))?.privateKey;
  const opened =
    key && openSymmetricKey(pairs.get('symmetricKey') ?? '', key, sealingScheme(settings));
  return {
    ...exchange,
    opening: Buffer.isBuffer(opened)
      ? { key: opened.toString('base64') }
      : { fault: opened ?? 'symmetric-key-not-unwrapped' },
  };
};

/** A merchant's key folder has the platform's public key only: then that of the package signs. */
const signingPlatform = async (platform: Keyring): Promise<Keyring> => {
  if (platform.versions.every(({ privateKey }) => privateKey !== undefined)) return platform;
  const { settingsWith } = await import('../../app/settings/resolve-settings.ts');
  const { parties } = await loadResources(settingsWith(), Date.now);
  return parties.platform as Keyring;
};
