import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { type AttackId, attackIds, attacks } from '../abuse/attacks.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import type { Measurement } from '../load/load-order.ts';
import { withPinnedCores } from '../machine/cores.ts';
import { startChild, stopChild } from '../process/children.ts';
import { residentMiB } from '../process/process-figures.ts';
import { repository, typeScript } from '../process/type-script.ts';
import { deleteRequests, signRequests } from '../requests/sign-requests.ts';
import type { AbuseRow } from '../results.ts';
import { ours } from '../servers/ours.ts';
import { type RunningServer, startServer } from '../servers/start-server.ts';
import type { BenchContext } from './bench-context.ts';
import { serverFolder } from './server-folder.ts';

const abuseConnections = 16;
const abuseOrdersPerSecond = 4000;
/** Time for an attack to build up; opening many connections takes a moment. */
const longestBuildUpMs = 6000;
const settleMs = 500;
/** A shorter time would say little of a p99 beside an attack. */
const fewestSeconds = 1;

/**
 * Good clients alone, then beside each kind of attack, in turns; one server lives through all of
 * it.
 */
export const measureAbuse = async (context: BenchContext): Promise<readonly AbuseRow[]> => {
  const { pace, plan, say } = context;
  const load = new LoadGenerator(plan.load);
  const server = await startServer(
    ours(context.packed.folder, ['--log-level', 'silent', '--limits-idle-time', '5m']),
    plan.one,
    serverFolder(context),
  );
  const rows = attackIds.map((id) => ({
    ...{ id, title: attacks[id].title },
    calm: [] as Measurement[],
    attacked: [] as Measurement[],
    heldMost: 0,
    restMiB: [] as number[],
  }));
  try {
    for (let number = 0; number <= pace.abuseRounds; number++) {
      say(number === 0 ? 'abuse: warming up' : `abuse: round ${number} of ${pace.abuseRounds}`);
      for (const row of rows) {
        const { calm, attacked, held } = await measureInTurns(
          row.id,
          `abuse${number}-${row.id}`,
          server,
          load,
          context,
        );
        if (number === 0) continue;
        row.calm.push(calm);
        row.attacked.push(attacked);
        row.heldMost = Math.max(row.heldMost, held);
        row.restMiB.push(residentMiB(server.pid));
      }
    }
    return rows;
  } finally {
    await Promise.all([load.stop(), server.stop()]);
  }
};

const measureInTurns = async (
  id: AttackId,
  label: string,
  server: RunningServer,
  load: LoadGenerator,
  { pace, runFolder, plan }: BenchContext,
) => {
  const time = { warmSeconds: pace.warmSeconds, seconds: Math.max(fewestSeconds, pace.seconds) };
  const signed = await signRequests(
    { order: Math.ceil(2 * abuseOrdersPerSecond * (time.seconds + time.warmSeconds)) },
    label,
    runFolder,
  );
  const orders = {
    port: server.port,
    serverPid: server.pid,
    connections: abuseConnections,
    ...time,
    files: signed.get('order')?.files ?? [],
    wrap: false,
    expect: 'SUCCESS',
    verify: true,
  };
  const calm = await load.run({ ...orders, from: 0 });
  const { stop, held } = await startAttack(id, server.port, plan.load);
  const attacked = await load.run({ ...orders, from: calm.used });
  await stop();
  deleteRequests(signed.values());
  for (const { errors } of [calm, attacked])
    if (errors.length > 0) throw new Error(`${id}: ${errors.join('; ')}`);
  return { calm, attacked, held };
};

const startAttack = async (
  id: AttackId,
  port: number,
  cores: readonly number[],
): Promise<{ stop: () => Promise<void>; held: number }> => {
  const { command, args } = withPinnedCores(cores, process.execPath, [
    ...typeScript('abuse/attack-process.ts'),
    id,
    String(port),
  ]);
  const child = startChild(command, args, {
    cwd: repository,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const wanted = attacks[id].connections;
  let held = 0;
  const began = performance.now();
  // Attacks that end their own connections hold fewer than they open.
  while (held < wanted * 0.9 && performance.now() - began < longestBuildUpMs) {
    const [report] = (await once(child, 'message')) as [
      { readonly held: number; readonly opened: number },
    ];
    held = Math.max(held, report.held);
    if (wanted < 100 && report.opened >= wanted) break;
  }
  await wait(settleMs);
  return { stop: () => stopChild(child), held };
};
