import type { Blame } from '../finding.ts';
import type { JsonText } from './json-text.ts';

/** A change to JSON, by its meaning or by its spelling. */
export interface JsonRewriting {
  readonly blames: readonly Blame[];
  /** Tried together with other changes, not only alone. */
  readonly frequent: boolean;
  /** Other members, or in another order. */
  readonly tree?: (json: JsonText) => JsonText;
  /** Other spellings of keys and values in a text of any layout, which stays as it is. */
  readonly text?: (text: string) => string;
}

/** In a text that is JSON. */
export const jsonString = /"[^"\\]*(?:\\.[^"\\]*)*"/g;
export const jsonScalar = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;
