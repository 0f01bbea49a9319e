import { markdownCell, renderMarkdown } from '../report/markdown.ts';
import { renderSarif } from '../report/sarif.ts';
import type { ReportLocation, TestReport } from '../report/test-report.ts';
import type { ReportFormat, ReportRenderer } from '../report/write-reports.ts';
import { renderHtml } from './html/page.ts';
import { describeEvidence } from './render-terminal.ts';
import type { CertifyResult, Evidence } from './result.ts';

/**
 * The writers of the formats that only certify has, and of those that show more of its result than
 * a test report holds.
 *
 * @param location relative to the repository, for results of SARIF
 */
export const certifyRenderers = (
  result: CertifyResult,
  report: TestReport,
  location: ReportLocation,
): Readonly<Partial<Record<ReportFormat, ReportRenderer>>> => ({
  json: () => `${JSON.stringify(result, null, 2)}\n`,
  html: () => renderHtml(result),
  sarif: () => renderSarif(report, location),
  markdown: () => renderMarkdown(report, summaryLines(result)),
});

const summaryLines = ({ subject, profile, summary, expectations }: CertifyResult): string[] => {
  const evidence = Object.entries(summary.evidence)
    .filter(([, count]) => count > 0)
    .map(([level, count]) => `${count} ${describeEvidence(level as Evidence)}`);
  const commit = subject.commit === undefined ? '' : ` at ${markdownCell(subject.commit)}`;
  return [
    `${markdownCell(subject.name)}${commit}, profile ${profile ?? 'none: every case counts'}. ` +
      'Not issued by AlipayHK.',
    '',
    `Checks: ${evidence.join(', ') || 'none'}.`,
    ...(expectations?.acceptsCritical === true ? ['', 'Critical findings are accepted.'] : []),
    ...(expectations?.stale ?? []).map(
      ({ id }) => `\n${markdownCell(id)} passes: remove its line.`,
    ),
    ...(expectations?.unconfirmed ?? []).map(
      ({ id }) => `\n${markdownCell(id)} was not confirmed.`,
    ),
  ];
};
