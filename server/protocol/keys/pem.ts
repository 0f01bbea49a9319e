/** One value of a DER structure. */
export interface DerValue {
  readonly tag: number;
  /** With tag and length. */
  readonly whole: Buffer;
  readonly content: Buffer;
}

export const derTags = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  sequence: 0x30,
} as const;

/** The values inside a structure, one level deep; empty when the bytes are not DER. */
export const derChildren = (structure: Buffer): readonly DerValue[] => {
  const outer = readDerValue(structure);
  return outer === undefined ? [] : readDerValues(outer.content);
};

/** The bytes of the first value without what follows it; undefined when they are not all there. */
export const derValue = (bytes: Buffer): Buffer | undefined => readDerValue(bytes)?.whole;

/**
 * How many bytes a value should have, by its own length field; undefined where that cannot be read.
 */
export const derLength = (bytes: Buffer): number | undefined => {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) return undefined;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (lengthBytes > 4 || first === 0x80 || bytes.length < 2 + lengthBytes) return undefined;
  return 2 + lengthBytes + (lengthBytes === 0 ? first : bytes.readUIntBE(2, lengthBytes));
};

const readDerValues = (bytes: Buffer): DerValue[] => {
  const values: DerValue[] = [];
  for (let rest = bytes; rest.length > 0; ) {
    const value = readDerValue(rest);
    if (value === undefined) return [];
    values.push(value);
    rest = rest.subarray(value.whole.length);
  }
  return values;
};

const readDerValue = (bytes: Buffer): DerValue | undefined => {
  const [tag = 0, first = 0] = bytes;
  const length = derLength(bytes);
  if (length === undefined || bytes.length < length) return undefined;
  const start = 2 + (first < 0x80 ? 0 : first & 0x7f);
  return { tag, whole: bytes.subarray(0, length), content: bytes.subarray(start, length) };
};

/** Bytes that may be a key, decoded from what a file, a variable or a request holds. */
export interface KeyBytes {
  /** The label of the PEM block in capitals; undefined for DER and bare base64. */
  readonly label: string | undefined;
  readonly der: Buffer;
}

/** What is wrong with a key, and what to do about it. */
export interface KeyProblem {
  readonly message: string;
  readonly remedy: string;
}

/**
 * Decodes a key's text to DER: its own bytes, its PEM blocks, or the bytes of its bare base64.
 * Reads what environment variables, `.env` files, JSON and Windows shells make of a key: literal
 * `\n`,
 * `NAME="…"`, quotation marks, base64url, base64 of a whole PEM file, labels in lower case.
 */
export const decodePem = (bytes: Buffer): readonly KeyBytes[] => {
  if (isDer(bytes)) return [{ label: undefined, der: bytes }];
  const text = keyText(bytes);
  const blocks = [...text.matchAll(pemBlock)];
  if (blocks.length > 0) {
    return blocks.map(([, label, content]) => ({
      label: label?.toUpperCase(),
      der: decodeAnyBase64(withoutHeaders(content ?? '')),
    }));
  }
  if (/-{2,} ?(?:BEGIN|END) [A-Z]/i.test(text)) return [];
  const der = decodeAnyBase64(bareValue(text));
  // A Kubernetes secret, or `base64 key.pem`: the PEM file itself is what was encoded.
  if (/^\W*-----BEGIN/.test(der.toString('latin1'))) return decodePem(der);
  return [{ label: undefined, der }];
};

/** Decodes a key's bytes to text, with escapes replaced by their characters. */
export const keyText = (bytes: Buffer): string => unescapeText(unquoteJson(decodeFileText(bytes)));

/**
 * Names what keeps a text from being read as PEM or base64: a missing dash, labels that differ,
 * an end that is cut off, characters that are not base64.
 * @returns undefined when the encoding is not at fault
 */
export const pemProblem = (bytes: Buffer): KeyProblem | undefined => {
  const text = isDer(bytes) ? '' : keyText(bytes);
  const markers = [...text.matchAll(marker)].map(readMarker);
  return (
    markers.map(dashProblem).find((problem) => problem !== undefined) ??
    pairProblem(markers) ??
    characterProblem(text, markers.length > 0) ??
    lengthProblem(bytes)
  );
};

const pemBlock = /-{5,} ?BEGIN ([A-Z0-9 ]+?) ?-{5,}([\s\S]*?)-{5,} ?END \1 ?-{5,}/gi;

const isDer = (bytes: Buffer): boolean => bytes[0] === 0x30;

/**
 * Windows shells write UTF-16, mostly with a byte order mark; ASCII in it has a zero in every other
 * byte.
 */
const decodeFileText = (bytes: Buffer): string => {
  const [first, second] = bytes;
  const isLittle = (first === 0xff && second === 0xfe) || (first !== 0 && second === 0);
  const isBig = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0);
  if (isLittle) return withoutMark(bytes.toString('utf16le'));
  if (!isBig) return withoutMark(bytes.toString('utf8')).replaceAll('\0', '');
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  return withoutMark(Buffer.from(even).swap16().toString('utf16le'));
};

/** The mark of UTF-16 that was read as UTF-8 has become two replacement characters. */
const withoutMark = (text: string): string => text.replace(/^(?:\uFEFF|\uFFFD{2})/, '');

const unquoteJson = (text: string): string => {
  if (!/^\s*"[\s\S]*"\s*$/.test(text)) return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : text;
  } catch {
    return text;
  }
};

const character = (hex: string): string => String.fromCharCode(Number.parseInt(hex, 16));

/** Neither a backslash nor a percent sign is part of PEM or base64. */
const unescapeText = (text: string): string =>
  text
    .replace(/\\+u([0-9a-f]{4})/gi, (_all, hex: string) => character(hex))
    .replace(/\\+r\\+n|\\+[nr]/g, '\n')
    .replace(/\\+t/g, ' ')
    .replace(/%([0-9a-f]{2})/gi, (_all, hex: string) => character(hex));

const assignment =
  /^\s*(?:export\s+|set\s+|\$env:)?"?[A-Za-z_][\w.-]*"?\s*[=:]\s*(?:[|>][-+]?\s)?(?=\s*["'`]?[\w+/-]{16})/im;

/** The value of a `NAME="…"` line, or the text itself; without comment lines. */
const bareValue = (text: string): string => {
  const lines = text.replace(/^\s*#.*$/gm, '');
  const found = assignment.exec(lines);
  const value = (found === null ? lines : lines.slice(found.index + found[0].length)).trim();
  return /^(["'`])([\s\S]*?)\1/.exec(value)?.[2] ?? value;
};

/**
 * Encrypted PEM of the older kind, and some tools, write `Name: value` lines in front of the
 * base64.
 */
const withoutHeaders = (content: string): string => content.replace(/^[\w-]+:.*$/gm, '');

/** base64url is read as well; Node takes both alphabets. */
const decodeAnyBase64 = (text: string): Buffer =>
  Buffer.from(text.replace(/[^\w+/=-]/g, ''), 'base64');

const dashes = '[-\\u2010-\\u2015\\u2212\\uFE58\\uFF0D]*';
const label = '((?:[A-Z0-9]+ )*?(?:KEY|CERTIFICATE|REQUEST|PARAMETERS)|[A-Z0-9]+(?: [A-Z0-9]+)*)';
const marker = new RegExp(`(${dashes}) ?(?<![A-Z0-9+/])(BEGIN|END) ${label} ?(${dashes})`, 'gi');

interface Marker {
  readonly line: string;
  readonly word: string;
  readonly label: string;
  readonly before: string;
  readonly after: string;
}

const readMarker = ([
  line,
  before = '',
  word = '',
  name = '',
  after = '',
]: RegExpExecArray): Marker => ({
  line: line.trim(),
  before,
  word: word.toUpperCase(),
  label: name.toUpperCase(),
  after,
});

const dashProblem = ({ line, word, before, after }: Marker): KeyProblem | undefined => {
  const remedy = `Write the line with five hyphens on each side: -----${word} …-----.`;
  if (/[^-]/.test(before + after))
    return { message: `has "${line}", with typographic dashes in place of hyphens`, remedy };
  if (before.length < 5)
    return {
      message: `has "${line}", with ${before.length} dashes before ${word} instead of five`,
      remedy,
    };
  if (after.length < 5)
    return {
      message: `has "${line}", with ${after.length} dashes at its end instead of five`,
      remedy,
    };
  return undefined;
};

const pairProblem = (markers: readonly Marker[]): KeyProblem | undefined => {
  const begin = markers.find(({ word }) => word === 'BEGIN');
  const end = markers.find(({ word }) => word === 'END');
  const remedy = 'Copy the whole file, from its BEGIN line to its END line.';
  if (begin !== undefined && end === undefined)
    return {
      message: `has a BEGIN ${begin.label} line and no END line: its end is cut off`,
      remedy,
    };
  if (begin === undefined && end !== undefined)
    return {
      message: `has an END ${end.label} line and no BEGIN line: its start is cut off`,
      remedy,
    };
  if (begin === undefined || end === undefined || begin.label === end.label) return undefined;
  return {
    message: `has labels that differ: BEGIN ${begin.label} and END ${end.label}`,
    remedy: 'Give both lines the label of what they hold, or copy the key again.',
  };
};

const characterProblem = (text: string, isPem: boolean): KeyProblem | undefined => {
  const content = isPem
    ? withoutHeaders([...text.matchAll(pemBlock)][0]?.[2] ?? '')
    : bareValue(text);
  if (isPem && content.trim() === '')
    return {
      message: 'has nothing between its BEGIN and END lines',
      remedy: 'Copy the whole file, from its BEGIN line to its END line.',
    };
  // Prose and other formats are not base64 with a slip in it.
  if (!/^\s*["']?M[A-Za-z]/.test(content)) return undefined;
  const odd = /[^\w+/=\s"'`;,-]/u.exec(content)?.[0];
  if (odd === undefined) return undefined;
  return {
    message: `has the character "${odd}" in its base64`,
    remedy: 'Copy the key again, whole: base64 has letters, digits, "+", "/" and "=".',
  };
};

const lengthProblem = (bytes: Buffer): KeyProblem | undefined => {
  const cut = decodePem(bytes).find(({ der }) => (derLength(der) ?? 0) > der.length && isDer(der));
  if (cut === undefined) return undefined;
  return {
    message: `is cut off: it has ${cut.der.length} of ${derLength(cut.der)} bytes`,
    remedy: 'Copy it again, whole: a terminal, a form or a variable may have cut the line.',
  };
};
