import {
  type OperationRecord,
  operationRecords,
} from '../../server/domain/operations/operation-records.ts';
import type { CodeLanguage } from '../shell/browser-storage.ts';

const padTwo = (value: number): string => String(value).padStart(2, '0');

/** `14:03:27.015`, in the local time zone. */
export const formatTime = (at: number): string => {
  const time = new Date(at);
  const seconds = [time.getHours(), time.getMinutes(), time.getSeconds()].map(padTwo).join(':');
  return `${seconds}.${String(time.getMilliseconds()).padStart(3, '0')}`;
};

/** `2026-11-20 14:03:27 +08:00`, in the local time zone. */
export const formatDateTime = (at: number): string => {
  const time = new Date(at);
  const date = [time.getFullYear(), padTwo(time.getMonth() + 1), padTwo(time.getDate())].join('-');
  const offset = -time.getTimezoneOffset();
  const minutes = Math.abs(offset);
  const zone = `${padTwo(Math.floor(minutes / 60))}:${padTwo(minutes % 60)}`;
  return `${date} ${formatTime(at).slice(0, 8)} ${offset < 0 ? '-' : '+'}${zone}`;
};

export const formatDuration = (milliseconds: number): string =>
  milliseconds < 1
    ? '<1 ms'
    : milliseconds < 10_000
      ? `${Math.round(milliseconds)} ms`
      : `${(milliseconds / 1000).toFixed(1)} s`;

export const formatMicroseconds = (microseconds: number): string =>
  microseconds < 1000 ? `${microseconds} µs` : formatDuration(microseconds / 1000);

/** `17 ms`, `4.1 s`, `2 min 5 s`. */
export const formatOffset = (milliseconds: number): string =>
  milliseconds < 950
    ? formatDuration(milliseconds)
    : milliseconds < 100_000
      ? `${(milliseconds / 1000).toFixed(1)} s`
      : `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1000)} s`;

const kinds: Readonly<Record<string, OperationRecord>> = operationRecords;

/** The collection that holds the record of a request. */
export const findCollection = (operation: string): OperationRecord['collection'] | undefined =>
  kinds[operation]?.collection;

/** The values of an identity, which the admin API writes as a JSON array. */
export const readIdentity = (identity: string): readonly unknown[] => {
  try {
    const values: unknown = JSON.parse(identity);
    return Array.isArray(values) ? values : [identity];
  } catch {
    return [identity];
  }
};

/** The values of an identity with the names of their fields; values that are null are left out. */
export const labelIdentity = (
  identity: string,
  kind: string | undefined,
): readonly (readonly [field: string, value: string])[] => {
  const fields = Object.entries(kinds).find(
    ([operation, { collection }]) => operation === kind || collection === kind,
  )?.[1].identity;
  return readIdentity(identity).flatMap((value, at) =>
    value === null ? [] : [[fields?.[at] ?? '', String(value)] as const],
  );
};

/**
 * An identity as one text: `RIDE-1`, `accountId 2088 · type PASS`.
 * @param kind the collection or the operation; without it values have no names
 */
export const formatIdentity = (identity: string, kind?: string): string => {
  const parts = labelIdentity(identity, kind);
  const isSingle = parts.length === 1 && readIdentity(identity).length === 1;
  return parts
    .map(([field, value]) => (isSingle || field === '' ? value : `${field} ${value}`))
    .join(' · ');
};

const digitsByCurrency = new Map<string, number>();

const countDigits = (currency: string): number => {
  const known = digitsByCurrency.get(currency);
  if (known !== undefined) return known;
  const { maximumFractionDigits = 2 } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions();
  digitsByCurrency.set(currency, maximumFractionDigits);
  return maximumFractionDigits;
};

/** `HKD 128.00` of 12800 cents; undefined if it is no amount in a known currency. */
export const formatAmount = (value: unknown, currency: unknown): string | undefined => {
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) return undefined;
  if (!/^-?\d{1,15}$/.test(String(value))) return undefined;
  const digits = countDigits(currency);
  const amount = (Number(value) / 10 ** digits).toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${currency} ${amount}`;
};

const comments: Readonly<Record<CodeLanguage, string>> = {
  java: '//',
  php: '//',
  python: '#',
  go: '//',
  csharp: '//',
  node: '//',
};

/**
 * Formats a remedy, which the doctor writes as one line: a line for each statement, and comments
 * above.
 */
export const formatRemedy = (remedy: string, language: CodeLanguage): string => {
  const { code, comment } = splitComment(remedy, comments[language]);
  return [
    ...(comment === undefined ? [] : [`${comments[language]} ${comment}`]),
    ...splitStatements(code),
  ].join('\n');
};

interface ScanState {
  readonly quote: string | undefined;
  readonly depth: number;
}

/** Calls `visit` for each character outside quotes, with its depth in brackets. */
const scanCode = (text: string, visit: (at: number, state: ScanState) => boolean): void => {
  let quote: string | undefined;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? '';
    if (quote === undefined && visit(at, { quote, depth })) return;
    if (quote !== undefined) {
      if (letter === '\\') at++;
      else if (letter === quote) quote = undefined;
    } else if (letter === '"' || letter === "'" || letter === '`') quote = letter;
    else if ('([{'.includes(letter)) depth++;
    else if (')]}'.includes(letter)) depth--;
  }
};

const splitComment = (
  text: string,
  sign: string,
): { readonly code: string; readonly comment: string | undefined } => {
  let cut: number | undefined;
  scanCode(text, (at) => {
    if (!text.startsWith(sign, at) || (at > 0 && !/\s/.test(text[at - 1] ?? ''))) return false;
    cut = at;
    return true;
  });
  return cut === undefined
    ? { code: text, comment: undefined }
    : { code: text.slice(0, cut).trimEnd(), comment: text.slice(cut + sign.length).trim() };
};

const splitStatements = (code: string): readonly string[] => {
  const ends: number[] = [];
  scanCode(code, (at, { depth }) => {
    if (depth === 0 && code.startsWith('; ', at)) ends.push(at + 1);
    return false;
  });
  return [...ends, code.length]
    .map((end, at) => code.slice(at === 0 ? 0 : ends[at - 1], end).trim())
    .filter((line) => line !== '');
};
