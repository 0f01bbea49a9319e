import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createPassiveDriver } from '../../../../server/conformance/certify/harness/driver.ts';
import { jobRequest } from './job-request.ts';

const folder = mkdtempSync(join(tmpdir(), 'certify-passive-'));
afterAll(() => rmSync(folder, { recursive: true }));

const start = (waitMs: number) => {
  const asked: string[] = [];
  const driver = createPassiveDriver({
    sandbox: { nowUs: () => 1 },
    ask: (text) => asked.push(text),
    waitMs,
  });
  return { driver, asked };
};

test('a person is asked to send, and the message is waited for', async () => {
  const { driver, asked } = start(10_000);
  let arrive: (isSent: boolean) => void = () => {};
  const awaitMessage = (): Promise<boolean> =>
    new Promise((resolve) => {
      arrive = resolve;
    });
  const pending = driver.give(jobRequest(folder, { awaitMessage }));
  expect(asked).toEqual([expect.stringMatching(/^Make your application send this message with /)]);
  expect(asked[0]).toContain('{"merchantBizNo":"C1"}');
  arrive(true);
  expect(await pending).toMatchObject({ end: { kind: 'watched' }, endedUs: 1 });
  expect((await pending).claim).toBeUndefined();
});

test('what the application does by itself is not asked for', async () => {
  const { driver, asked } = start(10_000);
  const { job, ...request } = jobRequest(folder);
  await driver.give({ ...request, job: { ...job, action: 'resume' } });
  expect(asked).toEqual([]);
});

test('nothing that arrives in time is no verdict on the application', async () => {
  const { driver } = start(1);
  const awaitMessage = async (signal: AbortSignal): Promise<boolean> => {
    await once(signal, 'abort');
    return false;
  };
  expect((await driver.give(jobRequest(folder, { awaitMessage }))).end).toEqual({
    kind: 'not-given',
    problem: 'no new message arrived in time',
  });
});
