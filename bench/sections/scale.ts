import { execFile } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { demoClient, demoMerchant } from '../demo-merchant.ts';
import { isVerified, resultCodeIn } from '../load/check-answer.ts';
import { Connection } from '../load/connection.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import type { Measurement } from '../load/load-order.ts';
import { cpuSeconds, residentMiB } from '../process/process-figures.ts';
import { repository, typeScript } from '../process/type-script.ts';
import { httpBytes, readTarget } from '../requests/http-bytes.ts';
import { createSigners } from '../requests/request-kinds.ts';
import { deleteRequests, signRequests } from '../requests/sign-requests.ts';
import type { ScaleResult, ScaleRow } from '../results.ts';
import type { Pauses } from '../scale/longest-pause.ts';
import { ours } from '../servers/ours.ts';
import { type RunningServer, startServer } from '../servers/start-server.ts';
import { storeOrders } from '../servers/store-orders.ts';
import type { BenchContext } from './bench-context.ts';
import { serverFolder } from './server-folder.ts';

const scaleConnections = 16;
const scaleOrdersPerSecond = 3000;
const clientCount = 10_000;
/** What a start leaves to be done afterwards may take so long. */
const longestSettlingMs = 60_000;
const calmShare = 0.1;

interface Started {
  readonly title: string;
  readonly server: RunningServer;
  readonly startMs: number;
  readonly atRestMiB: number;
  readonly measured: Measurement[];
  readonly pauses: Pauses | undefined;
  readonly errors: Set<string>;
}

/**
 * A world of very many orders, and a key folder of very many clients, each beside an empty one in
 * turns.
 */
export const measureScale = async (context: BenchContext): Promise<ScaleResult> => {
  const { pace, plan, say } = context;
  const load = new LoadGenerator(plan.load);
  const started: Started[] = [];
  try {
    started.push(await start('empty', [], undefined, context));
    for (const orders of pace.scaleOrders) {
      const title = `${orders.toLocaleString('en')} orders and their request ids`;
      say(`scale: storing ${title}`);
      const data = join(serverFolder(context), 'data');
      await storeOrders(data, orders);
      const pauses = await measurePauses(data);
      started.push(await start(title, ['--data', data], pauses, context));
    }
    say(`scale: ${clientCount} clients`);
    started.push(
      await start(
        `${clientCount.toLocaleString('en')} clients`,
        ['--keys', keysOfManyClients(serverFolder(context))],
        undefined,
        context,
      ),
    );
    for (let number = 0; number <= pace.rounds; number++)
      await runRound(number, started, load, context);
    return { rows: started.map(measureRow) };
  } finally {
    await Promise.all([load.stop(), ...started.map(({ server }) => server.stop())]);
  }
};

const start = async (
  title: string,
  flags: readonly string[],
  pauses: Pauses | undefined,
  context: BenchContext,
): Promise<Started> => {
  const folder = serverFolder(context);
  const data = flags.includes('--data') ? [] : ['--data', join(folder, 'data')];
  const recipe = ours(context.packed.folder, [...flags, ...data, '--idempotency-max', '10000000']);
  const server = await startServer(recipe, context.plan.one, folder);
  const request = httpBytes(createSigners().order(`scale-${server.port}`, 1));
  const connection = await Connection.open(server.port);
  const answer = await connection.send(request);
  const startMs = performance.now() - server.startedAt;
  connection.close();
  if (
    resultCodeIn(answer.body) !== 'SUCCESS' ||
    !isVerified(answer, readTarget(request), demoMerchant())
  )
    throw new Error(`${title}: ${answer.body}`);
  await untilCalm(server.pid);
  return {
    title,
    server,
    startMs,
    atRestMiB: residentMiB(server.pid),
    measured: [],
    pauses,
    errors: new Set(),
  };
};

/** Until the process has done what it had left for after its first answer. */
const untilCalm = async (pid: number): Promise<void> => {
  const until = performance.now() + longestSettlingMs;
  for (let before = Number.NaN; performance.now() < until; ) {
    const used = cpuSeconds(pid);
    if (used - before < calmShare) return;
    before = used;
    await wait(1000);
  }
};

/** In the first round everybody warms up. */
const runRound = async (
  number: number,
  started: readonly Started[],
  load: LoadGenerator,
  context: BenchContext,
): Promise<void> => {
  const { pace, say } = context;
  say(`scale: round ${number} of ${pace.rounds}`);
  const seconds = number === 0 ? pace.firstWarmSeconds : pace.seconds;
  const count = Math.ceil(scaleOrdersPerSecond * (seconds + pace.warmSeconds) * started.length);
  const signed = await signRequests({ order: count }, `scale${number}`, context.runFolder);
  const files = signed.get('order')?.files ?? [];
  let from = 0;
  for (const { title, server, measured, errors } of number % 2 === 0
    ? started
    : started.toReversed()) {
    const to = {
      port: server.port,
      serverPid: server.pid,
      connections: scaleConnections,
      warmSeconds: pace.warmSeconds,
      seconds,
    };
    const done = await load.run({
      ...to,
      files,
      from,
      wrap: false,
      expect: 'SUCCESS',
      verify: true,
    });
    from += done.used;
    // One row that is too slow to answer leaves the others their figures.
    if (done.errors.length > 0) errors.add(`${title}: ${done.errors[0]}`);
    else if (number > 0) measured.push(done);
  }
  deleteRequests(signed.values());
};

const measureRow = ({
  title,
  startMs,
  atRestMiB,
  measured,
  pauses,
  errors,
}: Started): ScaleRow => ({
  ...{ title, startMs, atRestMiB, measured, errors: [...errors] },
  ...(pauses === undefined ? {} : { pauses }),
});

/** The shipped keys, and the demo client's once more under very many names. */
const keysOfManyClients = (folder: string): string => {
  const keys = join(folder, 'keys');
  cpSync(join(repository, 'keys'), keys, { recursive: true });
  const publicKey = join(keys, 'clients', demoClient, 'v1.public.pem');
  for (let number = 1; number < clientCount; number++) {
    const home = join(keys, 'clients', `CLIENT-${number}`);
    mkdirSync(home);
    cpSync(publicKey, join(home, 'v1.public.pem'));
  }
  return keys;
};

/** Of an event loop while a snapshot of the folder's state is written. */
export const measurePauses = async (data: string): Promise<Pauses> => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...typeScript('scale/longest-pause.ts'), data],
    { cwd: repository },
  );
  // What longest-pause.ts beside this folder prints.
  return JSON.parse(stdout) as Pauses;
};
