import { InvalidArgumentError } from 'commander';

/** Reads a whole number of an option. A parser for commander, which adds the option's name. */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    if (/^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max) return Number(text);
    throw new InvalidArgumentError(`Write a whole number from ${min} to ${max}.`);
  };

/** The version of a key, as the `keyVersion` of a Signature header names it. */
export const keyVersionNumber = wholeNumber(1, 999_999_999);

/** Reads the address of a server. */
export const serverUrl = (text: string): string => {
  if (/^https?:\/\/[^/]/i.test(text) && URL.canParse(text)) return text;
  const guess = `http://${text}`;
  const isHostAndPort = /^[\w.-]+:\d+(\/|$)/.test(text) && URL.canParse(guess);
  const example = isHostAndPort ? guess : 'http://127.0.0.1:8852';
  throw new InvalidArgumentError(`Write an address with its scheme, e.g. ${example}.`);
};

/** Reads a time as the admin API takes it. */
export const moment = (text: string): string => {
  if (/^\d{5,16}$/.test(text)) return text;
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError(
    'Write e.g. 2026-08-01T00:00:00+08:00, or milliseconds since 1970.',
  );
};

/** Gathers result statuses of an option that may be repeated. */
export const resultStatus = (
  text: string,
  before: readonly string[] | undefined,
): readonly string[] => {
  const status = text.toUpperCase();
  if (['S', 'F', 'U'].includes(status)) return [...(before ?? []), status];
  throw new InvalidArgumentError('Write S, F or U.');
};
