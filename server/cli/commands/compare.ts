import type { KeyObject } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { toKeyProvider } from '../../../sdk/client/key-provider.ts';
import { type MerchantIdentity, signRequest } from '../../../sdk/client/signed-call.ts';
import { importState } from '../../admin/routes/state-router.ts';
import { createMockServer } from '../../app/create-server.ts';
import { demoClientId } from '../../clients/key-folder/key-folder.ts';
import { type Settings, sealingScheme } from '../../domain/settings/settings-table.ts';
import { writeCapsule } from '../../fidelity/capsule/capsule-file.ts';
import { type CapsuleSource, exportCapsule } from '../../fidelity/capsule/export-capsule.ts';
import {
  type ComparedAnswer,
  type ComparedPair,
  Comparison,
  type ComparisonRecord,
  exercisedRows,
} from '../../fidelity/compare/comparison.ts';
import {
  createRelay,
  endToEnd,
  type RelayedExchange,
  type RelaySigner,
  ShadowQueue,
} from '../../fidelity/compare/relay.ts';
import { openEncryptedBody, readAnswerContent } from '../../fidelity/read-answer.ts';
import { diagnosePending } from '../../journal/diagnosis-queue.ts';
import type { JournalEntry } from '../../journal/journal-entry.ts';
import { printable } from '../../problems/display-text.ts';
import { ListenError, StartupError } from '../../problems/problem.ts';
import { requestUrl } from '../../protocol/http-call.ts';
import { headersByName, type RawAnswer, sendRaw } from '../../protocol/send-raw.ts';
import {
  errorMessage,
  exitCodes,
  printError,
  readInputFile,
  translateOutput,
  usageError,
  writeNamed,
} from '../input-output.ts';
import { loadKeyFile, merchantKeys } from '../merchant.ts';
import type { MerchantOptions } from '../options.ts';
import { capsuleSource } from './run-capsule.ts';
import { listenLocally, localAccessProblem, stopSignal } from './serve.ts';

export interface CompareOptions extends Partial<SignerOptions> {
  readonly target: string;
  readonly listen: number;
  readonly timeout: number;
  readonly out: string;
  /** Folder for a capsule of each new kind of difference. */
  readonly capsules?: string | undefined;
  /** Keeps the values that were sent and answered, in the record and in the capsules. */
  readonly keepData?: boolean | undefined;
  /** State that the simulator begins with. */
  readonly import?: string | undefined;
  /** Share of the exchanges that are compared. */
  readonly sample?: number | undefined;
  /** Takes plain bodies, and signs them for the gateway and for the simulator. */
  readonly sign?: boolean | undefined;
  /** Certificates, PEM, that the target's is checked with, instead of the system's. */
  readonly ca?: string | undefined;
}

/** Forwards requests to the real gateway, and compares its answers with the simulator's. */
export const compare = async (options: CompareOptions, settings: Settings): Promise<number> => {
  writeNamed(options.out, '');
  const stopped = stopSignal();
  const running = await startComparison(options, settings, (record) => {
    appendFileSync(options.out, `${JSON.stringify(record)}\n`);
    process.stdout.write(`${printable(describeRecord(record))}\n`);
  });
  if (running instanceof ListenError) {
    printError(running.sentence(() => '--listen'));
    return exitCodes.cannotListen;
  }
  process.stdout.write(
    `comparing ${options.target} with this simulator; ready on ${running.url}\n`,
  );
  await stopped;
  const { exchanges, differing, skipped } = await running.close();
  process.stdout.write(
    `${translateOutput(
      `${exchanges} exchanges, ${differing} with differences, ` +
        `${skipped} not compared; written to ${options.out}`,
    )}\n`,
  );
  return exitCodes.ok;
};

export interface RunningComparison {
  /** Where the merchant's backend sends to. */
  readonly url: string;
  /** Compares what is waiting, then ends. */
  close(): Promise<ComparisonCounts>;
}

export interface ComparisonCounts {
  readonly exchanges: number;
  readonly differing: number;
  readonly skipped: number;
}

/** Starts the relay and its simulator. @returns ListenError when the port is taken */
export const startComparison = async (
  options: Omit<CompareOptions, 'out'>,
  settings: Settings,
  onRecord: (record: ComparisonRecord) => void,
): Promise<RunningComparison | ListenError> => {
  const signer = options.sign === true ? createSigner(signerOptions(options), settings) : undefined;
  const ca = options.ca === undefined ? undefined : readInputFile(options.ca, caRemedy);
  const shadow = await startShadow(settings, { ...options, signer });
  const capsules =
    options.capsules === undefined
      ? undefined
      : new DifferenceCapsules(options.capsules, options.keepData === true);
  const isChosen = chooseShare(options.sample ?? 1);
  const comparison = new Comparison();
  const counts = { exchanges: 0, differing: 0, skipped: 0 };
  // All are repeated, so that the simulator holds what the gateway holds; a share is reported.
  const add = (pair: ComparedPair): ComparisonRecord | undefined => {
    const record = comparison.add(pair);
    if (!isChosen()) return undefined;
    counts.exchanges++;
    if (record.differences.length > 0) counts.differing++;
    onRecord(options.keepData === true ? record : redactRecord(record));
    return record;
  };
  const queue = new ShadowQueue({
    shadow: async (exchange) => {
      const { entry, pair } = await shadow.repeat(exchange);
      const record = add(pair);
      if (record !== undefined) capsules?.add(record, entry, shadow.source());
    },
    onSkip: ({ receivedAt, body }, failed) => {
      counts.skipped++;
      add({ receivedAt, plain: body, real: { lost: 'not compared' }, shadow: { failed } });
    },
    timeoutMs: 5000,
  });
  const relay = createRelay({
    target: new URL(options.target),
    ca,
    signer: signer?.gateway,
    timeoutMs: options.timeout,
    maxBodyBytes: settings['limits.bodyBytes'],
    refuse: (req) => localAccessProblem(req, 'this address'),
    onArrival: (arrived) => queue.expect(arrived),
    onExchange: (exchange, arrived) => queue.add(exchange, arrived),
    now: Date.now,
  });
  const url = await listenLocally(relay, options.listen);
  if (url instanceof ListenError) {
    await shadow.close();
    return url;
  }
  return {
    url,
    close: async () => {
      relay.close();
      relay.closeAllConnections();
      await queue.idle();
      await capsules?.flush();
      await shadow.close();
      return counts;
    },
  };
};

/** @returns what says of each exchange in turn whether it is part of the share */
const chooseShare = (share: number): (() => boolean) => {
  let due = 0;
  return () => {
    due += share;
    if (due < 1) return false;
    due -= 1;
    return true;
  };
};

const caRemedy = 'Name a file with certificates, PEM.';

const signerOptions = (options: Partial<SignerOptions>): SignerOptions => ({
  client: demoClientId,
  algorithm: 'RSA256',
  keyVersion: 1,
  ...options,
});

interface ShadowOptions extends Pick<CompareOptions, 'import' | 'privateKey'> {
  readonly signer: ComparisonSigner | undefined;
}

/** A simulator in this process that gets the same bytes, at the moment they were received. */
const startShadow = async (
  settings: Settings,
  { import: stateFile, privateKey, signer }: ShadowOptions,
) => {
  let time = Date.now();
  let last: JournalEntry | undefined;
  // A file that is unusable has to be known before anything listens and keeps the process alive.
  const state = stateFile === undefined ? undefined : readStateFile(stateFile);
  const server = await createMockServer({
    settings: {
      ...settings,
      host: '127.0.0.1',
      port: 0,
      httpsPort: 'off',
      adminPort: 'same',
      admin: false,
      steering: 'off',
      'journal.entries': 10,
    },
    now: () => time,
    onExchange: (entry) => {
      last = entry;
    },
  });
  if (state !== undefined)
    await importState(server.store, state, 'replace').catch(async (error: unknown) => {
      await server.close(0);
      throw unusableState(stateFile ?? '', error);
    });
  const scheme = sealingScheme(settings);
  const namedKey = privateKey === undefined ? undefined : loadRsaKey(privateKey, settings);
  const open = (
    { httpStatus, rawHeaders, body }: RawAnswer,
    clientId: string | undefined,
  ): ComparedAnswer => {
    const headers = headersByName(rawHeaders);
    const ownKeys = server.parties.clients.get(clientId ?? '');
    const key = namedKey ?? ownKeys?.find('RSA', undefined, time)?.privateKey;
    const encrypt = headers['encrypt'];
    const plain =
      encrypt === undefined ? body : key && openEncryptedBody(encrypt, body, key, scheme);
    return {
      httpStatus,
      headers,
      readable: plain !== undefined,
      ...readAnswerContent(plain),
    };
  };
  return {
    source: () => ({
      ...capsuleSource(settings, server.contract),
      scenarios: server.scenarios.known,
    }),
    repeat: async (
      exchange: RelayedExchange,
    ): Promise<{ readonly entry: JournalEntry; readonly pair: ComparedPair }> => {
      time = exchange.receivedAt;
      last = undefined;
      const { platform } = server.parties;
      const answer = await send(server.url, signer?.signFor(platform, exchange) ?? exchange);
      const entry = last as JournalEntry | undefined;
      if (entry === undefined) throw new Error('the simulator recorded no exchange');
      const pair: ComparedPair = {
        receivedAt: exchange.receivedAt,
        plain: entry.request.plain ?? entry.request.body,
        real: 'lost' in exchange.answer ? exchange.answer : open(exchange.answer, entry.clientId),
        shadow: {
          answer: open(answer, entry.clientId),
          operation: entry.operation,
          identity: entry.identity,
          basis: exercisedRows(entry),
          isKnown: wasKnown(entry),
        },
      };
      return { entry, pair };
    },
    close: () => server.close(0),
  };
};

const loadRsaKey = (file: string, settings: Settings): KeyObject | undefined => {
  const weakKeys = settings.lenient.includes('weakKeys');
  const bytes = loadKeyFile('--private-key', 'private', file, weakKeys);
  return toKeyProvider('--private-key', 'private', bytes, { weakKeys }).find('RSA', undefined)
    ?.privateKey;
};

const maxCapsules = 50;

/**
 * Writes what the simulator did wherever a difference is of a new kind: another operation, other
 * places, other codes. Nothing waits for it before the comparison ends.
 */
class DifferenceCapsules {
  readonly #folder: string;
  readonly #keepData: boolean;
  readonly #kinds = new Set<string>();
  #writing: Promise<void> = Promise.resolve();

  constructor(folder: string, keepData: boolean) {
    this.#folder = folder;
    this.#keepData = keepData;
  }

  add(
    { n, operation, real, mock, differences }: ComparisonRecord,
    entry: JournalEntry,
    source: CapsuleSource,
  ): void {
    const codes = ['code' in real ? real.code : 'no answer', 'code' in mock ? mock.code : 'failed'];
    const paths = differences.map(({ path }) => path).toSorted();
    const kind = JSON.stringify([operation, paths, codes]);
    if (differences.length === 0 || this.#kinds.has(kind) || this.#kinds.size >= maxCapsules)
      return;
    this.#kinds.add(kind);
    const file = join(this.#folder, `${n}-${operation ?? 'unknown'}.capsule.json`);
    const note = `gateway: ${codes[0]}, simulator: ${codes[1]}; differs in ${paths.join(', ')}`;
    this.#writing = this.#writing.then(async () => {
      try {
        await diagnosePending([entry]);
        const options = { keepData: this.#keepData, note: note.slice(0, 1000) };
        writeNamed(file, writeCapsule(await exportCapsule([entry], source, options)));
      } catch (error) {
        printError(`${file} was not written: ${errorMessage(error)}`);
      }
    });
  }

  flush(): Promise<void> {
    return this.#writing;
  }
}

/** @throws StartupError for a file that is no state document */
const readStateFile = (file: string) => {
  try {
    const document = JSON.parse(readInputFile(file).toString('utf8'));
    if (document?.format === 'alipayhk-mock/state/v1' && Array.isArray(document.worlds))
      return document;
  } catch (error) {
    throw unusableState(file, error);
  }
  throw usageError(file, 'is not a state document', stateRemedy);
};

const stateRemedy = 'Name a file that "alipayhk-mock state export" wrote.';

const unusableState = (file: string, error: unknown): StartupError =>
  error instanceof StartupError
    ? error
    : usageError(file, `cannot be imported: ${errorMessage(error)}`, stateRemedy);

/** Whether the simulator had a record of the thing before the exchange. */
const wasKnown = ({ changes, tags, verdict }: JournalEntry): boolean => {
  const change = changes.find(({ collection }) => collection !== 'requests');
  if (change !== undefined) return change.before !== null;
  return verdict.status === 'S' || tags.length > 0;
};

const send = (base: string, exchange: RelayedExchange): Promise<RawAnswer> =>
  sendRaw(requestUrl(base, exchange.target), {
    method: exchange.method,
    rawHeaders: endToEnd(exchange.rawHeaders, ['host', 'content-length']),
    body: exchange.body,
  });

const describeRecord = ({ n, operation, real, mock, differences }: ComparisonRecord): string => {
  const sides =
    'failed' in mock
      ? `not compared: ${mock.failed}`
      : `${describeOutcome(real)}, simulator ${describeOutcome(mock)}`;
  const details = differences.map(
    (one) =>
      `  ${one.class} ${one.path}: ${one.real}, simulator ${one.mock} (${one.rows.join(', ') || 'no row'})`,
  );
  return [`#${n} ${operation ?? '-'} ${sides}`, ...details].join('\n');
};

const describeOutcome = (side: ComparisonRecord['real']): string =>
  'lost' in side ? `no answer (${side.lost})` : `${side.code} ${side.letter}`;

/** Keeps codes and letters; values of the merchant's own are replaced by how they look. */
const redactRecord = (record: ComparisonRecord): ComparisonRecord => ({
  ...record,
  differences: record.differences.map((one) =>
    one.class === 'fields' || one.class === 'state'
      ? { ...one, real: redactValue(one.path, one.real), mock: redactValue(one.path, one.mock) }
      : one,
  ),
});

const redactValue = (path: string, value: string): string =>
  path === 'orderStatus' || path.startsWith('result') || value === 'absent'
    ? value
    : `<${value.length} characters>`;

type SignerOptions = Omit<MerchantOptions, 'url'> & { readonly encrypt?: boolean };

/** Signs for the gateway, and for the simulator beside it, which has keys of its own. */
interface ComparisonSigner {
  readonly gateway: RelaySigner;
  /** The same request for another platform, at another time. */
  readonly signFor: (
    platform: MerchantIdentity['platform'],
    exchange: RelayedExchange,
  ) => RelayedExchange;
}

/** Headers that are not signed, and that a backend may add. */
const passedOn = new Set(['agent-token', 'traceparent', 'tracestate']);

/** @throws StartupError when a key is missing */
const createSigner = (options: SignerOptions, settings: Settings): ComparisonSigner => {
  const { privateKey, platformKey, weakKeys } = merchantKeys(options, settings);
  const keyring = toKeyProvider('--private-key', 'private', privateKey, { weakKeys });
  const platform = toKeyProvider('--platform-key', 'public', platformKey, { weakKeys });
  const { client: clientId, algorithm, encrypt: seal = false } = options;
  const family = algorithm === 'ECC224' ? 'EC' : 'RSA';
  if (keyring.find(family, undefined)?.privateKey === undefined)
    throw usageError('--private-key', `is no ${family} key`, `--algorithm ${algorithm} needs one.`);
  if (seal && platform.find('RSA', undefined) === undefined)
    throw usageError('--platform-key', 'is no RSA key', '--encrypt needs one.');
  const scheme = sealingScheme(settings);
  const call = { algorithm, seal, scheme, ecc224: settings.ecc224 };
  const signAs = (
    merchant: MerchantIdentity,
    [target, time]: readonly [target: string, time: number],
    { rawHeaders, body }: Pick<RelayedExchange, 'rawHeaders' | 'body'>,
  ): Pick<RelayedExchange, 'rawHeaders' | 'body'> => {
    const signed = signRequest(merchant, target, body, { ...call, time });
    const others = rawHeaders.filter((_, at) =>
      passedOn.has((rawHeaders[at - (at % 2)] ?? '').toLowerCase()),
    );
    return { rawHeaders: [...Object.entries(signed.headers).flat(), ...others], body: signed.body };
  };
  return {
    gateway: {
      sign: (target, request) =>
        signAs({ clientId, keyring, platform }, [target, Date.now()], request),
      open: (answer) => {
        const { encrypt } = headersByName(answer.rawHeaders);
        const key = keyring.find('RSA', undefined)?.privateKey;
        const plain =
          encrypt === undefined || key === undefined
            ? undefined
            : openEncryptedBody(encrypt, answer.body, key, scheme);
        if (plain === undefined) return answer;
        const kept = answer.rawHeaders.filter(
          (_, at) => !bodyHeaders.has((answer.rawHeaders[at - (at % 2)] ?? '').toLowerCase()),
        );
        const type = ['Content-Type', 'application/json; charset=UTF-8'];
        return { ...answer, rawHeaders: [...kept, ...type], body: plain };
      },
    },
    signFor: (own, exchange) => ({
      ...exchange,
      ...signAs(
        { clientId, keyring, platform: own },
        [exchange.target, exchange.receivedAt],
        exchange,
      ),
    }),
  };
};

/** Headers that belong to the encrypted body. */
const bodyHeaders = new Set(['content-type', 'content-length', 'encrypt', 'signature']);
