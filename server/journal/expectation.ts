import type { PatternMeter } from '../domain/scenarios/pattern.ts';
import { type ExchangeQuery, type ReadyQuery, readyQuery } from './exchange-query.ts';

/** Exchanges that should have come. How many: exactly one when nothing is said. */
export interface Expectation {
  readonly exchange: ExchangeQuery;
  readonly exactly?: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** An expectation, ready to be held against many exchanges. */
export interface ReadyExpectation {
  readonly query: ReadyQuery;
  readonly least: number;
  readonly most: number;
}

export const readyExpectation = (
  { exchange, exactly, atLeast, atMost }: Expectation,
  meter: PatternMeter,
): ReadyExpectation => {
  const isSilent = atLeast === undefined && atMost === undefined;
  return {
    query: readyQuery(exchange, meter),
    least: exactly ?? atLeast ?? (isSilent ? 1 : 0),
    most: exactly ?? atMost ?? (isSilent ? 1 : Infinity),
  };
};

/** In words: `exactly 2 with operation "syncOrder", code "SUCCESS"`. */
export const tellExpectation = ({ query, least, most }: ReadyExpectation): string =>
  `${tellRange(least, most)} ${tellQuery(query)}`;

const tellRange = (least: number, most: number): string => {
  if (least === most) return least === 0 ? 'no exchange' : `exactly ${least}`;
  if (most === Infinity) return `at least ${least}`;
  return least === 0 ? `at most ${most}` : `${least} to ${most}`;
};

const tellQuery = (query: ReadyQuery): string =>
  query.length === 0
    ? 'of any kind'
    : `with ${query.map(({ field, wanted }) => `${field} ${JSON.stringify(wanted)}`).join(', ')}`;
