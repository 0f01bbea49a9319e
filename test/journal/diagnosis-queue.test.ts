import { expect, onTestFinished, test, vi } from 'vitest';
import type { Diagnosis } from '../../server/doctor/diagnosis.ts';
import { DiagnosisQueue } from '../../server/journal/diagnosis-queue.ts';

const diagnosis: Diagnosis = {
  subject: 'signature',
  verdict: 'unexplained',
  notes: [],
  evidence: [],
  spent: { hypotheses: 1, ms: 1 },
  exhausted: true,
};

/**
 * A queue on clocks of the test's own; every diagnosis takes so many milliseconds of the processor,
 * and twice as many on the wall.
 */
const queueWith = (costMs: number) => {
  const time = { cpu: 0, wall: 0 };
  const queue = new DiagnosisQueue({ cpuNow: () => time.cpu, monotonicNow: () => time.wall });
  const run = (): Diagnosis => {
    time.cpu += costMs;
    time.wall += 2 * costMs;
    return diagnosis;
  };
  const submit = (clientId: string, isAlone = false) => queue.submit(clientId, run, isAlone);
  return { queue, time, submit };
};

test('a lone caller gets every diagnosis at once, however many they are', () => {
  const { queue, submit } = queueWith(20);
  expect(
    Array.from({ length: 500 }, () => submit('A', true)).every(
      ({ result }) => result === diagnosis,
    ),
  ).toBe(true);
  expect(queue.size).toBe(0);
});

test('beside other requests a client has a quarter of a second of processor time at once, then it waits', () => {
  const { queue, submit } = queueWith(10);
  const jobs = Array.from({ length: 100 }, () => submit('A'));
  const made = jobs.filter(({ isPending }) => !isPending).length;
  // 250 ms at 10 ms each, and what comes back while they run: 30 ms per second of the wall.
  expect(made).toBeGreaterThanOrEqual(25);
  expect(made).toBeLessThanOrEqual(28);
  expect(queue.size).toBe(100 - made);
  queue.close();
});

test('waiting for a processor costs nothing: only processor time counts', () => {
  const { time, queue } = queueWith(0);
  const slow = (): Diagnosis => {
    time.wall += 1000;
    time.cpu += 1;
    return diagnosis;
  };
  const jobs = Array.from({ length: 100 }, () => queue.submit('A', slow, false));
  expect(jobs.filter(({ isPending }) => isPending)).toEqual([]);
});

test('the flood of one client leaves the others theirs', () => {
  const { queue, submit } = queueWith(10);
  for (let n = 0; n < 5000; n++) submit('FLOOD');
  expect(submit('OTHER').result).toBe(diagnosis);
  queue.close();
});

test('what is pending is made while no requests come, the clients in turns', async () => {
  const { queue, time, submit } = queueWith(10);
  const order: string[] = [];
  for (let n = 0; n < 200; n++) submit('A').onFinished(() => order.push('A'));
  for (let n = 0; n < 200; n++) submit('B').onFinished(() => order.push('B'));
  queue.noteRequest();
  expect(queue.size).toBeGreaterThan(200);
  time.wall += 1000;
  await expect.poll(() => queue.size, { timeout: 5000 }).toBe(0);
  expect(order.slice(0, 4)).toEqual(['A', 'B', 'A', 'B']);
});

test('while requests keep coming, what is pending waits for the budget', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { queue, time, submit } = queueWith(10);
  const jobs = Array.from({ length: 100 }, () => submit('A'));
  const before = queue.size;
  queue.noteRequest();
  vi.advanceTimersByTime(100);
  expect(queue.size).toBe(before);
  time.wall += 1000;
  // 30 ms came back: three diagnoses of 10 ms, and the one that empties the budget.
  for (let turn = 0; turn < 20; turn++) {
    queue.noteRequest();
    vi.advanceTimersByTime(50);
  }
  expect(queue.size).toBeLessThan(before);
  expect(before - queue.size).toBeLessThanOrEqual(5);
  queue.close();
  expect(jobs.some(({ isPending }) => isPending)).toBe(true);
});

test('a diagnosis is made on demand, once; one that is cancelled is not made', async () => {
  const { queue, submit } = queueWith(1000);
  submit('A');
  const [wanted, unwanted] = [submit('A'), submit('A')];
  let finished = 0;
  wanted.onFinished(() => finished++);
  wanted.finish();
  wanted.finish();
  unwanted.cancel();
  unwanted.finish();
  expect([wanted.result, unwanted.result, finished, queue.size]).toEqual([
    diagnosis,
    undefined,
    1,
    0,
  ]);
});

test('a quick search that ends before its result leaves the diagnosis pending, for a thorough one in an idle moment', async () => {
  const { queue, time } = queueWith(0);
  const searches: boolean[] = [];
  const stopped: Diagnosis = { ...diagnosis, exhausted: false };
  const job = queue.submit(
    'A',
    (isThorough) => {
      searches.push(isThorough);
      return isThorough ? diagnosis : stopped;
    },
    false,
  );
  expect([job.isPending, queue.size]).toEqual([true, 1]);
  time.wall += 1000;
  await expect.poll(() => job.result, { timeout: 5000 }).toBe(diagnosis);
  expect([searches, queue.size]).toEqual([[false, true], 0]);
});
