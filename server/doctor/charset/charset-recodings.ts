import { TextDecoder } from 'node:util';
import type { BodyContent } from '../content.ts';
import { encodeLegacy, encodeOneByte } from './legacy-charset.ts';

export interface Recoding {
  readonly detail: string;
  readonly recode: (text: string) => BodyContent;
}

const decoders = new Map<string, TextDecoder>();

const decoderFor = (charset: string): TextDecoder => {
  const decoder = decoders.get(charset) ?? new TextDecoder(charset);
  decoders.set(charset, decoder);
  return decoder;
};

const lossy = (bytes: Buffer, charset: string): string => decoderFor(charset).decode(bytes);

/** How a text that was sent as UTF-8 may have become other bytes for signing. */
export const recodings: readonly Recoding[] = [
  { detail: 'GBK', recode: (text) => encodeLegacy(text, 'gbk') },
  { detail: 'Big5', recode: (text) => encodeLegacy(text, 'big5') },
  { detail: 'US-ASCII, every other character as "?"', recode: (text) => encodeOneByte(text, 0x7f) },
  {
    detail: 'US-ASCII, "?" for each half of a surrogate pair',
    recode: (text) => text.replace(/[\u0080-\uffff]/g, '?'),
  },
  { detail: 'ISO-8859-1, what it lacks as "?"', recode: (text) => encodeOneByte(text, 0xff) },
  { detail: 'low byte of each UTF-16 unit', recode: (text) => Buffer.from(text, 'latin1') },
  {
    detail: 'UTF-8 bytes read as ISO-8859-1 and encoded again',
    recode: (text) => Buffer.from(text).toString('latin1'),
  },
  {
    detail: 'UTF-8 bytes read as Windows-1252 and encoded again',
    recode: (text) => lossy(Buffer.from(text), 'windows-1252'),
  },
  {
    detail: 'UTF-8 bytes read as GBK and encoded again',
    recode: (text) => lossy(Buffer.from(text), 'gbk'),
  },
  {
    detail: 'UTF-8 bytes read as Big5 and encoded again',
    recode: (text) => lossy(Buffer.from(text), 'big5'),
  },
  {
    detail: 'UTF-8 bytes read as US-ASCII',
    recode: (text) =>
      Buffer.from(text)
        .toString('latin1')
        .replace(/[\u0080-\u00ff]/g, '\ufffd'),
  },
  {
    detail: 'every other character left out',
    recode: (text) => text.replace(/[\u0080-\uffff]/g, ''),
  },
  { detail: 'Unicode form NFC', recode: (text) => text.normalize('NFC') },
  { detail: 'Unicode form NFD', recode: (text) => text.normalize('NFD') },
];

/** The first ones are worth crossing with other mistakes. */
export const frequentRecodings = recodings.slice(0, 3);

/**
 * How bytes that were sent in another charset may have been UTF-8, or been damaged, for signing.
 */
export const decodings: readonly {
  readonly detail: string;
  readonly decode: (bytes: Buffer) => string;
}[] = [
  { detail: 'sent as GBK, signed as UTF-8', decode: (bytes) => lossy(bytes, 'gbk') },
  { detail: 'sent as Big5, signed as UTF-8', decode: (bytes) => lossy(bytes, 'big5') },
  { detail: 'sent as ISO-8859-1, signed as UTF-8', decode: (bytes) => bytes.toString('latin1') },
  {
    detail: 'sent as Windows-1252, signed as UTF-8',
    decode: (bytes) => lossy(bytes, 'windows-1252'),
  },
  {
    detail: 'bytes that are no UTF-8 replaced by U+FFFD',
    decode: (bytes) => lossy(bytes, 'utf-8'),
  },
];
