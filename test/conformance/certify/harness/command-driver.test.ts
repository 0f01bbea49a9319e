import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type {
  JobRequest,
  JobResult,
} from '../../../../server/conformance/certify/harness/driver.ts';
import { createCommandDriver } from '../../../../server/conformance/certify/harness/driver-process.ts';
import { jobRequest, privateKey } from './job-request.ts';

const folder = mkdtempSync(join(tmpdir(), 'certify-command-'));
afterAll(() => rmSync(folder, { recursive: true }));

const nowUs = (): number => performance.now() * 1000;

/** Runs a driver of one line of JavaScript. */
const give = (script: string, more: Partial<JobRequest> = {}): Promise<JobResult> =>
  createCommandDriver([process.execPath, '-e', script], nowUs).give(jobRequest(folder, more));

const report = (outcome: string): string => `console.log(JSON.stringify({outcome:'${outcome}'}))`;

/** Whether a process is there; one that has ended and was not waited for is not. */
const isRunning = (pid: number): boolean => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z';
  } catch {
    return false;
  }
};

describe('what the driver is given', () => {
  test('the job on stdin, and the rest in its environment', async () => {
    const { claim } = await give(
      `let job=JSON.parse(require('fs').readFileSync(0));let e=process.env;
       console.log(JSON.stringify({outcome:'SUCCESS',reason:[job.job,job.message.merchantBizNo,
         e.ALIPAYHK_BASE_URL,e.ALIPAYHK_PLATFORM_KEY,e.ALIPAYHK_PLATFORM_KEYS,e.ALIPAYHK_CERTIFY,
         e.ALIPAYHK_CERTIFY_PAUSE_FACTOR,e.ALIPAYHK_CERTIFY_DEADLINE_MS,
         e.ALIPAYHK_CERTIFY_CASE].join()}))`,
    );
    expect(claim?.reason).toMatch(
      /^job-\d+,C1,http:\/\/127.0.0.1:1,second,{"1":"first","2":"second"},1,0.05,10000,$/,
    );
  });

  test('not the variables of the simulator', async () => {
    process.env['ALIPAYHK_ADMIN_URL'] = 'http://127.0.0.1:1/__admin';
    try {
      const { claim } = await give(
        "console.log(JSON.stringify({outcome:'SUCCESS',reason:String(process.env.ALIPAYHK_ADMIN_URL)}))",
      );
      expect(claim?.reason).toBe('undefined');
    } finally {
      delete process.env['ALIPAYHK_ADMIN_URL'];
    }
  });
});

describe('what the driver says', () => {
  test('is its last report, whatever the exit code', async () => {
    const result = await give(`console.log('{');${report('FAILED')};process.exit(3)`);
    expect(result).toMatchObject({
      claim: { outcome: 'FAILED' },
      claimedBy: 'report',
      end: { kind: 'exited', code: 3 },
      remarks: [],
    });
  });

  test('is in its result file, and then stdout is not read', async () => {
    const { claim } = await give(
      `${report('FAILED')};require('fs').writeFileSync(process.env.ALIPAYHK_CERTIFY_RESULT,
        JSON.stringify({outcome:'SUCCESS'},null,2))`,
    );
    expect(claim).toEqual({ outcome: 'SUCCESS' });
  });

  test('is not in a result file that is a link', async () => {
    writeFileSync(join(folder, 'elsewhere'), '{"outcome":"SUCCESS"}');
    const { claim } = await give(
      `require('fs').symlinkSync('../elsewhere',process.env.ALIPAYHK_CERTIFY_RESULT);
       process.exit(10)`,
    );
    expect(claim).toEqual({ outcome: 'FAILED' });
  });

  test('is its exit code where there is no report', async () => {
    expect(await give('process.exit(20)')).toMatchObject({
      claim: { outcome: 'UNKNOWN' },
      claimedBy: 'exit-code',
    });
  });

  test('is no opinion after a crash', async () => {
    const result = await give("throw new Error('broken')");
    expect(result.claim).toBeUndefined();
    expect(result.end).toEqual({ kind: 'exited', code: 1 });
    expect(result.log).toContain('broken');
  });

  test('is an error where the report is about another job, or cannot be read', async () => {
    const other = await give(`console.log('{"outcome":"SUCCESS","job":"x"}')`);
    expect(other.claim?.outcome).toBe('ERROR');
    expect(other.claim?.reason).toMatch(/^the report is about the job x, and the job is job-\d+$/);
    const odd = await give(report('DONE'));
    expect(odd.claim?.outcome).toBe('ERROR');
    expect(odd.claim?.reason).toContain('the report cannot be used: outcome');
  });

  test('does not show its private key', async () => {
    const { log } = await give(
      `console.error(process.env.ALIPAYHK_PRIVATE_KEY);${report('SUCCESS')}`,
    );
    expect(log).not.toContain(privateKey);
    expect(log).toContain('[private key]');
  });

  test.runIf(process.platform !== 'win32')('is an error where a shell finds nothing', async () => {
    const driver = createCommandDriver(['sh', '-c', 'no-such-command-here'], nowUs);
    const { claim } = await driver.give(jobRequest(folder));
    expect(claim).toMatchObject({ outcome: 'ERROR', reason: expect.stringContaining('127') });
  });
});

test('a command that does not exist cannot be run', async () => {
  const driver = createCommandDriver(['/no/such/command'], nowUs);
  await expect(driver.give(jobRequest(folder))).rejects.toMatchObject({
    code: 'CANNOT_RUN',
    message: 'cannot run /no/such/command: unknown command',
  });
});

describe.runIf(process.platform === 'linux')('nothing is left running', () => {
  const pidFile = (name: string): string => join(folder, name);
  const pidIn = (name: string): number => Number(readFileSync(pidFile(name), 'utf8'));
  const writePid = (name: string, pid: string): string =>
    `require('fs').writeFileSync(${JSON.stringify(pidFile(name))},String(${pid}));`;

  test('of a driver that ignores SIGTERM', async () => {
    const stop = new AbortController();
    const pending = give(
      `process.on('SIGTERM',()=>{});${writePid('stubborn', 'process.pid')}setInterval(()=>{},1e6)`,
      { stop: stop.signal },
    );
    await expect.poll(() => existsSync(pidFile('stubborn')), { timeout: 10_000 }).toBe(true);
    stop.abort();
    expect(await pending).toMatchObject({ end: { kind: 'deadline' } });
    expect(isRunning(pidIn('stubborn'))).toBe(false);
  });

  test('of one that does not end by itself in time', async () => {
    const result = await give('setInterval(()=>{},1e6)', { deadlineMs: 100 });
    expect(result.claim).toBeUndefined();
    expect(result.end).toEqual({ kind: 'deadline' });
  });

  test('of one that leaves a child in its group, or in a group of its own', async () => {
    const child = (name: string, isDetached: boolean): string =>
      `{const c=require('child_process').spawn(process.execPath,['-e','setInterval(()=>{},1e6)'],
        {detached:${isDetached},stdio:'inherit'});c.unref();${writePid(name, 'c.pid')}}`;
    const result = await give(
      `${child('group', false)}${child('escaped', true)}${report('SUCCESS')};process.exit(0)`,
    );
    expect(result.claim).toEqual({ outcome: 'SUCCESS' });
    expect(result.remarks).toEqual(['left 2 processes running when it ended; they were ended']);
    expect([isRunning(pidIn('group')), isRunning(pidIn('escaped'))]).toEqual([false, false]);
  });

  test('of one that the case kills, or the run stops', async () => {
    const kill = new AbortController();
    const started = pidFile('started');
    const pending = give(`${writePid('started', 'process.pid')}setInterval(()=>{},1e6)`, {
      kill: kill.signal,
    });
    await expect.poll(() => existsSync(started), { timeout: 10_000 }).toBe(true);
    kill.abort();
    expect((await pending).end).toEqual({ kind: 'killed' });
    expect(isRunning(pidIn('started'))).toBe(false);
    const stopped = await give('setInterval(()=>{},1e6)', { stop: AbortSignal.abort() });
    expect(stopped.end).toEqual({ kind: 'deadline' });
  });
});
