import { printable } from '../../problems/display-text.ts';

/** Markup that is safe to put into a page: made by `html` alone. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** What may be put between the parts of a template; what is no `Html` is escaped. */
export type HtmlValue = Html | string | number | undefined | false | readonly HtmlValue[];

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

const htmlEntities: Readonly<Record<string, string>> = {
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
    .replace(/[&<>"'`]/g, (character) => htmlEntities[character] ?? character);
