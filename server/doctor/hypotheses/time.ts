import type { ContentHead } from '../content.ts';
import {
  type CaseFacts,
  fixedContents,
  type HeadChange,
  type HeadHypothesis,
  type NearTimeHypothesis,
  type NearTimes,
} from './hypothesis.ts';
import {
  milliseconds,
  readTime,
  shiftTime,
  type TimeReading,
  thousandths,
  wallClock,
  zoneSpellings,
} from './time-forms.ts';

type Writer = (reading: TimeReading) => readonly HeadChange[];

const at = (time: string, detail: string): HeadChange => ({ parts: { time }, detail });

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
  { finding: 'TIME_PLUS_DECODED', frequent: true, changes: plusAndBlank },
  { finding: 'TIME_FORMAT_DIFFERS', frequent: true, changes: whenRead(usualForms) },
  {
    finding: 'TIME_DIFFERS',
    frequent: true,
    changes: whenRead((reading) => seconds(reading, 1, 2)),
  },
  {
    finding: 'TIME_DIFFERS',
    frequent: false,
    changes: whenRead((reading) => seconds(reading, 3, 60)),
  },
  { finding: 'TIME_FORMAT_DIFFERS', frequent: false, changes: whenRead(rareForms) },
  { finding: 'TIME_ZONE_DIFFERS', frequent: false, changes: whenRead(otherZones) },
  { finding: 'TIME_DIFFERS', frequent: false, changes: whenRead(fartherTimes) },
  { finding: 'TIME_FORMAT_DIFFERS', frequent: false, changes: percentEncoded },
  fixedContents(
    'TIME_DIFFERS',
    false,
    [{ time: '' }, 'left out'],
    [{ time: '', lastDot: '' }, 'left out'],
    [{ time: 'null' }, '"null"'],
    [{ time: 'undefined' }, '"undefined"'],
  ),
  { finding: 'TIME_DIFFERS', frequent: false, changes: timesOfTheBody },
];

function plusAndBlank({ time }: ContentHead): readonly HeadChange[] {
  if (time.includes('+')) return [{ parts: { time: time.replaceAll('+', ' ') } }];
  return time.includes(' ')
    ? [at(time.replaceAll(' ', '+'), 'the header has the blank, you signed the "+"')]
    : [];
}

function percentEncoded({ time }: ContentHead): readonly HeadChange[] {
  const encoded = encodeURIComponent(time);
  return encoded === time
    ? []
    : [at(encoded, 'URL-encoded'), at(time.replaceAll('+', '%2B'), 'URL-encoded')];
}

function seconds(reading: TimeReading, from: number, to: number): readonly HeadChange[] {
  const changes: HeadChange[] = [];
  for (let by = from; by <= to; by++) {
    const unit = by === 1 ? 'second' : 'seconds';
    changes.push(
      at(shiftTime(reading, -by * 1000), `${by} ${unit} earlier`),
      at(shiftTime(reading, by * 1000), `${by} ${unit} later`),
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
  const fraction = `.${milliseconds(epochMs)}`;
  const second = Math.floor(epochMs / 1000);
  return [
    at(String(epochMs), 'milliseconds since 1970'),
    at(String(second * 1000), 'milliseconds since 1970'),
    at(String(second), 'seconds since 1970'),
    ...zones(reading, 0, hongKong).flatMap((zone) =>
      isoForms(epochMs, zone, zoneSpellings(zone), ['', fraction]),
    ),
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

const like = (text: string): HeadChange => at(text, `like ${text}`);

function rareForms(reading: TimeReading): readonly HeadChange[] {
  const { epochMs, fraction } = reading;
  const ms = milliseconds(epochMs);
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
  return [...named, ...bare, at(new Date(epochMs).toUTCString(), 'as in an HTTP Date header')];
}

/** A clock in one zone with the offset of another, on either side. */
function otherZones({ epochMs, zoneMinutes, fraction }: TimeReading): readonly HeadChange[] {
  if (zoneMinutes === undefined) return [];
  const fractions = [...new Set([fraction, '', `.${milliseconds(epochMs)}`])];
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
  const changes = [...seconds(reading, 61, 180)];
  for (const by of [...minutes, ...hours, ...days]) changes.push(...seconds(reading, by, by));
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
  return times.map((text) => at(text, 'a time of the body'));
}

/** Thousands of instants within seconds. */
export const nearTimeHypotheses: readonly NearTimeHypothesis[] = [
  { finding: 'TIME_DIFFERS', changes: nearTimes(sameFormByMilliseconds) },
  { finding: 'TIME_DIFFERS', changes: nearTimes(sameFormByFineUnits) },
  { finding: 'TIME_FORMAT_DIFFERS', changes: nearTimes(withMilliseconds) },
];

/** None where the header's time cannot be read. */
function nearTimes(
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
const mostUnits = 2000;
const mostNanoseconds = 3000;

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
  const most = nanoseconds === 1 ? mostNanoseconds : mostUnits;
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
  return `${wallClock(moment, zoneMinutes)}.${milliseconds(moment).slice(0, fraction.length - 1)}${zone}`;
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
 * digits behind them.
 */
const epochsWithin = (secondMs: number): Pick<NearTimes, 'start' | 'digits'> =>
  secondMs > 0
    ? { start: String(secondMs / 1000), digits: thousandths }
    : { start: '', digits: thousandths.map((_, index) => String(secondMs + index + 1)) };
