import { readTimestamp } from '../../protocol/timestamps.ts';

/**
 * A header's time taken apart, so that it can be written again at another instant or in another
 * form.
 */
export interface TimeReading {
  readonly epochMs: number;
  /** Minutes east of UTC that the text states; undefined for milliseconds since 1970. */
  readonly zoneMinutes: number | undefined;
  /** With its point, as written: `.09`; empty without a fraction. */
  readonly fraction: string;
  readonly zone: string;
}

const tail = /(\.\d+)?(Z|([+-])(\d{2}):?(\d{2}))$/;

export const readTime = (text: string): TimeReading | undefined => {
  const reading = readTimestamp(text);
  if (reading === undefined) return undefined;
  const { epochMs, form } = reading;
  if (form === 'epoch-milliseconds')
    return { epochMs, zoneMinutes: undefined, fraction: '', zone: '' };
  const [, fraction = '', zone = 'Z', sign, hours, minutes] = tail.exec(text) ?? [];
  const east = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return { epochMs, zoneMinutes: sign === '-' ? -east : east, fraction, zone };
};

/** Finer than a millisecond: two readings of the clock differ in too many ways to try them all. */
export const hasFineTime = (text: string): boolean =>
  (readTime(text)?.fraction.length ?? 0) > '.123'.length;

const twoDigitTexts = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));
const twoDigits = (value: number): string => twoDigitTexts[Math.floor(Math.abs(value))] ?? '';

const msPerDay = 86_400_000;
const maxDayTexts = 8;
const dayTexts = new Map<number, string>();

/** `2024-05-22T`. Cached: one search writes thousands of instants, nearly all within two days. */
const dayText = (day: number): string => {
  const known = dayTexts.get(day);
  if (known !== undefined) return known;
  const text = new Date(day * msPerDay).toISOString().slice(0, -'06:42:21.000Z'.length);
  if (dayTexts.size >= maxDayTexts) dayTexts.clear();
  dayTexts.set(day, text);
  return text;
};

/** Of a Date, in milliseconds. */
const maxDateMs = 8.64e15;

/** `2024-05-22T06:42:21`, as a clock in that zone shows it. */
export const wallClock = (epochMs: number, zoneMinutes: number): string => {
  const local = epochMs + zoneMinutes * 60_000;
  if (Math.abs(local) > maxDateMs) return '';
  const day = Math.floor(local / msPerDay);
  const second = Math.floor((local - day * msPerDay) / 1000);
  const clock = `${twoDigits(second / 3600)}:${twoDigits((second / 60) % 60)}:${twoDigits(second % 60)}`;
  return (dayText(day) + clock).slice(0, 19);
};

/** The same spelling at another instant. */
export const shiftTime = (
  { epochMs, zoneMinutes, fraction, zone }: TimeReading,
  byMs: number,
): string =>
  zoneMinutes === undefined
    ? String(epochMs + byMs)
    : wallClock(epochMs + byMs, zoneMinutes) + fraction + zone;

/** An offset in each of its spellings, the documented one first. */
export const zoneSpellings = (zoneMinutes: number): readonly string[] => {
  const sign = zoneMinutes < 0 ? '-' : '+';
  const hours = twoDigits(zoneMinutes / 60);
  const minutes = twoDigits(zoneMinutes % 60);
  const numeric = [`${sign}${hours}:${minutes}`, `${sign}${hours}${minutes}`];
  return zoneMinutes === 0 ? ['Z', ...numeric] : numeric;
};

/** Three digits of milliseconds. */
export const millisecondDigits = (epochMs: number): string =>
  String(((epochMs % 1000) + 1000) % 1000).padStart(3, '0');

/** `001` to `999`: the full second is not among them. */
export const thousandths: readonly string[] = Array.from({ length: 999 }, (_, index) =>
  millisecondDigits(index + 1),
);
