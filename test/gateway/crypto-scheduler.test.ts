import { Socket } from 'node:net';
import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { ConcurrencyTracker } from '../../server/gateway/connection.ts';

const shared = availableParallelism() > 1;

const trafficAt = () => {
  const clock = { ms: 0 };
  return { clock, traffic: new ConcurrencyTracker(() => clock.ms) };
};

test('one connection alone never has company, however fast it asks', () => {
  const { clock, traffic } = trafficAt();
  const socket = new Socket();
  for (let call = 0; call < 10; call++) {
    expect(traffic.enter(socket)).toBe(false);
    clock.ms += 0.5;
    traffic.leave();
  }
});

test('two under way at once have company from the second on', () => {
  const { traffic } = trafficAt();
  expect(traffic.enter(new Socket())).toBe(false);
  expect(traffic.enter(new Socket())).toBe(shared);
});

test('connections that take turns are company even when no two requests are under way at once', () => {
  const { clock, traffic } = trafficAt();
  const sockets = [new Socket(), new Socket()];
  const company = Array.from({ length: 6 }, (_, call) => {
    const inPool = traffic.enter(sockets[call % 2] ?? new Socket());
    traffic.leave();
    clock.ms += 1;
    return inPool;
  });
  expect(company).toEqual([false, shared, shared, shared, shared, shared]);
  clock.ms += 1000;
  expect(traffic.enter(new Socket())).toBe(false);
});
