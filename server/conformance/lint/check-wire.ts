import { outboundFaults } from '../../domain/outbound/outbound-faults.ts';
import type { JournalEntry } from '../../journal/journal-entry.ts';
import { readTimestamp } from '../../protocol/timestamps.ts';
import { isFineTime, readingTimeUs } from '../messages/client-message.ts';
import {
  formatUs,
  type Hit,
  hourUs,
  type LintCheck,
  type LintContext,
  lintLimits,
  type MessageContext,
  reportHit,
} from './lint-memory.ts';
import { type LintRuleId, lintRules } from './lint-rules.ts';

/** The rules L-SIG-01 and L-SIG-02. */
export const checkEncryption = (context: MessageContext): void => {
  const { thing, attempt, message, client } = context;
  if (attempt.isVerified) {
    const { isSealed } = attempt;
    const { encrypted } = client;
    const { operation } = message;
    if (isSealed && !encrypted.has(operation)) encrypted.set(operation, 'always');
    if (!isSealed && encrypted.has(operation)) encrypted.set(operation, 'both');
    // Who turns encryption on does it once.
    const isMixed = encrypted.get(operation) === 'both';
    if (thing?.isSealed !== undefined && thing.isSealed !== isSealed && isMixed)
      reportHit(
        context,
        'L-SIG-01',
        `${operation} about ${message.identity} was ${isSealed ? 'not encrypted before, and is now' : 'encrypted before, and is not now'}`,
      );
    if (thing !== undefined) thing.isSealed = isSealed;
  }
  const { symmetricKeyDigest } = attempt;
  if (symmetricKeyDigest === undefined) return;
  const { symmetricKeys } = client;
  const used = symmetricKeys.get(symmetricKeyDigest);
  if (used !== undefined && used !== message.key)
    reportHit(context, 'L-SIG-02', 'two messages were encrypted with one symmetric key');
  symmetricKeys.set(symmetricKeyDigest, message.key);
  if (symmetricKeys.size <= lintLimits.symmetricKeys) return;
  const [oldest] = symmetricKeys.keys();
  symmetricKeys.delete(oldest ?? '');
};

/** The rules L-SIG-03 and L-HTTP-01 to L-HTTP-03. */
export const checkWire: LintCheck = (context) => {
  checkKeyVersion(context);
  checkControl(context);
  checkConnections(context);
  checkBody(context);
};

const checkKeyVersion = (context: LintContext): void => {
  const { attempt, client, tuning } = context;
  const { keyVersion, atUs } = attempt;
  if (keyVersion === undefined) return;
  const newest = client.newestKey;
  if (newest === undefined || keyVersion > newest.version)
    client.newestKey = { version: keyVersion, sinceUs: atUs };
  else if (keyVersion < newest.version && atUs - newest.sinceUs > hourUs * tuning.pauseFactor)
    reportHit(
      context,
      'L-SIG-03',
      `a request was signed with key version ${keyVersion}, although version ${newest.version} serves`,
    );
};

const checkControl = (context: LintContext): void => {
  const { attempt, isTestClient } = context;
  // A name that only begins like a magic value chooses nothing.
  if (isTestClient || attempt.findings.includes('MAGIC_VALUE_UNKNOWN')) return;
  const isMagic = attempt.content?.identity.includes('"MOCK_') === true;
  if (!attempt.isControlled && !isMagic) return;
  reportHit(
    context,
    'L-HTTP-01',
    isMagic
      ? 'a magic value chose the answer; it would be sent to AlipayHK too'
      : 'an x-mock-* header is in the request; it would be sent to AlipayHK too',
  );
};

const manyConnections = 50;
/** Less than the server's own idle time, after which every client needs a new connection. */
const idleUs = 4_000_000;

const checkConnections = (context: LintContext): void => {
  const { attempt, client } = context;
  const { connection, delivery, atUs } = attempt;
  const since = atUs - client.freeSinceUs;
  const couldReuse = since >= readingTimeUs && since < idleUs;
  // It can serve one request: those that arrive with it need connections of their own.
  client.freeSinceUs =
    delivery?.complete === true && delivery.endedBy === 'keptAlive' ? delivery.endedUs : Infinity;
  if (connection.position > 1) client.newConnections = 0;
  else if (couldReuse) client.newConnections++;
  if (client.newConnections !== manyConnections) return;
  reportHit(
    context,
    'L-HTTP-02',
    `${manyConnections} requests in a row each opened a connection, although the one before was kept`,
  );
};

const bodySentences: Readonly<Record<string, string>> = {
  BYTE_ORDER_MARK: 'the body begins with a byte order mark',
  CHARSET: 'Content-Type names a charset other than UTF-8',
  EMPTY_STRING: 'an optional member is an empty string',
};

const checkBody = (context: LintContext): void => {
  const { attempt, client } = context;
  for (const finding of attempt.findings) {
    const sentence = bodySentences[finding];
    if (sentence === undefined || client.reported.has(finding)) continue;
    client.reported.add(finding);
    reportHit(context, 'L-HTTP-03', sentence);
  }
};

/** The rules L-TIM-01 to L-TIM-05. */
export const checkClocks: LintCheck = (context) => {
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

const checkOffset = (context: LintContext): void => {
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

const checkStandstill = (context: LintContext): void => {
  const { attempt, client, message } = context;
  const { requestTime } = attempt;
  if (requestTime === undefined || message === undefined) return;
  const run = client.sameTime;
  if (run?.time !== requestTime) {
    client.sameTime = { time: requestTime, sinceUs: attempt.atUs, idleUs: 0, messages: 1 };
    return;
  }
  run.messages++;
  // Several messages may have been signed within a second, and have waited for one another.
  run.idleUs += Math.max(0, attempt.atUs - client.busyUntilUs);
  const lasted = isFineTime(attempt) ? attempt.atUs - run.sinceUs : run.idleUs;
  if (run.messages < standstillMessages || lasted <= standstillUs) return;
  reportHit(
    context,
    'L-TIM-02',
    `${run.messages} messages over ${formatUs(lasted)} carry the Request-Time ${requestTime}`,
  );
};

const longWaitUs = 30_000_000;
const endlessWaitUs = 60_000_000;

const checkTimeout = (context: LintContext): void => {
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
const waitsKept = 8;
/** What ends within so short a time was ended by one cause. */
const stopUs = 100_000;

const checkPatience = (context: LintContext): void => {
  const { attempt, client } = context;
  const { delivery, delayMs, fault, isComplete } = attempt;
  if (delivery === undefined || delivery.complete || !isComplete || fault !== undefined) return;
  const waited = delivery.endedUs - attempt.atUs;
  if (delivery.endedBy !== 'client' || delayMs === 0 || waited > impatientUs) return;
  // A stop of the client ends all at once. A time-out is always about the same.
  const isStop = Math.abs(delivery.endedUs - client.gaveUpUs) < stopUs;
  client.gaveUpUs = delivery.endedUs;
  const { waits } = client;
  if (isStop) waits.pop();
  else waits.push(waited);
  if (waits.length > waitsKept) waits.shift();
  const alike = waits.filter((us) => Math.abs(us - waited) <= waited / 4 + stopUs);
  if (isStop || alike.length < impatientAttempts) return;
  reportHit(
    context,
    'L-TIM-04',
    `the client ended ${alike.length} attempts while the answer was only delayed, the ` +
      `shortest after ${formatUs(Math.min(...alike))}`,
  );
};

/** What of an answer to a call violates which rule; a result that is F or U violates none. */
const rulesByProblem: Readonly<Record<string, LintRuleId>> = {
  OUT_UNSIGNED: 'L-OUT-02',
  OUT_SIGNATURE: 'L-OUT-02',
  OUT_NOT_DECRYPTED: 'L-OUT-02',
  OUT_CLIENT_ID: 'L-OUT-02',
  OUT_RESPONSE_TIME: 'L-OUT-02',
  OUT_HTTP_STATUS: 'L-OUT-03',
  OUT_CONTENT_TYPE: 'L-OUT-03',
  OUT_NOT_JSON: 'L-OUT-03',
  OUT_NO_RESULT: 'L-OUT-03',
  OUT_CONTRACT: 'L-OUT-03',
  OUT_TOO_LARGE: 'L-OUT-03',
  OUT_BROKEN_OFF: 'L-OUT-03',
  OUT_TIMEOUT: 'L-OUT-04',
};

/** The fault that a call was sent with. */
export const findOutboundFault = ({
  tags,
}: Pick<JournalEntry, 'tags'>): keyof typeof outboundFaults | undefined =>
  tags.find((tag): tag is keyof typeof outboundFaults => Object.hasOwn(outboundFaults, tag));

/** What the answer of the merchant to a call shows, one hit a rule. */
export const checkAnswer = (entry: JournalEntry): readonly Hit[] => {
  const { outbound, clientId = '', findings, number, id, receivedAt } = entry;
  if (outbound === undefined) return [];
  const fault = findOutboundFault(entry);
  const hit = (rule: LintRuleId, sentence: string): Hit => ({
    ...{ rule, clientId, severity: lintRules[rule].severity, members: [] },
    attempts: [{ journalNumber: number, id, receivedAt }],
    sentence: `${outbound.call}: ${sentence}`,
  });
  if (fault !== undefined && !outboundFaults[fault].isAcknowledged)
    return outbound.acknowledged ? [hit('L-OUT-01', `acknowledged with the fault ${fault}`)] : [];
  const found = new Map<LintRuleId, string>();
  for (const { id, sentence } of findings) {
    const rule = rulesByProblem[id];
    if (rule !== undefined && !found.has(rule)) found.set(rule, sentence);
  }
  return [...found].map(([rule, sentence]) => hit(rule, sentence));
};
