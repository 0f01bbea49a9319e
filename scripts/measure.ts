/**
 * Prints the figures that describe the structure of the code, always counted in the same way.
 *
 * `npm run measure` prints one line for each figure; `npm run measure -- --list NAME` prints the
 * places that one of them counts.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  conditionalSpreads,
  isOfName,
  isParticipleName,
  longLines,
  longMarkdownLines,
  namedFunctions,
  realTimeWaits,
  repeatedNames,
  smallFilesWithOneImporter,
  totalLines,
} from './measure/figures.ts';
import { readSourceFiles } from './measure/source-files.ts';
import { findUnwantedWords } from './words/find-words.ts';

const root = join(import.meta.dirname, '..');
const sources = readSourceFiles(root, ['server', 'sdk', 'console']);
const tests = readSourceFiles(root, ['test']);
const functions = namedFunctions(sources);
const repeated = repeatedNames(sources);
const formatPlaces = (matches: typeof functions): string[] =>
  matches.map(({ name, path }) => `${path} ${name}`);

const serverEntries = readdirSync(join(root, 'server'));
const isRoom = (name: string): boolean => statSync(join(root, 'server', name)).isDirectory();

const pages = ['.', 'docs', 'scenarios', 'keys', 'examples'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: folder !== '.', encoding: 'utf8' })
    // A line break in Chinese prose is shown as a space: its paragraphs are lines.
    .filter((name) => name.endsWith('.md') && !/zh-hant/i.test(join(folder, name)))
    .map((name) => ({
      path: join(folder, name),
      text: readFileSync(join(root, folder, name), 'utf8'),
    })),
);
const percent = (part: number): string => `${((100 * part) / totalLines(sources)).toFixed(1)} %`;

/** Figure → the places it counts. */
const places = {
  rooms: serverEntries.filter(isRoom),
  'loose-files': serverEntries.filter((name) => !isRoom(name)),
  files: sources.map(({ path }) => path),
  // What judges, compares with or calls other programs: more than the simulator itself.
  'files-around': sources
    .map(({ path }) => path)
    .filter((path) => /^server\/(?:conformance|fidelity|outbound)\//.test(path)),
  'small-files': smallFilesWithOneImporter(sources),
  words: findUnwantedWords(root).map(({ place, word }) => `${place} ${word}`),
  'of-names': formatPlaces(functions.filter(isOfName)),
  participles: formatPlaces(functions.filter(isParticipleName)),
  'repeated-names': [...repeated].map(([name, paths]) => `${name} ${paths.join(' ')}`),
  'over-120': longLines(sources, 120),
  'over-100': longLines(sources, 100),
  'docs-over-100': longMarkdownLines(pages, 100),
  'many-parameters': formatPlaces(functions.filter(({ parameters }) => parameters >= 5)),
  'conditional-spreads': conditionalSpreads(sources),
  'real-time-waits': realTimeWaits(tests),
} as const;

const figures: readonly (readonly [string, string | number])[] = [
  ['rooms in server/ (rooms)', places.rooms.length],
  ['loose files in server/ (loose-files)', places['loose-files'].length],
  ['hand-written files in server/ sdk/ console/ (files)', places.files.length],
  ['  of these in conformance/ fidelity/ outbound/ (files-around)', places['files-around'].length],
  ['  of fewer than 30 lines with one importer (small-files)', places['small-files'].length],
  ['words that the word list replaces (words)', places.words.length],
  ['functions named …Of (of-names)', places['of-names'].length],
  ['functions named by a bare participle (participles)', places.participles.length],
  ['top-level names in more than one file (repeated-names)', places['repeated-names'].length],
  ['lines over 120 columns (over-120)', percent(places['over-120'].length)],
  ['lines over 100 columns (over-100)', percent(places['over-100'].length)],
  ['lines of Markdown over 100 columns (docs-over-100)', places['docs-over-100'].length],
  ['functions with five or more parameters (many-parameters)', places['many-parameters'].length],
  ['conditional spreads (conditional-spreads)', places['conditional-spreads'].length],
  ['waits for the wall clock in tests (real-time-waits)', places['real-time-waits'].length],
  ['lines of source', totalLines(sources)],
  ['test ÷ source lines', (totalLines(tests) / totalLines(sources)).toFixed(2)],
];

const { values } = parseArgs({ options: { list: { type: 'string' } } });
if (values.list === undefined) {
  for (const [label, value] of figures) console.log(`${label.padEnd(62)}${value}`);
} else {
  const listed = Object.entries(places).find(([name]) => name === values.list)?.[1];
  if (listed === undefined) {
    console.error(
      `error: unknown figure ${values.list}. Use one of: ${Object.keys(places).join(', ')}`,
    );
    process.exit(2);
  }
  console.log(listed.join('\n'));
}
