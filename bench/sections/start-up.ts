import { demoMerchant } from '../demo-merchant.ts';
import { isVerified, resultCodeIn } from '../load/check-answer.ts';
import { Connection } from '../load/connection.ts';
import { httpBytes, readTarget } from '../requests/http-bytes.ts';
import { createSigners } from '../requests/request-kinds.ts';
import type { StartUpResult } from '../results.ts';
import { ours } from '../servers/ours.ts';
import { peers } from '../servers/peers.ts';
import { bareNodeHttp } from '../servers/reference-servers.ts';
import { type ServerRecipe, startServer } from '../servers/start-server.ts';
import type { BenchContext } from './bench-context.ts';
import { serverFolder } from './server-folder.ts';

export interface Starter {
  readonly recipe: ServerRecipe;
  readonly signs: boolean;
  readonly expect: string;
}

/**
 * From the start of the process to its first answer; ours counts only once its signature has
 * verified. Interleaved, unpinned.
 */
export const measureStartUp = async (context: BenchContext): Promise<readonly StartUpResult[]> => {
  const starters: readonly Starter[] = [
    { recipe: bareNodeHttp, signs: false, expect: 'SUCCESS' },
    { recipe: ours(context.packed.folder), signs: true, expect: 'SUCCESS' },
    ...[...context.peers.values()].map(({ id, home }) => ({
      recipe: peers[id].recipe(home),
      signs: false,
      expect: peers[id].expect,
    })),
  ];
  const results = starters.map(({ recipe }) => ({ name: recipe.name, ms: [] as number[] }));
  for (let run = 0; run < context.pace.startUps; run++) {
    context.say(`start-up ${run + 1} of ${context.pace.startUps}`);
    for (const [index, starter] of starters.entries())
      results[index]?.ms.push(await timeStart(starter, context));
  }
  return results;
};

const merchant = demoMerchant();

/** Starts a server, waits for its first answer and stops it. */
export const timeStart = async (
  { recipe, signs, expect }: Starter,
  context: BenchContext,
): Promise<number> => {
  const request = httpBytes(createSigners().order('start', 1));
  const server = await startServer(recipe, [], serverFolder(context));
  try {
    const connection = await Connection.open(server.port);
    const answer = await connection.send(request);
    const isGood =
      (expect === '*' || resultCodeIn(answer.body) === expect) &&
      (!signs || isVerified(answer, readTarget(request), merchant));
    const ms = performance.now() - server.startedAt;
    connection.close();
    if (!isGood)
      throw new Error(`${recipe.name} answered ${answer.body.toString('utf8').slice(0, 200)}`);
    return ms;
  } finally {
    await server.stop();
  }
};
