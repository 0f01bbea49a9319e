import type { BodyVariant } from '../content.ts';
import { type Blame, blame } from '../finding.ts';
import { stringRewritings } from '../json/json-escapes.ts';
import { compact, type JsonLayout, jsonLayouts, layoutOf, writeJson } from '../json/json-layouts.ts';
import { droppings, keyOrders, numberForms, scalarRewriting, type TreeRewriting } from '../json/json-reorderings.ts';
import { type JsonText, parsedString, readJsonText } from '../json/json-text.ts';
import { printings } from '../json/printed-object.ts';

/** A body that is JSON, read once for all hypotheses. */
export interface JsonBody {
  readonly text: string;
  readonly json: JsonText;
  /** White space around the JSON. */
  readonly start: string;
  readonly end: string;
  /** The layout it was sent in; undefined when it is none that we know. */
  readonly layout: JsonLayout | undefined;
}

export const readJsonBody = (text: string): JsonBody | undefined => {
  const core = text.replace(/^\uFEFF/, '').trim();
  const json = core === '' ? undefined : readJsonText(core);
  if (json === undefined) return undefined;
  const at = text.indexOf(core);
  return { text, json, start: text.slice(0, at), end: text.slice(at + core.length), layout: layoutOf(json, core) };
};

const stringForms: readonly TreeRewriting[] = stringRewritings.map(({ blames, rewrite }) => scalarRewriting(blames, inString(rewrite)));

const treeRewritings: readonly TreeRewriting[] = [...keyOrders, ...droppings, ...stringForms, ...numberForms];

/** The usual ones, for pairs. */
const frequentRewritings: readonly (readonly TreeRewriting[])[] = [
  keyOrders.slice(0, 2),
  droppings.slice(0, 3),
  stringForms.filter((_, index) => stringRewritings[index]?.frequent === true),
  numberForms.slice(0, 4),
];

function inString(rewrite: (text: string) => string): (text: string) => string {
  return (text) => (text.startsWith('"') ? rewrite(text) : text);
}

/** One change to the JSON. */
export function* jsonVariants(body: JsonBody): Generator<BodyVariant> {
  for (const layout of jsonLayouts) yield* inLayout(body, layout);
  yield* brokenLines(body);
  for (const rewriting of treeRewritings) yield* rewritten(body, rewriting);
  yield* stringified(body);
  for (const { blames, print } of printings) yield { blames, body: print(body.json) };
}

const scalars = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/** One rewriting, in the layout that was sent where it can be kept. A rewriting that changes nothing is no hypothesis. */
function* rewritten(body: JsonBody, { blames, rewrite, scalar }: TreeRewriting): Generator<BodyVariant> {
  if (body.layout === undefined && scalar !== undefined) {
    const text = body.text.replace(scalars, scalar);
    if (text !== body.text) yield { blames, body: text };
    return;
  }
  const json = rewrite(body.json);
  const layout = body.layout ?? compact;
  if (writeJson(json, layout) !== writeJson(body.json, layout)) yield* asSent(body, blames, writeJson(json, layout));
}

/** A rewritten body, with and without the white space that was sent around it. */
function* asSent({ text, start, end }: JsonBody, blames: readonly Blame[], core: string): Generator<BodyVariant> {
  const whole = start + core + end;
  if (whole !== text) yield { blames, body: whole };
  if (core !== text && core !== whole)
    yield { blames: start.startsWith('\ufeff') ? [...blames, blame('BODY_BOM', 'sent, not signed')] : blames, body: core };
}

const stripped = (text: string): string => text.replace(/[\r\n]+/g, '');

/** Taking the line breaks out of the layout gives what was sent: that names the mistake more exactly than the layout does. */
const layoutBlame = ({ text }: JsonBody, core: string, { name }: JsonLayout): Blame =>
  core.includes('\n') && stripped(core) === text ? blame('BODY_LINE_BREAKS_STRIPPED', name) : blame('BODY_REFORMATTED', name);

function* inLayout(body: JsonBody, layout: JsonLayout): Generator<BodyVariant> {
  // Sent in this layout already: only the white space around it can differ, and that is another finding.
  if (layout.name === body.layout?.name) return;
  const core = writeJson(body.json, layout);
  const found = layoutBlame(body, core, layout);
  yield* asSent(body, [found], core);
  if (body.end === '' && found.finding === 'BODY_LINE_BREAKS_STRIPPED') {
    yield { blames: [found], body: core + layout.lineFeed };
  }
}

/** Line breaks put back where a serialiser sets them, with whatever indentation is still there. */
function* brokenLines({ text, layout }: JsonBody): Generator<BodyVariant> {
  if (layout !== undefined || /[\r\n]/.test(text)) return;
  for (const lineFeed of ['\n', '\r\n']) {
    const broken = text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|[{[,](?=[ \t])|(?<=[^\s{[,])[ \t]*[}\]]/g, (piece) => {
      if (piece.startsWith('"')) return piece;
      return /[{[,]$/.test(piece) ? piece + lineFeed : lineFeed + piece;
    });
    for (const end of ['', lineFeed]) yield { blames: [blame('BODY_LINE_BREAKS_STRIPPED')], body: broken + end };
  }
}

function* stringified({ text, json, start, end }: JsonBody): Generator<BodyVariant> {
  if (json.kind === 'scalar' && json.text.startsWith('"')) {
    yield { blames: [blame('BODY_STRINGIFIED_TWICE', 'sent twice encoded, signed once')], body: parsedString(json.text) };
    return;
  }
  const detail = 'signed twice encoded, sent once';
  const twice = JSON.stringify(text);
  yield { blames: [blame('BODY_STRINGIFIED_TWICE', detail)], body: twice };
  yield { blames: [blame('BODY_STRINGIFIED_TWICE', detail)], body: start + twice.replaceAll('/', '\\/') + end };
}

/** One frequent change to the JSON: worth crossing with mistakes before the body. */
export function* frequentJsonVariants(body: JsonBody): Generator<BodyVariant> {
  for (const layout of jsonLayouts) if (layout.frequent === true) yield* inLayout(body, layout);
  for (const kind of frequentRewritings) for (const rewriting of kind.slice(0, 4)) yield* rewritten(body, rewriting);
  yield* stringified(body);
}

/** Two changes to the JSON at once, and either with a line feed behind it. */
export function* jsonPairs(body: JsonBody): Generator<BodyVariant> {
  yield* withLineFeed(body);
  const plain = writeJson(body.json, compact);
  const layouts = jsonLayouts.filter(({ frequent, name }) => frequent === true && name !== body.layout?.name);
  for (const [index, kind] of frequentRewritings.entries()) {
    for (const first of kind) {
      const json = first.rewrite(body.json);
      if (writeJson(json, compact) === plain) continue;
      for (const layout of layouts) {
        yield* asSent(body, [...first.blames, blame('BODY_REFORMATTED', layout.name)], writeJson(json, layout));
      }
      for (const second of frequentRewritings.slice(index + 1).flat()) {
        yield* asSent(body, [...first.blames, ...second.blames], writeJson(second.rewrite(json), body.layout ?? compact));
      }
    }
  }
}

function* withLineFeed(body: JsonBody): Generator<BodyVariant> {
  if (body.end !== '') return;
  const newline = blame('BODY_NEWLINE_SIGNED');
  for (const { blames, body: text } of jsonVariants(body)) {
    if (typeof text === 'string') yield { blames: [...blames, newline], body: `${text}\n` };
  }
}
