import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { StoreError, type StoreHealth, StoreUnusableError } from '../store.ts';
import { type EngineAddress, type Keys, keysUnder } from './address.ts';
import { CommandError, type EngineReply, Link } from './link.ts';
import { neededCommands, type ScriptName } from './scripts.ts';

export interface EngineOptions {
  readonly address: EngineAddress;
  readonly prefix: string;
  /** How long to wait for the engine at the start. */
  readonly waitMs: number;
  /** What to do when the engine has lost what it had acknowledged. */
  readonly onLoss: 'refuse' | 'startAgain';
  readonly onWarning: (sentence: string) => void;
}

/** How often a replica renews its lease, and how long one lasts. */
const beatMs = 200;
const beatTimeoutMs = 700;
export const leaseMs = 2000;
const checkMs = 2000;
const checkTimeoutMs = 1000;
const maxDriftMs = 250;

/**
 * The engine as a replica sees it: reachable or not, with the right policy, with all that it has
 * acknowledged. A replica renews its lease as long as it lives.
 */
export class Engine {
  /** Names this replica. Never used again: a restart takes another one. */
  readonly id = randomBytes(4).toString('hex');
  readonly keys: Keys;
  readonly link: Link;
  readonly #options: EngineOptions;
  readonly #listeners = new Set<(version: string) => Promise<void>>();
  readonly #lossListeners = new Set<() => void>();
  #reason: string | undefined = 'not connected yet';
  #isLost = false;
  #isClosed = false;
  #leaseEnd = 0;
  /** By the engine's clock: the end of the lease that was acknowledged last. */
  #acknowledged = '0';
  #accepted: string | undefined;
  #offsetMs = 0;
  #replicas = 1;
  #nextCheck = 0;
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #note = '';

  private constructor(options: EngineOptions) {
    this.#options = options;
    this.keys = keysUnder(options.prefix);
    this.link = this.#newLink();
  }

  /** @throws StoreUnusableError */
  static async open(options: EngineOptions): Promise<Engine> {
    const giveUpAt = performance.now() + options.waitMs;
    for (;;) {
      const engine = new Engine(options);
      try {
        await engine.#start();
        return engine;
      } catch (error) {
        engine.link.close();
        if (error instanceof StoreUnusableError) throw error;
        if (performance.now() + 100 > giveUpAt) throw engine.#unreachable(error);
        await wait(100);
      }
    }
  }

  get health(): StoreHealth {
    return { isUsable: this.#reason === undefined, reason: this.#reason };
  }

  /** Milliseconds that the engine's clock is ahead of this machine's. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Whether other replicas may exist. */
  get hasOthers(): boolean {
    return this.#replicas > 1;
  }

  /** Whether this replica knew all shared changes within its lease. */
  get hasLease(): boolean {
    return performance.now() < this.#leaseEnd;
  }

  /** What other replicas see of this one. */
  setNote(note: string): void {
    this.#note = note;
  }

  /** Called when what was known of the engine's data is void. */
  onLoss(listener: () => void): void {
    this.#lossListeners.add(listener);
  }

  /** Called with the version of the shared control, at each beat. */
  onBeat(listener: (version: string) => Promise<void>): void {
    this.#listeners.add(listener);
  }

  /** @throws StoreError where nothing was changed, or its outcome is unknown */
  async run(
    name: ScriptName,
    keys: readonly string[],
    args: readonly string[],
    deadline: number,
  ): Promise<EngineReply> {
    this.throwIfUnusable();
    try {
      return await this.link.run(name, keys, args, deadline);
    } catch (error) {
      throw this.#toStoreError(error, true);
    }
  }

  /** @throws StoreError */
  async send(key: string, args: readonly string[], deadline: number): Promise<EngineReply> {
    this.throwIfUnusable();
    try {
      return await this.link.send(key, args, deadline);
    } catch (error) {
      throw this.#toStoreError(error);
    }
  }

  /** @throws StoreUnusableError */
  async subscribe(channel: string, listener: (message: string) => void): Promise<void> {
    try {
      await this.link.subscribe(channel, listener);
    } catch (error) {
      throw this.#unreachable(error);
    }
  }

  throwIfUnusable(): void {
    if (this.#reason === undefined) return;
    throw new StoreError(
      `the store ${this.#options.address.shown} cannot be used: ${this.#reason}. ` +
        'Nothing was changed. Send the request again once /ready answers 200.',
    );
  }

  /** The engine lacks what it had acknowledged. */
  reportLoss(what: string): void {
    if (this.#isLost) return;
    for (const listener of this.#lossListeners) listener();
    const sentence = `the store ${this.#options.address.shown} has lost data: ${what}`;
    if (this.#options.onLoss === 'startAgain') {
      this.#options.onWarning(`${sentence}. The simulator continues with what is left.`);
      return;
    }
    this.#isLost = true;
    this.#reason =
      `it has lost data (${what}); reset everything (POST /__admin/reset/everything), or set store.onLoss to ` +
      'startAgain';
    this.#options.onWarning(`${sentence}. Nothing is answered until everything is reset.`);
  }

  /** The operator accepts what was lost, for all replicas. */
  async acceptLoss(): Promise<void> {
    if (!this.#isLost) return;
    const key = this.keys.sharedKey('control');
    const accepted = randomBytes(6).toString('hex');
    await this.link.send(key, ['HSET', key, 'accepted', accepted], performance.now() + 1000);
    await this.beatNow();
  }

  /** Renews the lease now. Never rejects. */
  beat(): Promise<void> {
    this.#beating ??= this.#renew().finally(() => {
      this.#beating = undefined;
    });
    return this.#beating;
  }

  /** Renews the lease with what others see from now on: not the renewal that is under way. */
  async beatNow(): Promise<void> {
    await this.#beating;
    await this.beat();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#beating;
    const key = this.keys.sharedKey('replicas');
    if (this.#reason === undefined)
      await this.link.send(key, ['HDEL', key, this.id], performance.now() + 500).catch(() => {});
    this.link.close();
  }

  #newLink(): Link {
    const { address } = this.#options;
    return new Link({
      address,
      onError: ({ message }) => {
        if (address.isCluster) void this.beat();
        else this.#setDown(`the connection was lost: ${message}`);
      },
    });
  }

  async #start(): Promise<void> {
    await this.link.connect();
    await this.#check(performance.now() + 2000);
    await this.#tryCommands(performance.now() + 2000);
    await this.#renewLease(performance.now() + 2000);
    this.#reason = undefined;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.beat(), beatMs);
  }

  async #renew(): Promise<void> {
    const startedAt = performance.now();
    try {
      const deadline = startedAt + beatTimeoutMs;
      const version = await this.#renewLease(deadline);
      if (this.#options.address.isCluster) await this.link.ping(performance.now() + beatTimeoutMs);
      if (startedAt >= this.#nextCheck) await this.#check(performance.now() + checkTimeoutMs);
      if (!this.#isLost) {
        if (this.#reason !== undefined) this.#options.onWarning('the store can be used again');
        this.#reason = undefined;
      }
      try {
        for (const listener of this.#listeners) await listener(version);
      } catch {
        // What others have set is not applied: the next commit has to wait for it.
        this.#leaseEnd = 0;
      }
    } catch (error) {
      // This process was too busy to ask in time, which says nothing of the engine.
      const isOwnDelay = error instanceof CommandError && error.isOwnDelay;
      if (!isOwnDelay)
        this.#setDown(error instanceof StoreUnusableError ? error.why : messageOf(error));
    }
    this.#schedule();
  }

  /** @returns the version of the shared control */
  async #renewLease(deadline: number): Promise<string> {
    const startedAt = performance.now();
    const wallClock = Date.now();
    const [state, now, accepted, version, replicas] = (await this.link.run(
      'renew',
      [this.keys.sharedKey('replicas'), this.keys.sharedKey('control')],
      [this.id, String(leaseMs), this.#acknowledged, this.#note],
      deadline,
    )) as readonly string[];
    const offsetMs = Number(now) - (wallClock + (performance.now() - startedAt) / 2);
    // Small differences are the network's: following them would let time go back and forth.
    if (Math.abs(offsetMs - this.#offsetMs) > maxDriftMs)
      this.#offsetMs = Math.abs(offsetMs) > maxDriftMs ? Math.round(offsetMs) : 0;
    this.#replicas = Number(replicas);
    this.#acknowledged = String(Number(now) + leaseMs);
    this.#leaseEnd = startedAt + leaseMs;
    if (state === 'lost') this.reportLoss('it no longer has the lease of this replica');
    if (this.#isLost && this.#accepted !== undefined && accepted !== this.#accepted)
      this.#isLost = false;
    this.#accepted = accepted ?? '';
    return version ?? '0';
  }

  /**
   * A user who may run some of a script's commands only would stop it in the middle.
   * @throws CommandError
   */
  async #tryCommands(deadline: number): Promise<void> {
    const keys = ['probe', 'probe-order'].map((name) => this.keys.sharedKey(name));
    const refusal = await this.link.run('probe', keys, [], deadline);
    if (typeof refusal === 'string' && refusal !== '')
      throw new CommandError('refused', `NOPERM ${refusal}`);
  }

  /** @throws StoreUnusableError when the engine may delete what it holds */
  async #check(deadline: number): Promise<void> {
    const { address, onWarning } = this.#options;
    const isFirst = this.#nextCheck === 0;
    this.#nextCheck = performance.now() + checkMs;
    for (const info of await this.link.info(deadline)) {
      const read = (name: string): string =>
        new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
      const policy = read('maxmemory_policy');
      if (policy !== 'noeviction')
        throw new StoreUnusableError(
          address.shown,
          `its policy is ${policy}, which deletes records without a word`,
          'Run redis-cli CONFIG SET maxmemory-policy noeviction',
        );
      if (!isFirst) continue;
      if (Number.parseInt(read('redis_version'), 10) < 7)
        throw new StoreUnusableError(
          address.shown,
          `it is version ${read('redis_version')}`,
          'Use Redis 7 or newer, or Valkey.',
        );
      if (read('cluster_enabled') === '1' && !address.isCluster)
        throw new StoreUnusableError(
          address.shown,
          'it is a node of a cluster',
          'Add ?cluster=true to its address.',
        );
      if (read('aof_enabled') === '0')
        onWarning(
          `the store ${address.shown} has no append-only file: when it restarts, what was ` +
            'answered since its last snapshot is lost. Run redis-cli CONFIG SET appendonly yes',
        );
    }
  }

  #setDown(reason: string): void {
    if (this.#isClosed || this.#isLost) return;
    if (this.#reason === undefined)
      this.#options.onWarning(`the store ${this.#options.address.shown}: ${reason}`);
    this.#reason = reason;
  }

  #unreachable(error: unknown): StoreUnusableError {
    return new StoreUnusableError(
      this.#options.address.shown,
      messageOf(error),
      engineRemedy(error, this.#options),
    );
  }

  #toStoreError(error: unknown, isScript = false): unknown {
    if (!(error instanceof CommandError)) return error;
    const { shown } = this.#options.address;
    if (error.word === 'OOM') {
      this.#options.onWarning(
        `the store ${shown} has no memory left. Raise its maxmemory, or reset clients.`,
      );
      return new StoreError(
        `nothing new can be kept: the store ${shown} has no memory left. Raise its maxmemory, or ` +
          'reset clients.',
        { cause: error },
      );
    }
    const isInMidst = isScript && error.kind === 'refused' && !ranNothing.has(error.word);
    const isOutcomeUnknown = error.kind === 'unknown' || isInMidst;
    return new StoreError(
      `the store ${shown}: ${error.message}. ` +
        (isOutcomeUnknown ? 'The change may have been made.' : 'Nothing was changed.'),
      { cause: error, isOutcomeUnknown },
    );
  }
}

/** Refusals of a call or of its first change; any other may stop a script in the middle. */
const ranNothing = new Set([
  ...['OOM', 'NOSCRIPT', 'LOADING', 'BUSY', 'READONLY', 'MISCONF', 'NOREPLICAS', 'MASTERDOWN'],
  ...['CLUSTERDOWN', 'TRYAGAIN', 'MOVED', 'ASK', 'CROSSSLOT', 'NOAUTH', 'WRONGPASS'],
]);

const messageOf = (error: unknown): string => {
  const { message, code } = error as Error & { code?: string };
  return message === '' ? (code ?? 'not reachable') : message.replace(/\.+$/, '');
};

/** What mends a start that found no usable engine. */
const engineRemedy = (error: unknown, { address, prefix }: EngineOptions): string => {
  const { message, code = '' } = error as Error & { code?: string };
  if (/\bNOPERM\b|no permissions/.test(message)) {
    const places = `resetkeys '~${prefix}:*' resetchannels '&${prefix}:*'`;
    const commands = neededCommands.map((name) => `'+${name}'`).join(' ');
    const user = address.user ?? 'default';
    // Each node has users of its own.
    return (
      `Run${address.isCluster ? ' on every node' : ''} redis-cli ACL SETUSER ` +
      `${user} ${places} nocommands ${commands}`
    );
  }
  if (/\b(WRONGPASS|NOAUTH)\b|AUTH failed/.test(message))
    return 'Give a user and password that it knows: redis://user:password@host';
  if (/cluster support disabled/.test(message)) return 'It is no cluster: leave out cluster=true.';
  if (/\bREADONLY\b/.test(message)) return 'It is a replica of an engine: name the primary.';
  if (/\bWRONGTYPE\b/.test(message))
    return `Another program has keys that begin with ${prefix}: choose another store.prefix.`;
  if (/DB index is out of range/.test(message)) return 'Choose a database that it has.';
  if (/ALTNAME/.test(code)) return 'Address it by a name that its certificate contains.';
  if (/wrong version number|EPROTO|packet length too long/.test(`${message} ${code}`))
    return 'It does not speak TLS at this port: write redis:// or correct the port.';
  if (/CERT|SELF_SIGNED|VERIFY|ISSUER/.test(code))
    return 'Name the authority of its certificate with NODE_EXTRA_CA_CERTS.';
  if (!address.tls && /Socket closed unexpectedly|ECONNRESET/.test(`${message} ${code}`))
    return 'Write rediss:// where it speaks TLS at this port, or correct the address.';
  if (address.tls && /timeout/i.test(message))
    return 'Start it, correct the address, or write redis:// where it does not speak TLS.';
  return 'Start it, correct the address, or let the simulator wait for it with store.waitMs.';
};
