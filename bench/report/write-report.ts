import { wrapMarkdown } from '../../scripts/markdown.ts';
import type { Results } from '../results.ts';
import { againstTable } from './against-table.ts';
import {
  doctorTable,
  floodTable,
  lintTable,
  memoryTable,
  sizeTable,
  startUpTable,
} from './other-tables.ts';
import { abuseTable, scaleTable } from './scale-and-abuse-tables.ts';
import { targetTable } from './target-table.ts';
import { latencyTable, throughputTable } from './throughput-tables.ts';

/** The page. */
export const writeReport = (results: Results): string => {
  const { throughput, startUp, memory, doctor, flood, scale, abuse, lint, size, against } = results;
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
    ['Lint and coverage', lint && lintTable(lint)],
    ['Size', size && sizeTable(size)],
    ['This build beside another', against && againstTable(against)],
    ['Errors and gaps', gaps(results)],
  ];
  const quickNote =
    results.pace === 'quick' ? ' with `--quick`: a quick run, not reliable figures' : '';
  const page = [
    '# Benchmarks',
    `Written by \`npm run bench\`${quickNote}; not edited by hand. Loopback only.`,
    machineLines(results),
    `## How to read this\n\n${howToRead(results)}`,
    ...sections.flatMap(([title, text]) => (text === undefined ? [] : [`## ${title}\n\n${text}`])),
  ].join('\n\n');
  return `${wrapMarkdown(page)}\n`;
};

const machineLines = ({ machine, versions, minutes, rounds }: Results): string =>
  [
    `- ${machine.date}, ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ` +
      `${machine.system}, Node ${machine.node}`,
    `- data folder on ${machine.fileSystem}; pinning: ${machine.pinning}`,
    `- ${rounds} rounds in ${minutes.toFixed(1)} minutes; ` +
      `load average before the run ${machine.loadBefore}`,
    `- ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
  ].join('\n');

const howToRead = ({ machine, rounds }: Results): string =>
  [
    '**Trust the ratios, not the absolute figures.** All servers run at the same time and are',
    'measured in turns (A B C, C B A, …), so each round sees every row on the same machine under the',
    `same conditions. A figure is the median of ${rounds} rounds, followed by the smallest and the`,
    'largest in brackets; a ratio is computed within each round first. Where ranges overlap, the',
    `difference is not significant. Load average before the run: ${machine.loadBefore}.`,
    '',
    '- Requests are signed before the timed part, with the current time, and every order is new',
    '  unless a row says otherwise. Every server has had some seconds of load before.',
    '- Connections are kept alive and warm; each has one request in flight.',
    '- The result code of **every** response is checked, encrypted responses are decrypted, and every',
    '  fiftieth of our signatures is verified. A row with one wrong response shows as an error.',
    '- *CPU ms* is the processor time of the server process for each response, including kernel and',
    '  all threads: it hardly depends on other load of the machine.',
    '- † marks figures where the load generator had no time left.',
    '- The *ceiling* rows are what the cryptography alone allows: one verification and one RSA-2048',
    '  signature (encrypted: also an unwrap and a wrap) in a loop without HTTP. In two-core rows of a',
    '  two-core machine the load generator uses part of those cores, which the ceiling does not.',
    '- Payment info represents the four operations whose responses are the same few bodies. A one-core',
    '  row of ours includes its threads.',
    '- The **peers do no cryptography at all**: they take the same signed bytes, read the OpenAPI',
    '  document at most, and return a canned body. Prism validates requests; Mockoon generates its',
    '  response from the schema; mountebank and MSW compare method and path.',
    '- What servers print goes to /dev/null. Start-up is unpinned; for ours it ends only when the',
    '  signature of the response has verified. A run never fails because of a target.',
  ].join('\n');

const gaps = ({ throughput, scale, skipped }: Results): string | undefined => {
  const errors =
    throughput?.rows.flatMap(({ title, errors }) =>
      errors.map((sentence) => `${title}: ${sentence}`),
    ) ?? [];
  const lines = [...errors, ...(scale?.rows.flatMap(({ errors }) => errors) ?? []), ...skipped].map(
    (line) => `- ${line.replaceAll('\n', ' ')}`,
  );
  return lines.length === 0 ? undefined : lines.join('\n');
};
