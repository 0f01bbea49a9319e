import { signRequest } from '../../sdk/client/signed-call.ts';
import { type Running, runBundle } from '../../test/run-bundle.ts';
import { demoMerchant } from '../../test/start-server.ts';
import { cpuSeconds } from '../process/process-figures.ts';
import { percentile } from '../statistics.ts';
import type { FleetRows } from './fleet-rows.ts';
import { orderPath } from './transacts.ts';

const rounds = 5;
const connections = 16;
const each = 80;
const questions = 100;

const merchant = demoMerchant();
let count = 0;

/** Signed beforehand, so that this process does not slow the simulator down. */
const signOrder = (): RequestInit => {
  const number = ++count;
  const order = { merchantBizNo: `o${number}`, requestId: `r${number}` };
  const text = JSON.stringify({ ...order, orderCreateTime: 1_700_000_000_000 });
  const { headers, body } = signRequest(merchant, orderPath, Buffer.from(text));
  return { method: 'POST', headers, body: new Uint8Array(body) };
};

const answerTo = async (url: string, init?: RequestInit): Promise<string> =>
  (await fetch(url, init)).text();

/** Processor time of the simulator for one request, in milliseconds. */
const measureServer = async ({ child, url }: Running): Promise<number> => {
  const address = `${await url}${orderPath}`;
  const requests = Array.from({ length: connections * each }, signOrder);
  const before = cpuSeconds(child.pid ?? 0);
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let next = requests.pop(); next !== undefined; next = requests.pop())
        await answerTo(address, next);
    }),
  );
  return ((cpuSeconds(child.pid ?? 0) - before) * 1000) / (connections * each);
};

const timeQuestions = async ({ url }: Running, answered: Running): Promise<readonly number[]> => {
  const [asked, orders] = [`${await url}/__admin/journal?limit=1`, await answered.url];
  const times: number[] = [];
  for (let index = 0; index < questions; index++) {
    await answerTo(`${orders}${orderPath}`, signOrder());
    const startedAt = performance.now();
    await answerTo(asked);
    times.push(performance.now() - startedAt);
  }
  return times;
};

/** From the answer of one replica until a reader of another one's events sees it. */
const timeEvents = async (shown: Running, answered: Running): Promise<readonly number[]> => {
  const abort = new AbortController();
  const events = await fetch(`${await shown.url}/__admin/events`, { signal: abort.signal });
  let seen = (): void => {};
  const reading = (async () => {
    for await (const chunk of events.body ?? [])
      if (Buffer.from(chunk).includes('event: exchange')) seen();
  })().catch(() => {});
  const address = `${await answered.url}${orderPath}`;
  const times: number[] = [];
  for (let index = 0; index < questions; index++) {
    const order = signOrder();
    const shownNow = new Promise<void>((resolve) => {
      seen = resolve;
    });
    const startedAt = performance.now();
    await answerTo(address, order);
    const answeredAt = performance.now();
    await shownNow;
    times.push(Math.max(0, performance.now() - Math.max(startedAt, answeredAt)));
  }
  abort.abort();
  await reading;
  return times;
};

/** The whole simulator over HTTP: alone with its memory, and two that share an engine. */
export const measureServers = async (storeUrl: string, rows: FleetRows): Promise<void> => {
  const quiet = ['serve', '--port', '0', '--log-level', 'info'];
  const withoutJournal = ['--journal-entries', '0'];
  const sharing = [...quiet, '--store', storeUrl];
  const start = (...args: readonly string[]): Running => runBundle(args);
  const servers = [
    start(...quiet, ...withoutJournal),
    start(...sharing, '--store-prefix', 'w', ...withoutJournal),
    start(...quiet),
    start(...sharing, '--store-prefix', 'j'),
    start(...sharing, '--store-prefix', 'j'),
  ] as const;
  const [memory, shared, memoryJournal, first, second] = servers;
  try {
    for (let round = 0; round <= rounds; round++) {
      const without = (await measureServer(shared)) / (await measureServer(memory));
      const withJournal = (await measureServer(first)) / (await measureServer(memoryJournal));
      if (round === 0) continue;
      rows.add('HTTP request, journal.entries 0: CPU over memory', without);
      rows.add('HTTP request with journal: CPU over memory', withJournal);
    }
    // The first questions read all of the above, and compile.
    await timeQuestions(second, first);
    for (let round = 0; round < 3; round++) {
      const barriers = await timeQuestions(second, first);
      const plain = await timeQuestions(memoryJournal, memoryJournal);
      const shown = await timeEvents(second, first);
      const shownPlain = await timeEvents(memoryJournal, memoryJournal);
      // A busy machine delays both.
      for (const share of [0.5, 0.99]) {
        rows.addPercentile(`question to one in memory, p${share * 100}, ms`, plain, share);
        const added = percentile(barriers, share) - percentile(plain, share);
        rows.add(`barrier, p${share * 100} above that, ms`, added);
      }
      const added = percentile(shown, 0.99) - percentile(shownPlain, 0.99);
      rows.add('answered to shown by another replica, p99 above memory, ms', added);
    }
  } finally {
    for (const { child } of servers) child.kill();
  }
};
