import { readTimestamp } from '../../protocol/timestamps.ts';
import {
  type CaseFacts,
  type ContentHead,
  fixedChanges,
  type HeadChange,
  type HeadHypothesis,
  type NearTimeHypothesis,
  type NearTimes,
} from './hypothesis.ts';

type Writer = (reading: TimeReading) => readonly HeadChange[];

const timeChange = (time: string, detail: string): HeadChange => ({ parts: { time }, detail });

/** Rows for a header whose time can be read. */
const whenRead =
  (write: Writer) =>
  (head: ContentHead): readonly HeadChange[] => {
    const reading = readTime(head.time);
    return reading === undefined
      ? []
      : write(reading).filter(({ parts }) => parts.time !== head.time);
  };

export const timeHypotheses: readonly HeadHypothesis[] = [
  { mistake: 'TIME_PLUS_DECODED', frequent: true, changes: plusAndBlank },
  { mistake: 'TIME_FORMAT_DIFFERS', frequent: true, changes: whenRead(usualForms) },
  {
    mistake: 'TIME_DIFFERS',
    frequent: true,
    changes: whenRead((reading) => secondsAway(reading, 1, 2)),
  },
  {
    mistake: 'TIME_DIFFERS',
    frequent: false,
    changes: whenRead((reading) => secondsAway(reading, 3, 60)),
  },
  { mistake: 'TIME_FORMAT_DIFFERS', frequent: false, changes: whenRead(rareForms) },
  { mistake: 'TIME_ZONE_DIFFERS', frequent: false, changes: whenRead(otherZones) },
  { mistake: 'TIME_DIFFERS', frequent: false, changes: whenRead(fartherTimes) },
  { mistake: 'TIME_FORMAT_DIFFERS', frequent: false, changes: percentEncoded },
  fixedChanges(
    'TIME_DIFFERS',
    false,
    [{ time: '' }, 'left out'],
    [{ time: '', lastDot: '' }, 'left out'],
    [{ time: 'null' }, '"null"'],
    [{ time: 'undefined' }, '"undefined"'],
  ),
  { mistake: 'TIME_DIFFERS', frequent: false, changes: timesOfTheBody },
];

function plusAndBlank({ time }: ContentHead): readonly HeadChange[] {
  if (time.includes('+')) return [{ parts: { time: time.replaceAll('+', ' ') } }];
  return time.includes(' ')
    ? [timeChange(time.replaceAll(' ', '+'), 'the header has the space, you signed the "+"')]
    : [];
}

function percentEncoded({ time }: ContentHead): readonly HeadChange[] {
  const encoded = encodeURIComponent(time);
  return encoded === time
    ? []
    : [timeChange(encoded, 'URL-encoded'), timeChange(time.replaceAll('+', '%2B'), 'URL-encoded')];
}

function secondsAway(reading: TimeReading, from: number, to: number): readonly HeadChange[] {
  const changes: HeadChange[] = [];
  for (let by = from; by <= to; by++) {
    const unit = by === 1 ? 'second' : 'seconds';
    changes.push(
      timeChange(shiftTime(reading, -by * 1000), `${by} ${unit} earlier`),
      timeChange(shiftTime(reading, by * 1000), `${by} ${unit} later`),
    );
  }
  return changes;
}

const hongKong = 480;
const zones = ({ zoneMinutes }: TimeReading, ...others: readonly number[]): readonly number[] => [
  ...new Set([zoneMinutes ?? hongKong, ...others]),
];

function usualForms(reading: TimeReading): readonly HeadChange[] {
  const { epochMs } = reading;
  const fraction = `.${millisecondDigits(epochMs)}`;
  const second = Math.floor(epochMs / 1000);
  return [
    timeChange(String(epochMs), 'milliseconds since 1970'),
    timeChange(String(second * 1000), 'milliseconds since 1970'),
    timeChange(String(second), 'seconds since 1970'),
    ...zones(reading, 0, hongKong).flatMap((zone) => [
      ...isoForms(epochMs, zone, zoneSpellings(zone), ['']),
      // A formatter that writes milliseconds writes "Z" or a colon.
      ...isoForms(epochMs, zone, zoneSpellings(zone).slice(0, zone === 0 ? 2 : 1), [fraction]),
    ]),
  ];
}

const isoForms = (
  epochMs: number,
  zone: number,
  names: readonly string[],
  fractions: readonly string[],
): readonly HeadChange[] => {
  const clock = wallClock(epochMs, zone);
  return names.flatMap((name) => fractions.map((fraction) => like(clock + fraction + name)));
};

const like = (text: string): HeadChange => timeChange(text, `like ${text}`);

function rareForms(reading: TimeReading): readonly HeadChange[] {
  const { epochMs, fraction } = reading;
  const ms = millisecondDigits(epochMs);
  const digits = fraction.slice(1);
  const cut =
    digits.length > 3
      ? [6, 7, 9].map((length) => `.${digits.slice(0, length).padEnd(length, '0')}`)
      : [];
  const fractions = [
    ...new Set([
      fraction,
      `.${ms}000`,
      `.${ms}0000`,
      `.${ms}`.replace(/0{1,2}$/, ''),
      ...cut,
      fraction.replace(/0+$/, ''),
    ]),
  ];
  const named = zones(reading, 0, hongKong, 330, 420, 540).flatMap((zone) =>
    isoForms(epochMs, zone, [...zoneSpellings(zone), ''], ['', `.${ms}`, ...fractions]),
  );
  const bare = zones(reading, 0, hongKong).flatMap((zone) => withoutZone(wallClock(epochMs, zone)));
  return [
    ...named,
    ...bare,
    ...named.slice(0, 2).map(({ parts }) => like((parts.time ?? '').replace('T', ' '))),
    timeChange(new Date(epochMs).toUTCString(), 'as in an HTTP Date header'),
  ];
}

/** A clock in one zone with the offset of another, on either side. */
function otherZones({ epochMs, zoneMinutes, fraction }: TimeReading): readonly HeadChange[] {
  if (zoneMinutes === undefined) return [];
  const fractions = [...new Set([fraction, '', `.${millisecondDigits(epochMs)}`])];
  const clocks = [...new Set([zoneMinutes, 0, hongKong])];
  return clocks.flatMap((clock) =>
    [...new Set([zoneMinutes, 0, hongKong])]
      .filter((zone) => zone !== clock)
      .flatMap((zone) => isoForms(epochMs, clock, zoneSpellings(zone), fractions)),
  );
}

/**
 * A clock that is off by more than a minute, or a time that was kept: every second up to some
 * minutes, then round figures.
 */
function fartherTimes(reading: TimeReading): readonly HeadChange[] {
  const minutes = Array.from({ length: 57 }, (_, index) => 60 * (index + 4));
  const hours = Array.from({ length: 24 }, (_, index) => 3600 * (index + 1));
  const days = [2, 3, 7].map((count) => 86_400 * count);
  const changes = [...secondsAway(reading, 61, 180)];
  for (const by of [...minutes, ...hours, ...days]) changes.push(...secondsAway(reading, by, by));
  return changes;
}

const withoutZone = (clock: string): readonly HeadChange[] =>
  [
    clock.replace('T', ' '),
    clock.replace(/\D/g, ''),
    clock.replace('T', ' ').replaceAll('-', '/'),
  ].map(like);

function timesOfTheBody({ time }: ContentHead, { bodyTexts }: CaseFacts): readonly HeadChange[] {
  const times = bodyTexts.filter(
    (text) => text !== time && (/^\d{10,13}$/.test(text) || /^\d{4}-\d{2}-\d{2}/.test(text)),
  );
  return times.map((text) => timeChange(text, 'a time of the body'));
}

/** Thousands of instants within seconds. */
export const nearTimeHypotheses: readonly NearTimeHypothesis[] = [
  { mistake: 'TIME_DIFFERS', changes: whenTimeRead(sameFormByMilliseconds) },
  { mistake: 'TIME_DIFFERS', changes: whenTimeRead(sameFormByFineUnits) },
  { mistake: 'TIME_FORMAT_DIFFERS', changes: whenTimeRead(withMilliseconds) },
];

/** None where the header's time cannot be read. */
function whenTimeRead(
  write: (reading: TimeReading) => readonly NearTimes[],
): NearTimeHypothesis['changes'] {
  return ({ time }) => {
    const reading = readTime(time);
    return reading === undefined ? [] : write(reading);
  };
}

function sameFormByMilliseconds(reading: TimeReading): readonly NearTimes[] {
  const { zoneMinutes, fraction } = reading;
  if (zoneMinutes !== undefined && (fraction === '' || fraction.length > 4)) return [];
  const step = zoneMinutes === undefined ? 1 : 10 ** (4 - fraction.length);
  const changes: NearTimes[] = [];
  for (let by = step; by <= 2000; by += step) {
    changes.push(
      {
        start: '',
        digits: [atMillisecond(reading, -by)],
        end: '',
        detail: `${by} milliseconds earlier`,
      },
      {
        start: '',
        digits: [atMillisecond(reading, by)],
        end: '',
        detail: `${by} milliseconds later`,
      },
    );
  }
  return changes;
}

/** How many readings before and after the header's are tried, in units of its last digit. */
const maxUnits = 2000;
const maxNanoseconds = 3000;

/**
 * The header's time is finer than a millisecond: the readings within some units of its last digit.
 */
function sameFormByFineUnits(reading: TimeReading): readonly NearTimes[] {
  const { zoneMinutes, fraction, zone } = reading;
  const digits = fraction.slice(1);
  if (zoneMinutes === undefined || digits.length <= 3) return [];
  // A clock that stops at microseconds, or at milliseconds, is often written with more digits.
  const used = digits.replace(/(?:000)+$/, '').length;
  const step = 10 ** (digits.length - Math.max(used, 3));
  const nanoseconds = step * 10 ** (9 - digits.length);
  const most = nanoseconds === 1 ? maxNanoseconds : maxUnits;
  const times: NearTimes[] = [];
  for (let by = 1; by <= most; by++) {
    for (const sign of [-1, 1]) {
      const written = atUnit(reading, digits, sign * by * step);
      const forms = written.digits.endsWith('0')
        ? [written.digits, written.digits.replace(/0+$/, '')]
        : [written.digits];
      times.push({
        start: written.start,
        digits: forms.map((form) => (form === '' ? zone : `.${form}${zone}`)),
        end: '',
        detail: `${by * nanoseconds} nanoseconds ${sign < 0 ? 'earlier' : 'later'}`,
      });
    }
  }
  return times;
}

/** The wall clock and its digits some units away. */
const atUnit = (
  { epochMs, zoneMinutes }: TimeReading,
  digits: string,
  byUnits: number,
): { readonly start: string; readonly digits: string } => {
  const perSecond = 10 ** digits.length;
  const units = Number(digits) + byUnits;
  const carried = Math.floor(units / perSecond);
  const secondMs = Math.floor(epochMs / 1000) * 1000 + carried * 1000;
  return {
    start: wallClock(secondMs, zoneMinutes ?? 0),
    digits: String(units - carried * perSecond).padStart(digits.length, '0'),
  };
};

const atMillisecond = (
  { epochMs, zoneMinutes, fraction, zone }: TimeReading,
  byMs: number,
): string => {
  const moment = epochMs + byMs;
  if (zoneMinutes === undefined) return String(moment);
  return `${wallClock(moment, zoneMinutes)}.${millisecondDigits(moment).slice(0, fraction.length - 1)}${zone}`;
};

/**
 * The header stops at the second, the signed form had the milliseconds of the same moment, as
 * `Date` and `Instant` print it.
 */
function withMilliseconds({ epochMs, zoneMinutes, fraction }: TimeReading): readonly NearTimes[] {
  if (zoneMinutes === undefined || fraction !== '') return [];
  return [
    { ...epochsWithin(epochMs), end: '', detail: 'milliseconds since 1970' },
    {
      start: `${wallClock(epochMs, 0)}.`,
      digits: thousandths,
      end: 'Z',
      detail: 'UTC with milliseconds',
    },
  ];
}

/**
 * Milliseconds since 1970 of every moment within a second. Up to 1970 they are no seconds with
 * digits after them.
 */
const epochsWithin = (secondMs: number): Pick<NearTimes, 'start' | 'digits'> =>
  secondMs > 0
    ? { start: String(secondMs / 1000), digits: thousandths }
    : { start: '', digits: thousandths.map((_, index) => String(secondMs + index + 1)) };

/**
 * A header's time taken apart, so that it can be written again at another instant or in another
 * form.
 */
interface TimeReading {
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
const shiftTime = ({ epochMs, zoneMinutes, fraction, zone }: TimeReading, byMs: number): string =>
  zoneMinutes === undefined
    ? String(epochMs + byMs)
    : wallClock(epochMs + byMs, zoneMinutes) + fraction + zone;

/** An offset in each of its spellings, the documented one first. */
const zoneSpellings = (zoneMinutes: number): readonly string[] => {
  const sign = zoneMinutes < 0 ? '-' : '+';
  const hours = twoDigits(zoneMinutes / 60);
  const minutes = twoDigits(zoneMinutes % 60);
  const numeric = [`${sign}${hours}:${minutes}`, `${sign}${hours}${minutes}`];
  return zoneMinutes === 0 ? ['Z', ...numeric] : numeric;
};

/** Three digits of milliseconds. */
const millisecondDigits = (epochMs: number): string =>
  String(((epochMs % 1000) + 1000) % 1000).padStart(3, '0');

/** `001` to `999`: the full second is not among them. */
const thousandths: readonly string[] = Array.from({ length: 999 }, (_, index) =>
  millisecondDigits(index + 1),
);
