import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { Driver } from '../../../../server/conformance/certify/harness/driver.ts';
import { createStreamDriver } from '../../../../server/conformance/certify/harness/running-drivers.ts';
import { jobRequest } from './job-request.ts';

const folder = mkdtempSync(join(tmpdir(), 'certify-stream-'));
afterAll(() => rmSync(folder, { recursive: true }));

let driver: Driver | undefined;
afterEach(() => driver?.close());

/** @param onJob JavaScript that is run for each `job`; `say` writes a line */
const start = (onJob: string): Driver => {
  const script = `let count=0;const say=(r)=>console.log(JSON.stringify(r));
    require('readline').createInterface({input:process.stdin}).on('line',(line)=>{
      const job=JSON.parse(line);count++;${onJob}})`;
  driver = createStreamDriver({
    words: [process.execPath, '-e', script],
    nowUs: () => performance.now() * 1000,
    pauseFactor: 0.05,
    patienceMs: 10_000,
    folder,
  });
  return driver;
};

test('one process gets all jobs, with credentials, and may answer in another order', async () => {
  const { give } = start(`globalThis.jobs??=[];jobs.push(job);if(jobs.length===2)
    for(const j of jobs.reverse())
      say({job:j.job,outcome:'SUCCESS',reason:process.pid+' '+j.connection.clientId})`);
  const [first, second] = await Promise.all([give(jobRequest(folder)), give(jobRequest(folder))]);
  expect(first?.end).toEqual({ kind: 'answered' });
  expect(first?.claim?.reason).toMatch(/^\d+ CLIENT$/);
  expect(second?.claim?.reason).toBe(first?.claim?.reason);
});

test('a report without its job belongs to the only one that is open', async () => {
  const { give } = start("say({outcome:'FAILED'})");
  expect((await give(jobRequest(folder))).claim?.outcome).toBe('FAILED');
});

test('a second report on a job is remarked, and does not count for another', async () => {
  const { give } = start(`say({job:job.job,outcome:'SUCCESS'});
    if(count===1)say({job:job.job,outcome:'FAILED'})`);
  const first = await give(jobRequest(folder));
  const second = await give(jobRequest(folder));
  expect([first.claim?.outcome, second.claim?.outcome]).toEqual(['SUCCESS', 'SUCCESS']);
  expect([...first.remarks, ...second.remarks]).toEqual([
    expect.stringMatching(/^wrote a second report on job-\d+; not read$/),
  ]);
});

test('a process that ends takes its open jobs with it, and is started again', async () => {
  const { give } = start(
    "if(job.message.end)process.exit(3);say({job:job.job,outcome:'SUCCESS',reason:''+count})",
  );
  const request = jobRequest(folder);
  const ending = { ...request, job: { ...request.job, message: { end: true } } };
  const ended = await give(ending);
  expect(ended.claim).toBeUndefined();
  expect(ended.end).toEqual({ kind: 'exited', code: 3 });
  expect((await give(jobRequest(folder))).claim).toMatchObject({ outcome: 'SUCCESS', reason: '1' });
});

test('a job that is never answered ends at its deadline, and its process with it', async () => {
  const { give } = start("if(count>1)say({job:job.job,outcome:'SUCCESS',reason:''+count})");
  const stop = new AbortController();
  const pending = give(jobRequest(folder, { stop: stop.signal }));
  stop.abort();
  expect((await pending).end).toEqual({ kind: 'deadline' });
  // A new process counts from 1, and never answers its first job.
  const kill = AbortSignal.timeout(200);
  expect((await give(jobRequest(folder, { kill }))).end).toEqual({ kind: 'killed' });
});

test('a command that does not exist cannot be run', async () => {
  driver = createStreamDriver({
    words: ['/no/such/command'],
    nowUs: () => 0,
    pauseFactor: 1,
    patienceMs: 1000,
    folder,
  });
  await expect(driver.give(jobRequest(folder))).rejects.toMatchObject({ code: 'CANNOT_RUN' });
});
