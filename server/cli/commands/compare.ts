import { appendFileSync } from 'node:fs';
import { createMockServer } from '../../app/create-server.ts';
import { type Settings, sealingScheme } from '../../domain/settings/settings-table.ts';
import {
  type ComparedPair,
  Comparison,
  type ComparisonRecord,
} from '../../fidelity/compare/comparison.ts';
import type { ComparedAnswer } from '../../fidelity/compare/differences.ts';
import { exercisedRows } from '../../fidelity/compare/exercised-rows.ts';
import { createRelay, endToEnd, type RelayedExchange } from '../../fidelity/compare/relay.ts';
import { ShadowQueue } from '../../fidelity/compare/shadow-queue.ts';
import { openEncryptedBody, readAnswerContent } from '../../fidelity/read-answer.ts';
import type { JournalEntry } from '../../journal/journal-entry.ts';
import { printable } from '../../problems/display-text.ts';
import { ListenError } from '../../problems/problem.ts';
import { requestUrl } from '../../protocol/request-url.ts';
import { headersByName, type RawAnswer, sendRaw } from '../../protocol/send-raw.ts';
import { exitCodes } from '../exit-codes.ts';
import { listenLocally, localAccessProblem, stopSignal } from '../foreground.ts';
import { printError, writeNamed } from '../input-output.ts';

export interface CompareOptions {
  readonly target: string;
  readonly listen: number;
  readonly timeout: number;
  readonly redact?: boolean | undefined;
  readonly out: string;
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
    `${exchanges} exchanges, ${differing} with differences, ` +
      `${skipped} not compared; written to ${options.out}\n`,
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
  const shadow = await startShadow(settings);
  const comparison = new Comparison();
  const counts = { exchanges: 0, differing: 0, skipped: 0 };
  const add = (pair: ComparedPair): void => {
    const record = comparison.add(pair);
    counts.exchanges++;
    if (record.differences.length > 0) counts.differing++;
    onRecord(options.redact === true ? redactRecord(record) : record);
  };
  const queue = new ShadowQueue({
    shadow: async (exchange) => add(await shadow.repeat(exchange)),
    onSkip: ({ receivedAt, body }, failed) => {
      counts.skipped++;
      add({ receivedAt, plain: body, real: { lost: 'not compared' }, shadow: { failed } });
    },
    timeoutMs: 5000,
  });
  const relay = createRelay({
    target: new URL(options.target),
    timeoutMs: options.timeout,
    maxBodyBytes: settings['limits.bodyBytes'],
    refuse: (req) => localAccessProblem(req, 'this address'),
    onExchange: (exchange) => queue.add(exchange),
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
      await shadow.close();
      return counts;
    },
  };
};

/** A simulator in this process that gets the same bytes, at the moment they were received. */
const startShadow = async (settings: Settings) => {
  let time = Date.now();
  let last: JournalEntry | undefined;
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
  const scheme = sealingScheme(settings);
  const open = (
    { httpStatus, rawHeaders, body }: RawAnswer,
    clientId: string | undefined,
  ): ComparedAnswer => {
    const headers = headersByName(rawHeaders);
    const key = server.parties.clients
      .get(clientId ?? '')
      ?.find('RSA', undefined, time)?.privateKey;
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
    repeat: async (exchange: RelayedExchange): Promise<ComparedPair> => {
      time = exchange.receivedAt;
      last = undefined;
      const answer = await send(server.url, exchange);
      const entry = last as JournalEntry | undefined;
      if (entry === undefined) throw new Error('the simulator recorded no exchange');
      return {
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
    },
    close: () => server.close(0),
  };
};

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
