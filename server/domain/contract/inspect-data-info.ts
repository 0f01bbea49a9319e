import { clipText } from '../../problems/clip-text.ts';
import type { Json, JsonObject } from '../state/state.ts';
import type { Finding } from './finding.ts';

/**
 * Looks for keys and values in dataInfo that none of its two known shapes has (register E-13): by
 * locale (`en_US` → placeholders), or flat. A placeholder is `$name$`; its value is text, a number,
 * null or money.
 */
export const inspectDataInfo = ({ dataInfo }: JsonObject): readonly Finding[] =>
  isObject(dataInfo)
    ? Object.entries(dataInfo)
        .flatMap(([key, value]) => inspectEntry(key, value))
        .slice(0, 10)
    : [];

const namedByThePage = new Set(['billNo', 'lastChangePoints', 'pointsProvider']);

const inspectEntry = (key: string, value: Json): readonly Finding[] => {
  if (namedByThePage.has(key)) return [];
  if (/^[a-z]{2}_[A-Z]{2}$/.test(key) && isObject(value))
    return Object.entries(value).flatMap(([name, text]) =>
      namedByThePage.has(name) ? [] : inspectPlaceholder(name, text, `${key}.`),
    );
  return inspectPlaceholder(key, value, '');
};

const inspectPlaceholder = (key: string, value: Json, above: string): readonly Finding[] => {
  const path = `dataInfo.${above}${clipText(key, 64)}`;
  if (!/^\$.+\$$/s.test(key))
    return [
      {
        id: 'DATA_INFO_KEY',
        sentence: `${path}: is neither a placeholder like $name$ nor billNo, lastChangePoints or pointsProvider`,
        register: 'E-13',
      },
    ];
  return isPlaceholderValue(value)
    ? []
    : [
        {
          id: 'DATA_INFO_VALUE',
          sentence: `${path}: must be text, a number, null or {cent, currency}`,
          register: 'E-13',
        },
      ];
};

const isPlaceholderValue = (value: Json): boolean =>
  value === null ||
  typeof value === 'string' ||
  typeof value === 'number' ||
  (isObject(value) && 'cent' in value && 'currency' in value);

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
