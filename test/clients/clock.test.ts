import { describe, expect, test, vi } from 'vitest';
import { Clock, maxClockTimeMs } from '../../server/clients/clock.ts';

const start = 1_747_893_741_000;

describe('a clock that hangs on another', () => {
  test('follows it until it is moved itself, and waits as fast as both run', async () => {
    vi.useFakeTimers({ now: start });
    try {
      const world = new Clock(Date.now);
      const own = new Clock(world);
      world.set(start + 500);
      expect(own.now()).toBe(start + 500);
      own.advance(1000);
      expect(own.now()).toBe(start + 1500);
      world.advance(1);
      expect(own.now()).toBe(start + 1501);
      let done = false;
      void own.wait(6000).then(() => (done = true));
      world.run(60);
      await vi.advanceTimersByTimeAsync(99);
      expect(done).toBe(false);
      await vi.advanceTimersByTimeAsync(2);
      expect(done).toBe(true);
      own.reset();
      expect(own.now()).toBe(world.now());
      void own.wait(1e9).then(() => (done = false));
      own.dispose();
      await vi.advanceTimersByTimeAsync(0);
      expect(done).toBe(false);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a clock that can be held', () => {
  test('is the machine’s until it is moved, and again after a reset', () => {
    let machine = start;
    const clock = new Clock(() => machine);
    expect(clock.now()).toBe(start);
    machine += 10;
    expect(clock.state).toEqual({ now: start + 10, rate: 1 });
    clock.freeze();
    machine += 1000;
    expect(clock.state).toEqual({ now: start + 10, rate: 0 });
    clock.advance(5);
    expect(clock.now()).toBe(start + 15);
    clock.run(60);
    machine += 1000;
    expect(clock.now()).toBe(start + 15 + 60_000);
    clock.set(42);
    machine += 1;
    expect(clock.now()).toBe(42 + 60);
    clock.freeze(7);
    expect(clock.now()).toBe(7);
    clock.reset();
    expect(clock.now()).toBe(machine);
  });

  test('waits follow it', async () => {
    vi.useFakeTimers({ now: start });
    try {
      const clock = new Clock(Date.now);
      const done: string[] = [];
      const waitAs = (name: string, ms: number, signal?: AbortSignal) =>
        clock.wait(ms, signal).then(() => done.push(name));
      void waitAs('second', 2000);
      void waitAs('first', 1000);
      void waitAs('nothing', 0);
      await vi.advanceTimersByTimeAsync(1000);
      expect(done).toEqual(['nothing', 'first']);
      clock.freeze();
      await vi.advanceTimersByTimeAsync(100_000);
      expect(done).toEqual(['nothing', 'first']);
      clock.advance(1000);
      await vi.advanceTimersByTimeAsync(0);
      expect(done).toEqual(['nothing', 'first', 'second']);
      clock.run(100);
      void waitAs('fast', 10_000);
      await vi.advanceTimersByTimeAsync(100);
      expect(done.at(-1)).toBe('fast');
      const abort = new AbortController();
      void waitAs('aborted', 1e9, abort.signal);
      abort.abort();
      await vi.advanceTimersByTimeAsync(0);
      expect(done.at(-1)).toBe('aborted');
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('what a clock can show', () => {
  test.each([8.64e15, maxClockTimeMs + 1, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    '%s is refused, and changes nothing',
    (time) => {
      const clock = new Clock(() => start);
      expect(() => clock.set(time)).toThrow(RangeError);
      expect(() => clock.freeze(time)).toThrow(RangeError);
      expect(() => clock.advance(time - start)).toThrow(RangeError);
      expect(clock.state).toEqual({ now: start, rate: 1 });
    },
  );

  test('a clock that runs to the end stays there, and lets through who waits', async () => {
    let machine = start;
    const clock = new Clock(() => machine);
    clock.set(maxClockTimeMs - 10);
    machine += 60_000;
    expect(clock.now()).toBe(maxClockTimeMs);
    await clock.wait(1000);
  });

  test('a clock that hangs on another stays within the range when the other is moved', () => {
    const simulator = new Clock(() => start);
    const own = new Clock(simulator);
    own.advance(1000);
    simulator.set(maxClockTimeMs);
    expect(own.now()).toBe(maxClockTimeMs);
    own.advance(-maxClockTimeMs);
    simulator.set(start);
    expect(own.now()).toBe(0);
  });
});
