import {
  type CoverageGroup,
  type CoverageReport,
  type CoveredItem,
  describeHow,
  formatPercent,
} from '../../coverage/coverage-report.ts';
import { type Html, html, type VerdictLook } from './elements.ts';

/** What the run has covered: a square for each item, and what is missing with the rule for it. */
export const renderCoverageMap = (
  report: CoverageReport | undefined,
  note = '',
): Html | undefined => {
  if (report === undefined || report.exchanges === 0) return undefined;
  const { handled, total, answered, groups, pairs, notIntegrated } = report;
  return html`<h2 id="coverage">Coverage</h2>
<p class="quiet small">${handled} of ${total} items handled (${formatPercent(handled, total)}),
${answered} answered. Handled: answered, and what the client then did was right.${note}${
    notIntegrated.length === 0 ? '' : ` Not integrated: ${notIntegrated.join(', ')}.`
  }</p>
<div class="scroll"><table class="coverage"><thead><tr><th>group</th><th>handled</th><th>items</th></tr></thead>
<tbody>${groups.filter(({ items }) => items.length > 0).map(renderGroup)}</tbody></table></div>
<p class="legend"><span class="item good"></span> handled <span class="item unsure"></span> answered,
and not handled <span class="item"></span> not seen; smaller: optional, not counted.</p>
${pairs.length === 0 ? undefined : renderPairs(pairs)}`;
};

/** Code for retries is often written for each operation by itself. */
const renderPairs = (pairs: CoverageReport['pairs']): Html => html`<div class="scroll"><table>
<thead><tr><th>operation</th><th>answered with</th><th>handled</th></tr></thead>
<tbody>${pairs.map(
  ({ operation, view, handled, answered }) =>
    html`<tr><th scope="row">${operation}</th><td>${view}</td><td>${handled} of ${answered}</td></tr>
`,
)}</tbody></table></div>`;

const renderGroup = ({ id, title, handled, total, items }: CoverageGroup): Html => {
  const missing = items.filter((item) => !item.isOptional && item.handled === 0);
  return html`<tr><th scope="row">${id} ${title}</th>
<td>${total === 0 ? 'none declared' : `${handled} of ${total}`}</td>
<td>${items.map(renderItem)}${
    missing.length === 0
      ? undefined
      : html`<details><summary>${missing.length} not handled</summary><ul>${missing.map(renderMissing)}</ul></details>`
  }</td></tr>
`;
};

const renderItem = (item: CoveredItem): Html => {
  const name = `${item.id}: ${stateNames[toneFor(item)]}`;
  return html`<span class="item ${toneFor(item)}${item.isOptional ? ' optional' : ''}" role="img" title="${name}" aria-label="${name}"></span>`;
};

type ItemTone = Extract<VerdictLook['tone'], 'good' | 'unsure' | 'quiet'>;

const toneFor = ({ handled, answered }: CoveredItem): ItemTone =>
  handled > 0 ? 'good' : answered > 0 ? 'unsure' : 'quiet';

const stateNames: Readonly<Record<ItemTone, string>> = {
  good: 'handled',
  unsure: 'answered, and not handled',
  quiet: 'not seen',
};

const renderMissing = ({ id, answered, oneShot, how }: CoveredItem): Html =>
  html`<li>${id}${
    answered > 0 ? ' (answered)' : ''
  }${describeHow({ oneShot, how }).map((line) => html`<br><code>${line}</code>`)}</li>`;
