import type { Clock } from '../clients/clock.ts';
import type { Finding, Operation } from '../domain/contract/contract.ts';

import type { JsonObject } from '../domain/state/state.ts';
import type { StepRecord } from '../journal/journal-entry.ts';
import type { JsonLosses } from '../problems/json-text.ts';
import type { SignatureAlgorithm } from '../protocol/algorithms.ts';
import type { HeaderPairs } from '../protocol/headers.ts';
import type { Keyring } from '../protocol/keys/keyring.ts';
import type { Refusal } from './refusal.ts';

/** A partner as configured. */
export interface Client {
  readonly id: string;
  readonly keyring: Keyring;
}

/** The protocol's headers, present and well-formed. */
export interface ProtocolHeaders {
  readonly clientId: string;
  readonly requestTime: string;
  readonly signature: SignatureHeader;
  readonly encrypt: EncryptHeader | undefined;
  /**
   * An algorithm that is not supported, as a refusal: it comes after the check of the client
   * (register G-01).
   */
  readonly unsupported: Refusal | undefined;
}

export interface SignatureHeader {
  readonly algorithm: SignatureAlgorithm;
  /** undefined: the newest. */
  readonly keyVersion: number | undefined;
  /** undefined: not even base64; it cannot verify. */
  readonly value: Buffer | undefined;
}

export interface EncryptHeader {
  readonly keyVersion: number | undefined;
  /** As sent, percent-encoded. */
  readonly symmetricKey: string;
  readonly pairs: HeaderPairs;
}

/** What is known of a request after each step; every step adds what it found out. */
export interface ExchangeContext {
  /** Path and query, exactly as on the request line. */
  readonly target: string;
  /**
   * The Client-Id header, if it was sent exactly once: a claim until a step has looked at it,
   * repeated on every answer (register G-30).
   */
  readonly claimedClientId: string;
  readonly operation: Operation;
  /** The bytes exactly as received. */
  readonly body: Buffer;
  readonly headers: ProtocolHeaders;
  readonly client: Client;
  /** Set once the signature has verified: from here on answers are signed with it. */
  readonly authenticated: SignatureAlgorithm;
  /** The version of the client's key that the signature verified with. */
  readonly clientKeyVersion: number;
  /** The opened bytes; the received ones when nothing was sealed. */
  readonly plain: Buffer;
  /** Set once a sealed body has been opened: from here on answers are sealed. */
  readonly sealed: true;
  /** The version of the platform's key that opened the body. */
  readonly platformKeyVersion: number;
  readonly request: JsonObject;
  /** What the parsed body does not keep of the text. */
  readonly losses: JsonLosses;
  readonly fingerprint: string;
}

/** One request on its way to one reply: what is known of it so far, and the trace of its steps. */
export class Exchange {
  /** On every answer as Tracer-Id, and what the journal calls the exchange. */
  readonly tracerId: string;
  /** The clock of the client that the request claims to come from. */
  readonly clock: Clock;
  readonly receivedAt: number;
  readonly steps: StepRecord[] = [];
  readonly findings: Finding[] = [];
  /** Set once a decision is committed: from here on no answer may say F for it. */
  isDecided = false;
  /** Set once bytes of the answer may be out. */
  isDelivering = false;
  readonly context: { -readonly [K in keyof ExchangeContext]?: ExchangeContext[K] } = {};
  readonly #microseconds: () => number;
  readonly #began: number;

  constructor(tracerId: string, clock: Clock, microseconds: () => number) {
    this.tracerId = tracerId;
    this.clock = clock;
    this.receivedAt = clock.now();
    this.#microseconds = microseconds;
    this.#began = microseconds();
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.clock.now();
  }

  /** How long it has taken so far, on the machine's clock. */
  get milliseconds(): number {
    return Math.round((this.#microseconds() - this.#began) / 1000);
  }

  /** The step that is under way or came last. */
  get lastStep(): string {
    return this.steps.at(-1)?.name ?? 'receive';
  }

  /**
   * Runs one step; what it found out joins what is known. A step that has not waited is not waited
   * for.
   */
  step<F extends Partial<ExchangeContext>>(name: string, run: () => Promise<F>): Promise<F>;
  step<F extends Partial<ExchangeContext>>(name: string, run: () => F): F;
  step<F extends Partial<ExchangeContext>>(name: string, run: () => F | Promise<F>): F | Promise<F>;
  step<F extends Partial<ExchangeContext>>(
    name: string,
    run: () => F | Promise<F>,
  ): F | Promise<F> {
    const found = this.time(name, run);
    return found instanceof Promise ? found.then((late) => this.know(late)) : this.know(found);
  }

  know<F extends Partial<ExchangeContext>>(facts: F): F {
    Object.assign(this.context, facts);
    return facts;
  }

  /** Runs something as a step of the trace: how long it took, and whether it refused. */
  time<T>(name: string, run: () => T | Promise<T>): T | Promise<T> {
    const began = this.#microseconds();
    try {
      const found = run();
      if (found instanceof Promise) return this.#timeAsync(name, began, found);
      this.#end(name, began, false);
      return found;
    } catch (error) {
      this.#end(name, began, true);
      throw error;
    }
  }

  async #timeAsync<T>(name: string, began: number, late: Promise<T>): Promise<T> {
    let isRefused = true;
    try {
      const found = await late;
      isRefused = false;
      return found;
    } finally {
      this.#end(name, began, isRefused);
    }
  }

  #end(name: string, began: number, refused: boolean): void {
    this.steps.push({ name, microseconds: Math.round(this.#microseconds() - began), refused });
  }

  addFindings(...findings: readonly Finding[]): void {
    this.findings.push(...findings);
  }
}
