import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { omitUndefined } from '../../problems/plain-object.ts';
import type { EngineAddress } from './address.ts';
import { type ScriptName, scripts } from './scripts.ts';

/** What the engine replies: nested lists of texts and numbers. */
export type EngineReply = string | number | null | readonly EngineReply[];

/**
 * Why a command has no reply. `not-sent`: the engine has not seen it. `unknown`: it was sent, and
 * may be carried out, later too. `refused`: the engine said so, and has changed nothing.
 */
export class CommandError extends Error {
  readonly kind: 'not-sent' | 'unknown' | 'refused';

  constructor(kind: CommandError['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CommandError';
    this.kind = kind;
  }

  /** It was not sent because this process came too late to it. */
  get isOwnDelay(): boolean {
    return this.kind === 'not-sent' && this.cause === undefined;
  }

  /** The first word of a refusal: OOM, NOSCRIPT, MOVED. */
  get word(): string {
    return this.kind === 'refused' ? (/^[A-Z]+/.exec(this.message)?.[0] ?? '') : '';
  }
}

/** Clients of the library: what is used of them. */
interface LibraryClient {
  connect(): Promise<unknown>;
  destroy(): void;
  on(event: string, listener: (error: unknown) => void): unknown;
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
}
interface SingleClient extends LibraryClient {
  sendCommand(args: readonly string[]): Promise<unknown>;
}
interface ClusterClient extends LibraryClient {
  sendCommand(key: string, readOnly: boolean, args: readonly string[]): Promise<unknown>;
  readonly masters: readonly object[];
  nodeClient(node: object): Promise<SingleClient> | SingleClient;
}

export interface LinkOptions {
  readonly address: EngineAddress;
  /** The connection was lost, or a node's. It is opened again by itself. */
  readonly onError: (error: Error) => void;
}

const connectTimeoutMs = 1000;
const maxReconnectDelayMs = 200;
const sweepMs = 25;
/** Refusals that end by themselves while a cluster moves its slots. */
const passing = new Set(['TRYAGAIN', 'CLUSTERDOWN', 'ASK', 'MOVED']);

interface Waiting {
  readonly deadline: number;
  readonly giveUp: () => void;
}

/**
 * The connection. The library is loaded here, and nowhere else. It neither queues commands while it
 * is not connected nor sends any again, and has no deadlines: those are here.
 */
export class Link {
  readonly #options: LinkOptions;
  readonly #waiting = new Set<Waiting>();
  #library: Library | undefined;
  #single: SingleClient | undefined;
  #cluster: ClusterClient | undefined;
  #listening: LibraryClient | undefined;
  #isConnected = false;
  #sweeper: NodeJS.Timeout | undefined;
  #sweptAt = 0;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  /** @throws Error of the first attempt; later losses are mended in the background */
  async connect(): Promise<void> {
    const library = await import('@redis/client');
    this.#library = library;
    const { seeds, isCluster, tls, user, password, database } = this.#options.address;
    const socket = {
      connectTimeout: connectTimeoutMs,
      reconnectStrategy: (retries: number) =>
        this.#isConnected ? Math.min(25 * 2 ** Math.min(retries, 6), maxReconnectDelayMs) : false,
      ...(tls ? { tls: true as const } : {}),
    } as const;
    const login = omitUndefined({ username: user, password });
    const [first = { host: '', port: 0 }] = seeds;
    // Deadlines are kept here: the library would make a timer and a signal for each command.
    const commandOptions = { timeout: 0 };
    const common = { ...login, commandOptions, disableOfflineQueue: true, RESP: 2 as const };
    if (isCluster)
      this.#cluster = library.createCluster({
        rootNodes: seeds.map(({ host, port }) => ({ socket: { host, port, ...socket } })),
        defaults: { ...common, socket },
        ...{ commandOptions, RESP: 2 as const },
      }) as unknown as ClusterClient;
    else
      this.#single = library.createClient({
        ...common,
        database,
        socket: { ...first, ...socket },
      }) as unknown as SingleClient;
    try {
      await this.#open(this.#single ?? this.#cluster);
    } catch (error) {
      const probe = library.createClient({ ...common, socket: { ...first, ...socket } });
      throw isCluster ? await findReason(error, probe as unknown as SingleClient) : error;
    }
    this.#isConnected = true;
  }

  /** Messages of a channel, on a connection of its own. */
  async subscribe(channel: string, listener: (message: string) => void): Promise<void> {
    if (this.#cluster !== undefined) return void (await this.#cluster.subscribe(channel, listener));
    const single = this.#single as unknown as { duplicate(): LibraryClient };
    this.#listening = single.duplicate();
    await this.#open(this.#listening);
    await this.#listening.subscribe(channel, listener);
  }

  /** @throws CommandError */
  async run(
    name: ScriptName,
    keys: readonly string[],
    args: readonly string[],
    deadline: number,
  ): Promise<EngineReply> {
    const [key = ''] = keys;
    const call = (command: string, script: string): Promise<EngineReply> =>
      this.send(key, [command, script, String(keys.length), ...keys, ...args], deadline);
    try {
      return await call('EVALSHA', digests[name]);
    } catch (error) {
      // The one proof that nothing of it ran.
      if (!(error instanceof CommandError) || error.word !== 'NOSCRIPT') throw error;
      return call('EVAL', scripts[name]);
    }
  }

  /**
   * @param key decides which node of a cluster is asked
   * @param deadline of `performance.now()`
   * @throws CommandError
   */
  async send(key: string, args: readonly string[], deadline: number): Promise<EngineReply> {
    for (let pauseMs = 5; ; pauseMs = Math.min(2 * pauseMs, 50)) {
      try {
        return await this.#sendOnce(key, args, deadline);
      } catch (error) {
        const isPassing = error instanceof CommandError && passing.has(error.word);
        if (!isPassing || performance.now() + pauseMs > deadline) throw error;
        await wait(pauseMs);
      }
    }
  }

  /** Asks every node that holds data. @throws CommandError */
  async ping(deadline: number): Promise<void> {
    const cluster = this.#cluster;
    if (cluster === undefined) return void (await this.send('', ['PING'], deadline));
    await Promise.all(
      cluster.masters.map(async (node) =>
        this.#limit((await cluster.nodeClient(node)).sendCommand(['PING']), deadline),
      ),
    );
  }

  /** INFO of every node that holds data. @throws CommandError */
  async info(deadline: number): Promise<readonly string[]> {
    const cluster = this.#cluster;
    if (cluster === undefined) return [String(await this.send('', ['INFO'], deadline))];
    return Promise.all(
      cluster.masters.map(async (node) =>
        String(await this.#limit((await cluster.nodeClient(node)).sendCommand(['INFO']), deadline)),
      ),
    );
  }

  close(): void {
    clearInterval(this.#sweeper);
    for (const client of [this.#listening, this.#single, this.#cluster])
      try {
        client?.destroy();
      } catch {
        // It was closed already.
      }
    for (const { giveUp } of this.#waiting) giveUp();
  }

  async #open(client: LibraryClient | undefined): Promise<void> {
    client?.on('error', (error) => {
      if (this.#isConnected) this.#options.onError(error as Error);
    });
    // Emitted for a node of a cluster; without a listener it would end the process.
    client?.on('node-error', (error) => {
      if (this.#isConnected) this.#options.onError(error as Error);
    });
    await client?.connect();
  }

  #sendOnce(key: string, args: readonly string[], deadline: number): Promise<EngineReply> {
    if (performance.now() >= deadline)
      return Promise.reject(new CommandError('not-sent', 'the deadline has passed'));
    return this.#limit(
      this.#single === undefined
        ? (this.#cluster as ClusterClient).sendCommand(key, false, args)
        : this.#single.sendCommand(args),
      deadline,
    );
  }

  #limit(sent: Promise<unknown>, deadline: number): Promise<EngineReply> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        deadline,
        giveUp: () => {
          this.#waiting.delete(waiting);
          reject(new CommandError('unknown', 'the engine has not replied in time'));
        },
      };
      this.#waiting.add(waiting);
      // One timer for all: one for each command would cost more than the command.
      if (this.#sweeper === undefined) {
        this.#sweptAt = performance.now();
        this.#sweeper = setInterval(() => this.#sweep(), sweepMs);
      }
      sent.then(
        (reply) => {
          this.#waiting.delete(waiting);
          resolve(reply as EngineReply);
        },
        (error: unknown) => {
          this.#waiting.delete(waiting);
          reject(toCommandError(error, this.#library));
        },
      );
    });
  }

  #sweep(): void {
    const now = performance.now();
    const hasStalled = now - this.#sweptAt > 3 * sweepMs;
    this.#sweptAt = now;
    // This process was busy itself: replies may have come, and are read before the next sweep.
    if (hasStalled) return;
    for (const { deadline, giveUp } of this.#waiting) if (deadline <= now) giveUp();
    if (this.#waiting.size > 0) return;
    clearInterval(this.#sweeper);
    this.#sweeper = undefined;
  }
}

/** Why no node of a cluster answers: the library says only that none does. */
const findReason = async (error: unknown, probe: SingleClient): Promise<unknown> => {
  probe.on('error', () => {});
  try {
    await probe.connect();
    await probe.sendCommand(['CLUSTER', 'SLOTS']);
    return error;
  } catch (reason) {
    return reason;
  } finally {
    probe.destroy();
  }
};

const digests = Object.fromEntries(
  Object.entries(scripts).map(([name, text]) => [
    name,
    createHash('sha1').update(text).digest('hex'),
  ]),
) as Record<ScriptName, string>;

type Library = typeof import('@redis/client');

const toCommandError = (error: unknown, library: Library | undefined): CommandError => {
  const { message } = error as Error;
  const isInstance = (...kinds: readonly (abstract new (...args: never[]) => Error)[]): boolean =>
    kinds.some((kind) => error instanceof kind);
  if (library !== undefined && isInstance(library.ClientOfflineError, library.ClientClosedError))
    return new CommandError('not-sent', 'the engine is not reachable', { cause: error });
  if (library !== undefined && isInstance(library.ErrorReply))
    return new CommandError('refused', message, { cause: error });
  // Thrown after the engine has named a node that is not known yet.
  if (/^(Cannot find node|Too many Cluster)/.test(message))
    return new CommandError('refused', `MOVED: ${message}`, { cause: error });
  return new CommandError('unknown', `the connection was lost: ${message}`, { cause: error });
};
