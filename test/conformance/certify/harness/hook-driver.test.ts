import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import {
  checkHook,
  createHookDriver,
  isLoopbackUrl,
} from '../../../../server/conformance/certify/harness/running-drivers.ts';
import type { Job } from '../../../../server/conformance/certify/types.ts';
import { jobRequest } from './job-request.ts';

const folder = mkdtempSync(join(tmpdir(), 'certify-hook-'));
afterAll(() => rmSync(folder, { recursive: true }));

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((done) => server?.close(done));
});

const listen = async (listener: RequestListener): Promise<URL> => {
  server = createServer(listener);
  await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/certify`);
};

/** An application that answers every job so. */
const answering = async (
  answer: (job: Job) => readonly [status: number, body: string, headers?: Record<string, string>],
) => {
  const url = await listen((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const [status, body, headers] = answer(JSON.parse(Buffer.concat(chunks).toString()));
      res.writeHead(status, headers).end(body);
    });
  });
  return { url, driver: createHookDriver({ url, sendsConnection: true, nowUs: () => 7 }) };
};

test('a job is posted with credentials, and answered with its report', async () => {
  const seen: Job[] = [];
  const { driver } = await answering((job) => {
    seen.push(job);
    return [200, '{"outcome":"FAILED","resultCode":"PARAM_ILLEGAL"}'];
  });
  const result = await driver.give(jobRequest(folder));
  expect(result).toMatchObject({
    claim: { outcome: 'FAILED', resultCode: 'PARAM_ILLEGAL' },
    claimedUs: 7,
    end: { kind: 'answered' },
  });
  expect(seen[0]).toMatchObject({ action: 'send', connection: { clientId: 'CLIENT' } });
});

test('an application with a fixed identity is sent no credentials', async () => {
  const seen: Job[] = [];
  const { url } = await answering((job) => {
    seen.push(job);
    return [200, '{"outcome":"SUCCESS"}'];
  });
  const driver = createHookDriver({ url, sendsConnection: false, nowUs: () => 0 });
  await driver.give(jobRequest(folder));
  expect(seen.map(({ connection }) => connection)).toEqual([undefined]);
});

test('a job in a queue is asked about until there is a report', async () => {
  const actions: string[] = [];
  const { driver } = await answering(({ action }) => {
    actions.push(action);
    return actions.length < 3 ? [202, ''] : [200, '{"outcome":"SUCCESS"}'];
  });
  expect((await driver.give(jobRequest(folder))).claim?.outcome).toBe('SUCCESS');
  expect(actions).toEqual(['send', 'report', 'report']);
});

test.each([
  ['an error', 500, 'broken', 'the hook answered 500: broken'],
  ['nothing of a report', 200, 'ok', 'the hook answered 200 without a report: ok'],
])('an application that answers %s is a failure of the harness', async (...row) => {
  const [, status, body, problem] = row;
  const { driver } = await answering(() => [status, body]);
  expect((await driver.give(jobRequest(folder))).end).toEqual({ kind: 'not-given', problem });
});

test('a redirect is not followed', async () => {
  let requests = 0;
  const { driver } = await answering(() => {
    requests++;
    return [307, '', { location: 'http://127.0.0.1:1/other' }];
  });
  expect((await driver.give(jobRequest(folder))).end).toEqual({
    kind: 'not-given',
    problem: 'the hook redirects to http://127.0.0.1:1/other; name the address itself',
  });
  expect(requests).toBe(1);
});

test('an application that never answers is left at the deadline', async () => {
  const url = await listen(() => {});
  const driver = createHookDriver({ url, sendsConnection: true, nowUs: () => 0 });
  const result = await driver.give(jobRequest(folder, { deadlineMs: 200 }));
  expect(result.end).toEqual({ kind: 'deadline' });
});

describe('before the run', () => {
  test.each([200, 405])('a GET may be answered with %i', async (status) => {
    await checkHook(await listen((_req, res) => res.writeHead(status).end()));
  });

  test('another answer is an error', async () => {
    const url = await listen((_req, res) => res.writeHead(404).end('no'));
    await expect(checkHook(url)).rejects.toMatchObject({
      code: 'HOOK_UNAVAILABLE',
      message: `--hook ${url.href}: answered 404: no`,
    });
  });

  test.each([
    ['http://127.0.0.1:3000/x', true],
    ['http://localhost/x', true],
    ['http://[::1]:1/', true],
    ['http://10.0.0.1/', false],
    ['http://127.0.0.1.example.com/', false],
  ])('%s is on this machine: %s', (url, isLocal) => {
    expect(isLoopbackUrl(new URL(url))).toBe(isLocal);
  });
});
