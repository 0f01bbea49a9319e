import { omitUndefined } from '../../problems/plain-object.ts';
import type { Json, JsonObject } from '../state/state.ts';
import { type ScriptedResult, valueAt } from './select-rule.ts';

/** What a template can name. */
export interface TemplateFacts {
  readonly request: JsonObject;
  readonly held: JsonObject | undefined;
  readonly now: number;
  /** How often the rule was reached, this call included. */
  readonly call: number;
}

const token = /\{\{\s*([\w.]+)\s*\}\}/g;

/**
 * Fills `{{request.FIELD}}`, `{{held.FIELD}}`, `{{now}}` and `{{call}}` in a script's message and
 * body. No code is run.
 */
export const fillScript = (script: ScriptedResult, facts: TemplateFacts): ScriptedResult => ({
  ...script,
  ...omitUndefined({
    message: script.message === undefined ? undefined : fillText(script.message, facts),
    // An object stays an object.
    body: script.body && (fill(script.body, facts) as JsonObject),
  }),
});

/** The same in the fields of a call to the merchant. */
export const fillFields = (fields: JsonObject, facts: TemplateFacts): JsonObject =>
  // An object stays an object.
  fill(fields, facts) as JsonObject;

/** Unknown variables of templates in a message or body. */
export const unknownTemplates = (value: unknown): string[] =>
  [...JSON.stringify(value ?? null).matchAll(token)]
    .map((found) => found[1] ?? '')
    .filter((path) => !/^(request\.[\w.]+|held\.[\w.]+|now|call)$/.test(path));

const fill = (value: Json, facts: TemplateFacts): Json => {
  if (typeof value === 'string') return fillValue(value, facts);
  if (Array.isArray(value)) return value.map((one: Json) => fill(one, facts));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, fill(one, facts)]));
};

/**
 * A text that is one template and nothing else takes the value's own kind: a number stays a number.
 */
const fillValue = (text: string, facts: TemplateFacts): Json => {
  const whole = /^\{\{\s*([\w.]+)\s*\}\}$/.exec(text)?.[1];
  return whole === undefined ? fillText(text, facts) : (readVariable(whole, facts) ?? null);
};

const fillText = (text: string, facts: TemplateFacts): string =>
  text.replace(token, (_all, path: string) => {
    const value = readVariable(path, facts);
    return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  });

const readVariable = (
  path: string,
  { request, held, now, call }: TemplateFacts,
): Json | undefined => {
  const dot = path.indexOf('.');
  const [root, rest] = dot < 0 ? [path, ''] : [path.slice(0, dot), path.slice(dot + 1)];
  if (root === 'request') return valueAt(request, rest);
  if (root === 'held') return held === undefined ? undefined : valueAt(held, rest);
  return root === 'now' ? now : call;
};
