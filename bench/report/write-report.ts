import type { Results } from '../results.ts';
import { againstTable } from './against-table.ts';
import { doctorTable, floodTable, memoryTable, sizeTable, startUpTable } from './other-tables.ts';
import { abuseTable, scaleTable } from './scale-and-abuse-tables.ts';
import { targetTable } from './target-table.ts';
import { latencyTable, throughputTable } from './throughput-tables.ts';

/** The page. */
export const writeReport = (results: Results): string => {
  const { throughput, startUp, memory, doctor, flood, scale, abuse, size, against } = results;
  const sections: readonly (readonly [title: string, text: string | undefined])[] = [
    ['Targets', targetTable(results)],
    ['Answers per second', throughput && throughputTable(throughput)],
    ['Server CPU per request, and latency', throughput && latencyTable(throughput)],
    [
      'Start-up: from the start of the process to the first answer',
      startUp && startUpTable(startUp),
    ],
    ['Resident memory, MiB', memory && memoryTable(memory)],
    ['The doctor: why a signature was refused', doctor && doctorTable(doctor)],
    ['Under a flood of bad signatures', flood && floodTable(flood)],
    ['Scale', scale && scaleTable(scale)],
    ['Under abuse', abuse && abuseTable(abuse)],
    ['Size', size && sizeTable(size)],
    ['This build beside another', against && againstTable(against)],
    ['Errors and gaps', gaps(results)],
  ];
  return `${[
    '# Benchmarks',
    `Written by \`npm run bench\`${results.pace === 'quick' ? ' with `--quick`: a rough look, not figures to build on' : ''}; not edited by hand. Loopback only.`,
    machineLines(results),
    `## How to read this\n\n${howToRead(results)}`,
    ...sections.flatMap(([title, text]) => (text === undefined ? [] : [`## ${title}\n\n${text}`])),
  ].join('\n\n')}\n`;
};

const machineLines = ({ machine, versions, minutes, rounds }: Results): string =>
  [
    `- ${machine.date}, ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}`,
    `- data folder on ${machine.fileSystem}; pinning: ${machine.pinning}`,
    `- ${rounds} rounds in ${minutes.toFixed(1)} minutes; load average before the run ${machine.loadBefore}`,
    `- ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
  ].join('\n');

const howToRead = ({ machine, rounds }: Results): string =>
  [
    `**Trust the ratios, not the figures.** All servers run at the same time and are measured in turns (A B C, C B A, …), so each round sees every row on`,
    `the same machine in the same mood. A figure is the median of ${rounds} rounds, with the smallest and the largest behind it; a ratio is taken within each`,
    `round first. Where spreads overlap, there is no difference to speak of. Load average ${machine.loadBefore} before the run says how quiet the machine was.`,
    '',
    'Requests are signed before the timed part, with the time of that moment, and every order is new unless a row says otherwise. Every server has had some seconds',
    'of load before. Connections are kept alive and warm; each has one request in flight. The result code of **every** answer is checked, sealed answers are opened, and of our signatures every fiftieth',
    'is verified; a row with one wrong answer shows as an error. *CPU ms* is the processor time of the server process, kernel and all threads included, for',
    'each answer: it hardly depends on what else the machine does. † marks figures where the load generator itself had no time left.',
    '',
    'The *ceiling* rows are what the cryptography alone allows: one verification and one RSA-2048 signature (sealed: an unwrap and a wrap more) in a loop',
    'without HTTP. In two-core rows of a two-core machine the load generator takes its share of those cores, which the ceiling does not have to give. Payment',
    'info stands for the four operations whose answers are the same few bodies. A one-core row of ours includes its threads.',
    '',
    'The **peers do no cryptography at all**: they take the same signed bytes, look at the OpenAPI document at most, and answer a canned body. Prism validates',
    'requests; Mockoon makes its answer up from the schema; mountebank and MSW compare method and path. What servers print goes to /dev/null. Start-up is',
    'unpinned and counts for ours only once the answer’s signature has verified. Targets are wishes: a run never fails because of them.',
  ].join('\n');

const gaps = ({ throughput, scale, skipped }: Results): string | undefined => {
  const errors =
    throughput?.rows.flatMap(({ title, trouble }) =>
      trouble.map((sentence) => `${title}: ${sentence}`),
    ) ?? [];
  const lines = [
    ...errors,
    ...(scale?.rows.flatMap(({ trouble }) => trouble) ?? []),
    ...skipped,
  ].map((line) => `- ${line.replaceAll('\n', ' ')}`);
  return lines.length === 0 ? undefined : lines.join('\n');
};
