import type { ExchangeRow } from '../api/journal.ts';

/** What the list can be narrowed by; the names stand in the address. */
export const filterNames = ['text', 'client', 'operation', 'code', 'status', 'step', 'finding'] as const;
export type FilterName = (typeof filterNames)[number];
export type Filters = Readonly<Partial<Record<FilterName, string>>>;

export const readFilters = (query: URLSearchParams): Filters =>
  Object.fromEntries(filterNames.flatMap((name) => (query.get(name) ? [[name, query.get(name)]] : [])));

const isWithin = (part: string, text: string | undefined): boolean => text?.toLowerCase().includes(part.toLowerCase()) === true;

const tests: Readonly<Record<FilterName, (row: ExchangeRow, wanted: string) => boolean>> = {
  text: ({ id, identity, reason, clientId }, wanted) => [id, identity, reason, clientId].some((text) => isWithin(wanted, text)),
  client: ({ clientId }, wanted) => clientId === wanted,
  operation: ({ operation }, wanted) => operation === wanted,
  code: ({ code }, wanted) => code === wanted,
  status: ({ status }, wanted) => wanted.includes(status),
  step: ({ step }, wanted) => step === wanted,
  finding: ({ findings }, wanted) => (wanted === 'any' ? findings.length > 0 : findings.includes(wanted)),
};

/** One test for all filters that are set. */
export const filterTest = (filters: Filters): ((row: ExchangeRow) => boolean) => {
  const set = filterNames.flatMap((name) => (filters[name] === undefined ? [] : [[tests[name], filters[name]] as const]));
  return (row) => set.every(([test, wanted]) => test(row, wanted));
};
