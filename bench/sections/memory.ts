import { setTimeout as wait } from 'node:timers/promises';
import { LoadGenerator } from '../load/load-generator.ts';
import { residentMiB } from '../process/process-figures.ts';
import { deleteRequests, type SignedRequests, signRequests } from '../requests/sign-requests.ts';
import type { MemoryResult } from '../results.ts';
import { ours } from '../servers/ours.ts';
import { type PeerId, peers } from '../servers/peers.ts';
import { type ServerRecipe, startServer } from '../servers/start-server.ts';
import type { BenchContext } from './bench-context.ts';
import { serverFolder } from './server-folder.ts';

const memoryConnections = 16;
const longestSeconds = 100;
const settleMs = 500;
/**
 * Peers that keep nothing are asked for few requests only; these keep a log or an index worth
 * looking at.
 */
const askedInFull: readonly PeerId[] = ['prism', 'mountebank'];

/** What is asked of a server, and when its memory is read. */
export interface MeasuredServer {
  readonly recipe: ServerRecipe;
  readonly name: string;
  /** The orders of the first step again and again, so that nothing new is to be kept after it. */
  readonly repeats: boolean;
  readonly steps: readonly number[];
  readonly signs: boolean;
  readonly expect: string;
}

/** What nothing new is kept of: the way to see whether anything else grows. */
export const repeatingName = 'alipayhk-mock, the same orders again and again';

/**
 * Resident memory at rest, and after so many requests: each a new order that is kept, and orders
 * that are known already.
 */
export const measureMemory = async (context: BenchContext): Promise<readonly MemoryResult[]> => {
  const steps = context.pace.memorySteps;
  const measuredServers: readonly MeasuredServer[] = [
    {
      recipe: ours(context.packed.folder),
      name: 'alipayhk-mock',
      repeats: false,
      steps,
      signs: true,
      expect: 'SUCCESS',
    },
    {
      recipe: ours(context.packed.folder),
      name: repeatingName,
      repeats: true,
      steps,
      signs: true,
      expect: 'SUCCESS',
    },
    ...[...context.peers.values()].map(({ id, home }) => ({
      recipe: peers[id].recipe(home, id === 'prism' ? ['--verboseLevel', 'silent'] : []),
      name: peers[id].name,
      repeats: false,
      steps: askedInFull.includes(id) ? steps : steps.slice(0, 1),
      signs: false,
      expect: peers[id].expect,
    })),
  ];
  context.say(`memory: signing ${steps.at(-1)} orders`);
  const everNew = (
    await signRequests({ order: steps.at(-1) ?? 0 }, 'memory', context.runFolder)
  ).get('order');
  const known = (await signRequests({ order: steps[0] ?? 0 }, 'known', context.runFolder)).get(
    'order',
  );
  if (everNew === undefined || known === undefined) return [];
  const load = new LoadGenerator([]);
  try {
    const results: MemoryResult[] = [];
    for (const one of measuredServers) {
      context.say(`memory: ${one.name}`);
      results.push(await measureServer(one, one.repeats ? known : everNew, load, context));
    }
    return results;
  } finally {
    await load.stop();
    deleteRequests([everNew, known]);
  }
};

/** Its resident memory at rest, and after each of the steps. */
export const measureServer = async (
  { recipe, name, repeats, steps, signs, expect }: MeasuredServer,
  signed: SignedRequests,
  load: LoadGenerator,
  context: BenchContext,
): Promise<MemoryResult> => {
  const server = await startServer(recipe, [], serverFolder(context));
  try {
    await wait(settleMs);
    const atRestMiB = residentMiB(server.pid);
    const after: Record<number, number> = {};
    let sent = 0;
    for (const step of steps) {
      const order = {
        port: server.port,
        serverPid: server.pid,
        files: signed.files,
        from: sent,
        wrap: repeats,
        until: step,
        connections: memoryConnections,
      };
      const { used, errors } = await load.run({
        ...order,
        warmSeconds: 0,
        seconds: longestSeconds,
        expect,
        verify: signs,
      });
      if (errors.length > 0) throw new Error(`${recipe.name}: ${errors.join('; ')}`);
      sent += used;
      await wait(settleMs);
      after[sent] = residentMiB(server.pid);
    }
    return { name, atRestMiB, after };
  } finally {
    await server.stop();
  }
};
