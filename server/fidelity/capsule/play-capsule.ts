import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { spellHeaders } from '../../domain/scenarios/layout.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import type { Change } from '../../domain/state/state.ts';
import { diagnosePending } from '../../journal/diagnosis-queue.ts';
import { findingIds } from '../../journal/exchange-query.ts';
import type {
  Connection,
  ExchangeTape,
  JournalEntry,
  Playback,
  StateChange,
} from '../../journal/journal-entry.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import type { Keyrings } from '../../protocol/keys/keyring.ts';
import { type DecryptError, decryptErrorTexts } from '../../protocol/sealing.ts';
import { type CapsuleExchange, headerValue, packBody, unpackBody } from './capsule-exchange.ts';
import { type Capsule, clientIdOf, tracerIdOf } from './capsule-file.ts';

/** An exchange that was played again: what came over the connection, and what was recorded. */
export interface PlayedExchange {
  readonly exchange: CapsuleExchange;
  readonly received: Buffer;
  /** Undefined: the request did not come as far as the gateway. */
  readonly entry: JournalEntry | undefined;
}

interface PlayOptions {
  readonly settings: Partial<Settings>;
  readonly keyrings: Keyrings;
  readonly start: StartPlayback;
  /** Bytes for encrypted answers, and signatures: of the tape, or made now. */
  readonly supply: (tape: Tape) => Pick<Playback, 'bytes' | 'sign'>;
  readonly timeoutMs?: number;
}

/** What the exchange that is being played depends on. */
export class Tape {
  #exchange: CapsuleExchange | undefined;
  #readings = -1;
  #drawn = 0;

  begin(exchange: CapsuleExchange): void {
    this.#exchange = exchange;
    this.#readings = -1;
    this.#drawn = 0;
  }

  get exchange(): CapsuleExchange {
    if (this.#exchange === undefined) throw new Error('no exchange is being played');
    return this.#exchange;
  }

  /** The next of the recorded random bytes; zeros where there are none. */
  draw(count: number): Buffer {
    const bytes = Buffer.from(this.exchange.random?.bytes ?? '', 'base64');
    const drawn = Buffer.alloc(count);
    bytes.copy(drawn, 0, this.#drawn, this.#drawn + count);
    this.#drawn += count;
    return drawn;
  }

  /** The first reading is the moment of arrival. */
  readTime(): number {
    const { receivedAt, clockSteps = [] } = this.exchange;
    let elapsed = 0;
    for (let at = 0; at < clockSteps.length; at += 2)
      if ((clockSteps[at] ?? 0) <= this.#readings) elapsed = clockSteps[at + 1] ?? 0;
    this.#readings++;
    return receivedAt + elapsed;
  }

  get connection(): Connection {
    return { ordinal: 1, position: this.exchange.place ?? 1, tls: false };
  }

  get symmetricKey(): Buffer | DecryptError {
    const { key, fault } = this.exchange.opening ?? {};
    if (key !== undefined) return Buffer.from(key, 'base64');
    return isDecryptError(fault) ? fault : 'symmetric-key-not-unwrapped';
  }
}

const isDecryptError = (fault: string | undefined): fault is DecryptError =>
  fault !== undefined && Object.hasOwn(decryptErrorTexts, fault);

/**
 * Plays the exchanges of a capsule in a simulator of their own, one after the other, as raw bytes
 * over loopback. Exchanges that were cut off by the client are left out.
 */
export const playCapsule = async (
  capsule: Omit<Capsule, 'integrity'>,
  { settings, keyrings, start, supply, timeoutMs = 10_000 }: PlayOptions,
): Promise<readonly PlayedExchange[]> => {
  const tape = new Tape();
  let onFinished: (entry: JournalEntry) => void = () => {};
  const server = await start({
    settings,
    keyrings,
    playback: {
      tracerId: () => tracerIdOf(tape.exchange),
      clock: { now: () => tape.readTime(), wait: async () => {} },
      connection: () => tape.connection,
      isOverRate: () => tape.exchange.verdict.code === 'REQUEST_TRAFFIC_EXCEED_LIMIT',
      symmetricKey: () => tape.symmetricKey,
      ...supply(tape),
    },
    scenarios: (capsule.scenarios ?? []).flatMap(({ text }) => text ?? []),
    onExchange: (entry) => onFinished(entry),
  });
  try {
    const played: PlayedExchange[] = [];
    for (const exchange of capsule.exchanges) {
      if (exchange.notCompared !== undefined) continue;
      tape.begin(exchange);
      await prepare(server, exchange);
      const ended = new Promise<JournalEntry>((resolve) => {
        onFinished = resolve;
      });
      const { received, entry } = await sendExchange(server.url, exchange, ended, timeoutMs);
      if (entry !== undefined) await diagnosePending([entry]);
      played.push({ exchange, received, entry });
    }
    return played;
  } finally {
    await server.close();
  }
};

/** Puts records and scenarios where the exchange found them. */
const prepare = async (server: PlaybackServer, exchange: CapsuleExchange): Promise<void> => {
  const { all, client } = exchange.scenarios ?? noScenarioFiles;
  server.activate(all, client, clientIdOf(exchange));
  // A record may be of a wrong kind in a capsule that was changed; the exchange then differs.
  for (const [clientId, collection, id, value] of exchange.before ?? [])
    await server.put(clientId, [{ collection, id, value } as Change]);
};

const noScenarioFiles = { all: [], client: [] };

const requestBytes = ({ request }: CapsuleExchange): Buffer => {
  const body = unpackBody(request);
  const lines = request.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head = Buffer.from(
    `${request.method} ${request.target} HTTP/1.1\r\n${lines}\r\n`,
    'latin1',
  );
  const isChunked = request.headers.some(
    ([name, value]) => name.toLowerCase() === 'transfer-encoding' && /chunked/i.test(value),
  );
  if (!isChunked) return Buffer.concat([head, body]);
  const chunk = body.length === 0 ? [] : [`${body.length.toString(16)}\r\n`, body, '\r\n'];
  return Buffer.concat([head, ...chunk.map((part) => Buffer.from(part)), Buffer.from('0\r\n\r\n')]);
};

const isShort = ({ request }: CapsuleExchange): boolean =>
  Number(headerValue(request.headers, 'content-length') ?? 0) > unpackBody(request).length;

/** Sends a request as it was, and waits until the simulator has recorded it and sent its answer. */
const sendExchange = (
  url: string,
  exchange: CapsuleExchange,
  ended: Promise<JournalEntry>,
  timeoutMs: number,
): Promise<Omit<PlayedExchange, 'exchange'>> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) });
    const chunks: Buffer[] = [];
    let length = 0;
    let entry: JournalEntry | undefined;
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ received: Buffer.concat(chunks), entry });
    };
    const timer = setTimeout(finish, timeoutMs);
    const finishWhenComplete = (): void => {
      if (entry !== undefined && length >= entry.delivery.bytes) finish();
    };
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      finishWhenComplete();
    });
    socket.on('error', () => {});
    // The entry of an answer that ended with the connection comes right after.
    socket.on('close', () => setTimeout(finish, entry === undefined ? closeGraceMs : 0));
    void ended.then((recorded) => {
      entry = recorded;
      finishWhenComplete();
      if (socket.destroyed) finish();
    });
    // A body that is shorter than it says would be waited for.
    if (isShort(exchange)) socket.end(requestBytes(exchange));
    else socket.write(requestBytes(exchange));
  });

const closeGraceMs = 200;

export const packRandom = (
  { id, reply, tape }: Pick<JournalEntry, 'id' | 'reply' | 'tape'>,
  drawn: Buffer | undefined,
): CapsuleExchange['random'] => {
  // An answer that is held as it was written has no headers to read it from.
  const isInHeaders = tape?.written === undefined && reply.headers['tracer-id'] === id;
  const tracerId = isInHeaders ? undefined : id;
  return tracerId === undefined && drawn === undefined
    ? undefined
    : omitUndefined({ tracerId, bytes: drawn?.toString('base64') });
};

export const packReply = (
  { reply, scripted, delivery }: JournalEntry,
  { written }: Pick<ExchangeTape, 'written'>,
): CapsuleExchange['reply'] => {
  // The journal keeps the beginning of a very long body.
  const isLonger = Number(reply.headers['content-length']) > reply.body.length;
  const isCut =
    (!delivery.complete && delivery.endedBy === 'client') || (delivery.complete && isLonger)
      ? true
      : undefined;
  if (written !== undefined) {
    const isWhole = written.length === delivery.bytes;
    return {
      writtenBase64: written.toString('base64'),
      ...omitUndefined({ isCut: isCut === true || !isWhole ? true : undefined }),
    };
  }
  if (reply.httpStatus === 0) return undefined;
  const headers = spellHeaders(reply.headers, scripted?.delivery.layout);
  return {
    status: reply.httpStatus,
    headers: Object.entries(headers),
    ...packBody(reply.body),
    ...omitUndefined({ isCut }),
  };
};

/** The verdict of an exchange as a capsule holds it. */
export const packVerdict = (entry: JournalEntry): CapsuleExchange['verdict'] => {
  const { step, code, status, basis } = entry.verdict;
  const findings = findingIds(entry).filter((id) => id !== entry.diagnosis?.cause?.id);
  return {
    ...{ step, code, status, references: [...basis] },
    ...omitUndefined({
      tags: entry.tags.length === 0 ? undefined : [...entry.tags],
      findings: findings.length === 0 ? undefined : findings,
      rule: entry.scripted?.rule,
      diagnosis: entry.diagnosis && (entry.diagnosis.cause?.id ?? 'UNEXPLAINED'),
      changes: entry.changes.length === 0 ? undefined : digestChanges(entry.changes),
    }),
  };
};

const digestChanges = (changes: readonly StateChange[]): string =>
  createHash('sha256')
    .update(JSON.stringify(changes.map(({ collection, id, after }) => [collection, id, after])))
    .digest('hex')
    .slice(0, 16);

/** A simulator of its own, in this process, that is fed with recorded exchanges. */
interface PlaybackServer {
  readonly url: string;
  /** Puts records where an exchange found them. */
  put(clientId: string, changes: readonly Change[]): Promise<void>;
  /** Makes scenarios active for all, and for one client alone. */
  activate(all: readonly string[], client: readonly string[], clientId: string): void;
  close(): Promise<void>;
}

export interface PlaybackOptions {
  readonly settings: Partial<Settings>;
  readonly keyrings: Keyrings;
  readonly playback: Playback;
  /** Scenarios that the package does not have. */
  readonly scenarios: readonly string[];
  readonly onExchange: (entry: JournalEntry) => void;
}

/** @throws StartupError when the settings or a scenario cannot be used */
export type StartPlayback = (options: PlaybackOptions) => Promise<PlaybackServer>;
