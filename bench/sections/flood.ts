import { setTimeout as wait } from 'node:timers/promises';
import { LoadGenerator } from '../load/load-generator.ts';
import type { Measurement } from '../load/load-order.ts';
import { deleteRequests, signRequests } from '../requests/sign-requests.ts';
import type { FloodResult } from '../results.ts';
import { ours } from '../servers/ours.ts';
import { startServer } from '../servers/start-server.ts';
import type { BenchContext } from './bench-context.ts';
import { serverFolder } from './server-folder.ts';

const floodConnections = 16;
const floodOrdersPerSecond = 5000;

/**
 * Good clients alone, then beside as many that send badly signed requests as fast as they are
 * refused; in turns, on one core.
 */
export const measureFlood = async (context: BenchContext): Promise<FloodResult> => {
  const { pace, plan, runFolder, say } = context;
  const good = new LoadGenerator(plan.load);
  const bad = new LoadGenerator(plan.load);
  const server = await startServer(ours(context.packed.folder), plan.one, serverFolder(context));
  const time = { warmSeconds: pace.warmSeconds + 0.3, seconds: pace.seconds };
  const to = {
    port: server.port,
    serverPid: server.pid,
    connections: floodConnections,
    verify: true,
  };
  try {
    const calm: Measurement[] = [];
    const flooded: Measurement[] = [];
    const refusedPerSecond: number[] = [];
    for (let number = 0; number <= pace.floodRounds; number++) {
      say(number === 0 ? 'flood: warming up' : `flood: round ${number} of ${pace.floodRounds}`);
      const count = Math.ceil(2 * floodOrdersPerSecond * (time.seconds + time.warmSeconds));
      const signed = await signRequests(
        { order: count, 'order-badly-signed': 200 },
        `flood${number}`,
        runFolder,
      );
      const orders = {
        ...to,
        ...time,
        files: signed.get('order')?.files ?? [],
        wrap: false,
        expect: 'SUCCESS',
      };
      const refusals = {
        ...to,
        files: signed.get('order-badly-signed')?.files ?? [],
        from: 0,
        wrap: true,
        expect: 'INVALID_SIGNATURE',
      };
      const alone = await good.run({ ...orders, from: 0 });
      const flood = bad.run({
        ...refusals,
        warmSeconds: time.warmSeconds,
        seconds: time.seconds + 0.2,
      });
      await wait(100);
      const beside = await good.run({ ...orders, from: alone.used });
      const refused = await flood;
      for (const { errors } of [alone, beside, refused])
        if (errors.length > 0) throw new Error(errors.join('; '));
      deleteRequests(signed.values());
      if (number === 0) continue;
      calm.push(alone);
      flooded.push(beside);
      refusedPerSecond.push(refused.requests / refused.seconds);
    }
    return { calm, flooded, refusedPerSecond };
  } finally {
    await Promise.all([good.stop(), bad.stop(), server.stop()]);
  }
};
