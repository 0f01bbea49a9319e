import { clipText } from '../../problems/display-text.ts';
import { decodeBase64 } from '../../protocol/headers.ts';
import { type Suspicion, suspect } from '../catalogue/mistakes.ts';
import type { BodyVariant } from './hypothesis.ts';
import {
  compact,
  droppings,
  type JsonLayout,
  type JsonRewriting,
  type JsonText,
  jsonLayouts,
  keyOrders,
  type ParsedJsonBody,
  parsedString,
  readJsonText,
  someScalar,
  writeJsonText,
} from './json-body.ts';
import { numberForms, oneNumberChanged, programDefaults, stringForms } from './json-spellings.ts';

/**
 * Families of rewritings. Those of the tree come first: in a pair of families they are done before
 * the text is written.
 */
const rewritings: readonly (readonly JsonRewriting[])[] = [
  keyOrders,
  droppings,
  stringForms,
  numberForms,
];
const frequentRewritings = rewritings.map((family) => family.filter(({ frequent }) => frequent));

/** One change to the JSON. */
export function* jsonVariants(body: ParsedJsonBody): Generator<BodyVariant> {
  for (const layout of jsonLayouts) yield* inLayout(body, layout);
  yield* brokenLines(body);
  yield* rewritten(body, rewritings.flat());
  yield* stringifyValues(body);
  for (const { suspicions, print } of printings) yield { suspicions, body: print(body.json) };
}

/** The bytes of the body, printed: nothing else happens to them. */
export function* printedBytes(text: string): Generator<BodyVariant> {
  for (const { detail, print } of bytePrintings)
    yield { suspicions: [suspect('BODY_OBJECT_PRINTED', detail)], body: print(text) };
}

/**
 * One number of the JSON written differently; dearer than the changes that go through all of it.
 */
export function* oneNumberVariants(body: ParsedJsonBody): Generator<BodyVariant> {
  const seen = new Set<string>();
  for (const { text, detail } of oneNumberChanged(body.core)) {
    if (seen.size < seen.add(text).size)
      yield {
        suspicions: [suspect('BODY_REFORMATTED', detail)],
        body: body.start + text + body.end,
      };
  }
}

const minPartLength = 2;
const maxParts = 24;

/**
 * One text of the JSON signed in the place of the whole: what was encrypted, or a payload that was
 * wrapped afterwards.
 */
export function* partVariants({ json }: ParsedJsonBody): Generator<BodyVariant> {
  const parts = new Set<string>();
  someScalar(json, (scalar) => {
    const text = parsedString(scalar);
    if (text.length >= minPartLength) parts.add(text);
    return parts.size === maxParts;
  });
  for (const part of parts)
    yield {
      suspicions: [
        suspect(
          isWholeBlocks(part) ? 'ENC_BODY_IN_JSON' : 'BODY_PART_SIGNED',
          'one value of the JSON',
        ),
      ],
      body: part,
    };
  if (json.kind !== 'object') return;
  for (const [key, value] of json.members) {
    if (value.kind === 'scalar') continue;
    yield {
      suspicions: [suspect('BODY_PART_SIGNED', `the value of ${clipText(key, 40)}`)],
      body: writeJsonText(value, compact),
    };
  }
}

const maxMembers = 24;

/** A field that was added after signing, such as a time or the request id. */
export function* withoutOneField(body: ParsedJsonBody): Generator<BodyVariant> {
  const { json, usualLayout } = body;
  if (json.kind !== 'object' || json.members.length < 2) return;
  for (const [index, [key]] of json.members.slice(0, maxMembers).entries()) {
    const members = json.members.toSpliced(index, 1);
    const core = writeJsonText({ kind: 'object', members }, usualLayout);
    yield* asSent(body, [suspect('BODY_FIELD_ADDED', clipText(key, 40))], core);
  }
}

/** Base64 of whole AES blocks. */
const isWholeBlocks = (text: string): boolean => {
  const bytes = decodeBase64(text);
  return bytes !== undefined && bytes.length >= 16 && bytes.length % 16 === 0;
};

function* rewritten(body: ParsedJsonBody, among: readonly JsonRewriting[]): Generator<BodyVariant> {
  for (const rewriting of among) {
    const core = body.rewritten(rewriting);
    if (core !== undefined) yield* asSent(body, rewriting.suspicions, core);
  }
}

/** A rewritten body, with and without the white space that was sent around it. */
function* asSent(
  { text, start, end }: ParsedJsonBody,
  suspicions: readonly Suspicion[],
  core: string,
): Generator<BodyVariant> {
  const whole = start + core + end;
  if (whole !== text) yield { suspicions, body: whole };
  if (core !== text && core !== whole)
    yield {
      suspicions: start.startsWith('\ufeff')
        ? [...suspicions, suspect('BODY_BOM', 'sent, not signed')]
        : suspicions,
      body: core,
    };
}

const stripSpaces = (text: string): string => text.replace(/[\r\n]+/g, '');

/** Comparing the beginning first rejects nearly all texts. */
const isStripped = (text: string, core: string): boolean =>
  text.startsWith(stripSpaces(core.slice(0, 16))) && stripSpaces(core) === text;

/**
 * Taking the line breaks out of the layout gives what was sent: that names the mistake more exactly
 * than the layout does.
 */
const layoutSuspicion = (
  { text }: ParsedJsonBody,
  core: string,
  { name }: JsonLayout,
): Suspicion =>
  core.includes('\n') && isStripped(text, core)
    ? suspect('BODY_LINE_BREAKS_STRIPPED', name)
    : suspect('BODY_REFORMATTED', name);

function* inLayout(body: ParsedJsonBody, layout: JsonLayout): Generator<BodyVariant> {
  // Sent in this layout already: only the white space around it can differ, and that is another
  // finding.
  if (layout.name === body.layout?.name) return;
  const core = body.inLayout(layout);
  const found = layoutSuspicion(body, core, layout);
  // First, because the one without is tried with a line feed after it too, as two mistakes.
  if (body.end === '' && found.mistake === 'BODY_LINE_BREAKS_STRIPPED')
    yield { suspicions: [found], body: core + layout.lineFeed };
  yield* asSent(body, [found], core);
}

/** Line breaks put back where a serialiser sets them, with whatever indentation is still there. */
function* brokenLines({ text, layout }: ParsedJsonBody): Generator<BodyVariant> {
  if (layout !== undefined || /[\r\n]/.test(text)) return;
  for (const lineFeed of ['\n', '\r\n']) {
    const broken = text.replace(
      /"[^"\\]*(?:\\.[^"\\]*)*"|[{[,](?=[ \t])|(?<=[^\s{[,])[ \t]*[}\]]/g,
      (piece) => {
        if (piece.startsWith('"')) return piece;
        return /[{[,]$/.test(piece) ? piece + lineFeed : lineFeed + piece;
      },
    );
    for (const end of [lineFeed, ''])
      yield { suspicions: [suspect('BODY_LINE_BREAKS_STRIPPED')], body: broken + end };
  }
}

function* stringifyValues({ text, json, start, end }: ParsedJsonBody): Generator<BodyVariant> {
  if (json.kind === 'scalar' && json.text.startsWith('"')) {
    yield {
      suspicions: [suspect('BODY_STRINGIFIED_TWICE', 'sent twice encoded, signed once')],
      body: parsedString(json.text),
    };
    return;
  }
  const detail = 'signed twice encoded, sent once';
  const twice = JSON.stringify(text);
  yield { suspicions: [suspect('BODY_STRINGIFIED_TWICE', detail)], body: twice };
  yield {
    suspicions: [suspect('BODY_STRINGIFIED_TWICE', detail)],
    body: start + twice.replaceAll('/', '\\/') + end,
  };
}

/** One value that is JSON text on one of the two ways, and an object or a list on the other. */
export function* oneValueStringified(body: ParsedJsonBody): Generator<BodyVariant> {
  const { json, usualLayout } = body;
  if (json.kind !== 'object') return;
  for (const [index, [key, value]] of json.members.slice(0, maxMembers).entries()) {
    const other = otherSpelling(value);
    if (other === undefined) continue;
    const members = json.members.with(index, [key, other]);
    const detail = `the value of ${clipText(parsedString(key), 40)} alone`;
    yield* asSent(
      body,
      [suspect('BODY_STRINGIFIED_TWICE', detail)],
      writeJsonText({ kind: 'object', members }, usualLayout),
    );
  }
}

const otherSpelling = (value: JsonText): JsonText | undefined => {
  if (value.kind !== 'scalar')
    return { kind: 'scalar', text: JSON.stringify(writeJsonText(value, compact)) };
  const inner = /^"\s*[{[]/.test(value.text) ? readJsonText(parsedString(value.text)) : undefined;
  return inner?.kind === 'scalar' ? undefined : inner;
};

/** One frequent change to the JSON: worth crossing with mistakes before the body. */
export function* frequentJsonVariants(body: ParsedJsonBody): Generator<BodyVariant> {
  for (const layout of jsonLayouts) if (layout.frequent === true) yield* inLayout(body, layout);
  for (const family of frequentRewritings) yield* rewritten(body, family.slice(0, 4));
  for (const { rewriting, layout } of programDefaults)
    yield* asSent(
      body,
      [...rewriting.suspicions, ...layoutSuspicions(body, layout)],
      writtenWith(body, rewriting, layout),
    );
  yield* stringifyValues(body);
}

/**
 * Two changes to the JSON at once: a rewriting with another layout, and with a rewriting of another
 * family.
 */
export function* jsonPairs(body: ParsedJsonBody): Generator<BodyVariant> {
  const layouts = jsonLayouts.filter(
    (layout) => layout.frequent === true && layout !== body.layout,
  );
  const families = frequentRewritings.map((family) => distinctRewritings(body, family));
  for (const [index, family] of families.entries()) {
    const seconds = families.slice(index + 1).flat();
    for (const first of family) {
      for (const layout of layouts) {
        yield* asSent(
          body,
          [...first.suspicions, suspect('BODY_REFORMATTED', layout.name)],
          writtenWith(body, first, layout),
        );
      }
      const once = writtenWith(body, first, body.usualLayout);
      for (const second of seconds)
        yield* asSent(
          body,
          [...first.suspicions, ...second.suspicions],
          writtenAgain(body, first, once, second),
        );
    }
  }
}

/** Those that change the body; where two make the same of it, the first one. */
const distinctRewritings = (
  body: ParsedJsonBody,
  family: readonly JsonRewriting[],
): readonly JsonRewriting[] => {
  const seen = new Set<string | undefined>([undefined]);
  return family.filter((one) => seen.size < seen.add(body.rewritten(one)).size);
};

/**
 * The defaults of another serialiser all at once: sorted keys, escapes beyond ASCII, and its
 * layout.
 */
export function* jsonTriples(body: ParsedJsonBody): Generator<BodyVariant> {
  const layouts = jsonLayouts.filter((layout) => layout.frequent === true);
  const orders = keyOrders.filter((order) => order.frequent && body.rewritten(order) !== undefined);
  const forms = stringForms.filter((form) => form.frequent && body.rewritten(form) !== undefined);
  for (const order of orders) {
    for (const layout of layouts.filter((one) => one !== body.layout)) {
      const text = writeJsonText(body.treeAfter(order), layout);
      for (const form of forms) {
        yield* asSent(
          body,
          [...form.suspicions, suspect('BODY_REFORMATTED', layout.name), ...order.suspicions],
          form.text?.(text) ?? text,
        );
      }
    }
  }
}

const layoutSuspicions = (body: ParsedJsonBody, layout: JsonLayout): readonly Suspicion[] =>
  layout === body.usualLayout ? [] : [suspect('BODY_REFORMATTED', layout.name)];

const identity = <Value>(value: Value): Value => value;

const writtenWith = (
  body: ParsedJsonBody,
  rewriting: JsonRewriting,
  layout: JsonLayout,
): string => {
  const { tree, text = identity } = rewriting;
  return text(
    tree === undefined ? body.inLayout(layout) : writeJsonText(body.treeAfter(rewriting), layout),
  );
};

const writtenAgain = (
  body: ParsedJsonBody,
  first: JsonRewriting,
  once: string,
  { tree, text = identity }: JsonRewriting,
): string =>
  text(tree === undefined ? once : writeJsonText(tree(body.treeAfter(first)), body.usualLayout));

/** What comes out when an object is printed instead of serialised. */
interface Printing {
  readonly suspicions: readonly Suspicion[];
  readonly print: (json: JsonText) => string;
}

const javaMap = (json: JsonText): string => {
  if (json.kind === 'scalar') return parsedString(json.text);
  if (json.kind === 'array') return `[${json.items.map(javaMap).join(', ')}]`;
  return `{${json.members.map(([key, value]) => `${parsedString(key)}=${javaMap(value)}`).join(', ')}}`;
};

const pythonWords: Readonly<Record<string, string>> = {
  null: 'None',
  true: 'True',
  false: 'False',
};

const pythonString = (text: string): string => {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
};

const pythonScalar = (text: string): string =>
  text.startsWith('"') ? pythonString(parsedString(text)) : (pythonWords[text] ?? text);

const pythonDict = (json: JsonText): string => {
  if (json.kind === 'scalar') return pythonScalar(json.text);
  if (json.kind === 'array') return `[${json.items.map(pythonDict).join(', ')}]`;
  return `{${json.members.map(([key, value]) => `${pythonScalar(key)}: ${pythonDict(value)}`).join(', ')}}`;
};

const goMap = (json: JsonText): string => {
  if (json.kind === 'scalar') return json.text === 'null' ? '<nil>' : parsedString(json.text);
  if (json.kind === 'array') return `[${json.items.map(goMap).join(' ')}]`;
  const members = json.members.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `map[${members.map(([key, value]) => `${parsedString(key)}:${goMap(value)}`).join(' ')}]`;
};

const rubyHash =
  (arrow: string) =>
  (json: JsonText): string => {
    if (json.kind === 'scalar') return json.text === 'null' ? 'nil' : json.text;
    if (json.kind === 'array') return `[${json.items.map(rubyHash(arrow)).join(', ')}]`;
    return `{${json.members.map(([key, value]) => `${key}${arrow}${rubyHash(arrow)(value)}`).join(', ')}}`;
  };

/** Bytes as `repr` of Python shows them. */
const pythonBytes = (text: string): string => {
  const bytes = Buffer.from(text).toString('latin1');
  const quote = bytes.includes("'") && !bytes.includes('"') ? '"' : "'";
  const escaped = bytes.replace(/[\\']|[^ -~]/g, (unit) => pythonEscape(unit, quote));
  return `b${quote}${escaped}${quote}`;
};

const pythonEscapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

const pythonEscape = (unit: string, quote: string): string => {
  if (unit === "'") return quote === "'" ? "\\'" : unit;
  return pythonEscapes[unit] ?? `\\x${unit.charCodeAt(0).toString(16).padStart(2, '0')}`;
};

const decimals = Array.from({ length: 256 }, (_, byte) => String(byte));
const signedDecimals = decimals.map((_, byte) => String((byte << 24) >> 24));

/** Looking each byte up takes a fraction of the time that writing it as a number does. */
const joinBytes = (
  text: string,
  separator: string,
  names: readonly string[] = decimals,
): string => {
  let joined = '';
  for (const byte of Buffer.from(text))
    joined += joined === '' ? names[byte] : separator + names[byte];
  return joined;
};

/** What comes out when the bytes of the body are printed instead of decoded. */
const bytePrintings: readonly {
  readonly detail: string;
  readonly print: (text: string) => string;
}[] = [
  { detail: "str() of Python bytes, b'…'", print: pythonBytes },
  { detail: 'str() of a Python bytearray', print: (text) => `bytearray(${pythonBytes(text)})` },
  { detail: 'a Uint8Array joined with commas', print: (text) => joinBytes(text, ',') },
  { detail: 'a Go []byte', print: (text) => `[${joinBytes(text, ' ')}]` },
  {
    detail: 'Arrays.toString of a Java byte[]',
    print: (text) => `[${joinBytes(text, ', ', signedDecimals)}]`,
  },
  {
    detail: 'JSON of a Node Buffer',
    print: (text) => `{"type":"Buffer","data":[${joinBytes(text, ',')}]}`,
  },
];

const printings: readonly Printing[] = [
  { suspicions: [suspect('BODY_OBJECT_PRINTED', 'str() of a Python dict')], print: pythonDict },
  { suspicions: [suspect('BODY_OBJECT_PRINTED', 'toString() of a Java map')], print: javaMap },
  {
    suspicions: [suspect('BODY_OBJECT_PRINTED', 'toString() of a JavaScript object')],
    print: () => '[object Object]',
  },
  { suspicions: [suspect('BODY_OBJECT_PRINTED', 'a Go map')], print: goMap },
  { suspicions: [suspect('BODY_OBJECT_PRINTED', 'a Ruby hash')], print: rubyHash('=>') },
  { suspicions: [suspect('BODY_OBJECT_PRINTED', 'a Ruby hash')], print: rubyHash(' => ') },
  { suspicions: [suspect('BODY_OBJECT_PRINTED', 'a PHP array')], print: () => 'Array' },
  {
    suspicions: [suspect('BODY_OBJECT_PRINTED', 'a C# dictionary')],
    print: () => 'System.Collections.Generic.Dictionary`2[System.String,System.Object]',
  },
];
