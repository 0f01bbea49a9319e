import type { KeyObject } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import * as z from 'zod';
import type { Keyring } from '../../protocol/keys/keyring.ts';
import type { KeyFamily } from '../../protocol/signatures.ts';

/** Bytes as they leave, and when. */
export interface Chunk {
  readonly afterMs: number;
  readonly bytes: Buffer;
}

/**
 * How an answer goes out raw: its pieces, how long the connection then stays open, and how it ends.
 */
export interface RawResponse {
  readonly chunks: readonly Chunk[];
  readonly holdMs: number;
  readonly close: 'close' | 'reset';
}

/**
 * Nothing waits for longer than this unless a rule says so: a client that never gives up must not
 * be served without end.
 */
export const maxHoldMs = 120_000;

export const immediately = (...parts: readonly Buffer[]): Chunk[] =>
  parts.length === 0 ? [] : [{ afterMs: 0, bytes: Buffer.concat(parts) }];

/**
 * Status line and headers, the empty line included. The connection is not used again: what follows
 * is not to be trusted.
 */
export const headBytes = (
  { httpStatus, headers }: WireMessage,
  more: readonly (readonly [string, string])[] = [],
): Buffer =>
  Buffer.from(
    [
      `HTTP/1.1 ${httpStatus} ${STATUS_CODES[httpStatus] ?? ''}`,
      ...[...Object.entries(headers), ...more, ['connection', 'close']].map(
        ([name, value]) => `${name}: ${value}`,
      ),
      '\r\n',
    ].join('\r\n'),
    'latin1',
  );

/** An answer as it goes over the wire. */
export interface WireMessage {
  readonly httpStatus: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What an answer is signed with, and what is signed beside its body. */
export interface Signing {
  readonly clientId: string;
  /** Response-Time, milliseconds since 1970. */
  readonly timeMs: number;
  readonly keyVersion: number;
  readonly key: KeyObject;
}

/** Where a fault can find other keys than the right one. */
export interface AvailableKeys {
  readonly platform: Keyring;
  readonly family: KeyFamily;
}

/** Whom a sealed answer is sealed for. */
export interface SealReceiver {
  readonly publicKey: KeyObject;
  readonly version: number;
}

/**
 * Where a fault takes hold of an answer on its way out, in this order; an absent hook leaves things
 * as they are.
 */
export interface FaultHooks {
  /** The plain body, before it is sealed and signed: what comes of it verifies. */
  readonly plain?: (plain: Buffer) => Buffer;
  /** undefined: it is not sealed. */
  readonly receiver?: (own: SealReceiver) => SealReceiver | undefined;
  readonly signing?: (own: Signing, keys: AvailableKeys) => Signing;
  /** The finished message, after signing: what comes of it no longer fits its signature. */
  readonly rewrite?: (message: WireMessage) => WireMessage;
  /** Raw bytes and pauses instead of an orderly HTTP message. */
  readonly plan?: (message: WireMessage) => RawResponse;
}

export interface Fault {
  readonly family: 'wire' | 'security';
  readonly sentence: string;
  /** What a correct client must do. */
  readonly expectedClientBehaviour: string;
  /** When it can strike; the first one unless a rule says otherwise. */
  readonly phases: readonly [Phase, ...Phase[]];
  /**
   * Whether anything of the platform's answer is still sent: only then do a result or a signature
   * matter.
   */
  readonly carriesAnswer: boolean;
  /** Of a security fault: whether it is about the signature or about the sealing. */
  readonly concerns?: 'signature' | 'sealing';
  /** Bounded, each with its default. */
  readonly parameters: z.ZodObject;
  /** @param given parameters as a scenario gives them; they have been checked */
  readonly hooksFor: (given: unknown) => FaultHooks;
}

type Definition<Shape extends z.ZodRawShape> = Omit<Fault, 'family' | 'parameters' | 'hooksFor'> & {
  readonly parameters?: Shape;
  readonly hooks: (parameters: z.infer<z.ZodObject<Shape>>) => FaultHooks;
};

const defineFault = <const Shape extends z.ZodRawShape>(
  family: Fault['family'],
  { parameters, hooks, ...row }: Definition<Shape>,
): Fault => {
  // Without parameters Shape is empty, which the compiler cannot see.
  const schema = z.strictObject(parameters ?? ({} as Shape));
  return {
    family,
    ...row,
    parameters: schema,
    hooksFor: (given) => hooks(schema.parse(given) as z.infer<z.ZodObject<Shape>>),
  };
};

export const wireFault = <const Shape extends z.ZodRawShape = Record<never, never>>(
  definition: Definition<Shape>,
): Fault => defineFault('wire', definition);

/** Security faults apply after the commit: they change an answer, so there must be one. */
export const securityFault = <const Shape extends z.ZodRawShape = Record<never, never>>(
  concerns: NonNullable<Fault['concerns']>,
  definition: Omit<Definition<Shape>, 'phases' | 'carriesAnswer' | 'concerns'>,
): Fault =>
  defineFault('security', {
    ...definition,
    concerns,
    phases: ['after-commit'],
    carriesAnswer: true,
  } as Definition<Shape>);

/**
 * When a fault strikes, bound to the transaction: what it leaves behind on the server follows from
 * it.
 */
export const phases = [
  'before-verify',
  'after-verify',
  'before-commit',
  'after-commit',
  'during-answer',
] as const;
export type Phase = (typeof phases)[number];

interface PhaseRow {
  readonly sentence: string;
  /** Whether there is a decision, and with it an answer that could be misdelivered. */
  readonly isDecided: boolean;
  /** Whether what was decided stays: the state, and the memory of the request id. */
  readonly keepsChange: boolean;
}

export const phaseTable: Readonly<Record<Phase, PhaseRow>> = {
  'before-verify': {
    sentence:
      'The request was received. Nothing was checked, decided or changed, so this strikes badly signed requests too.',
    isDecided: false,
    keepsChange: false,
  },
  'after-verify': {
    sentence: 'The request passed every check of the gateway. Nothing was decided or changed.',
    isDecided: false,
    keepsChange: false,
  },
  'before-commit': {
    sentence:
      'The request was decided, then the change was dropped: no new state, the request id is not remembered.',
    isDecided: true,
    keepsChange: false,
  },
  'after-commit': {
    sentence: 'The change was made and the request id is remembered; then the answer went wrong.',
    isDecided: true,
    keepsChange: true,
  },
  'during-answer': {
    sentence:
      'As after-commit: the change was made, and the answer breaks off while it is under way.',
    isDecided: true,
    keepsChange: true,
  },
};

/** How long an answer waits: a number of milliseconds, or a random one. */
export type Delay = number | EvenDelay | SkewedDelay;

/** Every whole number between them is as likely. */
interface EvenDelay {
  readonly from: number;
  readonly to: number;
}

/** Log-normal, as answer times are: half of them below the median, a few far above it. */
interface SkewedDelay {
  readonly median: number;
  readonly sigma: number;
}

export const longestDelayMs = 600_000;

/**
 * @param seed whatever the choice depends on; the same text chooses the same delay, on every
 * machine
 */
export const sampleDelay = (delay: Delay, seed: string): number => {
  if (typeof delay === 'number') return delay;
  const random = mulberry32(hash(seed));
  if ('from' in delay) return delay.from + Math.floor(random() * (delay.to - delay.from + 1));
  return Math.min(
    longestDelayMs,
    Math.round(delay.median * Math.exp(delay.sigma * normal(random))),
  );
};

/** A small generator of even numbers in [0, 1); enough for delays, of no use for secrets. */
export const mulberry32 = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** FNV-1a, 32 bits. */
const hash = (text: string): number => {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
};

/** Box and Muller's way from two even numbers to a normal one. */
const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
