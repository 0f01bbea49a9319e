import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ours } from '../servers/ours.ts';
import { startServer } from '../servers/start-server.ts';
import { checkOrders } from './check-orders.ts';
import type { CrashOptions } from './crash-options.ts';
import { CrashTally } from './crash-tally.ts';
import { Dice } from './dice.ts';
import { killWhileStarting } from './kill-while-starting.ts';
import { OrderBook } from './order-book.ts';
import { readFolder } from './read-folder.ts';
import { sendOrders } from './send-orders.ts';

/**
 * After so many rounds the folder is read as a whole, and a new one begun: a start takes longer the
 * more is kept.
 */
const roundsPerFolder = 50;
const shareKilledWhileStarting = 0.1;

/**
 * Starts, loads, kills and asks, round after round. @param packageFolder the folder of the bundle
 * @param say called after each folder
 */
export const crashTest = async (
  options: Omit<CrashOptions, 'help'>,
  packageFolder: string,
  runFolder: string,
  say: (line: string) => void = () => {},
): Promise<CrashTally> => {
  const tally = new CrashTally();
  const dice = new Dice(options.seed);
  const until = performance.now() + options.longestMinutes * 60_000;
  while (tally.rounds < options.rounds && performance.now() < until) {
    const folder = mkdtempSync(join(runFolder, 'crash-'));
    const data = join(folder, 'data');
    // A repeated request answers as it did first, so that any other answer is a finding.
    const flags = [
      ...['--data', data, '--durability', options.durability, '--log-level', 'silent'],
      ...['--idempotency-max', '10000000', '--idempotency-replay', 'first'],
    ];
    const recipe = ours(packageFolder, flags);
    const book = new OrderBook();
    for (
      let round = 0;
      round < roundsPerFolder && tally.rounds < options.rounds && performance.now() < until;
      round++
    ) {
      tally.rounds++;
      if (dice.throw() < shareKilledWhileStarting) {
        tally.killedWhileStarting++;
        await killWhileStarting(recipe, folder, dice.between(50, 600));
      }
      const server = await startServer(recipe, [], folder);
      await checkOrders(server.port, book, dice, tally);
      const sending = sendOrders(server.port, book, dice, tally, `C${tally.rounds}`);
      await wait(dice.between(20, 400));
      await server.stop();
      await sending;
    }
    const server = await startServer(recipe, [], folder);
    await checkOrders(server.port, book, dice, tally);
    await server.stop();
    await readFolder(data, book, tally);
    rmSync(folder, { recursive: true, force: true });
    say(String(tally));
  }
  return tally;
};
