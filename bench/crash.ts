import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { checkOrders } from './crash/check-orders.ts';
import { type CrashOptions, crashHelp, readCrashOptions } from './crash/crash-options.ts';
import { CrashTally } from './crash/crash-tally.ts';
import { Dice } from './crash/dice.ts';
import { killWhileStarting } from './crash/kill-while-starting.ts';
import { OrderBook } from './crash/order-book.ts';
import { readFolder } from './crash/read-folder.ts';
import { sendOrders } from './crash/send-orders.ts';
import { createRunFolder } from './folders.ts';
import { ours } from './servers/ours.ts';
import { packOurs } from './servers/pack-ours.ts';
import { startServer } from './servers/start-server.ts';

/** After so many rounds the folder is read as a whole, and a new one begun: a start takes longer the more is kept. */
const roundsPerFolder = 50;
const shareKilledWhileStarting = 0.1;

const crashTest = async (options: CrashOptions, runFolder: string): Promise<CrashTally> => {
  const tally = new CrashTally();
  const dice = new Dice(options.seed);
  const { folder: packageFolder } = packOurs(runFolder);
  const until = performance.now() + options.longestMinutes * 60_000;
  while (tally.rounds < options.rounds && performance.now() < until) {
    const folder = mkdtempSync(join(runFolder, 'crash-'));
    const data = join(folder, 'data');
    const flags = ['--data', data, '--durability', options.durability, '--idempotency-max', '10000000', '--log-level', 'silent'];
    const recipe = ours(packageFolder, flags);
    const book = new OrderBook();
    for (let round = 0; round < roundsPerFolder && tally.rounds < options.rounds && performance.now() < until; round++) {
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
    process.stderr.write(`${tally}\n`);
  }
  return tally;
};

const main = async (options: CrashOptions): Promise<number> => {
  if (options.help) {
    process.stdout.write(crashHelp);
    return 0;
  }
  process.stdout.write(`crash test: seed ${options.seed}, durability ${options.durability}\n`);
  const tally = await crashTest(options, createRunFolder());
  process.stdout.write(`${[...tally.findings, String(tally)].join('\n')}\n`);
  return tally.isClean ? 0 : 1;
};

process.exit(await main(readCrashOptions(process.argv.slice(2))));
