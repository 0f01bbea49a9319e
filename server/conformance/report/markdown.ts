import { clipText, printableLine } from '../../problems/display-text.ts';
import { countCases, headline, type ReportCase, type TestReport } from './test-report.ts';

/** A job summary of GitHub holds one mebibyte. */
const maxLength = 900_000;

/** What passed is in the table because of a warning. */
const marks = { failed: '❌', error: '❔', passed: '⚠️', skipped: '➖' } as const;
const ranks = { failed: 0, error: 1, passed: 2, skipped: 3 } as const;

/**
 * The report as Markdown for a job summary or a merge request: counts, then a table of what did not
 * pass or has a warning. Cells hold no markup of the values that they show.
 *
 * @param summary lines below the counts, as Markdown
 */
export const renderMarkdown = (report: TestReport, summary: readonly string[] = []): string => {
  const { passed, failed, error, skipped } = countCases(report.cases);
  const shown = report.cases
    .filter(isNotable)
    .toSorted((a, b) => ranks[a.status] - ranks[b.status]);
  const head = [
    `## alipayhk-mock ${report.name}`,
    '',
    `${passed} passed, ${failed} failed, ${error} not judged, ${skipped} skipped, ` +
      `in ${(report.durationMs / 1000).toFixed(1)} s`,
    '',
    ...summary,
  ];
  const table = ['| | case | what was found |', '| --- | --- | --- |'];
  const rows = cutRows(shown.map(row), maxLength - [...head, ...table].join('\n').length);
  return `${[...head, ...(rows.length === 0 ? [] : ['', ...table, ...rows])].join('\n')}\n`;
};

const isNotable = ({ status, findings, flaky }: ReportCase): boolean =>
  status === 'failed' ||
  status === 'error' ||
  flaky === true ||
  findings.some(({ level }) => level === 'warning');

const row = (one: ReportCase): string => {
  const [finding] = one.findings;
  const text = [headline(one), finding?.remedy].filter((part) => part !== undefined).join('. ');
  return `| ${marks[one.status]} | ${cell(one.name)} | ${cell(text)} |`;
};

const cutRows = (rows: readonly string[], limit: number): readonly string[] => {
  let length = 0;
  const kept = rows.filter((line) => {
    length += Buffer.byteLength(line) + 1;
    return length < limit - 200;
  });
  if (kept.length === rows.length) return rows;
  return [...kept, `| | | ${rows.length - kept.length} more, left out here |`];
};

/** What Markdown or HTML could read as markup, and what makes links of addresses. */
const markup = /[\\`*_[\]<>#|~&$:]|(?<=www)\./gi;

/**
 * Text of a cell: a value of the run must neither end the cell nor become a link, an image or a
 * mention of a user.
 */
export const cell = (text: string): string =>
  printableLine(clipText(text, 500))
    .replace(markup, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll('@', '&#64;&#8203;');
