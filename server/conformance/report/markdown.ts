import { clipText, printableLine } from '../../problems/display-text.ts';
import { countCases, leadSentence, type ReportCase, type TestReport } from './test-report.ts';

/** A job summary of GitHub holds one mebibyte. */
const maxSummaryBytes = 900_000;

/** What passed is in the table because of a warning. */
const statusMarks = { failed: '❌', error: '❔', passed: '⚠️', skipped: '➖' } as const;
const statusRanks = { failed: 0, error: 1, passed: 2, skipped: 3 } as const;

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
    .toSorted((a, b) => statusRanks[a.status] - statusRanks[b.status]);
  const head = [
    `## alipayhk-mock ${report.name}`,
    '',
    `${passed} passed, ${failed} failed, ${error} not judged, ${skipped} skipped, ` +
      `in ${(report.durationMs / 1000).toFixed(1)} s`,
    '',
    ...summary,
  ];
  const table = ['| | case | what was found |', '| --- | --- | --- |'];
  const rows = cutRows(shown.map(row), maxSummaryBytes - [...head, ...table].join('\n').length);
  return `${[...head, ...(rows.length === 0 ? [] : ['', ...table, ...rows])].join('\n')}\n`;
};

const isNotable = ({ status, findings, flaky }: ReportCase): boolean =>
  status === 'failed' ||
  status === 'error' ||
  flaky === true ||
  findings.some(({ level }) => level === 'warning');

const row = (one: ReportCase): string => {
  const [finding] = one.findings;
  const text = [leadSentence(one), finding?.remedy].filter((part) => part !== undefined).join('. ');
  return `| ${statusMarks[one.status]} | ${markdownCell(one.name)} | ${markdownCell(text)} |`;
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
export const markdownCell = (text: string): string =>
  printableLine(clipText(text, 500))
    .replace(markup, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll('@', '&#64;&#8203;');
