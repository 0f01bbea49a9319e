import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { abortAfter } from '../../server/protocol/http-call.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const aborted = (signal: AbortSignal): Promise<string> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(signal.reason.name), { once: true });
  });

test('a timeout passes although garbage was collected meanwhile', async () => {
  const stop = new AbortController();
  const waiting = aborted(abortAfter(100, stop.signal));
  await sleep(10);
  collectGarbage();
  // Only what is referred to keeps the process running: a timeout does not.
  expect(await Promise.race([waiting, sleep(5000, 'never')])).toBe('TimeoutError');
});

test('the other signals abort it before', async () => {
  const stop = new AbortController();
  const waiting = aborted(abortAfter(60_000, stop.signal));
  stop.abort();
  expect(await waiting).toBe('AbortError');
});
