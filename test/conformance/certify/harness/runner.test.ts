import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { certifySettings, createSandbox } from '../../../../server/app/certify-sandbox.ts';
import { createMockServer, type MockServer } from '../../../../server/app/create-server.ts';
import { settingsWith } from '../../../../server/app/settings/resolve-settings.ts';
import { demoClientId } from '../../../../server/clients/key-folder/key-folder.ts';
import { catalogue } from '../../../../server/conformance/certify/catalogue/index.ts';
import {
  createPassiveDriver,
  type Driver,
  type JobRequest,
} from '../../../../server/conformance/certify/harness/driver.ts';
import { createCommandDriver } from '../../../../server/conformance/certify/harness/driver-process.ts';
import { caseName } from '../../../../server/conformance/certify/harness/run-case.ts';
import {
  checkMessages,
  runCatalogue,
} from '../../../../server/conformance/certify/harness/runner.ts';
import type {
  HarnessSettings,
  Sandbox,
} from '../../../../server/conformance/certify/harness/sandbox.ts';
import { TrafficSorter } from '../../../../server/conformance/certify/harness/traffic.ts';
import type { Claim, RunRecord } from '../../../../server/conformance/certify/types.ts';
import { operationIds } from '../../../../server/domain/contract/contract.ts';
import type { JsonObject } from '../../../../server/domain/state/state.ts';
import type { OpenExchange } from '../../../../server/journal/journal-entry.ts';
import { packageRoot } from '../../../../server/package-root.ts';
import { exchangeSample } from '../../../journal/exchange-sample.ts';
import { merchantAt } from '../../../merchant.ts';
import { rawCall } from '../../../raw-call.ts';

const folder = mkdtempSync(join(tmpdir(), 'certify-runner-'));
let server: MockServer;
let sandbox: Sandbox;
beforeAll(async () => {
  server = await createMockServer({ settings: certifySettings(settingsWith({ port: 0 })) });
  sandbox = createSandbox(server);
});
afterAll(async () => {
  await server.close(0);
  rmSync(folder, { recursive: true });
});

const settings: HarnessSettings = {
  operations: ['syncOrder'],
  modes: [{ algorithm: 'RSA256', sealed: false }],
  every: 'primary',
  messages: {},
  pauseFactor: 0.01,
  realPauses: false,
  patienceMs: 20_000,
  ceilingMs: 20_000,
  quietMs: 50,
  jobs: 2,
  isRevealed: false,
  client: undefined,
  isSerial: false,
};

interface Options {
  readonly settings?: Partial<HarnessSettings>;
  readonly isControlFailed?: boolean;
  readonly stop?: AbortSignal;
}

const run = (driver: Driver, ids: readonly string[], options: Options = {}): Promise<RunRecord> =>
  runCatalogue({
    cases: catalogue,
    sandbox,
    driver,
    settings: { ...settings, ...options.settings },
    judge: {
      isControlFailed: () => options.isControlFailed === true,
      shouldRepeat: ({ run: { plan }, isRepeat }) => plan.id === 'C-LOST-03' && !isRepeat,
    },
    folder,
    chosen: new Set(ids),
    stop: options.stop ?? new AbortController().signal,
  });

const nowUs = (): number => performance.now() * 1000;

const client = join(packageRoot, 'test', 'conformance', 'mutants', 'client.mjs');
const correctClient = (): Driver => createCommandDriver([process.execPath, client], nowUs);

/** A driver in this process that sends nothing and claims this. */
const claiming = (claim: (request: JobRequest) => Claim): Driver => ({
  mode: 'command',
  endsWithJob: true,
  give: async (request) => {
    const at = nowUs();
    const end = { kind: 'exited', code: 0 } as const;
    const said = { claim: claim(request), claimedUs: at, claimedBy: 'report' } as const;
    return { ...said, end, endedUs: at, remarks: [], log: '' };
  },
  close: async () => {},
});

test('the messages of every case are valid by the contract', async () => {
  const all = { ...settings, operations: operationIds };
  expect(await checkMessages({ cases: catalogue, sandbox, settings: all })).toEqual([]);
  const messages = { syncOrder: { merchantBizType: 'NO_SUCH_TYPE' } };
  const found = await checkMessages({ cases: catalogue, sandbox, settings: { ...all, messages } });
  expect(found.join()).toMatch(/^syncOrder: .*merchantBizType/);
});

describe('a run with a correct client', () => {
  let record: RunRecord;
  beforeAll(async () => {
    record = await run(correctClient(), ['C-SEC-01', 'C-BOX-01', 'C-KEY-03', 'C-UNK-05']);
  }, 60_000);

  test('makes first contact, then plays every variant to a client of its own', () => {
    expect(record.cases[0]?.run.plan.id).toBe('C-PRE-01');
    expect(record.cases.map((one) => caseName(one.run)).toSorted()).toEqual([
      'C-BOX-01',
      'C-KEY-03',
      'C-PRE-01',
      'C-SEC-01 signature-without-time',
      'C-SEC-01 time-without-signature',
      'C-SEC-01 unsigned',
      'C-UNK-05',
    ]);
    expect(new Set(record.cases.map(({ clientId }) => clientId)).size).toBe(7);
    expect(record.stray).toEqual([]);
    expect(record.skipped).toEqual([]);
  });

  const find = (name: string) =>
    record.cases.find((one) => caseName(one.run) === name) ?? expect.fail(name);

  test('says which rule answered which attempt, and what was claimed', () => {
    const { exchanges, played, jobs } = find('C-SEC-01 unsigned');
    expect(exchanges.map(({ number }) => played.get(number))).toEqual([0, undefined]);
    expect(exchanges[0]?.tags).toContain('security:unsigned');
    expect(jobs.map(({ job, claim }) => [job.action, claim?.outcome])).toEqual([
      ['send', 'SUCCESS'],
      ['resume', 'SUCCESS'],
    ]);
    expect(jobs.every(({ job }) => !('connection' in job))).toBe(true);
  });

  test('resumes as often as the application announces another attempt', () => {
    expect(find('C-UNK-05').jobs.map(({ job, resume }) => [job.action, resume])).toEqual([
      ['send', undefined],
      ['resume', 1],
      ['resume', 2],
    ]);
  });

  test('kills when an answer is withheld, after the change was made', () => {
    const { jobs, exchanges } = find('C-BOX-01');
    expect(jobs[0]?.end).toEqual({ kind: 'killed' });
    expect(exchanges[0]?.delivery).toMatchObject({ bytes: 0, endedBy: 'client' });
    expect(exchanges[1]?.tags).toContain('duplicate');
    expect(jobs[1]?.claim?.outcome).toBe('SUCCESS');
  });

  test('hands out some of the platform’s keys where the case says so', () => {
    const [first, second] = find('C-KEY-03').exchanges;
    expect([first?.keyVersions.signed, second?.keyVersions.signed]).toEqual([1, 2]);
  });
});

test('an operation that the driver does not do is left for the next', async () => {
  const driver = claiming(({ job }) => ({
    outcome: job.operation === 'syncOrder' ? 'UNSUPPORTED' : 'SUCCESS',
  }));
  const operations = ['syncOrder', 'syncPaymentInfo'] as const;
  const record = await run(driver, ['C-SEC-02'], { settings: { operations } });
  expect(record.cases.map((one) => `${one.run.plan.id} ${one.run.operation}`)).toEqual([
    'C-PRE-01 syncOrder',
    'C-PRE-01 syncPaymentInfo',
    'C-SEC-02 syncPaymentInfo',
  ]);
});

test('nothing else runs on an operation whose first contact has failed', async () => {
  const driver = claiming(() => ({ outcome: 'FAILED' }));
  const record = await run(driver, ['C-SEC-02', 'C-SEC-04'], { isControlFailed: true });
  expect(record.cases).toHaveLength(1);
  expect(record.skipped.map(({ run: { plan }, reason }) => [plan.id, reason])).toEqual([
    ['C-SEC-02', 'control-failed'],
    ['C-SEC-04', 'control-failed'],
  ]);
});

test('what only time made fail is repeated once', async () => {
  const record = await run(
    claiming(() => ({ outcome: 'SUCCESS' })),
    ['C-LOST-03'],
  );
  expect(record.cases.map(({ run: { plan }, isRepeat }) => [plan.id, isRepeat])).toEqual([
    ['C-PRE-01', false],
    ['C-LOST-03', false],
    ['C-LOST-03', true],
  ]);
});

test('a run that is stopped has what was seen, and says what did not run', async () => {
  const stop = new AbortController();
  const driver = claiming(() => {
    stop.abort();
    return { outcome: 'SUCCESS' };
  });
  const record = await run(driver, ['C-SEC-02'], { stop: stop.signal });
  expect(record.isInterrupted).toBe(true);
  expect(record.cases.map(({ run: { plan } }) => plan.id)).toEqual(['C-PRE-01']);
  expect(record.skipped.map(({ reason }) => reason)).toEqual(['interrupted']);
});

test('traffic of no case is stray, and marks the cases that ran meanwhile', async () => {
  const { url } = server;
  const send = rawCall(url, { target: '/api/open/x', headers: { 'client-id': 'OTHER' } });
  const driver: Driver = {
    ...claiming(() => ({ outcome: 'SUCCESS' })),
    give: async (request) => {
      await rawCall(url, { target: request.job.path, headers: { 'client-id': 'OTHER' } });
      return claiming(() => ({ outcome: 'SUCCESS' })).give(request);
    },
  };
  await send;
  const record = await run(driver, ['C-PRE-01']);
  expect(record.cases.map(({ hasStray }) => hasStray)).toEqual([true]);
  expect(record.stray.map(({ clientId }) => clientId)).toEqual(['OTHER', 'OTHER']);
});

test('a late retry of an earlier case is stray where the application makes its own numbers', () => {
  let hear: Parameters<Sandbox['listen']>[0] = { onOpen: () => {}, onClose: () => {} };
  const sorter = new TrafficSorter({
    listen: (listener) => {
      hear = listener;
      return () => {};
    },
  });
  const key = { separation: 'serial', clientId: 'OWN', token: '' } as const;
  const [first, late, next] = ['A', 'A', 'B'].map((identity, index) =>
    exchangeSample({ number: index + 1, identity }),
  );
  if (first === undefined || late === undefined || next === undefined) throw new Error('no sample');
  const earlier = sorter.start(key);
  hear.onClose?.(first);
  sorter.end(earlier);
  const running = sorter.start(key);
  for (const entry of [late, next]) {
    hear.onOpen?.(entry as unknown as OpenExchange);
    hear.onClose?.(entry);
  }
  expect(running.entries).toEqual([next]);
  expect(running.open).toEqual([]);
  expect(sorter.stray).toEqual([late]);
});

test('a late retry of an earlier message is not the one that a person was asked for', async () => {
  const merchant = merchantAt(server);
  const sent: JsonObject[] = [];
  const send = async (nth: number): Promise<void> => {
    sent[nth] ??= merchant.sample('syncOrder', { merchantBizNo: `LATE-${nth}` });
    await merchant.send('syncOrder', sent[nth]);
  };
  let asked = 0;
  const ask = async (): Promise<void> => {
    const nth = ++asked;
    if (nth > 1) await send(nth - 1);
    await wait(300);
    await send(nth);
  };
  const driver = createPassiveDriver({ sandbox, ask, waitMs: 10_000 });
  const { cases, stray } = await run(driver, ['C-SEC-04'], {
    settings: { client: demoClientId, isSerial: true, patienceMs: 1000 },
  });
  expect(stray.map(({ identity }) => identity)).toEqual([expect.stringContaining('LATE-1')]);
  for (const [at, { jobs, exchanges }] of cases.entries()) {
    const [first] = exchanges;
    expect(first?.identity).toContain(`LATE-${at + 1}`);
    expect(jobs[0]?.end).toEqual({ kind: 'watched' });
    expect(jobs[0]?.endedUs).toBeGreaterThan(first?.arrival.atUs ?? Infinity);
  }
});

test('keys are not withheld from an application with a fixed identity', async () => {
  const driver = claiming(() => ({ outcome: 'SUCCESS' }));
  const { cases, skipped } = await run(driver, ['C-KEY-01', 'C-KEY-02', 'C-KEY-03'], {
    settings: { client: demoClientId, isSerial: true },
  });
  expect(cases.map((one) => one.run.plan.id)).toEqual(['C-PRE-01', 'C-KEY-02']);
  expect(skipped.map(({ run: { plan }, reason }) => [plan.id, reason])).toEqual([
    ['C-KEY-01', 'mode'],
    ['C-KEY-03', 'mode'],
  ]);
});

test('an error of the driver is an error of the case, with its reason', async () => {
  const driver = claiming(() => ({ outcome: 'ERROR', reason: 'no database' }));
  const [record] = (await run(driver, ['C-PRE-01'])).cases;
  expect(record?.error?.message).toBe('no database');
  expect(record?.jobs).toHaveLength(1);
});
