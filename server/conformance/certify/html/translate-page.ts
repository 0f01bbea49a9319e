import { type Translate, translateText } from '../../report/translate.ts';

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
