import { createHook } from 'node:async_hooks';
import { Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { MockServer } from '../../../server/app/create-server.ts';
import { wireFaults } from '../../../server/domain/faults/catalogue.ts';
import { pause } from '../../../server/gateway/reply/deliver.ts';
import { entryNumber, serverWith } from './faulty-server.ts';
import { newOrder, traces } from './orders.ts';
import { openRaw, receiveRaw } from './raw-socket.ts';

/** Timers that were made since and still wait. */
const watchTimers = () => {
  const waiting = new Set<number>();
  const hook = createHook({
    init: (id, type) => {
      if (type === 'Timeout') waiting.add(id);
    },
    destroy: (id) => {
      waiting.delete(id);
    },
  }).enable();
  return { waiting, stop: () => hook.disable() };
};

const tick = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

const until = async (holds: () => boolean): Promise<void> => {
  for (let tries = 0; !holds(); tries++) {
    if (tries > 2500) throw new Error('it never came to hold');
    await tick(10);
  }
};

const sockets = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;

/** `count` clients that wait for an answer, each with an order of its own. */
const openClients = async (server: MockServer, count: number): Promise<Socket[]> => {
  const clients = Array.from({ length: count }, () =>
    openRaw(server.url, newOrder(server).request).on('error', () => {}),
  );
  await expect.poll(async () => (await traces(server))[0], { timeout: 20_000 }).toBe(count);
  return clients;
};

const always = (then: string): string => `{ when: { operation: syncOrder }, then: { ${then} } }`;

test.each([
  'fault: hang',
  'fault: headers-only',
  'fault: { id: slow-drip, bytesPerSecond: 1 }',
  'delayMs: 600000',
])('shutdown does not wait for %s', async (then) => {
  const server = await serverWith([always(then)]);
  await openClients(server, 3);
  const began = performance.now();
  await server.close(100);
  expect(performance.now() - began).toBeLessThan(1000);
  await until(() => server.journal.entries.length === 3);
});

test.each([
  'fault: hang',
  'fault: headers-only',
  'fault: { id: slow-drip, bytesPerSecond: 1 }',
  'delayMs: { from: 500000, to: 600000 }',
])('50 clients that give up on %s leave no timer and no socket behind', async (then) => {
  const server = await serverWith([always(then)]);
  onTestFinished(() => server.close());
  const socketsBefore = sockets();
  const timers = watchTimers();
  const clients = await openClients(server, 50);
  await tick(50);
  for (const client of clients) client.destroy();
  await until(() => server.journal.entries.length === 50);
  await until(() => sockets() === socketsBefore);
  await tick(50);
  timers.stop();
  const held = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  expect(held).toBeLessThan(10);
  expect(timers.waiting.size).toBeLessThan(10);
});

/** Orderly messages: the connection may be used again. */
const staysOpen = ['not-json', 'gateway-html', 'empty-200', 'wrong-charset', 'huge-body'];

test('50 faults of all kinds at once: each client gets its own, nothing is left', async () => {
  const ids = Object.keys(wireFaults);
  const bounded: Readonly<Record<string, string>> = {
    hang: ', forMs: 100',
    'headers-only': ', forMs: 100',
    'slow-drip': ', bytesPerSecond: 2000',
    'length-too-long': ', forMs: 100',
    'huge-body': ', bytes: 100000',
  };
  const server = await serverWith(
    ids.map(
      (id) =>
        `{ when: { operation: syncOrder, body: { merchantBizNo: { prefix: "${id}." } } }, then: { fault: { id: ${id}${bounded[id] ?? ''} } } }`,
    ),
  );
  onTestFinished(() => server.close());
  const before = sockets();
  await Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      const id = ids[n % ids.length] ?? '';
      const expected = id === 'reset' ? 'reset' : staysOpen.includes(id) ? 'open' : 'ended';
      const { request } = newOrder(server, { merchantBizNo: `${id}.${n}` });
      const { bytes, ending } = await receiveRaw(
        server.url,
        request,
        expected === 'open' ? 1500 : 15_000,
      );
      expect([id, ending]).toEqual([id, expected]);
      if (['hang', 'reset', 'close'].includes(id)) expect([id, bytes.length]).toEqual([id, 0]);
    }),
  );
  await until(() => server.journal.entries.length === 50);
  expect(await traces(server)).toEqual([50, 50]);
  await until(() => sockets() === before);
});

test('a hang ends by itself, and its exchange is journalled then', async () => {
  const server = await serverWith([always('fault: { id: hang, forMs: 200 }')]);
  onTestFinished(() => server.close());
  const { ending, milliseconds } = await receiveRaw(server.url, newOrder(server).request);
  expect(ending).toBe('ended');
  expect(milliseconds).toBeLessThan(1000);
  expect((await entryNumber(server, 1)).reply).toMatchObject({ httpStatus: 0, headers: {} });
});

test('a client that only half-closes is let go as well', async () => {
  const server = await serverWith([always('fault: hang')]);
  onTestFinished(() => server.close());
  const [client] = await openClients(server, 1);
  client?.end();
  await until(() => server.journal.entries.length === 1);
});

test('a pause takes its listener away again: a kept connection may see thousands of them', async () => {
  const socket = new Socket();
  const immediately = { wait: () => Promise.resolve() };
  for (let ms = 1; ms <= 20; ms++) await pause(immediately, socket, ms);
  expect(socket.listenerCount('close')).toBe(0);
  socket.destroy();
});
