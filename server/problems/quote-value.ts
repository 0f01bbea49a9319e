import { clipText } from './clip-text.ts';

const maxLength = 40;

/** A value as it was written, for "(got …)": cut where it is long. */
export const quoteValue = (value: unknown): string => clip(textOf(value));

const textOf = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return JSON.stringify(value) ?? String(value);
};

const clip = (text: string): string => {
  const clipped = clipText(text, maxLength);
  return clipped !== text && text.startsWith('"') ? `${clipText(text, maxLength - 3)}"` : clipped;
};
