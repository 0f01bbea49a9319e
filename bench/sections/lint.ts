import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { AdminClient } from '../../sdk/admin/admin-client.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import { deleteRequests, type SignedRequests, signRequests } from '../requests/sign-requests.ts';
import type { LintRow } from '../results.ts';
import { connectionCounts } from '../rows.ts';
import { addLintSwitch } from '../servers/lint-switch.ts';
import { ours } from '../servers/ours.ts';
import { type RunningServer, startServer } from '../servers/start-server.ts';
import type { BenchContext } from './bench-context.ts';
import { serverFolder } from './server-folder.ts';

export const lintKinds = [
  { kind: 'order', title: 'order sync' },
  { kind: 'payment', title: 'payment info' },
] as const;
/** Differences are small, and rounds short: twice as many as those of the rows. */
const roundsFactor = 2;
const requestsPerSecond = 2500;
/** What is in flight when the load ends is read by then. */
const settleMs = 150;
const longestSeconds = 100;

/** With lint and coverage, and without them, in turns in one process. */
export const measureLint = async (context: BenchContext): Promise<readonly LintRow[]> => {
  const { pace, plan, packed, runFolder, say } = context;
  const switched = join(runFolder, 'lint-switch');
  addLintSwitch(packed.folder, switched);
  const load = new LoadGenerator(plan.load);
  const recipe = { ...ours(switched), hasChannel: true };
  const server = await startServer(recipe, plan.one, serverFolder(context));
  const admin = new AdminClient(`http://127.0.0.1:${server.port}`);
  const rows = lintKinds.flatMap(({ kind, title }) =>
    connectionCounts.map((connections) => ({
      ...{ kind, title, connections },
      on: [] as number[],
      off: [] as number[],
    })),
  );
  const count = Math.round((pace.seconds * requestsPerSecond) / (parts / 2));
  const rounds = pace.rounds * roundsFactor;
  try {
    for (let number = 0; number <= rounds; number++) {
      say(number === 0 ? 'lint: warming up' : `lint: round ${number} of ${rounds}`);
      // What many rounds store would make all others slower.
      await admin.post('/reset/state');
      for (const { kind, connections, on, off } of rows) {
        // Just before they are sent: requests that are a few seconds old look like a wrong clock.
        const signed = await signRequests(
          { [kind]: parts * count },
          `lint${number}-${connections}`,
          runFolder,
        );
        const files = signed.get(kind)?.files ?? [];
        const used = { on: 0, off: 0 };
        for (let at = 0; at < parts; at++) {
          const isOn = isOnInTurn(number, at);
          const part = { files, from: at * count, count, connections, isOn };
          used[isOn ? 'on' : 'off'] += await measureOnce(server, load, part);
        }
        const requests = (parts / 2) * count;
        if (number > 0) {
          on.push(used.on / requests);
          off.push(used.off / requests);
        }
        deleteRequests(signed.values());
      }
    }
    // Traffic with findings takes longer to read than ordinary traffic.
    const [found] = (await admin.get('/lint')).findings;
    if (found !== undefined) throw new Error(`lint found ${found.rule}: ${found.sentence}`);
    return rows.map(({ kind: _, ...row }) => row);
  } finally {
    await Promise.all([load.stop(), server.stop()]);
  }
};

/** On, off, off, on; in every other round the reverse. What drifts steadily is on both sides. */
const parts = 4;
const isOnInTurn = (round: number, part: number): boolean =>
  (part === 0 || part === parts - 1) === (round % 2 === 0);

interface Part extends Pick<SignedRequests, 'files' | 'count'> {
  readonly from: number;
  readonly connections: number;
  readonly isOn: boolean;
}

/** @returns processor time of the server, milliseconds */
const measureOnce = async (
  server: RunningServer,
  load: LoadGenerator,
  { files, from, count, connections, isOn }: Part,
): Promise<number> => {
  const before = await switchLint(server, isOn);
  const { errors } = await load.run({
    ...{ port: server.port, serverPid: server.pid, connections, files, from, until: from + count },
    ...{ wrap: false, warmSeconds: 0, seconds: longestSeconds, expect: 'SUCCESS', verify: true },
  });
  if (errors.length > 0) throw new Error(errors.join('; '));
  await wait(settleMs);
  return ((await switchLint(server, isOn)) - before) / 1000;
};

/** @returns the processor time that the server has used so far, microseconds */
const switchLint = async ({ process }: RunningServer, isOn: boolean): Promise<number> => {
  const answer = once(process, 'message') as Promise<[number]>;
  process.send(isOn);
  return (await answer)[0];
};
