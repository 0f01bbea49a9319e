/**
 * How a Request-Time value is written (register G-09). `documented` is ISO-8601 with a time zone:
 * an offset with a colon or `Z`, with or without a fraction of a second.
 */
export type TimestampForm = 'documented' | 'offset-without-colon' | 'epoch-milliseconds';

export interface TimestampReading {
  readonly epochMs: number;
  readonly form: TimestampForm;
}

const iso = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})$/;

/**
 * Memoizes the last value: most requests within a second carry the same timestamp.
 */
const memoizeLast = <K extends string | number, V>(make: (from: K) => V): ((from: K) => V) => {
  let last: { readonly from: K; readonly made: V } | undefined;
  return (from) => {
    if (last?.from !== from) last = { from, made: make(from) };
    return last.made;
  };
};

/**
 * Reads a header's time: ISO-8601 with an offset, in the spellings that real SDKs send, or
 * milliseconds since 1970.
 * @returns undefined for any other text, and for an instant that does not exist (no offset, 30
 * February, hour 25)
 */
export const readTimestamp = memoizeLast((text: string): TimestampReading | undefined => {
  if (/^\d{13}$/.test(text)) return { epochMs: Number(text), form: 'epoch-milliseconds' };
  const found = iso.exec(text);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone = 'Z'] = found;
  if (Number(day) > daysInMonth(Number(year), Number(month))) return undefined;
  const offset = zone === 'Z' || zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const epochMs = Date.parse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}${(fraction ?? '').slice(0, 4)}${offset}`,
  );
  if (Number.isNaN(epochMs)) return undefined;
  return { epochMs, form: zone === offset ? 'documented' : 'offset-without-colon' };
});

const daysInMonth = (year: number, month: number): number =>
  new Date(Date.UTC(year, month, 0)).getUTCDate();

const hongKongOffsetMs = 8 * 60 * 60 * 1000;

const memoizePerSecond = (write: (epochMs: number) => string): ((epochMs: number) => string) => {
  const writeSecond = memoizeLast((second: number) => write(second * 1000));
  return (epochMs) => writeSecond(Math.floor(epochMs / 1000));
};

/** ISO-8601 to the second with Hong Kong's offset, the documented form of Response-Time. */
export const writeTimestamp = memoizePerSecond(
  (epochMs) => `${new Date(epochMs + hongKongOffsetMs).toISOString().slice(0, 19)}+08:00`,
);

const writeUtcSecond = memoizePerSecond((epochMs) => new Date(epochMs).toISOString().slice(0, 19));

/** As `toISOString`: ISO-8601 in UTC to the millisecond, without asking the calendar each time. */
export const writeUtc = (epochMs: number): string =>
  `${writeUtcSecond(epochMs)}.${String(epochMs % 1000).padStart(3, '0')}Z`;

/** The form of HTTP's own Date header. */
export const writeHttpDate = memoizePerSecond((epochMs) => new Date(epochMs).toUTCString());

/** Names what keeps a text from being a time that readTimestamp reads. */
export const timestampProblem = (text: string): string =>
  timestampSlips.find(([pattern]) => pattern.test(text))?.[1] ?? 'it is not written in that form';

const date = '\\d{4}-\\d{2}-\\d{2}';
const clock = '\\d{2}:\\d{2}:\\d{2}(?:\\.\\d+)?';
const slip = (pattern: string, sentence: string): readonly [RegExp, string] => [
  new RegExp(`^${pattern}`),
  sentence,
];

const timestampSlips: readonly (readonly [RegExp, string])[] = [
  [/^["']/, 'it has quotation marks'],
  [/%[0-9A-Fa-f]{2}/, 'it is percent-encoded; headers are sent as they are'],
  [/\[.*\]$/, 'it has the name of a zone in brackets; send the offset alone'],
  [/^\d{10}(\.\d+)?$/, 'it is in seconds since 1970'],
  [/^\d{16}$/, 'it is in microseconds since 1970'],
  [/^\d{19}$/, 'it is in nanoseconds since 1970'],
  [/^-?\d+(\.\d+)?$/, 'it is a number, but not one of milliseconds since 1970 (13 digits)'],
  [/^\d{8}T\d{6}/, 'it is in the basic format, without hyphens and colons'],
  [/^[A-Za-z]{3,9},? /, 'it is in the form of an HTTP or e-mail date'],
  [/^\d{4}\/\d{1,2}\/\d{1,2}|^\d{1,2}\/\d{1,2}\/\d{4}/, 'its date has slashes'],
  slip(`${date}[Tt ]\\d{2}:\\d{2}(?:[Zz]|[+-]|\\s|$)`, 'it has no seconds'),
  slip(
    `${date}[Tt ]\\d{2}:\\d{2}:\\d{2},\\d`,
    'its fraction of a second begins with a comma; write a full stop',
  ),
  slip(
    `${date}T${clock} \\d{2}:?\\d{2}$`,
    'it has a space where the + of the offset belongs: a "+" was URL-decoded',
  ),
  slip(`${date} ${clock}`, 'it has a space where the T belongs'),
  slip(`${date}T${clock}\\s+[+-]`, 'it has a space before the offset'),
  slip(`${date}(?:t${clock}|T${clock}z)`, 'its T and Z must be capital letters'),
  slip(`${date}T${clock}[+-]\\d{1,2}$`, 'its offset has no minutes; write +08:00'),
  slip(
    `${date}T${clock}(?:GMT|UTC|HKT|CST)`,
    'it has the name of a zone; write the offset, +08:00',
  ),
  slip(`${date}T${clock}$`, 'it has no offset'),
  slip(`${date}$`, 'it has no time of day'),
  slip(
    `${date}T${clock}(?:Z|[+-]\\d{2}:?\\d{2})$`,
    'no such moment exists: check day, hour and offset',
  ),
];

/**
 * Milliseconds of today have thirteen digits; a number below this is a time in seconds, or a time
 * before March 1973.
 */
export const smallestMilliseconds = 100_000_000_000;
