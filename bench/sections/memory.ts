import { setTimeout as wait } from 'node:timers/promises';
import { LoadGenerator } from '../load/load-generator.ts';
import { residentMiB } from '../process/process-figures.ts';
import { forgetRequests, type SignedRequests, signRequests } from '../requests/sign-requests.ts';
import type { MemoryResult } from '../results.ts';
import { ours } from '../servers/ours.ts';
import { type PeerId, peers } from '../servers/peers.ts';
import { type ServerRecipe, startServer } from '../servers/start-server.ts';
import type { BenchContext } from './bench-context.ts';
import { serverFolder } from './server-folder.ts';

const connections = 16;
const longestSeconds = 100;
const settleMs = 500;
/** Peers that keep nothing are asked for few requests only; these keep a log or an index worth looking at. */
const askedInFull: readonly PeerId[] = ['prism', 'mountebank'];

interface Weighed {
  readonly recipe: ServerRecipe;
  readonly steps: readonly number[];
  readonly signs: boolean;
  readonly expect: string;
}

/** Resident memory at rest, and after so many requests, each one of ours a new order that is kept. */
export const measureMemory = async (context: BenchContext): Promise<readonly MemoryResult[]> => {
  const steps = context.pace.memorySteps;
  const weighed: readonly Weighed[] = [
    { recipe: ours(context.packed.folder), steps, signs: true, expect: 'SUCCESS' },
    ...[...context.peers.values()].map(({ id, home }) => ({
      recipe: peers[id].recipe(home, id === 'prism' ? ['--verboseLevel', 'silent'] : []),
      steps: askedInFull.includes(id) ? steps : steps.slice(0, 1),
      signs: false,
      expect: peers[id].expect,
    })),
  ];
  context.say(`memory: signing ${steps.at(-1)} orders`);
  const signed = (await signRequests({ order: steps.at(-1) ?? 0 }, 'memory', context.runFolder)).get('order');
  if (signed === undefined) return [];
  const load = new LoadGenerator([]);
  try {
    const results: MemoryResult[] = [];
    for (const one of weighed) {
      context.say(`memory: ${one.recipe.name}`);
      results.push(await weigh(one, signed, load, context));
    }
    return results;
  } finally {
    await load.stop();
    forgetRequests([signed]);
  }
};

const weigh = async (
  { recipe, steps, signs, expect }: Weighed,
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
      const order = { port: server.port, serverPid: server.pid, files: signed.files, from: sent, wrap: false, until: step, connections };
      const { used, trouble } = await load.run({ ...order, warmSeconds: 0, seconds: longestSeconds, expect, verify: signs });
      if (trouble.length > 0) throw new Error(`${recipe.name}: ${trouble.join('; ')}`);
      sent += used;
      await wait(settleMs);
      after[sent] = residentMiB(server.pid);
    }
    return { name: recipe.name, atRestMiB, after };
  } finally {
    await server.stop();
  }
};
