import type { RegisterId } from '../../domain/contract/contract.ts';
import type { JsonObject } from '../../domain/state/state.ts';

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

export const differenceClasses = [
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
export type DifferenceClass = (typeof differenceClasses)[number];

export interface Difference {
  /** `result.resultCode`, `header tracerid`, `orderStatus`. */
  readonly path: string;
  readonly real: string;
  readonly mock: string;
  readonly class: DifferenceClass;
  /** Entries of the register that the simulator's answer is based on here. */
  readonly rows: readonly RegisterId[];
}

export interface CompareContext {
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
export const findDifferences = (
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
