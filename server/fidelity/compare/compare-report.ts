import * as z from 'zod';
import type { RegisterId } from '../../domain/contract/contract.ts';
import { tryParseJson } from '../../problems/json-text.ts';
import type { ComparisonRecord } from './comparison.ts';
import { type Difference, differenceClasses } from './differences.ts';

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
