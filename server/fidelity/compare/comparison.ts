import { hash } from 'node:crypto';
import * as z from 'zod';
import type { RegisterId } from '../../domain/contract/basis.ts';
import type { JsonObject } from '../../domain/state/state.ts';
import type { JournalEntry } from '../../journal/journal-entry.ts';
import { tryParseJson } from '../../problems/json-text.ts';
import { readHeaderPairs } from '../../protocol/headers.ts';
import { readAlgorithm } from '../../protocol/signatures.ts';
import { readTimestamp } from '../../protocol/timestamps.ts';

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

interface AnswerSummary {
  readonly httpStatus: number;
  readonly code: string;
  readonly letter: string;
}

/** What the simulator answered to the same bytes, and why. */
interface ShadowAnswer {
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

/** One side's answer, opened and read. */
export interface ComparedAnswer {
  readonly httpStatus: number;
  readonly code: string;
  readonly letter: string;
  readonly resultNames: readonly string[];
  /** Everything beside the result. */
  readonly fields: JsonObject;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the body could be read; an encrypted one without a key cannot. */
  readonly readable: boolean;
}

const differenceClasses = [
  'http',
  'headers',
  'code',
  'letter',
  'fields',
  'signature',
  'sealing',
  'transport',
  'state',
] as const;
type DifferenceClass = (typeof differenceClasses)[number];

export interface Difference {
  /** `result.resultCode`, `header tracerid`, `orderStatus`. */
  readonly path: string;
  readonly real: string;
  readonly mock: string;
  readonly class: DifferenceClass;
  /** Entries of the register that the simulator's answer is based on here. */
  readonly rows: readonly RegisterId[];
}

interface CompareContext {
  /** What the simulator's decision is based on. */
  readonly basis: readonly RegisterId[];
  /** Paths in which the real side differs from itself. */
  readonly noise: ReadonlySet<string>;
  /** The simulator may hold another state of this thing than the real side. */
  readonly isStateUnknown: boolean;
}

/** Headers of the protocol; others, such as those of a CDN, are not compared. */
const comparedHeaders = ['content-type', 'client-id', 'response-time', 'tracer-id', 'tracerid'];

const headerRows: Readonly<Record<string, readonly RegisterId[]>> = {
  'tracer-id': ['G-16'],
  tracerid: ['G-16'],
  'client-id': ['G-05'],
  'response-time': ['G-04'],
};

/**
 * Says in what two answers to the same bytes differ. Values that are new in each answer are
 * compared by their form: Response-Time, Signature, Tracer-Id, orderId. `resultMessage` is not
 * compared.
 */
const findDifferences = (
  real: ComparedAnswer,
  mock: ComparedAnswer,
  { basis, noise, isStateUnknown }: CompareContext,
): readonly Difference[] => {
  const found: Difference[] = [];
  const compare = (
    path: string,
    values: readonly [real: string, mock: string],
    kind: DifferenceClass,
    rows: readonly RegisterId[],
  ): void => {
    const [realValue, mockValue] = values;
    if (realValue !== mockValue && !noise.has(path))
      found.push({ path, real: realValue, mock: mockValue, class: kind, rows });
  };
  const stateOr = (kind: DifferenceClass): DifferenceClass => (isStateUnknown ? 'state' : kind);
  const isRefusal = mock.letter !== 'S';
  compare('http status', [String(real.httpStatus), String(mock.httpStatus)], 'http', ['G-03']);
  compare('signature', [presence(real, 'signature'), presence(mock, 'signature')], 'signature', [
    'G-04',
  ]);
  compare('encrypt', [presence(real, 'encrypt'), presence(mock, 'encrypt')], 'sealing', [
    isRefusal ? 'G-23' : 'G-15',
  ]);
  for (const name of comparedHeaders)
    if (name !== 'response-time' || presence(real, 'signature') === presence(mock, 'signature'))
      compare(
        `header ${name}`,
        [headerForm(real, name), headerForm(mock, name)],
        'headers',
        headerRows[name] ?? [],
      );
  if (!real.readable || !mock.readable) return found;
  compare('result name', [real.resultNames.join(), mock.resultNames.join()], 'fields', ['G-07']);
  compare('result.resultCode', [real.code, mock.code], stateOr('code'), basis);
  compare('result.resultStatus', [real.letter, mock.letter], stateOr('letter'), basis);
  for (const path of new Set([...Object.keys(real.fields), ...Object.keys(mock.fields)])) {
    const values = [fieldForm(path, real.fields), fieldForm(path, mock.fields)] as const;
    compare(path, values, path === 'orderStatus' ? 'state' : stateOr('fields'), [
      ...basis,
      ...(path === 'orderId' ? (['E-04'] as const) : []),
    ]);
  }
  return found;
};

const presence = ({ headers }: ComparedAnswer, name: string): string =>
  headers[name] === undefined ? 'absent' : 'present';

/** Response-Time and Tracer-Id are new each time: only how they look is compared. */
const headerForm = ({ headers }: ComparedAnswer, name: string): string => {
  const value = headers[name];
  if (value === undefined) return 'absent';
  if (name === 'content-type') return value.toLowerCase().replace(/\s+/g, '');
  if (name === 'client-id') return 'present';
  if (name === 'response-time')
    return /^\d{4}-\d\d-\d\dT.*[+-]\d\d:\d\d$|Z$/.test(value) ? 'ISO 8601' : 'another form';
  return 'present';
};

const fieldForm = (path: string, fields: JsonObject): string => {
  const value = fields[path];
  if (value === undefined) return 'absent';
  return path === 'orderId' ? `a ${typeof value}` : JSON.stringify(value);
};

/** The shortest validity window that a gateway may plausibly have. */
const suspiciousAgeMs = 60_000;

/**
 * Rows of the register that a request touches: those that the simulator's decision is based on, and
 * those of what the request does differently from a plain one, which a gateway may refuse.
 */
export const exercisedRows = ({
  verdict,
  findings,
  operation,
  receivedAt,
  request: { headers },
}: Pick<
  JournalEntry,
  'verdict' | 'findings' | 'operation' | 'receivedAt' | 'request'
>): readonly RegisterId[] => {
  const rows: RegisterId[] = [...verdict.basis, ...findings.map(({ register }) => register)];
  const time = readTimestamp(headers['request-time'] ?? '');
  if (time === undefined || Math.abs(time.epochMs - receivedAt) > suspiciousAgeMs)
    rows.push('G-09');
  const algorithm = readHeaderPairs(headers['signature'] ?? '').pairs.get('algorithm');
  if (readAlgorithm(algorithm) === 'ECC224') rows.push('G-12');
  if (headers['encrypt'] !== undefined) rows.push('G-13', 'G-15');
  if (operation === 'syncOrder' && /is required/.test(verdict.reason)) rows.push('E-20');
  return [...new Set(rows)];
};

/** How often a row of the register was part of a decision, and how often the sides differed. */
export interface RowComparison {
  readonly row: RegisterId;
  readonly agreements: number;
  readonly differences: number;
  /** The first difference that names it. */
  readonly example?: { readonly n: number; readonly difference: Difference } | undefined;
}

export interface CompareReport {
  readonly exchanges: number;
  readonly differing: number;
  /** Exchanges that the simulator could not answer. */
  readonly failed: number;
  readonly rows: readonly RowComparison[];
  /** Rows of the register that no exchange touched. */
  readonly neverExercised: readonly RegisterId[];
  /** Differences that no row explains. */
  readonly unattributed: readonly { readonly n: number; readonly difference: Difference }[];
}

const maxUnattributed = 20;

/** Summarises the records of a comparison by row of the register. */
export const summarizeComparison = (
  records: readonly ComparisonRecord[],
  register: readonly RegisterId[],
): CompareReport => {
  const rows = register.map((row): RowComparison => {
    const touching = records.filter(
      ({ rows: compared, differences }) =>
        compared.includes(row) || differences.some((one) => one.rows.includes(row)),
    );
    const differing = touching.filter(({ differences }) =>
      differences.some((one) => one.rows.includes(row)),
    );
    const [first] = differing;
    const difference = first?.differences.find((one) => one.rows.includes(row));
    return {
      row,
      agreements: touching.length - differing.length,
      differences: differing.length,
      example:
        first === undefined || difference === undefined ? undefined : { n: first.n, difference },
    };
  });
  const isExercised = ({ agreements, differences }: RowComparison): boolean =>
    agreements + differences > 0;
  return {
    exchanges: records.length,
    differing: records.filter(({ differences }) => differences.length > 0).length,
    failed: records.filter(({ mock }) => 'failed' in mock).length,
    rows: rows.filter(isExercised),
    neverExercised: rows.filter((row) => !isExercised(row)).map(({ row }) => row),
    unattributed: records
      .flatMap(({ n, differences }) =>
        differences
          .filter(({ rows: named }) => named.length === 0)
          .map((difference) => ({ n, difference })),
      )
      .slice(0, maxUnattributed),
  };
};

const answerSchema = z.object({
  httpStatus: z.number(),
  code: z.string(),
  letter: z.string(),
});
const rowSchema = z.custom<RegisterId>((value) => typeof value === 'string');
const recordSchema = z.object({
  n: z.int(),
  at: z.string(),
  operation: z.string().optional(),
  real: z.union([answerSchema, z.object({ lost: z.string() })]),
  mock: z.union([answerSchema, z.object({ failed: z.string() })]),
  rows: z.array(rowSchema),
  differences: z.array(
    z.object({
      path: z.string(),
      real: z.string(),
      mock: z.string(),
      class: z.enum(differenceClasses),
      rows: z.array(rowSchema),
    }),
  ),
});

/**
 * Reads what `compare --out` wrote, a record a line.
 * @returns the number of the first line that is no record, counted from 1, if there is one
 */
export const readComparisonRecords = (
  text: string,
): { readonly records: readonly ComparisonRecord[]; readonly badLine?: number } => {
  const records: ComparisonRecord[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const parsed = recordSchema.safeParse(tryParseJson(line));
    if (!parsed.success) return { records, badLine: index + 1 };
    records.push({ ...parsed.data, operation: parsed.data.operation });
  }
  return { records };
};
