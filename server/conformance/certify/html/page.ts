import { createHash } from 'node:crypto';
import { Html, html } from '../../report/html.ts';
import type { CaseResult, CertifyResult } from '../result.ts';
import { caseAnchor, caseDetails } from './case-look.ts';
import { renderCasePage } from './case-page.ts';
import { renderOverview } from './overview.ts';
import { pageStyle } from './style.ts';

/** The page must stay small enough for an artifact viewer and a mail. */
const maxPageBytes = 1_450_000;

/**
 * The result as one HTML file: the matrix of cases and operations, then a page for each case. It
 * loads nothing and runs no script, and its policy forbids both.
 */
export const renderHtml = (result: CertifyResult): string => {
  const overview = renderOverview(result);
  const rest = maxPageBytes - Buffer.byteLength(pageStyle) - Buffer.byteLength(overview.markup);
  const pages = renderPages(result.cases, rest - 4000);
  const { name, commit } = result.subject;
  const title = `alipayhk-mock certify: ${name}${commit === undefined ? '' : ` at ${commit}`}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Html(pageStyle)}</style>
</head>
<body>
${overview}
${pages}
<footer>Made by alipayhk-mock ${result.tool.version}. Not affiliated with AlipayHK, and not issued
by it.</footer>
</body>
</html>
`.markup;
};

/** The one style of the page, and nothing else. */
const policy =
  "default-src 'none'; base-uri 'none'; form-action 'none'; " +
  `style-src 'sha256-${createHash('sha256').update(pageStyle).digest('base64')}'`;

/**
 * What did not pass keeps its wire log as long as it fits; of what passed, the wire logs are left
 * out first.
 */
const renderPages = (cases: readonly CaseResult[], limit: number): readonly Html[] => {
  const order = cases.toSorted((a, b) => Number(isPassed(a)) - Number(isPassed(b)));
  const least = order.map((one) => renderCasePage(one, caseAnchor(one), 'checks only'));
  let left = limit - least.reduce((sum, { markup }) => sum + Buffer.byteLength(markup), 0);
  const pages = new Map<CaseResult, Html>();
  for (const [at, one] of order.entries()) {
    const small = least[at];
    if (small === undefined) continue;
    const smallBytes = Buffer.byteLength(small.markup);
    const fitting = caseDetails.slice(0, 2).flatMap((detail) => {
      const page = renderCasePage(one, caseAnchor(one), detail);
      return Buffer.byteLength(page.markup) - smallBytes <= left ? [page] : [];
    })[0];
    const page = fitting ?? small;
    left -= Buffer.byteLength(page.markup) - smallBytes;
    pages.set(one, page);
  }
  return cases.flatMap((one) => pages.get(one) ?? []);
};

const isPassed = ({ verdict }: CaseResult): boolean =>
  verdict.startsWith('PASS') || verdict === 'NOT APPLICABLE';
