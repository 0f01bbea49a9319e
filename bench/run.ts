import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resultsFolder } from './folders.ts';
import { knownIds, measureAll } from './measure-all.ts';
import { help, type Options, readOptions } from './options.ts';
import { repository } from './process/type-script.ts';
import { targetTable } from './report/target-table.ts';
import { writeReport } from './report/write-report.ts';

/** Only a whole run at the default pace is worth the place in docs/. */
const pagePath = ({ out, only, pace }: Options): string =>
  out ??
  (only === undefined && pace.name === 'default'
    ? join(repository, 'docs', 'benchmarks.md')
    : join(resultsFolder, 'benchmarks.md'));

const perform = async (options: Options): Promise<void> => {
  const results = await measureAll(options);
  mkdirSync(resultsFolder, { recursive: true });
  const json = join(resultsFolder, 'results.json');
  writeFileSync(json, JSON.stringify(results, null, 2));
  const report = writeReport(results);
  writeFileSync(pagePath(options), report);
  process.stdout.write(options.only === undefined ? `${targetTable(results)}\n` : report);
  process.stdout.write(`\n${results.minutes.toFixed(1)} minutes. ${pagePath(options)}, ${json}\n`);
};

const main = async (args: readonly string[]): Promise<number> => {
  const options = readOptions(args);
  const missing =
    options.against !== undefined && !existsSync(join(options.against, 'dist', 'main.cjs'));
  const unknown = options.only?.filter((id) => !knownIds.includes(id)) ?? [];
  if (options.help) process.stdout.write(help);
  else if (options.list) process.stdout.write(`${knownIds.join('\n')}\n`);
  else if (unknown.length > 0)
    process.stderr.write(`error: unknown row ${unknown.join(', ')}. --list shows all rows.\n`);
  else if (missing)
    process.stderr.write(
      `error: ${options.against} has no dist/main.cjs; run npm ci && npm run build in it first\n`,
    );
  else await perform(options);
  return unknown.length > 0 || missing ? 2 : 0;
};

process.exit(await main(process.argv.slice(2)));
