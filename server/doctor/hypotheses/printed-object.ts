import { type Suspicion, suspect } from '../catalogue/mistakes.ts';
import { type JsonText, parsedString } from './json-text.ts';

/** What comes out when an object is printed instead of serialised. */
export interface Printing {
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
export const bytePrintings: readonly {
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

export const printings: readonly Printing[] = [
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
