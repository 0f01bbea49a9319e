import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { StoreError } from '../store.ts';
import { type Engine, leaseMs } from './engine.ts';
import type { EngineReply } from './link.ts';

/** What another replica can see of one: whether it lives, and what it has noted. */
export interface ReplicaEntry {
  readonly id: string;
  readonly isAlive: boolean;
  /** It went without a word, and that is in the journal. */
  readonly isBuried: boolean;
  readonly note: string;
}

/** What all replicas share, as one text. */
export interface SharedText {
  readonly version: string;
  readonly text: string;
}

const commandMs = 1000;
const lockMs = 10_000;
const lookMs = 1000;
const callMs = 120_000;
/** A replica that does not answer is waited for until its lease has run out. */
const answerMs = leaseMs + 500;

/**
 * How replicas of one simulator talk: a shared text with a version, a question that every live one
 * answers, locks.
 */
export class Fleet {
  readonly #engine: Engine;
  readonly #channel: string;
  readonly #answers = new Map<string, Set<string>>();
  readonly #woken = new Map<string, () => void>();
  #onQuestion: () => Promise<void> = async () => {};
  #onNews: (news: string) => void = () => {};
  #onCall: (text: string) => Promise<string> = async () => '';
  readonly #calls = new Map<string, (reply: string) => void>();
  #isListening = false;
  #alive: readonly string[] = [];
  #nextLook = 0;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.#channel = engine.keys.sharedKey('talk');
  }

  get id(): string {
    return this.#engine.id;
  }

  /**
   * @param onQuestion brings this replica up to date, and lets others see all that it did
   * @param onNews called with what another replica announces
   * @param onCall answers what another replica asks this one alone
   */
  async listen(
    onQuestion: () => Promise<void>,
    onNews: (news: string) => void,
    onCall: (text: string) => Promise<string>,
  ): Promise<void> {
    this.#onQuestion = onQuestion;
    this.#onNews = onNews;
    this.#onCall = onCall;
    if (this.#isListening) return;
    this.#isListening = true;
    await this.#engine.subscribe(this.#channel, (message) => void this.#hear(message));
  }

  /**
   * Asks every live replica to bring itself up to date.
   * @returns those that did not, and whose lease has run out
   */
  async ask(): Promise<readonly string[]> {
    const id = randomBytes(6).toString('hex');
    const answered = new Set<string>();
    this.#answers.set(id, answered);
    try {
      const asked = this.#send(['PUBLISH', this.#channel, `ask ${id} ${this.id}`]);
      const [replicas] = await Promise.all([this.roll(), asked, this.#onQuestion()]);
      const giveUpAt = performance.now() + answerMs;
      let missing = replicas;
      for (let waitMs = 300; ; waitMs = 300) {
        const isMissing = ({ id: one }: ReplicaEntry): boolean =>
          one !== this.id && !answered.has(one);
        missing = missing.filter(isMissing);
        if (!missing.some(({ isAlive }) => isAlive) || performance.now() > giveUpAt) break;
        const isEnough = (): boolean => !missing.some((one) => one.isAlive && isMissing(one));
        await this.#untilAnswered(id, isEnough, waitMs);
        if (!isEnough()) missing = await this.roll();
      }
      return missing.filter(({ isBuried }) => !isBuried).map((one) => one.id);
    } finally {
      this.#answers.delete(id);
      this.#woken.delete(id);
    }
  }

  /** Every replica that is there, and those that went without a word. */
  async roll(): Promise<readonly ReplicaEntry[]> {
    const key = this.#engine.keys.sharedKey('replicas');
    const reply = await this.#engine.run('roll', [key], [], performance.now() + commandMs);
    const [now, fields] = reply as readonly [string, readonly string[]];
    const entries: ReplicaEntry[] = [];
    for (let at = 0; at < fields.length; at += 2) {
      const [end = '0', ...note] = (fields[at + 1] ?? '').split(' ');
      entries.push({
        id: fields[at] ?? '',
        isAlive: Number(end) > Number(now),
        isBuried: note[0] === 'gone',
        note: note.join(' '),
      });
    }
    return entries;
  }

  /** Whether a replica that lived has gone: asked at each beat, answered once a second. */
  async hasLostOne(): Promise<boolean> {
    if (performance.now() < this.#nextLook) return false;
    this.#nextLook = performance.now() + lookMs;
    const before = this.#alive;
    this.#alive = (await this.roll()).flatMap(({ id, isAlive }) => (isAlive ? id : []));
    return before.some((id) => !this.#alive.includes(id));
  }

  /** Sends news to the other replicas, which may miss it. */
  async announce(news: string): Promise<void> {
    await this.#send(['PUBLISH', this.#channel, `news ${this.id} ${news}`]);
  }

  /** @returns what that replica answers; undefined: it has gone, or takes too long */
  async call(replica: string, text: string): Promise<string | undefined> {
    const id = randomBytes(6).toString('hex');
    const replied = new Promise<string>((resolve) => {
      this.#calls.set(id, resolve);
    });
    const giveUpAt = performance.now() + callMs;
    const isThere = async (): Promise<boolean> =>
      performance.now() < giveUpAt &&
      (await this.roll()).some((one) => one.id === replica && one.isAlive);
    try {
      await this.#send(['PUBLISH', this.#channel, `call ${id} ${this.id} ${replica} ${text}`]);
      while (await isThere()) {
        const reply = await Promise.race([replied, wait(lookMs, undefined, { ref: false })]);
        if (reply !== undefined) return reply;
      }
      return undefined;
    } finally {
      this.#calls.delete(id);
    }
  }

  /** Counts from 1, in all replicas together, until `restartCounts`. */
  async count(name: string): Promise<number> {
    return Number(await this.#send(['HINCRBY', this.#engine.keys.sharedKey('counts'), name, '1']));
  }

  async restartCounts(): Promise<void> {
    await this.#send(['DEL', this.#engine.keys.sharedKey('counts')]);
  }

  async read(): Promise<SharedText> {
    const key = this.#engine.keys.sharedKey('control');
    const reply = await this.#send(['HMGET', key, 'version', 'control']);
    const [version, text] = reply as readonly EngineReply[];
    return { version: String(version ?? '0'), text: String(text ?? '') };
  }

  /** @returns the new version, or undefined when another replica came first */
  async write({ version, text }: SharedText): Promise<string | undefined> {
    const key = this.#engine.keys.sharedKey('control');
    const deadline = performance.now() + commandMs;
    const written = Number(await this.#engine.run('share', [key], [version, text], deadline));
    return written === 0 ? undefined : String(written);
  }

  /** Runs something that no other replica does at the same time, about the same thing. */
  async exclusively<T>(name: string, run: () => Promise<T>): Promise<T> {
    const key = this.#engine.keys.sharedKey(`lock:${name}`);
    const token = randomBytes(8).toString('hex');
    const giveUpAt = performance.now() + lockMs;
    while ((await this.#send(['SET', key, token, 'NX', 'PX', String(lockMs)])) !== 'OK') {
      if (performance.now() > giveUpAt)
        throw new StoreError(`another replica is changing ${name}. Try again.`);
      await wait(randomInt(4, 12));
    }
    try {
      return await run();
    } finally {
      const deadline = performance.now() + commandMs;
      await this.#engine.run('unlock', [key], [token], deadline).catch(() => {});
    }
  }

  async #hear(message: string): Promise<void> {
    const [kind, id = '', from = '', to = ''] = message.split(' ', 4);
    if (kind === 'news') {
      // Its second word is the sender.
      if (id !== this.id) this.#onNews(afterWords(message, 2));
    } else if (kind === 'reply') this.#calls.get(id)?.(afterWords(message, 3));
    else if (kind === 'call') {
      if (to === this.id) await this.#reply(id, afterWords(message, 4)).catch(() => {});
    } else if (kind === 'ack') {
      this.#answers.get(id)?.add(from);
      this.#woken.get(id)?.();
    } else if (kind === 'ask' && from !== this.id) {
      try {
        await this.#onQuestion();
        await this.#send(['PUBLISH', this.#channel, `ack ${id} ${this.id}`]);
      } catch {
        // No answer: the asker waits for the end of this replica's lease.
      }
    }
  }

  async #reply(id: string, text: string): Promise<void> {
    const reply = await this.#onCall(text);
    await this.#send(['PUBLISH', this.#channel, `reply ${id} ${this.id} ${reply}`]);
  }

  #untilAnswered(id: string, isEnough: () => boolean, waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      const look = (): void => {
        if (!isEnough()) return;
        clearTimeout(timer);
        resolve();
      };
      this.#woken.set(id, look);
      look();
    });
  }

  #send(args: readonly [command: string, key: string, ...rest: string[]]): Promise<EngineReply> {
    return this.#engine.send(args[1], args, performance.now() + commandMs);
  }
}

const afterWords = (message: string, count: number): string =>
  message.split(' ').slice(count).join(' ');
