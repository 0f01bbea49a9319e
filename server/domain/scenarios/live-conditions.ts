import type { JsonObject } from '../state/state.ts';
import { compileConditions, type FieldsMatcher } from './field-conditions.ts';
import type { PatternMeter } from './pattern.ts';
import type { Rule } from './scenario-file.ts';

/** What a rule may ask of the world at the moment of the decision. */
export interface MatchContext {
  /** How often a rule was reached before. */
  readonly callsBefore: (counter: string) => number;
  /** Where a story stands for this identity. */
  readonly stateOf: (story: string) => string;
  /** Fields of the thing as it is held; undefined when nothing is. */
  readonly held: JsonObject | undefined;
  /** Milliseconds since 1970, by the client's clock. */
  readonly now: number;
  /** Counts the steps of all patterns; absent: of each by itself. */
  readonly meter?: PatternMeter;
}

/** Where every story begins. */
export const firstState = 'start';

/**
 * Whether the conditions on state, held fields and time fit. @param story where the story's state
 * is kept for this identity
 */
export type StateMatcher = (story: string, live: MatchContext) => boolean;

/** Readies those conditions of a rule; undefined when it has none. */
export const compileStateConditions = ({
  state,
  held,
  from,
  until,
}: Rule['when']): StateMatcher | undefined => {
  if (state === undefined && held === undefined && from === undefined && until === undefined)
    return undefined;
  const states = state === undefined ? undefined : [state].flat();
  const heldFits = held === undefined ? undefined : compileHeldConditions(held);
  const [first, end] = [
    from === undefined ? -Infinity : Date.parse(from),
    until === undefined ? Infinity : Date.parse(until),
  ];
  return (story, live) =>
    live.now >= first &&
    live.now < end &&
    (states === undefined || states.includes(live.stateOf(story))) &&
    (heldFits === undefined || heldFits(live.held, live.meter));
};

const compileHeldConditions = (
  held: NonNullable<Rule['when']['held']>,
): ((fields: JsonObject | undefined, meter?: PatternMeter) => boolean) => {
  if (held === 'nothing') return (fields) => fields === undefined;
  const conditions: FieldsMatcher = compileConditions(held);
  return (fields, meter) => fields !== undefined && conditions(fields, meter);
};
