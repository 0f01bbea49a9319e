import { STATUS_CODES } from 'node:http';
import { omitUndefined } from '../protocol/omit-undefined.ts';
import { decodeText, formatCause, redactHeaderLines, redactHeaders } from './exchange-json.ts';

import type { JournalEntry } from './journal-entry.ts';

export interface HarOrigin {
  /** Version of the simulator. */
  readonly version: string;
  /** Where its operations are served. */
  readonly url: string;
  /** How many exchanges had to go before they could be exported. */
  readonly evicted: number;
}

/** Exchanges as HTTP Archive 1.2, bodies as they were on the wire. */
export const toHar = (entries: readonly JournalEntry[], { version, url, evicted }: HarOrigin) => ({
  log: {
    version: '1.2',
    creator: { name: 'alipayhk-mock', version },
    ...(evicted === 0
      ? {}
      : { comment: `${evicted} earlier exchanges are no longer in the journal` }),
    entries: entries.map((entry) => harEntry(entry, url)),
  },
});

const harEntry = (entry: JournalEntry, url: string) => ({
  startedDateTime: new Date(entry.receivedAt).toISOString(),
  ...harTimes(entry),
  connection: String(entry.connection.ordinal),
  request: harRequest(entry, url),
  response: harResponse(entry),
  cache: {},
  ...omitUndefined({ _direction: entry.direction, _outbound: entry.outbound }),
  comment:
    `${entry.verdict.code} (${entry.verdict.status}) at ${entry.verdict.step}: ` +
    `${entry.verdict.reason}${diagnosisText(entry)}`,
});

/**
 * Sent until the request was complete, waited until the first byte of the answer, received until
 * its last. What was never reached takes no time; members of our own begin with `_`.
 */
const harTimes = ({ arrival, requestCompleteUs, delivery }: JournalEntry) => {
  const complete = requestCompleteUs ?? arrival.atUs;
  const first = delivery.firstByteUs ?? delivery.endedUs;
  const last = delivery.lastByteUs ?? delivery.endedUs;
  const timings = {
    send: inMilliseconds(complete - arrival.atUs),
    wait: inMilliseconds(Math.max(0, first - complete)),
    receive: inMilliseconds(last - first),
  };
  return {
    time: timings.send + timings.wait + timings.receive,
    timings,
    _arrival: arrival,
    _delivery: omitUndefined(delivery),
  };
};

const inMilliseconds = (microseconds: number): number => microseconds / 1000;

const diagnosisText = ({ diagnosis }: JournalEntry): string =>
  diagnosis === undefined ? '' : `. ${formatCause(diagnosis)}`;

const harRequest = ({ method, target, request, outbound }: JournalEntry, url: string) => ({
  method,
  url: outbound?.url ?? `${url}${target}`,
  httpVersion: 'HTTP/1.1',
  cookies: [],
  headers: pairs(redactHeaderLines(request.headerLines)),
  queryString: pairs([...new URLSearchParams(target.split('?')[1] ?? '')]),
  headersSize: -1,
  bodySize: request.body.length,
  ...(request.body.length === 0
    ? {}
    : {
        // The format knows no encoding here: bytes that are no text are given as base64, and said
        // to be.
        postData: { mimeType: request.headers['content-type'] ?? '', ...postText(request.body) },
      }),
});

const postText = (body: Buffer) => {
  const text = decodeText(body);
  return text === undefined ? { text: body.toString('base64'), comment: 'base64' } : { text };
};

const harResponse = ({ reply, delivery }: JournalEntry) => {
  const text = decodeText(reply.body);
  return {
    status: reply.httpStatus,
    statusText: STATUS_CODES[reply.httpStatus] ?? '',
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: pairs(Object.entries(redactHeaders(reply.headers))),
    content: {
      size: reply.body.length,
      mimeType: reply.headers['content-type'] ?? '',
      ...(text === undefined
        ? { text: reply.body.toString('base64'), encoding: 'base64' }
        : { text }),
    },
    redirectURL: '',
    headersSize: -1,
    bodySize: reply.body.length,
    // As browsers write them.
    _transferSize: delivery.bytes,
    ...omitUndefined({
      _error: delivery.complete ? undefined : `incomplete: closed by the ${delivery.endedBy}`,
    }),
  };
};

const pairs = (lines: readonly (readonly [name: string, value: string])[]) =>
  lines.map(([name, value]) => ({ name, value }));
