import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type SignedRequest, signRequest } from '../../sdk/client/signed-call.ts';
import { composeSample } from '../../server/admin/loopback-client.ts';
import type { MockServer } from '../../server/app/create-server.ts';
import type { JournalEntry, OpenExchange } from '../../server/journal/journal-entry.ts';
import { openRaw, receiveRaw } from '../domain/faults/raw-socket.ts';
import { rawCall } from '../raw-call.ts';
import { demoClient, demoMerchant, startServer } from '../start-server.ts';

let server: MockServer | undefined;
afterEach(() => server?.close(0));

const start = async (settings: Parameters<typeof startServer>[0] = {}): Promise<MockServer> => {
  server = await startServer(settings);
  return server;
};

let orders = 0;
const signed = (
  { contract }: MockServer,
  headers: Record<string, string> = {},
  bizNo = `ORDER${++orders}`,
): SignedRequest => {
  const operation = contract.operations.get('syncOrder') ?? expect.fail('no syncOrder');
  const body = composeSample(operation, {
    fields: { merchantBizNo: bizNo },
    time: Date.now(),
  });
  const request = signRequest(
    demoMerchant(),
    operation.path,
    Buffer.from(JSON.stringify(body)),
    {},
  );
  return { ...request, headers: { ...request.headers, ...headers } };
};

/** The first entry that has been recorded for which a predicate holds. */
const recorded = async (
  { journal }: MockServer,
  isMeant: (entry: JournalEntry) => boolean = () => true,
): Promise<JournalEntry> => {
  await expect.poll(() => journal.entries.some(isMeant)).toBe(true);
  return journal.entries.find(isMeant) ?? expect.fail('no entry');
};

const isInFlight = async ({ journal }: MockServer, count = 1): Promise<void> =>
  void (await expect.poll(() => journal.open.length).toBe(count));

const opened = async (at: MockServer, request: SignedRequest): Promise<Socket> => {
  const count = at.journal.open.length;
  const socket = openRaw(at.url, request);
  socket.on('error', () => {});
  await isInFlight(at, count + 1);
  return socket;
};

test('a retry that overtakes a first attempt is numbered after it', async () => {
  const at = await start();
  const first = signed(at, { 'x-mock-fault': 'hang' });
  const hanging = await opened(at, first);
  const { 'x-mock-fault': _, ...headers } = first.headers as Record<string, string>;
  await rawCall(at.url, { target: first.target, headers, body: first.body });
  expect(at.journal.entries.map(({ number }) => number)).toEqual([2]);
  expect(at.journal.find('2')?.tags).toEqual(['duplicate']);
  hanging.destroy();
  await expect.poll(() => at.journal.size).toBe(2);
  const [attempt, retry] = at.journal.entries;
  expect([attempt?.number, attempt?.arrival.order, attempt?.tags]).toEqual([
    1,
    1,
    ['fault:hang@after-commit'],
  ]);
  expect(attempt?.delivery).toMatchObject({ bytes: 0, complete: false, endedBy: 'client' });
  expect(retry?.arrival.atUs).toBeGreaterThan(attempt?.arrival.atUs ?? Infinity);
  expect(retry?.delivery.endedUs).toBeLessThan(attempt?.delivery.endedUs ?? 0);
  expect(at.journal.find('1')).toBe(attempt);
});

test('arrival does not depend on a clock that is held', async () => {
  const at = await start();
  at.clients.controls(demoClient).clock.freeze();
  for (let call = 0; call < 2; call++) {
    const { target, headers, body } = signed(at);
    await rawCall(at.url, { target, headers, body });
  }
  const [first, second] = at.journal.entries;
  expect(second?.receivedAt).toBe(first?.receivedAt);
  expect(second?.arrival.atUs).toBeGreaterThan(first?.arrival.atUs ?? Infinity);
  expect(first?.requestCompleteUs).toBeGreaterThanOrEqual(first?.arrival.atUs ?? Infinity);
  expect(first?.delivery.firstByteUs).toBeGreaterThan(first?.requestCompleteUs ?? Infinity);
});

test('a client that left before its answer was sent is not recorded as answered', async () => {
  const at = await start();
  const socket = await opened(at, signed(at, { 'x-mock-delay-ms': '8000' }));
  socket.destroy();
  const entry = await recorded(at);
  expect(entry).toMatchObject({
    verdict: { step: 'decide', code: 'NO_ANSWER', status: 'U' },
    reply: { httpStatus: 0, headers: {} },
    delivery: { bytes: 0, complete: false, endedBy: 'client' },
  });
  expect(entry.reply.body).toHaveLength(0);
  expect(entry.verdict.reason).toContain('before its answer (SUCCESS) was complete');
  expect(entry.tags).toContain('client-left');
  expect(entry.verdict.basis).toContain('G-35');
  // What was decided stays.
  expect(entry.changes.map(({ collection }) => collection)).toContain('orders');
  expect(entry.milliseconds).toBeLessThan(8000);
});

test('an answer that was sent is recorded to its last byte', async () => {
  const at = await start();
  const { bytes } = await receiveRaw(at.url, signed(at, { Connection: 'close' }));
  expect((await recorded(at)).delivery).toMatchObject({
    bytes: bytes.length,
    complete: true,
    endedBy: 'server',
  });
});

/** Sends the head of a request and so many bytes of its body. */
const sendPart = async (at: MockServer, bytes: number): Promise<Socket> => {
  const { target, headers, body } = signed(at);
  const { hostname, port } = new URL(at.url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  const lines = Object.entries({ Host: 'x', ...headers, 'Content-Length': String(body.length) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const text = `POST ${target} HTTP/1.1\r\n${head}\r\n`;
  socket.write(Buffer.concat([Buffer.from(text), body.subarray(0, bytes)]));
  await isInFlight(at);
  return socket;
};

test.each([
  ['by closing', (socket: Socket) => socket.end(), 20],
  ['by a reset', (socket: Socket) => socket.resetAndDestroy(), 20],
  ['before a byte of it', (socket: Socket) => socket.destroy(), 0],
])('a request that breaks off before its body ends is recorded: %s', async (_how, leave, bytes) => {
  const at = await start();
  const socket = await sendPart(at, bytes);
  leave(socket);
  const entry = await recorded(at);
  expect(entry).toMatchObject({
    number: 1,
    operation: 'syncOrder',
    clientId: demoClient,
    verdict: { step: 'receive', code: 'none', status: 'U', basis: ['G-36'] },
    tags: ['broken-off'],
    requestCompleteUs: undefined,
    delivery: { bytes: 0, complete: false, endedBy: 'client' },
    reply: { httpStatus: 0 },
    changes: [],
  });
  expect(entry.request.body).toHaveLength(bytes);
  expect(at.journal.open).toEqual([]);
});

test('a request that the server does not wait for any longer was ended by the server', async () => {
  const at = await start({ 'limits.headersTime': '200ms', 'limits.requestTime': '200ms' });
  const socket = await sendPart(at, 20);
  socket.resume();
  const entry = await recorded(at);
  expect(entry.verdict.code).toBe('none');
  expect(entry.delivery.endedBy).toBe('server');
});

test('requests are counted on their connection', async () => {
  const at = await start();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const call = async (options: { readonly agent?: Agent }): Promise<void> => {
    const { target, headers, body } = signed(at);
    await rawCall(at.url, { target, headers, body, ...options });
  };
  await call({ agent });
  await call({ agent });
  await call({});
  agent.destroy();
  expect(at.journal.entries.map(({ connection }) => connection)).toEqual([
    { ordinal: 1, position: 1, tls: false },
    { ordinal: 1, position: 2, tls: false },
    { ordinal: 2, position: 1, tls: false },
  ]);
  expect(at.journal.entries.map(({ delivery }) => delivery.endedBy)).toEqual([
    'keptAlive',
    'keptAlive',
    'keptAlive',
  ]);
});

test('pipelined requests are numbered as they arrive, and each answer has its own bytes', async () => {
  const at = await start();
  const [first, second] = [signed(at, { 'x-mock-delay-ms': '100' }), signed(at)];
  const socket = openRaw(at.url, first);
  let received = 0;
  socket.on('data', (chunk: Buffer) => {
    received += chunk.length;
  });
  const lines = Object.entries({
    Host: 'x',
    ...second.headers,
    'Content-Length': String(second.body.length),
  });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(`POST ${second.target} HTTP/1.1\r\n${head}\r\n${second.body.toString()}`);
  await expect.poll(() => at.journal.size).toBe(2);
  const [slow, fast] = at.journal.entries;
  expect(slow?.connection).toMatchObject({ ordinal: 1, position: 1 });
  expect(fast?.connection).toMatchObject({ ordinal: 1, position: 2 });
  expect(fast?.delivery.complete).toBe(true);
  expect(fast?.delivery.lastByteUs).toBeGreaterThanOrEqual(slow?.delivery.lastByteUs ?? Infinity);
  await expect.poll(() => received).toBe((slow?.delivery.bytes ?? 0) + (fast?.delivery.bytes ?? 0));
  socket.destroy();
});

test.each([
  ['slow-drip', { bytesPerSecond: 5000 }, true],
  ['cut-body', {}, false],
  ['length-too-long', { forMs: 1 }, false],
  ['length-too-short', {}, false],
  ['partial-status', {}, false],
  ['duplicate-headers', {}, true],
  ['empty-200', {}, true],
])('%s: whether the whole message was sent', async (id, parameters, isComplete) => {
  const at = await start();
  await at.clients.queue(demoClient, {
    when: { operation: 'syncOrder' },
    then: { fault: { id, ...parameters } },
  });
  const { bytes } = await receiveRaw(at.url, signed(at, { Connection: 'close' }));
  const { delivery } = await recorded(at);
  expect(delivery).toMatchObject({
    bytes: bytes.length,
    complete: isComplete,
    endedBy: 'server',
  });
});

test('a client that leaves in the middle of a long answer: as much as has left', async () => {
  const at = await start();
  await at.clients.queue(demoClient, {
    when: { operation: 'syncOrder' },
    then: { fault: { id: 'huge-body', bytes: 67_108_864 } },
  });
  const socket = openRaw(at.url, signed(at));
  socket.once('data', () => socket.destroy());
  const { delivery, reply } = await recorded(at);
  expect(delivery).toMatchObject({ complete: false, endedBy: 'client' });
  expect(delivery.bytes).toBeGreaterThan(0);
  expect(delivery.bytes).toBeLessThan(67_108_864);
  expect(delivery.firstByteUs).toBeLessThanOrEqual(delivery.lastByteUs ?? 0);
  expect(reply.httpStatus).toBe(200);
});

test('every exchange is reported as it opens and closes, however little the journal keeps', async () => {
  const at = await start({ 'journal.entries': 0 });
  const seen: string[] = [];
  const stop = at.journal.listen({
    onOpen: ({ number, method, clientId }: OpenExchange) =>
      seen.push(`opened ${number} ${method} ${clientId}`),
    onClose: ({ number, verdict }) => seen.push(`closed ${number} ${verdict.code}`),
  });
  for (let call = 0; call < 2; call++) {
    const { target, headers, body } = signed(at);
    await rawCall(at.url, { target, headers, body });
  }
  expect(seen).toEqual([
    `opened 1 POST ${demoClient}`,
    'closed 1 SUCCESS',
    `opened 2 POST ${demoClient}`,
    'closed 2 SUCCESS',
  ]);
  expect(at.journal.size).toBe(0);
  stop();
});

test('a request in flight is listed by the admin API', async () => {
  const at = await start();
  const socket = await opened(at, signed(at, { 'x-mock-fault': 'hang' }));
  const read = async () =>
    (await (await fetch(`${at.adminUrl}/__admin/journal`)).json()) as {
      readonly open: readonly object[];
      readonly newest: number;
      readonly entries: readonly object[];
    };
  const page = await read();
  expect(page.open).toMatchObject([
    { number: 1, operation: 'syncOrder', clientId: demoClient, arrival: { order: 1 } },
  ]);
  expect(page.newest).toBe(1);
  expect(page.entries).toEqual([]);
  socket.destroy();
  await recorded(at);
  expect((await read()).open).toEqual([]);
});
