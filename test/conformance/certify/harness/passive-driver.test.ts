import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createPassiveDriver } from '../../../../server/conformance/certify/harness/driver.ts';
import type { JournalListener } from '../../../../server/journal/journal.ts';
import { inFlight, record } from '../../traffic.ts';
import { jobRequest } from './job-request.ts';

const folder = mkdtempSync(join(tmpdir(), 'certify-passive-'));
afterAll(() => rmSync(folder, { recursive: true }));

const start = (waitMs: number) => {
  const asked: string[] = [];
  const listeners = new Set<JournalListener>();
  const driver = createPassiveDriver({
    sandbox: {
      nowUs: () => 1,
      listen: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    ask: (text) => asked.push(text),
    waitMs,
  });
  return { driver, asked, listeners };
};

test('a person is asked to send, and the first request is waited for', async () => {
  const { driver, asked, listeners } = start(10_000);
  const pending = driver.give(jobRequest(folder));
  for (const { onOpen } of listeners) onOpen?.(inFlight(record([{ ms: 0 }])[0]));
  expect(await pending).toMatchObject({ end: { kind: 'watched' }, endedUs: 1 });
  expect((await pending).claim).toBeUndefined();
  expect(asked).toEqual([expect.stringMatching(/^Make your application send this message with /)]);
  expect(asked[0]).toContain('{"merchantBizNo":"C1"}');
  expect(listeners.size).toBe(0);
});

test('what the application does by itself is not asked for', async () => {
  const { driver, asked } = start(10_000);
  const { job, ...request } = jobRequest(folder);
  await driver.give({ ...request, job: { ...job, action: 'resume' } });
  expect(asked).toEqual([]);
});

test('nothing that arrives in time is no verdict on the application', async () => {
  const { driver, listeners } = start(1);
  expect((await driver.give(jobRequest(folder))).end).toEqual({
    kind: 'not-given',
    problem: 'no request arrived in time',
  });
  expect(listeners.size).toBe(0);
});
