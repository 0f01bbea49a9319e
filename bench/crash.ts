import { type CrashOptions, crashHelp, readCrashOptions } from './crash/crash-options.ts';
import { crashTest } from './crash/crash-test.ts';
import { createRunFolder } from './folders.ts';
import { packOurs } from './servers/pack-ours.ts';

const main = async (options: CrashOptions): Promise<number> => {
  if (options.help) {
    process.stdout.write(crashHelp);
    return 0;
  }
  const runFolder = createRunFolder();
  process.stdout.write(`crash test: seed ${options.seed}, durability ${options.durability}\n`);
  const tally = await crashTest(options, packOurs(runFolder).folder, runFolder, (line) =>
    process.stderr.write(`${line}\n`),
  );
  process.stdout.write(`${[...tally.findings, String(tally)].join('\n')}\n`);
  return tally.isClean ? 0 : 1;
};

process.exit(await main(readCrashOptions(process.argv.slice(2))));
