import type { JsonObject } from '../world/state.ts';
import type { Operation } from './contract.ts';
import type { Finding } from './finding.ts';

/** What is odd about a request that the contract lets pass: unknown fields, times in seconds, unknown currencies, missing extra fields. */
export const inspectRequest = (operation: Operation, request: JsonObject): readonly Finding[] => [
  ...unknownFields(operation, request),
  ...timesInSeconds(operation, request),
  ...unknownCurrency(request),
  ...missingExtraFields(operation, request),
];

export const unknownFieldId = 'UNKNOWN_FIELD';

const typeOf = (request: JsonObject): string => String(request['merchantBizType'] ?? '');

const unknownFields = ({ knownFields }: Operation, request: JsonObject): Finding[] => {
  const isKnown = (name: string) => knownFields.get('')?.has(name) === true || knownFields.get(typeOf(request))?.has(name) === true;
  return Object.keys(request)
    .filter((name) => !isKnown(name))
    .slice(0, 10)
    .map((name) => ({ id: unknownFieldId, sentence: `${name.slice(0, 64)}: the contract knows no such field`, register: 'G-17' }));
};

/** Milliseconds of today have thirteen digits; a number below this is a time in seconds, or in 1973. */
const smallestMilliseconds = 100_000_000_000;

const timesInSeconds = ({ timestamps }: Operation, request: JsonObject): Finding[] =>
  timestamps
    .filter((name) => typeof request[name] === 'number' && request[name] < smallestMilliseconds)
    .map((name) => ({
      id: 'TIME_IN_SECONDS',
      sentence: `${name}: ${String(request[name])} looks like seconds; milliseconds are documented`,
      register: 'E-17',
    }));

const currencies = new Set(Intl.supportedValuesOf('currency'));

const unknownCurrency = (request: JsonObject): Finding[] => {
  const code = request['currencyCode'];
  if (typeof code !== 'string' || currencies.has(code)) return [];
  return [{ id: 'CURRENCY_UNKNOWN', sentence: `currencyCode: ${code.slice(0, 10)} is not an ISO 4217 code`, register: 'E-18' }];
};

const missingExtraFields = ({ notedFields }: Operation, request: JsonObject): Finding[] =>
  (notedFields.get(typeOf(request)) ?? [])
    .filter((name) => !Object.hasOwn(request, name))
    .map((name) => ({
      id: 'EXTRA_FIELD_MISSING',
      sentence: `${name}: the page of ${typeOf(request)} marks it required`,
      register: 'E-20',
    }));
