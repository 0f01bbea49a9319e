import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { certifySettings, createSandbox } from '../../../server/app/certify-sandbox.ts';
import { createMockServer } from '../../../server/app/create-server.ts';
import { settingsWith } from '../../../server/app/settings/resolve-settings.ts';
import { runCertify } from '../../../server/conformance/certify/run-certify.ts';
import { endpoints } from '../../../server/domain/operations/index.ts';
import {
  createInlineDriver,
  type DrivenStep,
  driveCase,
} from '../../conformance/mutants/inline-driver.ts';
import { demoClient, startServer } from '../../start-server.ts';
import { type Balancer, startBalancer } from './balancer.ts';
import { engineProgram, startEngine, type TestEngine } from './engines.ts';

let engine: TestEngine;
let prefixes = 0;

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'alipayhk-mock-certify-'));

interface Replicas {
  readonly shared: { readonly store: string; readonly 'store.prefix': string };
  readonly urls: readonly string[];
  readonly balancer: Balancer;
}

/** Two replicas behind one address, and what a third needs to join them. */
const startReplicas = async (): Promise<Replicas> => {
  const shared = { store: engine.url, 'store.prefix': `certify${++prefixes}` };
  const servers = await Promise.all([1, 2].map(() => startServer({ ...shared, steering: 'off' })));
  const urls = servers.map(({ url }) => url);
  const balancer = await startBalancer(urls);
  onTestFinished(async () => {
    await balancer.close();
    await Promise.all(servers.map((one) => one.close(0)));
  });
  return { shared, urls, balancer };
};

/** As the command does it. @returns the checks that fail, and how many exchanges each case had */
const certify = async (
  mistake: string,
  cases: readonly string[],
  { shared, balancer }: Replicas,
) => {
  const settings = certifySettings(settingsWith({ ...shared, port: 0 }));
  const server = await createMockServer({ settings, isGuest: true });
  const sandbox = createSandbox(server, { advertisedUrl: balancer.url });
  try {
    const { result } = await runCertify({
      sandbox,
      driver: createInlineDriver(mistake, { MERCHANT_TIMEOUT_MS: '1500' }),
      settings: {
        ...{ operations: ['syncOrder'], every: 'primary', messages: {}, realPauses: false },
        modes: [{ algorithm: 'RSA256', sealed: false }],
        ...{ pauseFactor: 0.05, patienceMs: 10_000, ceilingMs: 7000, quietMs: 2000, jobs: 3 },
        ...{ isRevealed: false, client: undefined, isSerial: false },
      },
      folder: newFolder(),
      chosen: new Set(cases),
      stop: new AbortController().signal,
      judging: {
        reading: {
          endpoints: new Map(endpoints.map((endpoint) => [endpoint.operationId, endpoint])),
          policies: settings,
        },
        limits: { recommendedMs: 4000, ceilingMs: 7000 },
        profile: 'strict-2027.1',
      },
      tool: { name: 'alipayhk-mock', version: '', contract: '' },
      subject: { name: mistake },
      againCommand: () => '',
    });
    expect(result.stray).toEqual([]);
    return result.cases.map(({ id, verdict, checks }) => ({
      id,
      verdict,
      failed: checks.flatMap((one) => (one.verdict === 'fail' ? one.id : [])),
    }));
  } finally {
    await sandbox.close();
    await server.close(0);
  }
};

const admin = async (url: string | undefined, path: string, body?: object) => {
  const response = await fetch(`${url}/__admin${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
};

/** Reads a stream until it has held all of these. */
const readUntil = async (stream: Response, ...wanted: readonly string[]): Promise<void> => {
  let seen = '';
  for await (const chunk of stream.body ?? []) {
    seen += Buffer.from(chunk).toString();
    if (wanted.every((one) => seen.includes(one))) break;
  }
};

describe.skipIf(engineProgram === undefined)('certification across two replicas', () => {
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.stop());

  test('a correct client passes, whichever replica answers, killed in an attempt or not', async () => {
    const replicas = await startReplicas();
    const cases = ['C-UNK-01', 'C-LOST-01', 'C-SEC-01', 'C-BOX-01', 'C-KEY-02'];
    const judged = await certify('', cases, replicas);
    expect(new Set(judged.map(({ id }) => id))).toEqual(new Set([...cases, 'C-PRE-01']));
    for (const one of judged) expect(one).toMatchObject({ verdict: 'PASS', failed: [] });
    expect(replicas.balancer.connections).toBeGreaterThan(5);
    // Neither the clients nor the rules of the run are left behind.
    for (const path of ['/clients', '/scenarios'])
      expect((await admin(replicas.urls[0], path)).text).not.toMatch(/MOCK[0-9A-F]{16}|certify-/);
  });

  test('what others send meanwhile, and have sent before, is no part of the run', async () => {
    const replicas = await startReplicas();
    const message = { operation: 'syncPaymentInfo', clientId: demoClient };
    const other = await admin(replicas.urls[0], '/send', message);
    expect(other.text).toContain('SUCCESS');
    const [running] = await Promise.all([
      certify('', ['C-UNK-01'], replicas),
      admin(replicas.urls[1], '/send', message),
    ]);
    expect(running).toContainEqual({ id: 'C-UNK-01', verdict: 'PASS', failed: [] });
  });

  // On a busy machine it runs into its own timeout before the answer that is to be lost.
  test('a client that makes a new request id after a lost answer is found', {
    retry: 2,
  }, async () => {
    const judged = await certify('M02', ['C-LOST-01'], await startReplicas());
    expect(judged).toContainEqual({
      id: 'C-LOST-01',
      verdict: 'FAIL',
      failed: expect.arrayContaining(['once', 'same-id']),
    });
  });

  test('a case that one replica starts is judged by what others answer and hear', async () => {
    const { urls, balancer } = await startReplicas();
    for (const [mutant, verdict] of [
      ['', 'PASS'],
      ['M20', 'FAIL'],
    ] as const) {
      const events = await fetch(`${urls[1]}/__admin/events`);
      let turn = 0;
      const step = async (path: string, body: object): Promise<DrivenStep> => {
        const { status, text } = await admin(
          urls[turn++ % 2],
          `/certify/cases/C-SEC-01/${path}`,
          body,
        );
        expect(status).toBeLessThan(300);
        return JSON.parse(text);
      };
      const result = await driveCase({
        ...{ mutant, stateFolder: newFolder(), baseUrl: balancer.url },
        first: await step('start', { variant: 'unsigned', quietMs: 300 }),
        report: (said) => step('finish', said),
      });
      expect(result).toMatchObject({ verdict });
      await readUntil(events, 'event: verdict', `"verdict":"${verdict}"`);
    }
    const lost = { run: '0a1b2c3d.x', outcome: 'SUCCESS' };
    expect((await admin(urls[0], '/certify/cases/C-SEC-01/finish', lost)).status).toBe(404);
  });

  test('what one replica does is shown by the events of the other, once it holds there', async () => {
    const { urls } = await startReplicas();
    const events = await fetch(`${urls[1]}/__admin/events`);
    const made = await admin(urls[0], '/clients', { clientId: 'SHOWN' });
    expect(made.status).toBe(201);
    await readUntil(events, 'event: clients', 'SHOWN');
    expect((await admin(urls[1], '/clients')).text).toContain('SHOWN');
  });
});
