import { printable } from '../../../problems/display-text.ts';
import { type Translate, translateText } from '../../report/translate.ts';
import type { Family, ReceiverFamily } from '../catalogue/case.ts';
import { catalogue } from '../catalogue/index.ts';
import { receiverCatalogue } from '../catalogue/receiver.ts';
import type { CaseResult, CaseVerdict } from '../result.ts';
import { caseLabel } from '../to-test-report.ts';

/** Markup that is safe to put into a page: made by `html` alone. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** What may be put between the parts of a template; what is no `Html` is escaped. */
type HtmlValue = Html | string | number | undefined | false | readonly HtmlValue[];

/**
 * Builds markup. Every value is escaped unless it is markup already, so that nothing that a client
 * sends can become an element, an attribute or a link. The parts themselves are ASCII, with
 * references for other characters: the bundler cannot escape them.
 *
 * @example html`<p title="${name}">${name}</p>`
 */
export const html = (parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html =>
  new Html(
    parts.map((part, at) => part + (at < values.length ? toMarkup(values[at]) : '')).join(''),
  );

const toMarkup = (value: HtmlValue): string => {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.markup;
  if (typeof value === 'object') return value.map(toMarkup).join('');
  return escapeHtml(String(value));
};

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

const escapeHtml = (text: string): string =>
  printable(text)
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/[&<>"'`]/g, (character) => escapes[character] ?? character);

/** How much of a case is shown where the file would get too large, the most first. */
export const caseDetails = ['all', 'no wire log', 'checks only'] as const;
export type CaseDetail = (typeof caseDetails)[number];

/** What a verdict looks like: a mark and a tone. */
export interface VerdictLook {
  readonly mark: string;
  readonly tone: 'good' | 'bad' | 'unsure' | 'quiet';
  readonly name: string;
}

export const verdictLooks: Readonly<Record<CaseVerdict, VerdictLook>> = {
  PASS: { mark: '✓', tone: 'good', name: 'passed' },
  'PASS (claimed)': { mark: '✓', tone: 'good', name: 'passed by claim only' },
  'PASS (alone)': { mark: '✓', tone: 'unsure', name: 'passed when repeated alone' },
  WARN: { mark: '!', tone: 'unsure', name: 'warning' },
  FAIL: { mark: '✗', tone: 'bad', name: 'failed' },
  'NOT JUDGED': { mark: '?', tone: 'unsure', name: 'not judged' },
  'NOT APPLICABLE': { mark: '–', tone: 'quiet', name: 'not applicable' },
  ERROR: { mark: '✗', tone: 'bad', name: 'broke' },
  XFAIL: { mark: 'x', tone: 'unsure', name: 'failed as expected' },
  XPASS: { mark: '✗', tone: 'bad', name: 'passed unexpectedly' },
};

export const renderBadge = ({ verdict }: Pick<CaseResult, 'verdict'>): Html =>
  html`<span class="badge ${verdictLooks[verdict].tone}">${verdictLooks[verdict].name}</span>`;

/** Where the page of a case is in the file. */
export const caseAnchor = (one: CaseResult): string =>
  caseLabel(one)
    .replaceAll(/[^\w-]+/g, '-')
    .replace(/-$/, '');

/** What the cases of each family are about. */
export const familyTitles: Readonly<Record<Family | ReceiverFamily, string>> = {
  PRE: 'First contact',
  REQ: 'What is sent',
  UNK: 'Unknown outcome',
  BACK: 'The printed plan',
  LOST: 'No usable answer',
  FIN: 'Final answers',
  SEC: 'Whose answer is it?',
  KEY: 'Key versions',
  SEAL: 'Encrypted bodies',
  ORD: 'Events in order',
  BOX: 'After a crash',
  OUT: 'AlipayHK calls',
};

export const familiesInChinese: Readonly<Record<Family | ReceiverFamily, string>> = {
  PRE: '首次接觸',
  REQ: '發送的內容',
  UNK: '結果未知',
  BACK: '文件所載的重試計劃',
  LOST: '沒有可用的回應',
  FIN: '最終的回應',
  SEC: '回應來自誰？',
  KEY: '密鑰版本',
  SEAL: '加密的正文',
  ORD: '事件的次序',
  BOX: '當機之後',
  OUT: 'AlipayHK 的呼叫',
};

export const familyTitle = (family: string): string =>
  new Map<string, string>(Object.entries(familyTitles)).get(family) ?? family;

/** Titles have their Chinese next to them in the catalogue; everything else is translated. */
export const certifyTranslator =
  (translate: Translate): Translate =>
  (text) =>
    titlesInChinese().get(text) ?? translate(text);

let titles: ReadonlyMap<string, string> | undefined;

const titlesInChinese = (): ReadonlyMap<string, string> => {
  titles ??= new Map([
    ...[...catalogue, ...receiverCatalogue].map(({ title }): [string, string] => [
      title.en,
      title['zh-HK'],
    ]),
    ...Object.entries(familyTitles).map(([family, title]): [string, string] => [
      title,
      familiesInChinese[family as Family],
    ]),
  ]);
  return titles;
};

/** What clients sent, and code: it stays as it is. */
const keptElements = new Set(['pre', 'code', 'style']);

const references: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#96;': '`',
  '&middot;': '\u00b7',
  '&ne;': '\u2260',
};
const characters = new Map(Object.entries(references).map(([name, one]) => [one, name]));

/** Translates the texts of a page of ours; what a value holds is escaped before and after. */
export const translatePage = (markup: string, translate: Translate): string => {
  let kept: string | undefined;
  return markup
    .split(/(<[^>]*>)/)
    .map((part) => {
      if (!part.startsWith('<')) return kept === undefined ? translateNode(part, translate) : part;
      const [, end, name = ''] = /^<(\/?)(\w+)/.exec(part) ?? [];
      if (kept === undefined && end === '' && keptElements.has(name)) kept = name;
      else if (kept === name && end === '/') kept = undefined;
      return part
        .replace('<html lang="en">', '<html lang="zh-Hant-HK">')
        .replace(
          / (title|aria-label)="([^"]*)"/g,
          (_, attribute: string, text: string) =>
            ` ${attribute}="${translateNode(text, translate)}"`,
        );
    })
    .join('');
};

const translateNode = (node: string, translate: Translate): string => {
  const [, before = '', text = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(node) ?? [];
  if (!/[a-z]/i.test(text)) return node;
  const read = text.replace(/\s+/g, ' ').replace(/&[\w#]+;/g, (name) => references[name] ?? name);
  const translated = translateText(read, translate);
  if (translated === read) return node;
  const written = translated.replace(/[&<>"'`]/g, (one) => characters.get(one) ?? one);
  return `${before}${written}${after}`;
};
