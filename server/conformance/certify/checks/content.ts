import type { Json, JsonObject } from '../../../domain/state/state.ts';
import { quoteValue } from '../../../problems/display-text.ts';
import { isRecord } from '../../../problems/plain-object.ts';
import { readTimestamp } from '../../../protocol/timestamps.ts';
import {
  acceptableAtUs,
  type CaseAttempt,
  type CaseEvidence,
  type CaseMessage,
  type Check,
  fail,
  laterReadingUs,
  notApplicable,
  nothingArrived,
  notOpened,
  ofMessages,
  open,
  pass,
  subjects,
  warn,
} from '../case-evidence.ts';

/** Every member of the message arrives with the value that the driver was given. */
export const textUnchanged: Check = ofMessages(subjects, (message, { evidence }) => {
  const { attempts, number } = message;
  if (attempts.length === 0) return nothingArrived;
  const read = attempts.find(({ body }) => body !== undefined);
  if (read?.body === undefined) return notOpened;
  const given = evidence.record.run.messages[number - 1] ?? {};
  const members = listChangedFields(given, read.body, evidence.eventTime);
  return members.length === 0
    ? pass('W', 'every value arrived as it was given', { attempts: [read] })
    : fail(
        'W',
        `arrived with other values than given: ${members.join(', ')}` +
          (read.isSealed ? '' : describeChange(given, read.body, members)),
        { attempts: [read], members },
      );
});

/** The first value that differs, before and after. What was encrypted is not shown. */
const describeChange = (
  given: JsonObject,
  body: JsonObject,
  [member = '']: readonly string[],
): string => {
  let [path, before, after] = [member, given[member], body[member]];
  while (isRecord(before) && isRecord(after)) {
    const [was, is]: readonly JsonObject[] = [before as JsonObject, after as JsonObject];
    const name = Object.keys({ ...was, ...is }).find((one) => !isEqual(was?.[one], is?.[one]));
    if (name === undefined) break;
    [path, before, after] = [`${path}.${name}`, was?.[name], is?.[name]];
  }
  return ` (${path}: ${quoteValue(before)} became ${quoteValue(after)})`;
};

const listChangedFields = (
  given: JsonObject,
  body: JsonObject,
  eventTime: string | undefined,
): readonly string[] =>
  Object.keys(given).filter((name) => name !== eventTime && !isEqual(given[name], body[name]));

const isEqual = (a: Json | undefined, b: Json | undefined): boolean =>
  sortedText(a) === sortedText(b);

/** Member order is not a value. */
const sortedText = (value: Json | undefined): string =>
  JSON.stringify(value, (_, part: unknown) =>
    isRecord(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  ) ?? '';

/** Each message has an id of its own, in this case and in the whole run. */
export const distinctIds: Check = ({ evidence, facts }) => {
  const { attempts, messages, operation } = evidence;
  if (attempts.length === 0) return nothingArrived;
  const firsts = messages.flatMap(({ attempts: [first] }) => first ?? []);
  if (firsts.length < messages.length)
    return open('no-traffic', `${firsts.length} of ${messages.length} messages arrived`);
  const ids = firsts.map(({ content }) => content?.requestId);
  if (ids.includes(undefined)) return notOpened;
  if (new Set(ids).size < ids.length)
    return fail('W', `${ids.length} messages were sent with the ids ${ids.join(', ')}`, {
      attempts: firsts,
      members: ['requestId'],
    });
  const [shared] = facts.sharedIds.get(operation) ?? [];
  return shared === undefined
    ? pass('W', `${ids.length} messages had ${ids.length} ids`)
    : fail('W', `${shared} was the requestId of different messages`, { members: ['requestId'] });
};

const warnSeconds = 60;
const failSeconds = 300;

/** Request-Time is near our clock, of a documented form, and read for every attempt. */
export const credibleTime: Check = ({ evidence, facts }) => {
  const attempts = facts.attempts.get(evidence.operation) ?? evidence.attempts;
  const stated = attempts.filter(({ requestTime }) => requestTime !== undefined);
  if (stated.length === 0) return nothingArrived;
  const read = stated.filter(({ isLibraryRetry }) => !isLibraryRetry);
  const readings = read.map(({ requestTime = '', receivedAt }) => ({
    reading: readTimestamp(requestTime),
    receivedAt,
  }));
  if (readings.some(({ reading }) => reading === undefined))
    return fail('W', 'Request-Time cannot be read as a time with a zone', {
      attempts: stated.slice(0, 1),
    });
  const differences = readings.flatMap(({ reading, receivedAt }) =>
    reading === undefined ? [] : [(reading.epochMs - receivedAt) / 1000],
  );
  const median = computeMedian(differences);
  const seconds = `Request-Time differs from this machine's clock by ${Math.round(median)} s`;
  if (Math.abs(median) > failSeconds)
    return fail('W', seconds + describeZone(median), { attempts: stated.slice(0, 1) });
  // A library that repeats a request cannot sign it again: that is another check.
  const frozen = findFrozen(read);
  if (frozen !== undefined)
    return fail('W', 'the clock was read once for attempts that came seconds apart', {
      attempts: frozen,
    });
  if (Math.abs(median) > warnSeconds) return warn('W', seconds, { attempts: stated.slice(0, 1) });
  return readings.some(({ reading }) => reading?.form === 'epoch-milliseconds')
    ? warn('W', 'Request-Time is a number of milliseconds; ISO 8601 with a zone is documented', {
        attempts: stated.slice(0, 1),
      })
    : pass('W', `${seconds}, over ${stated.length} attempts`);
};

const quarterHourSeconds = 900;

/** A clock is seldom wrong by whole quarter hours; a time zone always is. */
const describeZone = (seconds: number): string => {
  const rest = Math.abs(seconds) % quarterHourSeconds;
  return Math.min(rest, quarterHourSeconds - rest) <= warnSeconds
    ? ': local time that is marked as UTC, or the other way round'
    : '';
};

const computeMedian = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
};

/** Two attempts of one client that came later than one reading of the clock explains. */
const findFrozen = (attempts: readonly CaseAttempt[]): readonly CaseAttempt[] | undefined => {
  const first = new Map<string, CaseAttempt>();
  for (const attempt of attempts) {
    const { requestTime = '', clientId = '' } = attempt;
    const key = `${clientId} ${requestTime}`;
    const before = first.get(key);
    if (before === undefined) first.set(key, attempt);
    else if (attempt.atUs - before.atUs >= laterReadingUs(requestTime)) return [before, attempt];
  }
  return undefined;
};

/** Each message is encrypted with a symmetric key of its own. */
export const newKey: Check = ({ evidence }) => {
  const isEncrypted = ({ isSealed, entry }: CaseAttempt): boolean =>
    isSealed || entry?.symmetricKeyDigest !== undefined;
  if (!evidence.attempts.some(isEncrypted)) return notApplicable('nothing was encrypted');
  const firsts = evidence.messages.flatMap(({ attempts: [first] }) => first ?? []);
  const keys = firsts.map(({ entry }) => entry?.symmetricKeyDigest);
  if (keys.some((key) => key === undefined)) return notOpened;
  if (keys.length < 2) return open('no-traffic', 'there was one encrypted message only');
  return new Set(keys).size === keys.length
    ? pass('W', `${keys.length} messages had ${keys.length} symmetric keys`)
    : warn('W', 'one symmetric key served several messages', { attempts: firsts });
};

const readEventMs = ({ body }: CaseAttempt, { eventTime }: CaseEvidence): number | undefined => {
  const time = body?.[eventTime ?? ''];
  return typeof time === 'number' ? time : undefined;
};

/** The first attempt of each message, in the order of arrival. */
const firstAttempts = ({ messages }: CaseEvidence): readonly CaseAttempt[] =>
  messages.flatMap(({ attempts: [first] }) => first ?? []).sort((a, b) => a.number - b.number);

/** Updates of one thing carry rising event times, so that none is stale. */
export const risingTime: Check = ({ evidence }) => {
  const firsts = firstAttempts(evidence);
  if (firsts.length === 0) return nothingArrived;
  if (firsts.length < evidence.messages.length)
    return open('no-traffic', `${firsts.length} of ${evidence.messages.length} updates arrived`);
  const timed = firsts.map((attempt) => readEventMs(attempt, evidence));
  if (timed.includes(undefined)) return notOpened;
  const isRising = timed.every(
    (time, index) => index === 0 || (time ?? 0) > (timed[index - 1] ?? 0),
  );
  if (isRising && !firsts.some(({ tags }) => tags.includes('stale')))
    return pass('W', 'every update had a greater event time than the one before');
  return fail('W', `the event times do not rise: ${timed.join(', ')}`, {
    attempts: firsts,
    members: [evidence.eventTime ?? ''],
  });
};

/** What belongs to the order itself stays as its first message said. */
export const constants: Check = ({ evidence }) => {
  if (evidence.operation !== 'syncOrder') return notApplicable('this operation has no constants');
  const firsts = firstAttempts(evidence);
  const [first, ...later] = firsts;
  if (first === undefined) return nothingArrived;
  if (first.content === undefined) return notOpened;
  if (later.length === 0) return open('no-traffic', 'one update arrived only');
  const members = Object.keys(first.content.constants).filter((name) =>
    later.some(({ content }) => content?.constants[name] !== first.content?.constants[name]),
  );
  return members.length === 0
    ? pass('W', 'orderCreateTime and merchantBizType stayed as they were')
    : fail('W', `changed within one order: ${members.join(', ')}`, { attempts: firsts, members });
};

/** A later update does not go out before the earlier one is settled. */
export const notOvertaken: Check = ({ evidence }) => {
  const [first, second] = evidence.messages;
  const [early] = first?.attempts ?? [];
  const [late] = second?.attempts ?? [];
  if (first === undefined || early === undefined || late === undefined)
    return open('no-traffic', 'both updates are needed, and did not arrive');
  const settledUs = findSettled(first);
  if (settledUs <= late.atUs) return pass('W', 'the second update waited for the first');
  const [before, after] = [readEventMs(early, evidence), readEventMs(late, evidence)];
  if (before === undefined || after === undefined) return notOpened;
  return after > before
    ? warn('W', 'the second update overtook the first, with a newer event time', {
        attempts: [early, late],
      })
    : fail('W', 'the second update overtook the first, and its event time is not newer', {
        attempts: [early, late],
      });
};

const findSettled = ({ attempts }: CaseMessage): number =>
  Math.min(Infinity, ...attempts.flatMap((attempt) => acceptableAtUs(attempt) ?? []));
