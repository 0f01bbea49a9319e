import { setTimeout as wait } from 'node:timers/promises';
import { startChild, stopChild } from '../process/children.ts';
import { freePort } from '../process/free-port.ts';
import type { ServerRecipe } from '../servers/start-server.ts';

/**
 * Starts the server and kills it so many milliseconds later, wherever it may be then: replaying,
 * writing its snapshot, listening.
 */
export const killWhileStarting = async (
  recipe: ServerRecipe,
  folder: string,
  afterMs: number,
): Promise<void> => {
  const child = startChild(process.execPath, await recipe.args(await freePort(), folder), {
    cwd: folder,
    stdio: 'ignore',
  });
  await wait(afterMs);
  await stopChild(child);
};
