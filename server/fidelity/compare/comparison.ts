import { hash } from 'node:crypto';
import type { RegisterId } from '../../domain/contract/contract.ts';
import type { JsonObject } from '../../domain/state/state.ts';
import { type ComparedAnswer, type Difference, findDifferences } from './differences.ts';

/** One line of the record of `compare`. */
export interface ComparisonRecord {
  readonly n: number;
  /** ISO 8601. */
  readonly at: string;
  readonly operation: string | undefined;
  readonly real: AnswerSummary | { readonly lost: string };
  readonly mock: AnswerSummary | { readonly failed: string };
  /** Rows of the register that the two answers could differ in. */
  readonly rows: readonly RegisterId[];
  readonly differences: readonly Difference[];
}

export interface AnswerSummary {
  readonly httpStatus: number;
  readonly code: string;
  readonly letter: string;
}

/** What the simulator answered to the same bytes, and why. */
export interface ShadowAnswer {
  readonly answer: ComparedAnswer;
  readonly operation: string | undefined;
  /** The thing that the request is about; absent where it was refused before. */
  readonly identity: string | undefined;
  readonly basis: readonly RegisterId[];
  /** Whether the simulator had a record of the thing before. */
  readonly isKnown: boolean;
}

export interface ComparedPair {
  readonly receivedAt: number;
  /** The request's body, opened if it was encrypted. */
  readonly plain: Buffer;
  readonly real: ComparedAnswer | { readonly lost: string };
  readonly shadow: ShadowAnswer | { readonly failed: string };
}

const maxRemembered = 10_000;

/**
 * Compares pairs of answers one after another. It learns which fields the real side itself varies,
 * and which things the simulator cannot know because they are older than the comparison.
 */
export class Comparison {
  #number = 0;
  /** Things whose first message was seen while the simulator had no record of them. */
  readonly #unsettled = new Map<string, true>();
  readonly #known = new Map<string, true>();
  /** The last real answer to the same body. */
  readonly #answers = new Map<string, ComparedAnswer>();
  readonly #noise = new Set<string>();
  readonly #orderIds = new Map<string, string>();
  /** The thing that an orderId of the real side was given to. */
  readonly #owners = new Map<string, string>();

  add({ receivedAt, plain, real, shadow }: ComparedPair): ComparisonRecord {
    const n = ++this.#number;
    const at = new Date(receivedAt).toISOString();
    if ('failed' in shadow)
      return {
        n,
        at,
        operation: undefined,
        real: 'lost' in real ? real : summarize(real),
        mock: shadow,
        rows: [],
        differences: [],
      };
    const { answer, operation, identity, basis, isKnown } = shadow;
    const record = { n, at, operation, mock: summarize(answer), rows: comparedRows(shadow) };
    if ('lost' in real)
      return {
        ...record,
        real,
        differences: [
          { path: 'answer', real: 'lost', mock: 'an answer', class: 'transport', rows: [] },
        ],
      };
    this.#learnNoise(plain, real);
    const key = identity === undefined ? undefined : `${operation} ${identity}`;
    if (key !== undefined && !isKnown && !this.#known.has(key))
      rememberSignature(this.#unsettled, key, true);
    if (key !== undefined) rememberSignature(this.#known, key, true);
    const differences = [
      ...findDifferences(real, answer, {
        basis,
        noise: this.#noise,
        isStateUnknown: key !== undefined && this.#unsettled.has(key),
      }),
      ...this.#oddOrderId(key, real),
    ];
    if (key !== undefined && differences.length === 0) this.#unsettled.delete(key);
    return { ...record, real: summarize(real), differences };
  }

  /** Where the client repeats a body, the real side shows what it varies by itself. */
  #learnNoise(plain: Buffer, real: ComparedAnswer): void {
    const digest = hash('sha256', plain, 'base64');
    const before = this.#answers.get(digest);
    // A status may have moved on between two answers: that is news, not noise.
    if (before !== undefined && before.code === real.code)
      for (const path of Object.keys({ ...before.fields, ...real.fields }))
        if (
          path !== 'orderStatus' &&
          path !== 'orderId' &&
          !isSame(before.fields, real.fields, path)
        )
          this.#noise.add(path);
    rememberSignature(this.#answers, digest, real);
  }

  /** The value of an orderId is the platform's own; that it stays the same is compared. */
  #oddOrderId(key: string | undefined, real: ComparedAnswer): readonly Difference[] {
    const orderId = real.fields['orderId'];
    if (key === undefined || typeof orderId !== 'string') return [];
    const before = this.#orderIds.get(key);
    const owner = this.#owners.get(orderId);
    rememberSignature(this.#orderIds, key, orderId);
    rememberSignature(this.#owners, orderId, key);
    if (owner !== undefined && owner !== key)
      return [
        {
          path: 'orderId',
          real: 'that of another order',
          mock: 'one of its own',
          class: 'fields',
          rows: ['O-03', 'E-04'],
        },
      ];
    return before === undefined || before === orderId
      ? []
      : [
          {
            path: 'orderId',
            real: 'another one than before',
            mock: 'the same as before',
            class: 'fields',
            rows: ['E-04', 'O-03'],
          },
        ];
  }
}

/** Rows of the decision, and those of the form that every answer has. */
const comparedRows = ({ answer, operation, basis }: ShadowAnswer): readonly RegisterId[] => {
  const form: RegisterId[] = ['G-05', 'G-16'];
  if (answer.letter !== 'S') form.push('G-03', 'G-04');
  if (operation === 'updateMembershipCard') form.push('G-07');
  return [...new Set([...basis, ...form])];
};

/** Adds an entry; the oldest is dropped beyond the limit. */
const rememberSignature = <V>(map: Map<string, V>, key: string, value: V): void => {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > maxRemembered && oldest !== undefined) map.delete(oldest);
};

const isSame = (a: JsonObject, b: JsonObject, path: string): boolean =>
  JSON.stringify(a[path]) === JSON.stringify(b[path]);

const summarize = ({ httpStatus, code, letter }: ComparedAnswer): AnswerSummary => ({
  httpStatus,
  code,
  letter,
});
