import { readTimestamp } from '../../protocol/timestamps.ts';
import { type Check, formatUs, type RuleContext, reportHit } from './rule-context.ts';

/** The rules L-TIM-01 to L-TIM-05. */
export const checkClocks: Check = (context) => {
  const { attempt, isClockReal, isLibraryRetry, before } = context;
  if (attempt.isVerified && isClockReal && !isLibraryRetry) {
    checkOffset(context);
    if (before === undefined) checkStandstill(context);
  }
  checkTimeout(context);
  checkPatience(context);
  if (attempt.findings.includes('REQUEST_TIME_FORM') && !context.client.reported.has('time form')) {
    context.client.reported.add('time form');
    reportHit(
      context,
      'L-TIM-05',
      `Request-Time ${attempt.requestTime ?? ''} is not ISO-8601 with a time zone as documented`,
    );
  }
};

const offsetsKept = 5;
const offsetsNeeded = 3;
const warningMs = 60_000;
const errorMs = 300_000;
const quarterHourMs = 900_000;

const isSmall = (offsetMs: number): boolean => Math.abs(offsetMs) <= warningMs;

const checkOffset = (context: RuleContext): void => {
  const { attempt, client } = context;
  const text = attempt.requestTime ?? '';
  // Most clients send whole seconds, so many requests the same one.
  if (client.requestTime?.text !== text)
    client.requestTime = { text, epochMs: readTimestamp(text)?.epochMs };
  const { epochMs } = client.requestTime;
  if (epochMs === undefined) return;
  const { clockOffsets } = client;
  clockOffsets.push(epochMs - attempt.receivedAt);
  if (clockOffsets.length > offsetsKept) clockOffsets.shift();
  if (clockOffsets.length < offsetsNeeded || clockOffsets.every(isSmall)) return;
  const median = [...clockOffsets].sort((a, b) => a - b)[clockOffsets.length >> 1] ?? 0;
  const size = Math.abs(median);
  if (size <= warningMs) return;
  const side = median > 0 ? 'ahead' : 'behind';
  const nearest = Math.round(size / quarterHourMs) * quarterHourMs;
  const isZone = nearest > 0 && Math.abs(size - nearest) <= warningMs;
  reportHit(
    context,
    'L-TIM-01',
    isZone
      ? `Request-Time is ${nearest / 60_000} minutes ${side}: local time sent as UTC, or the other way round`
      : `Request-Time is ${Math.round(size / 1000)} s ${side} of the clock here`,
    { severity: size > errorMs ? 'error' : 'warning' },
  );
};

const standstillMessages = 3;
const standstillUs = 3_000_000;

const checkStandstill = (context: RuleContext): void => {
  const { attempt, client, message } = context;
  const { requestTime } = attempt;
  if (requestTime === undefined || message === undefined) return;
  const run = client.sameTime;
  if (run?.time !== requestTime) {
    client.sameTime = { time: requestTime, sinceUs: attempt.atUs, messages: 1 };
    return;
  }
  run.messages++;
  const lasted = attempt.atUs - run.sinceUs;
  if (run.messages < standstillMessages || lasted <= standstillUs) return;
  reportHit(
    context,
    'L-TIM-02',
    `${run.messages} messages over ${formatUs(lasted)} carry the Request-Time ${requestTime}`,
  );
};

const longWaitUs = 30_000_000;
const endlessWaitUs = 60_000_000;

const checkTimeout = (context: RuleContext): void => {
  const { attempt } = context;
  const { delivery, isComplete } = attempt;
  if (delivery === undefined || delivery.complete || !isComplete) return;
  const waited = delivery.endedUs - attempt.atUs;
  if (delivery.endedBy !== 'client' || waited <= longWaitUs) return;
  reportHit(
    context,
    'L-TIM-03',
    `an attempt without an answer stayed open for ${formatUs(waited)}`,
    {
      severity: waited > endlessWaitUs && attempt.fault !== 'slow-drip' ? 'error' : 'warning',
    },
  );
};

const impatientUs = 3_000_000;
const impatientAttempts = 3;

const checkPatience = (context: RuleContext): void => {
  const { attempt, client } = context;
  const { delivery, delayMs, fault, isComplete } = attempt;
  if (delivery === undefined || delivery.complete || !isComplete || fault !== undefined) return;
  const waited = delivery.endedUs - attempt.atUs;
  if (delivery.endedBy !== 'client' || delayMs === 0 || waited > impatientUs) return;
  const { impatient } = client;
  impatient.count++;
  impatient.shortestUs = Math.min(impatient.shortestUs, waited);
  if (impatient.count < impatientAttempts) return;
  reportHit(
    context,
    'L-TIM-04',
    `the client ended ${impatient.count} attempts while the answer was only delayed, the ` +
      `shortest after ${formatUs(impatient.shortestUs)}`,
  );
};
