import { describe, expect, onTestFinished, test } from 'vitest';
import { type WireFaultId, wireFaults } from '../../../server/domain/faults/catalogue.ts';
import { checkAnswer } from './check-answer.ts';
import { entryNumber, onceThen, serverWith } from './faulty-server.ts';
import { newOrder, traces } from './orders.ts';
import {
  lastOf,
  type RawMessage,
  type Received,
  receiveRaw,
  takeApart,
  valuesOf,
} from './raw-socket.ts';

interface Seen extends Received {
  readonly message: RawMessage;
  /** The verdict of the merchant's own verifier over what arrived. */
  readonly signature: string;
}

interface Proof {
  readonly outcome: string;
  readonly listenMs?: number;
  readonly ending: Received['ending'];
  readonly bytes?: string;
  readonly prove?: (seen: Seen) => void;
  /** What the journal keeps as delivered; everything that arrived unless something else is said. */
  readonly journalled?: (seen: Seen) => { httpStatus: number; body: Buffer };
}

const contentLength = ({ message }: Seen): number => Number(valuesOf(message, 'content-length')[0]);
const result = ({ message }: Seen): unknown => JSON.parse(message.body.toString('utf8')).result;
const success = { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'Success' };

const proofs: Readonly<Record<WireFaultId, Proof>> = {
  hang: {
    outcome: 'fault: { id: hang, forMs: 400 }',
    ending: 'ended',
    bytes: '',
    prove: ({ milliseconds }) => expect(milliseconds).toBeGreaterThanOrEqual(395),
  },
  reset: { outcome: 'fault: reset', ending: 'reset', bytes: '' },
  close: { outcome: 'fault: close', ending: 'ended', bytes: '' },
  'partial-status': { outcome: 'fault: partial-status', ending: 'ended', bytes: 'HTTP/1.1 2' },
  'headers-only': {
    outcome: 'fault: { id: headers-only, forMs: 400 }',
    ending: 'ended',
    prove: (seen) => {
      expect(seen.message.body).toHaveLength(0);
      expect(contentLength(seen)).toBeGreaterThan(100);
      expect(valuesOf(seen.message, 'signature')).toHaveLength(1);
      expect(seen.arrivals[0]).toBeLessThan(300);
      expect(seen.milliseconds).toBeGreaterThanOrEqual(395);
    },
  },
  'cut-body': {
    outcome: 'fault: { id: cut-body, atByte: 20 }',
    ending: 'ended',
    prove: (seen) => {
      expect(seen.message.body.toString()).toBe('{"result":{"resultCo');
      expect(contentLength(seen)).toBeGreaterThan(100);
    },
  },
  'slow-drip': {
    outcome: 'fault: { id: slow-drip, bytesPerSecond: 500 }',
    ending: 'ended',
    prove: (seen) => {
      expect(seen.signature).toBe('verified');
      expect(contentLength(seen)).toBe(seen.message.body.length);
      const seconds = seen.message.body.length / 500;
      expect(seen.milliseconds).toBeGreaterThanOrEqual(seconds * 1000 - 60);
      expect(seen.arrivals.length).toBeGreaterThan(5);
    },
  },
  'length-too-long': {
    outcome: 'fault: { id: length-too-long, bytes: 7, forMs: 300 }',
    ending: 'ended',
    prove: (seen) => {
      expect(contentLength(seen)).toBe(seen.message.body.length + 7);
      expect(result(seen)).toEqual(success);
      expect(seen.milliseconds).toBeGreaterThanOrEqual(295);
    },
  },
  'length-too-short': {
    outcome: 'fault: { id: length-too-short, bytes: 7 }',
    ending: 'ended',
    prove: (seen) => {
      expect(contentLength(seen)).toBe(seen.message.body.length - 7);
      expect(result(seen)).toEqual(success);
    },
  },
  'not-json': {
    outcome: 'fault: not-json',
    listenMs: 300,
    ending: 'open',
    prove: (seen) => {
      expect(seen.message.body.toString()).toBe('resultCode=SUCCESS&resultStatus=S');
      expect(seen.signature).toBe('verified');
    },
  },
  'gateway-html': {
    outcome: 'fault: { id: gateway-html, httpStatus: 503 }',
    listenMs: 300,
    ending: 'open',
    prove: ({ message, signature }) => {
      expect(message.statusLine).toBe('HTTP/1.1 503 Service Unavailable');
      expect(valuesOf(message, 'content-type')).toEqual(['text/html']);
      expect(message.body.toString()).toContain('<h1>503');
      for (const name of ['client-id', 'response-time', 'tracer-id'])
        expect(valuesOf(message, name)).toEqual([]);
      expect(signature).toBe('unsigned');
    },
  },
  'empty-200': {
    outcome: 'fault: empty-200',
    listenMs: 300,
    ending: 'open',
    prove: (seen) => {
      expect(seen.message.statusLine).toBe('HTTP/1.1 200 OK');
      expect(contentLength(seen)).toBe(0);
      expect(seen.message.body).toHaveLength(0);
      expect(seen.signature).toBe('unsigned');
    },
  },
  'wrong-charset': {
    outcome: 'result: SUCCESS, message: 成功, fault: { id: wrong-charset, label: Big5 }',
    listenMs: 300,
    ending: 'open',
    prove: (seen) => {
      expect(valuesOf(seen.message, 'content-type')).toEqual(['application/json; charset=Big5']);
      expect(result(seen)).toEqual({ ...success, resultMessage: '成功' });
      expect(seen.signature).toBe('verified');
    },
  },
  'duplicate-headers': {
    outcome: 'fault: duplicate-headers',
    ending: 'ended',
    prove: (seen) => {
      for (const name of ['client-id', 'response-time', 'signature']) {
        const values = valuesOf(seen.message, name);
        expect(values).toHaveLength(2);
        expect(values[0]).toBe(values[1]);
      }
      expect(valuesOf(seen.message, 'tracer-id')).toHaveLength(1);
      expect(result(seen)).toEqual(success);
      expect(seen.signature).toBe('bad');
    },
  },
  'huge-body': {
    outcome: 'fault: { id: huge-body, bytes: 3000000 }',
    listenMs: 1500,
    ending: 'open',
    prove: (seen) => {
      expect(seen.message.body).toHaveLength(3_000_000);
      expect(result(seen)).toEqual(success);
      expect(seen.signature).toBe('verified');
    },
    journalled: ({ message }) => ({ httpStatus: 200, body: message.body.subarray(0, 65_536) }),
  },
};

describe.each(Object.entries(proofs))(
  '%s',
  (id, { outcome, listenMs, ending, bytes, prove, journalled }) => {
    test('puts these bytes on the wire, after the commit', async () => {
      const server = await serverWith([onceThen(outcome)]);
      onTestFinished(() => server.close());
      const { request } = newOrder(server);
      const received = await receiveRaw(server.url, request, listenMs);
      const message = takeApart(received.bytes);
      const seen: Seen = { ...received, message, signature: checkAnswer(request.target, message) };
      expect(received.ending).toBe(ending);
      if (bytes !== undefined) expect(received.bytes.toString()).toBe(bytes);
      prove?.(seen);

      expect(await traces(server)).toEqual([1, 1]);
      const entry = await entryNumber(server, 1);
      expect(entry.tags).toContain(`fault:${id}@${wireFaults[id as WireFaultId].phases[0]}`);
      expect(entry.verdict).toMatchObject({ code: 'SUCCESS', status: 'S' });
      const delivered = journalled?.(seen) ?? deliveredOf(seen);
      expect({
        httpStatus: entry.reply.httpStatus,
        body: entry.reply.body.toString('latin1'),
      }).toEqual({
        httpStatus: delivered.httpStatus,
        body: delivered.body.toString('latin1'),
      });
    });
  },
);

const deliveredOf = ({ bytes, message }: Seen): { httpStatus: number; body: Buffer } =>
  bytes.includes('\r\n\r\n')
    ? { httpStatus: Number(message.statusLine.split(' ')[1]), body: message.body }
    : { httpStatus: 0, body: bytes };

test('a body in another charset is signed as it is sent', async () => {
  const server = await serverWith([onceThen('fault: { id: wrong-charset, bytes: utf-16le }')]);
  onTestFinished(() => server.close());
  const { request } = newOrder(server);
  const message = takeApart((await receiveRaw(server.url, lastOf(request))).bytes);
  expect(valuesOf(message, 'content-type')).toEqual(['application/json; charset=UTF-8']);
  expect(JSON.parse(message.body.toString('utf16le')).result).toEqual(success);
  expect(checkAnswer(request.target, message)).toBe('verified');
});

test.each([
  [undefined, (length: number) => Math.floor(length / 2)],
  [0, () => 0],
  [1_000_000, (length: number) => length - 1],
])('cut-body at %s', async (atByte, expected) => {
  const server = await serverWith([
    onceThen(
      atByte === undefined ? 'fault: cut-body' : `fault: { id: cut-body, atByte: ${atByte} }`,
    ),
  ]);
  onTestFinished(() => server.close());
  const message = takeApart((await receiveRaw(server.url, newOrder(server).request)).bytes);
  expect(message.body).toHaveLength(expected(Number(valuesOf(message, 'content-length')[0])));
});

test('the journal keeps what had left when the client went away', async () => {
  const server = await serverWith([onceThen('fault: { id: slow-drip, bytesPerSecond: 20 }')]);
  onTestFinished(() => server.close());
  const { bytes } = await receiveRaw(server.url, newOrder(server).request, 500);
  const { reply } = await entryNumber(server, 1);
  const arrived = takeApart(bytes).body;
  expect(arrived.length).toBeGreaterThan(3);
  expect(reply.body.subarray(0, arrived.length).equals(arrived)).toBe(true);
  expect(reply.body.length - arrived.length).toBeLessThanOrEqual(2);
});
