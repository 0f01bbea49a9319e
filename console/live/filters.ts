import { identityText } from '../api/identity-text.ts';
import type { ExchangeRow } from '../api/journal.ts';

/** What the list can be narrowed by; the names stand in the address. */
export const filterNames = [
  'text',
  'client',
  'operation',
  'code',
  'status',
  'step',
  'finding',
] as const;
export type FilterName = (typeof filterNames)[number];
export type Filters = Readonly<Partial<Record<FilterName, string>>>;

export const readFilters = (query: URLSearchParams): Filters =>
  Object.fromEntries(
    filterNames.flatMap((name) => (query.get(name) ? [[name, query.get(name)]] : [])),
  );

/**
 * Everything of a row that a search looks into. What only the body states, the simulator searches.
 */
const searched = (row: ExchangeRow): readonly (string | undefined)[] => [
  row.id,
  row.identity,
  row.identity && identityText(row.identity),
  row.reason,
  row.clientId,
  row.operation,
  row.target,
  row.code,
  row.step,
  row.rule,
  ...row.findings,
  ...row.marks,
];

type Test = (row: ExchangeRow, wanted: string) => boolean;

const tests: Readonly<Record<Exclude<FilterName, 'text'>, Test>> = {
  client: ({ clientId }, wanted) => clientId === wanted,
  operation: ({ operation }, wanted) => operation === wanted,
  code: ({ code }, wanted) => code === wanted,
  status: ({ status }, wanted) => wanted.includes(status),
  step: ({ step }, wanted) => step === wanted,
  finding: ({ findings }, wanted) =>
    wanted === 'any' ? findings.length > 0 : findings.includes(wanted),
};

/**
 * One test for all filters that are set.
 * @param found numbers of exchanges that the simulator's own search found for the text
 */
export const filterTest = (
  filters: Filters,
  found: ReadonlySet<number> = new Set(),
): ((row: ExchangeRow) => boolean) => {
  const { text, ...others } = filters;
  const wanted = text?.toLowerCase();
  const set = (Object.keys(tests) as (keyof typeof tests)[]).flatMap((name) =>
    others[name] === undefined ? [] : [[tests[name], others[name]] as const],
  );
  const hasText = (row: ExchangeRow): boolean =>
    wanted === undefined ||
    found.has(row.number) ||
    searched(row).some((field) => field?.toLowerCase().includes(wanted) === true);
  return (row) => set.every(([test, value]) => test(row, value)) && hasText(row);
};
