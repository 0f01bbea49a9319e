import { createHash } from 'node:crypto';
import type { CoverageReport } from '../../coverage/coverage-report.ts';
import type { Translate } from '../../report/translate.ts';
import type { CaseResult, CertifyResult } from '../result.ts';
import { renderCasePage } from './case-page.ts';
import { caseAnchor, caseDetails, Html, html, translatePage } from './elements.ts';
import { renderCoverageMap, renderOverview } from './overview.ts';

/**
 * The style of the page. The second colour of each pair is for the dark scheme; the contrast of
 * text is at least 4.5 : 1 in both. Printed, every case is shown.
 */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f7f9, #101318);
  --surface: light-dark(#ffffff, #171b22);
  --sunken: light-dark(#f1f3f6, #12161c);
  --line: light-dark(#dfe3e9, #2a313c);
  --line-strong: light-dark(#c3cad4, #3b4452);
  --text: light-dark(#171b22, #e7ebf1);
  --quiet: light-dark(#586273, #a0abba);
  --accent: light-dark(#1b5ac6, #83b1ff);
  --good: light-dark(#116a40, #6fd3a0);
  --good-soft: light-dark(#e3f4ea, #12301f);
  --bad: light-dark(#b3211a, #ff9c93);
  --bad-soft: light-dark(#fdecea, #391715);
  --unsure: light-dark(#7d4e00, #f1c063);
  --unsure-soft: light-dark(#fdf1da, #33260c);
  --code: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Noto Sans Mono CJK HK",
    monospace;
}
* { box-sizing: border-box; }
html {
  background: var(--ground);
  color: var(--text);
  font: 400 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "PingFang HK",
    "Noto Sans CJK HK", "Microsoft JhengHei", Arial, sans-serif;
  scroll-padding-top: 1rem;
}
body { margin: 0 auto; max-width: 76rem; padding: 2rem 1.5rem 4rem; }
h1, h2, h3, p, ul, dl, dd, pre, figure { margin: 0; }
h1 { font-size: 1.6rem; line-height: 1.25; font-weight: 650; letter-spacing: -0.01em; }
h2 { font-size: 1.1rem; font-weight: 650; margin: 2.25rem 0 0.75rem; }
h3 { font-size: 0.95rem; font-weight: 600; }
a { color: var(--accent); text-underline-offset: 2px; text-decoration-thickness: 1px; }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
code, pre, .code { font-family: var(--code); font-size: 0.82rem; }
.block code, .found { overflow-wrap: anywhere; }
.quiet { color: var(--quiet); }
.small { font-size: 0.85rem; }
.bad { color: var(--bad); }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 10px;
  padding: 1rem 1.25rem; }
.eyebrow { color: var(--quiet); font-size: 0.85rem; margin-bottom: 0.35rem; }
.facts { display: flex; flex-wrap: wrap; gap: 0.35rem 2rem; margin-top: 1rem; font-size: 0.88rem; }
.facts div { display: flex; gap: 0.5rem; }
.facts dt { color: var(--quiet); }
.facts dd { overflow-wrap: anywhere; }
.disclaimer { margin-top: 1rem; color: var(--quiet); font-size: 0.88rem; max-width: 60rem; }
.counts { display: flex; flex-wrap: wrap; gap: 0.6rem; margin: 1.5rem 0 0; padding: 0;
  list-style: none; }
.counts li { background: var(--surface); border: 1px solid var(--line); border-radius: 10px;
  padding: 0.6rem 0.9rem; min-width: 6.5rem; }
.counts b { display: block; font-size: 1.35rem; line-height: 1.2; font-weight: 650; }
.counts span { font-size: 0.82rem; color: var(--quiet); }
.counts .good b { color: var(--good); }
.counts .bad b { color: var(--bad); }
.counts .unsure b { color: var(--unsure); }
.warnings { list-style: none; padding: 0; margin-top: 1rem; display: grid; gap: 0.5rem; }
.warnings li { background: var(--unsure-soft); color: var(--unsure); border-radius: 8px;
  padding: 0.5rem 0.85rem; font-size: 0.9rem; overflow-wrap: anywhere; }
.findings { list-style: none; padding: 0; display: grid; gap: 0.6rem; }
.findings li { background: var(--surface); border: 1px solid var(--line); border-radius: 10px;
  padding: 0.75rem 1rem; display: grid; grid-template-columns: 5.5rem 1fr; gap: 0.15rem 1rem;
  align-items: baseline; }
.findings div { grid-column: 2; overflow-wrap: anywhere; }
.findings .badge { justify-self: start; }
.findings .what { font-weight: 600; }
.findings .fix { color: var(--quiet); font-size: 0.9rem; }
.coverage td:last-child { line-height: 1.1; }
.coverage details { margin-top: 0.4rem; line-height: 1.5; font-size: 0.85rem; }
.coverage ul { padding-inline-start: 1.2rem; overflow-wrap: anywhere; }
.item { display: inline-block; width: 0.85rem; height: 0.85rem; margin: 0 2px 2px 0; border-radius: 3px;
  vertical-align: middle; background: var(--sunken); border: 1px solid var(--line-strong); }
.item.good { background: var(--good); border-color: var(--good); }
.item.unsure { background: var(--unsure-soft); border-color: var(--unsure); }
.item.optional { width: 0.5rem; height: 0.5rem; }
.handling { margin: 0.5rem 0; font-size: 0.88rem; }
.handling pre { white-space: pre-wrap; margin-bottom: 0.4rem; }
.findings .alike { font-size: 0.85rem; margin-top: 0.35rem; }
.badge { display: inline-block; border-radius: 5px; padding: 0.05rem 0.45rem; font-size: 0.76rem;
  font-weight: 650; white-space: nowrap; background: var(--sunken); color: var(--quiet); }
.badge.good { background: var(--good-soft); color: var(--good); }
.badge.bad { background: var(--bad-soft); color: var(--bad); }
.badge.unsure { background: var(--unsure-soft); color: var(--unsure); }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 10px;
  background: var(--surface); }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
th, td { text-align: start; padding: 0.45rem 0.85rem; border-bottom: 1px solid var(--line);
  vertical-align: top; }
tr:last-child > td, tr:last-child > th { border-bottom: 0; }
thead th { color: var(--quiet); font-weight: 600; font-size: 0.82rem; background: var(--sunken);
  white-space: nowrap; }
tbody th { font-weight: 400; }
.matrix tbody th { white-space: nowrap; }
.matrix .title { color: var(--quiet); white-space: normal; }
.matrix .variant { color: var(--quiet); padding-inline-start: 1.75rem; }
.matrix .family th { background: var(--sunken); font-weight: 600; font-size: 0.82rem;
  color: var(--quiet); }
.matrix td { white-space: nowrap; }
.cell { text-decoration: none; display: inline-flex; gap: 0.4rem; align-items: baseline; }
.cell .badge { min-width: 1.6rem; text-align: center; }
.cell:hover .badge { outline: 1px solid currentcolor; }
.evidence { color: var(--quiet); font-size: 0.78rem; }
.legend { margin-top: 0.6rem; color: var(--quiet); font-size: 0.84rem; }
.case { display: none; }
.case:target { display: block; }
body:has(.case:target) .overview { display: none; }
.back { display: inline-block; margin-bottom: 1.25rem; font-size: 0.9rem; }
.case-title { display: flex; flex-wrap: wrap; gap: 0.5rem 0.85rem; align-items: center; }
.text { display: grid; gap: 0.4rem; margin-top: 1rem; max-width: 60rem; }
.checks td:first-child { white-space: nowrap; }
.checks .sentence { overflow-wrap: anywhere; }
.bars { width: 100%; height: auto; display: block; }
.bars text { fill: var(--quiet); font: 11px/1 var(--code); }
.bars .axis { stroke: var(--line-strong); }
.bars .tick { stroke: var(--line); stroke-dasharray: 2 3; }
.bars .wait { fill: var(--line-strong); }
.bars .S { fill: var(--good); }
.bars .F { fill: var(--bad); }
.bars .U, .bars .untrusted { fill: var(--unsure); }
.bars .lost, .bars .pending { fill: var(--quiet); }
.bars .claim { stroke: var(--accent); stroke-width: 2; }
.bars text.of-claim { fill: var(--accent); }
.events { width: 100%; margin-top: 0.75rem; }
.events td { border: 0; padding: 0.12rem 0.75rem 0.12rem 0; }
.events td:first-child { text-align: end; color: var(--quiet); white-space: nowrap;
  font-family: var(--code); font-size: 0.8rem; width: 6rem; }
.events td:nth-child(2) { color: var(--quiet); white-space: nowrap; width: 6rem; }
.events td:last-child { overflow-wrap: anywhere; }
details { background: var(--surface); border: 1px solid var(--line); border-radius: 10px;
  margin-top: 0.6rem; }
summary { cursor: pointer; padding: 0.6rem 1rem; font-size: 0.9rem; overflow-wrap: anywhere; }
details[open] > summary { border-bottom: 1px solid var(--line); }
.messages { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); }
.messages > div { padding: 0.75rem 1rem; min-width: 0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.5; }
.block { background: var(--surface); border: 1px solid var(--line); border-radius: 10px;
  padding: 0.75rem 1rem; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 1rem;
  color: var(--quiet); font-size: 0.84rem; }
@media (max-width: 40rem) {
  body { padding: 1.25rem 1rem 3rem; }
  .findings li { grid-template-columns: 1fr; }
  .findings div { grid-column: 1; }
}
@media print {
  :root { color-scheme: light; }
  body { max-width: none; padding: 0; }
  .case, .case:target, body:has(.case:target) .overview { display: block; }
  .case { break-before: page; }
  .back { display: none; }
  .scroll { overflow: visible; }
  details, .findings li, .card { break-inside: avoid; }
}
`;

/** The page must stay small enough for an artifact viewer and a mail. */
const maxPageBytes = 1_450_000;

/**
 * The result as one HTML file: the matrix of cases and operations, then a page for each case. It
 * loads nothing and runs no script, and its policy forbids both.
 */
export const renderHtml = (result: CertifyResult, translate?: Translate): string => {
  const overview = renderOverview(result);
  const rest = maxPageBytes - Buffer.byteLength(pageStyle) - Buffer.byteLength(overview.markup);
  const pages = renderPages(result.cases, rest - 4000);
  const { name, commit } = result.subject;
  const title = `alipayhk-mock certify: ${name}${commit === undefined ? '' : ` at ${commit}`}`;
  const page = renderDocument(
    title,
    html`${overview}
${pages}`,
    result.tool.version,
  );
  return translate === undefined ? page : translatePage(page, translate);
};

/** What runs have covered, as one HTML file. */
export const renderCoveragePage = (report: CoverageReport, version: string): string =>
  renderDocument(
    'alipayhk-mock coverage',
    html`<main class="overview">${renderCoverageMap(report) ?? 'No exchange was seen.'}</main>`,
    version,
  );

const renderDocument = (title: string, body: Html, version: string): string =>
  html`<!doctype html>
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
${body}
<footer>Made by alipayhk-mock ${version}. Not affiliated with AlipayHK, and not issued
by it.</footer>
</body>
</html>
`.markup;

/** The one style of the page, and nothing else. */
const policy =
  "default-src 'none'; base-uri 'none'; form-action 'none'; " +
  `style-src 'sha256-${createHash('sha256').update(pageStyle).digest('base64')}'`;

/**
 * What did not pass keeps its wire log as long as it fits; of what passed, the wire logs are left
 * out first.
 */
const renderPages = (cases: readonly CaseResult[], limit: number): readonly Html[] => {
  const order = cases.toSorted((a, b) => Number(hasPassed(a)) - Number(hasPassed(b)));
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

const hasPassed = ({ verdict }: CaseResult): boolean =>
  verdict.startsWith('PASS') || verdict === 'NOT APPLICABLE';
