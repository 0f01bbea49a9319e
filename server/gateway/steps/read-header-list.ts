import type { Finding } from '../../domain/contract/finding.ts';
import { clipText } from '../../problems/clip-text.ts';
import { nearestWord } from '../../problems/did-you-mean.ts';
import {
  type HeaderPairs,
  type ListHeader,
  listKeys,
  meantKey,
  readHeaderPairs,
} from '../../protocol/header-pairs.ts';
import type { Exchange } from '../exchange.ts';
import { refuseWithMessage } from '../refusal.ts';

export interface HeaderList {
  readonly pairs: HeaderPairs;
  /** What to append to the message about a missing key; empty when no unknown key looks like it. */
  readonly didYouMean: (key: string) => string;
}

/**
 * Reads a list of key=value pairs; unknown keys are ignored, each with a finding (register G-10).
 */
export const readList = (value: string, title: ListHeader, exchange: Exchange): HeaderList => {
  const { pairs, faults } = readHeaderPairs(value);
  if (faults.length > 0)
    throw refuseWithMessage('PARAM_ILLEGAL', 'G-02', `${title} header: ${faults.join('; ')}`);
  const known: readonly string[] = listKeys[title];
  const unknown = [...pairs.keys()].filter((key) => !known.includes(key));
  exchange.addFindings(...unknown.slice(0, mostFindings).map((key) => unknownKey(key, title)));
  return {
    pairs,
    didYouMean: (missing) => {
      const key = unknown.slice(0, mostFindings).find((one) => nearestKey(one, title) === missing);
      return key === undefined
        ? ''
        : `, but an unknown key "${clip(key)}". Did you mean "${missing}"?`;
    },
  };
};

/** A header may hold thousands of keys; the first few say what is wrong. */
const mostFindings = 8;

const nearestKey = (key: string, title: ListHeader): string | undefined =>
  meantKey(key, title) ?? nearestWord(key.slice(0, 40), listKeys[title]);

const unknownKey = (key: string, title: ListHeader): Finding => {
  const nearest = nearestKey(key, title);
  const remedy = nearest === undefined ? '' : `. Did you mean "${nearest}"?`;
  return {
    id: 'HEADER_KEY_UNKNOWN',
    sentence: `${title} header: unknown key "${clip(key)}" is ignored${remedy}`,
    register: 'G-10',
  };
};

const clip = (text: string): string => clipText(text, 24);

export const keyVersionZero = (title: ListHeader): Finding => ({
  id: 'KEY_VERSION_ZERO',
  sentence: `${title} header: keyVersion=0 means the newest active key here; versions start at 1`,
  register: 'G-10',
});
