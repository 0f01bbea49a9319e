import { decodeBase64, decodeUrlText } from '../../protocol/encodings.ts';
import type { FindingId } from '../catalogue/findings.ts';

/**
 * One way to read one layer of the value. `finding` is absent for the right way; undefined means:
 * does not apply here.
 */
export interface LayerReading<Result> {
  readonly finding?: FindingId;
  readonly read: (text: string) => Result | undefined;
}

const when = (applies: boolean, result: string | undefined): string | undefined =>
  applies ? result : undefined;

const quotes = /^\\?["'](.*?)\\?["']$/s;
const unquote = (text: string): string | undefined => quotes.exec(text)?.[1];

const plainPercent = (text: string): string | undefined =>
  decodeUrlText(text.replaceAll('+', '%2B'));
const twice = (text: string): string | undefined => {
  const once = decodeUrlText(text);
  return once === undefined ? undefined : plainPercent(once);
};

/** The layers from the outside in. Every row of one layer is crossed with every row of the next. */
export const outerQuotes: readonly LayerReading<string>[] = [
  { read: (text) => text },
  { finding: 'SIG_QUOTED', read: unquote },
];

export const percentEncoding: readonly LayerReading<string>[] = [
  { read: (text) => when(!/[+=\s]/.test(text), decodeUrlText(text)) },
  // The URL-safe alphabet is meant to stand in a header as it is: its bare "=" is part of that one
  // mistake.
  { read: (text) => when(/^[A-Za-z0-9_-]*[-_][A-Za-z0-9_-]*=+$/.test(text), text) },
  {
    finding: 'SIG_NOT_URL_ENCODED',
    read: (text) => when(/[+=]/.test(text) && !text.includes(' '), plainPercent(text)),
  },
  {
    finding: 'SIG_PLUS_BECAME_BLANK',
    read: (text) => when(/ |%20/.test(text), plainPercent(text)?.replaceAll(' ', '+')),
  },
  {
    finding: 'SIG_LINE_WRAPPED',
    read: (text) => when(/\s/.test(text), plainPercent(text.replace(/\s+/g, ''))),
  },
  { finding: 'SIG_URL_ENCODED_TWICE', read: (text) => when(/%25/.test(text), twice(text)) },
  {
    finding: 'SIG_URL_ENCODED_TWICE',
    read: (text) => when(/%2525/.test(text), decodeUrlText(twice(text) ?? '')),
  },
];

export const innerText: readonly LayerReading<string>[] = [
  { read: (text) => text },
  { finding: 'SIG_QUOTED', read: unquote },
  {
    finding: 'SIG_LINE_WRAPPED',
    read: (text) => when(/\s|\\[rn]/.test(text), text.replace(/\s+|\\r|\\n/g, '')),
  },
];

const base64Url = (text: string): Buffer | undefined =>
  /^[A-Za-z0-9_-]+=*$/.test(text) && /[-_]/.test(text)
    ? decodeBase64(addPadding(text.replaceAll('-', '+').replaceAll('_', '/')))
    : undefined;

/** Base64 text whose "=" signs at the end are missing or too few. */
const addPadding = (text: string): string => {
  const bare = text.replace(/=+$/, '');
  return bare.padEnd(Math.ceil(bare.length / 4) * 4, '=');
};

const hex = (text: string): Buffer | undefined => {
  const digits = text.replace(/^0x/i, '').replaceAll(':', '');
  return digits.length % 2 === 0 && /^[0-9a-f]+$/i.test(digits)
    ? Buffer.from(digits, 'hex')
    : undefined;
};

const base64Twice = (text: string): Buffer | undefined => {
  const inner = decodeBase64(addPadding(text))?.toString('latin1');
  return inner === undefined
    ? undefined
    : decodeBase64(
        addPadding((decodeUrlText(inner.replaceAll('+', '%2B')) ?? inner).replace(/\s+/g, '')),
      );
};

const removePadding = (text: string): Buffer | undefined =>
  text.endsWith('=') && text.length % 4 === 0 ? undefined : decodeBase64(addPadding(text));

export const bytesForm: readonly LayerReading<Buffer>[] = [
  { read: decodeBase64 },
  { finding: 'SIG_BASE64URL', read: base64Url },
  { finding: 'SIG_HEX', read: hex },
  { finding: 'SIG_BASE64_TWICE', read: base64Twice },
  { finding: 'SIG_TRUNCATED', read: removePadding },
];
