import type { RegisterId } from '../domain/contract/basis.ts';
import type { Finding, Operation } from '../domain/contract/contract.ts';
import type { CompiledRule } from '../domain/scenarios/select-rule.ts';
import type {
  Arrival,
  Connection,
  ExchangeTape,
  OpenExchange,
  StepRecord,
  TapedTransaction,
} from '../journal/journal-entry.ts';
import type { HeaderPairs } from '../protocol/headers.ts';
import type { Keyring } from '../protocol/keys/keyring.ts';
import type { SignatureAlgorithm } from '../protocol/signatures.ts';

/** A merchant as configured. */
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

/**
 * What is known of a request, however far it came. All members exist from the start: each step adds
 * to a copy, and the engine copies objects of one shape ten times as fast.
 */
export interface Known {
  /** Path and query, exactly as on the request line. */
  readonly target: string;
  /**
   * The Client-Id header, if it was sent exactly once: a claim until a step has verified it,
   * repeated on every answer (register G-30).
   */
  readonly claimedClientId: string | undefined;
  /** Undefined: no operation has this path. */
  readonly operation: Operation | undefined;
  /** The bytes exactly as received. */
  readonly body: Buffer | undefined;
  /** When the last of them had arrived, on the exchange's monotonic clock. */
  readonly requestCompleteUs: number | undefined;
  /** Scripted rules that were reached before verification and did not answer. */
  readonly early: EarlyRules | undefined;
  readonly headers: ProtocolHeaders | undefined;
  readonly client: Client | undefined;
  /** What the signature verified with. */
  readonly signedWith: KeyUsed | undefined;
  /** The decrypted bytes; the received ones when nothing was encrypted. */
  readonly plain: Buffer | undefined;
  /** The version of the platform's key that decrypted the body; undefined: it was not encrypted. */
  readonly platformKeyVersion: number | undefined;
  /** SHA-256 of the symmetric key, in hex: shows whether one was used twice. */
  readonly symmetricKeyDigest: string | undefined;
  readonly symmetricKey: Buffer | undefined;
}

/** Rules whose calls are to be counted, for the client that the request claims to come from. */
export interface EarlyRules {
  readonly clientId: string;
  readonly rules: readonly CompiledRule[];
}

export interface KeyUsed {
  readonly algorithm: SignatureAlgorithm;
  readonly keyVersion: number;
}

/** What the request line and the headers state before any step: claims, all of them. */
export const knownFromHead = (
  head: Pick<Known, 'target' | 'claimedClientId' | 'operation'>,
): Known => ({
  target: head.target,
  claimedClientId: head.claimedClientId,
  operation: head.operation,
  body: undefined,
  requestCompleteUs: undefined,
  early: undefined,
  headers: undefined,
  client: undefined,
  signedWith: undefined,
  plain: undefined,
  platformKeyVersion: undefined,
  symmetricKeyDigest: undefined,
  symmetricKey: undefined,
});

export interface Received extends Known {
  readonly operation: Operation;
  readonly body: Buffer;
  readonly requestCompleteUs: number;
}

export interface WithHeaders extends Received {
  readonly headers: ProtocolHeaders;
}

export interface Identified extends WithHeaders {
  readonly client: Client;
}

/** From here on answers are signed. */
export interface Authenticated extends Identified {
  readonly signedWith: KeyUsed;
}

/** From here on answers are encrypted, if the request was. */
export interface Decrypted extends Authenticated {
  readonly plain: Buffer;
}

/** What a step threw, with what was known when it began. */
export class StepError extends Error {
  readonly code = 'STEP_FAILED';
  readonly step: string;
  readonly known: Known;
  override readonly cause: unknown;

  constructor(step: string, known: Known, cause: unknown) {
    super(`the step ${step} failed`);
    this.name = 'StepError';
    this.step = step;
    this.known = known;
    this.cause = cause;
  }
}

/** Whatever was thrown: outside the steps it is a bug in what connects them. */
export const toStepError = (error: unknown, located: Known): StepError =>
  error instanceof StepError ? error : new StepError('decide', located, error);

/** What the gateway needs of a clock: a client's, the simulator's, or that of a replay. */
export interface ExchangeClock {
  now(): number;
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export interface ExchangeOptions {
  readonly number: number;
  readonly tracerId: string;
  readonly method: string;
  readonly located: Known;
  readonly connection: Connection;
  /** The clock of the client that the request claims to come from. */
  readonly clock: ExchangeClock;
  /** Monotonic microseconds since the process started. */
  readonly nowUs: () => number;
  readonly tape: Pick<ExchangeTape, 'seed' | 'scenarios' | 'keys'>;
}

/**
 * Names of steps in the order in which they ran. Exchanges with the same steps share one: the
 * journal keeps thousands of exchanges.
 */
class StepSequence {
  readonly names: readonly string[];
  readonly #longer = new Map<string, StepSequence>();

  constructor(names: readonly string[]) {
    this.names = names;
  }

  with(name: string): StepSequence {
    let longer = this.#longer.get(name);
    if (longer === undefined) {
      longer = new StepSequence([...this.names, name]);
      // An exchange that begins again and again is not what others share.
      if (this.names.length < longestShared) this.#longer.set(name, longer);
    }
    return longer;
  }
}

const longestShared = 40;
const noSteps = new StepSequence([]);

/** The steps of an exchange, for the journal. */
export class StepTrace {
  #steps = noSteps;
  readonly #microseconds: number[] = [];
  /** Places of steps that refused: hardly ever one. */
  #refused: number[] | undefined;

  add(name: string, microseconds: number, refused: boolean): void {
    if (refused) {
      this.#refused ??= [];
      this.#refused.push(this.#microseconds.length);
    }
    this.#steps = this.#steps.with(name);
    this.#microseconds.push(microseconds);
  }

  toRecords(): readonly StepRecord[] {
    return this.#steps.names.map((name, at) => ({
      name,
      microseconds: this.#microseconds[at] ?? 0,
      refused: this.#refused?.includes(at) === true,
    }));
  }
}

/** Records what the exchange depends on as it goes along. */
export class TapeRecorder implements ExchangeTape {
  readonly #inputs: ExchangeOptions['tape'];
  // Lists are made when they get their first item: the journal keeps those of thousands.
  #clockSteps: number[] | undefined;
  #transactions: TapedTransaction[] | undefined;
  #drawn: Buffer[] | undefined;
  symmetricKey: Buffer | undefined;
  written: Buffer | undefined;
  #readings = 0;
  #shownMs = 0;

  constructor(inputs: ExchangeOptions['tape']) {
    this.#inputs = inputs;
  }

  get seed(): number {
    return this.#inputs.seed;
  }

  get scenarios(): ExchangeTape['scenarios'] {
    return this.#inputs.scenarios;
  }

  get keys(): ExchangeTape['keys'] {
    return this.#inputs.keys;
  }

  get clockSteps(): readonly number[] {
    return this.#clockSteps ?? [];
  }

  get transactions(): readonly TapedTransaction[] {
    return this.#transactions ?? [];
  }

  get drawn(): readonly Buffer[] {
    return this.#drawn ?? [];
  }

  addReading(elapsedMs: number): void {
    if (elapsedMs !== this.#shownMs) {
      // A list that begins with its items takes a fifth of one that grows.
      if (this.#clockSteps === undefined) this.#clockSteps = [this.#readings, elapsedMs];
      else this.#clockSteps.push(this.#readings, elapsedMs);
    }
    this.#shownMs = elapsedMs;
    this.#readings++;
  }

  /** A decision may be made several times in one transaction: the last one counts. */
  addTransaction(at: number, transaction: TapedTransaction): void {
    if (this.#transactions === undefined) this.#transactions = [transaction];
    else this.#transactions[at] = transaction;
  }

  addDrawn(bytes: Buffer): void {
    this.#drawn ??= [];
    this.#drawn.push(bytes);
  }
}

/** One request on its way to one reply: who it is, and the trace of its steps. */
export class Exchange implements OpenExchange {
  readonly number: number;
  /** On every answer as Tracer-Id, and what the journal calls the exchange. */
  readonly id: string;
  readonly method: string;
  readonly target: string;
  readonly operation: string | undefined;
  readonly clientId: string | undefined;
  readonly connection: Connection;
  clock: ExchangeClock;
  readonly nowUs: () => number;
  readonly receivedAt: number;
  readonly arrival: Arrival;
  readonly trace = new StepTrace();
  findings: Finding[] = [];
  tape: TapeRecorder;

  constructor({
    number,
    tracerId,
    method,
    located,
    connection,
    clock,
    nowUs,
    tape,
  }: ExchangeOptions) {
    this.number = number;
    this.id = tracerId;
    this.method = method;
    this.target = located.target;
    this.operation = located.operation?.id;
    this.clientId = located.claimedClientId;
    this.connection = connection;
    this.clock = clock;
    this.nowUs = nowUs;
    this.tape = new TapeRecorder(tape);
    this.receivedAt = clock.now();
    this.arrival = { order: number, atUs: Math.round(nowUs()) };
  }

  get steps(): readonly StepRecord[] {
    return this.trace.toRecords();
  }

  /** By the client's clock, milliseconds since 1970. */
  now(): number {
    const now = this.clock.now();
    this.tape.addReading(now - this.receivedAt);
    return now;
  }

  /**
   * Runs one step and adds it to the trace: how long it took, and whether it refused. A step that
   * does not wait is not waited for.
   * @param known passed on to the handler of what the step throws
   * @throws StepError
   */
  step<T>(name: string, known: Known, run: () => Promise<T>): Promise<T>;
  step<T>(name: string, known: Known, run: () => T): T;
  step<T>(name: string, known: Known, run: () => T | Promise<T>): T | Promise<T>;
  step<T>(name: string, known: Known, run: () => T | Promise<T>): T | Promise<T> {
    const began = this.nowUs();
    try {
      const result = run();
      if (!(result instanceof Promise)) {
        this.#end(name, began, false);
        return result;
      }
      return result.then(
        (ended) => {
          this.#end(name, began, false);
          return ended;
        },
        (error: unknown) => this.#fail(name, known, began, error),
      );
    } catch (error) {
      return this.#fail(name, known, began, error);
    }
  }

  #end(name: string, began: number, refused: boolean): void {
    this.trace.add(name, Math.round(this.nowUs() - began), refused);
  }

  #fail(name: string, known: Known, began: number, error: unknown): never {
    this.#end(name, began, true);
    throw new StepError(name, known, error);
  }

  /** The steps begin again after the first: what they were read with has changed. */
  restart(clock: ExchangeClock, inputs: ExchangeOptions['tape']): void {
    this.clock = clock;
    this.tape = new TapeRecorder(inputs);
    this.findings = [];
  }

  addFinding(finding: Finding): void {
    this.findings.push(finding);
  }

  addFindings(findings: readonly Finding[]): void {
    for (const finding of findings) this.findings.push(finding);
  }
}

export type RefusalCode =
  | 'INVALID_API'
  | 'METHOD_NOT_SUPPORTED'
  | 'MEDIA_TYPE_NOT_ACCEPTABLE'
  | 'PARAM_ILLEGAL'
  | 'TIMESTAMP_INVALID'
  | 'INVALID_CLIENT'
  | 'KEY_NOT_FOUND'
  | 'INVALID_SIGNATURE'
  | 'ACCESS_DENIED'
  | 'REQUEST_TRAFFIC_EXCEED_LIMIT';

export interface RefusalDetails {
  readonly register: RegisterId;
  /** Why, for the log and the journal. */
  readonly reason: string;
  /**
   * Text of the answer's message; absent: the result table's. What must not be shown to the caller
   * stays out of it.
   */
  readonly message?: string;
  /** Where the code's own status would mislead, when `httpStatus` is `semantic`. */
  readonly httpStatus?: number;
}

/**
 * Thrown by a step that refuses: the one way a request leaves the pipeline early. It is answered
 * like everything else.
 */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly details: RefusalDetails;

  constructor(code: RefusalCode, details: RefusalDetails) {
    super(details.reason);
    this.name = 'Refusal';
    this.code = code;
    this.details = details;
  }
}

/** A refusal whose reason the caller may read as it is. */
export const refuseWithMessage = (
  code: RefusalCode,
  register: RegisterId,
  reason: string,
): Refusal => new Refusal(code, { register, reason, message: reason });
