import type { JsonText } from './json-text.ts';

/** How a serialiser sets JSON. */
export interface JsonLayout {
  readonly name: string;
  /** Undefined: everything on one line. */
  readonly indent?: string;
  readonly colon: string;
  readonly comma: string;
  readonly lineFeed: '\n' | '\r\n';
  /** Between the braces and what stands in them, on one line. */
  readonly inside: string;
  /** Jackson keeps arrays on their line and puts blanks into empty braces. */
  readonly jackson?: true;
  /** Tried together with other changes, not only alone. */
  readonly frequent?: true;
}

const line = (name: string, comma: string, colon: string, frequent?: true): JsonLayout => ({
  name,
  colon,
  comma,
  lineFeed: '\n',
  inside: '',
  ...(frequent && { frequent }),
});

const indentJson = (name: string, indent: string, more: Partial<JsonLayout> = {}): JsonLayout => ({
  name,
  indent,
  colon: ': ',
  comma: ',',
  lineFeed: '\n',
  inside: '',
  ...more,
});

export const compact: JsonLayout = line('compact', ',', ':', true);

export const jsonLayouts: readonly JsonLayout[] = [
  compact,
  line('a blank behind commas and colons', ', ', ': ', true),
  indentJson('2 blanks', '  ', { frequent: true }),
  indentJson('4 blanks', '    ', { frequent: true }),
  indentJson('tabs', '\t', { frequent: true }),
  indentJson('Jackson', '  ', { colon: ' : ', jackson: true }),
  indentJson('2 blanks, CR LF', '  ', { lineFeed: '\r\n' }),
  indentJson('4 blanks, CR LF', '    ', { lineFeed: '\r\n' }),
  indentJson('tabs, CR LF', '\t', { lineFeed: '\r\n' }),
  indentJson('Jackson, CR LF', '  ', { colon: ' : ', jackson: true, lineFeed: '\r\n' }),
  line('a blank behind colons', ',', ': '),
  line('a blank behind commas', ', ', ':'),
  line('blanks around colons', ', ', ' : '),
  { ...line('blanks inside the braces', ', ', ': '), inside: ' ' },
  { ...line('blanks inside the braces, none at colons', ',', ':'), inside: ' ' },
  indentJson('3 blanks', '   '),
  indentJson('8 blanks', '        '),
  indentJson('1 blank', ' '),
  indentJson('line breaks without indentation', ''),
  indentJson('line breaks without indentation, a blank behind commas', '', { comma: ', ' }),
  indentJson('2 blanks, none behind colons', '  ', { colon: ':' }),
  indentJson('4 blanks, none behind colons', '    ', { colon: ':' }),
  indentJson('tabs, none behind colons', '\t', { colon: ':' }),
  indentJson('4 blanks, a blank behind commas', '    ', { comma: ', ' }),
  indentJson('2 blanks, a blank behind commas', '  ', { comma: ', ' }),
];

/** Writes the tree in a layout. */
export const writeJson = (json: JsonText, layout: JsonLayout, margin = ''): string => {
  if (json.kind === 'scalar') return json.text;
  const isArray = json.kind === 'array';
  const [open, close] = isArray ? ['[', ']'] : ['{', '}'];
  const inlineArray = isArray && layout.jackson === true;
  const inner = layout.indent === undefined || inlineArray ? margin : margin + layout.indent;
  const parts = isArray
    ? json.items.map((item) => writeJson(item, layout, inner))
    : json.members.map(([key, value]) => key + layout.colon + writeJson(value, layout, inner));
  if (parts.length === 0) return layout.jackson === true ? `${open} ${close}` : open + close;
  if (inlineArray) return `[ ${parts.join(', ')} ]`;
  if (layout.indent === undefined)
    return open + layout.inside + parts.join(layout.comma) + layout.inside + close;
  const lineStart = layout.lineFeed + inner;
  return open + lineStart + parts.join(layout.comma + lineStart) + layout.lineFeed + margin + close;
};

/** The layout in which the text was written, if it is one of the table. */
export const detectLayout = (json: JsonText, text: string): JsonLayout | undefined =>
  jsonLayouts.find((layout) => writeJson(json, layout) === text);
