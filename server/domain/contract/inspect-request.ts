import { clipText } from '../../problems/display-text.ts';
import { tryParseJsonObject } from '../../problems/json-text.ts';
import { isRecord } from '../../problems/plain-object.ts';
import { smallestMilliseconds } from '../../protocol/timestamps.ts';
import type { Json, JsonObject } from '../state/state.ts';
import type { Field, FieldTree, Finding, Operation } from './contract.ts';

/**
 * What is odd about a request that the contract lets pass. @param now milliseconds since 1970, by
 * the client's clock
 */
export const inspectRequest = (
  operation: Operation,
  request: JsonObject,
  now: number,
): readonly Finding[] => {
  const found = [
    unknownFields(operation, request),
    emptyStrings(operation, request),
    timesInSeconds(operation, request),
    unknownCurrencies(request),
    missingExtraFields(operation, request),
    inspections[operation.id]?.(request, now) ?? noFindings,
  ];
  // Of nearly every request there is nothing to say.
  return found.every(({ length }) => length === 0) ? noFindings : found.flat();
};

const noFindings: readonly Finding[] = [];

export const unknownFieldId = 'UNKNOWN_FIELD';
export const emptyStringId = 'EMPTY_STRING';

/**
 * The trees that a request's fields are looked up in: those of every request, and those of its
 * merchantBizType.
 */
export const selectTrees = ({ fields }: Operation, request: JsonObject): readonly FieldTree[] => {
  const [ofAll, ofType] = [fields.get(''), fields.get(readOrderType(request))];
  const trees = ofAll === undefined ? [] : [ofAll];
  if (ofType !== undefined) trees.push(ofType);
  return trees;
};

const readOrderType = (request: JsonObject): string => String(request['merchantBizType'] ?? '');

const maxFindingsOfAKind = 10;

const unknownFields = ({ knownFields }: Operation, request: JsonObject): readonly Finding[] => {
  const ofAll = knownFields.get('');
  const ofType = knownFields.get(readOrderType(request));
  const isUnknown = (name: string): boolean =>
    ofAll?.has(name) !== true && ofType?.has(name) !== true;
  const names = Object.keys(request);
  if (!names.some(isUnknown)) return noFindings;
  return names
    .filter(isUnknown)
    .slice(0, maxFindingsOfAKind)
    .map((name) => ({
      id: unknownFieldId,
      sentence: `${clipText(name, 64)}: the contract knows no such field`,
      register: 'G-17',
    }));
};

const emptyStrings = (operation: Operation, request: JsonObject): readonly Finding[] =>
  emptyTexts(selectTrees(operation, request), request)
    .slice(0, maxFindingsOfAKind)
    .map((path) => ({
      id: emptyStringId,
      sentence: `${path}: is empty; leave an optional field out instead`,
      register: 'G-27',
    }));

const timesInSeconds = ({ timestamps }: Operation, request: JsonObject): Finding[] =>
  timestamps
    .filter((name) => typeof request[name] === 'number' && request[name] < smallestMilliseconds)
    .map((name) => ({
      id: 'TIME_IN_SECONDS',
      sentence: `${name}: ${String(request[name])} looks like seconds; milliseconds are documented`,
      register: 'E-17',
    }));

const currencies = new Set(Intl.supportedValuesOf('currency'));

const unknownCurrencies = (request: JsonObject): readonly Finding[] =>
  unknownCurrenciesIn(request, true)
    .slice(0, maxFindingsOfAKind)
    .map(({ path, code }) => ({
      id: 'CURRENCY_UNKNOWN',
      sentence: `${path}: ${clipText(code, 10)} is not an ISO 4217 code`,
      register: 'E-18',
    }));

interface Currency {
  readonly path: string;
  readonly code: string;
}

/** The request's own currencyCode, and the currency of every money object, wherever it is. */
const unknownCurrenciesIn = (
  value: JsonObject | readonly Json[],
  isTopLevel: boolean,
): readonly Currency[] => {
  let unknown: Currency[] | undefined;
  for (const name in value) {
    const child = (value as JsonObject)[name];
    if (typeof child === 'object' && child !== null)
      for (const one of unknownCurrenciesIn(child as JsonObject, false)) {
        unknown ??= [];
        unknown.push({ path: `${clipText(name, 64)}.${one.path}`, code: one.code });
      }
    else if (
      typeof child === 'string' &&
      isCurrencyField(name, value, isTopLevel) &&
      !currencies.has(child)
    ) {
      unknown ??= [];
      unknown.push({ path: clipText(name, 64), code: child });
    }
  }
  return unknown ?? noCurrencies;
};

const noCurrencies: readonly Currency[] = [];

const isCurrencyField = (
  name: string,
  siblings: JsonObject | readonly Json[],
  isTopLevel: boolean,
): boolean =>
  isTopLevel
    ? name === 'currencyCode'
    : name === 'currency' && ('value' in siblings || 'cent' in siblings);

const missingExtraFields = ({ notedFields }: Operation, request: JsonObject): Finding[] =>
  (notedFields.get(readOrderType(request)) ?? [])
    .filter((name) => !Object.hasOwn(request, name))
    .map((name) => ({
      id: 'EXTRA_FIELD_MISSING',
      sentence: `${name}: the page of ${readOrderType(request)} marks it required`,
      register: 'E-20',
    }));

type Inspection = (request: JsonObject, now: number) => readonly Finding[];

const additionalInfo: Inspection = ({ extInfo }) =>
  typeof extInfo !== 'string' || extInfo === '' || tryParseJsonObject(extInfo) !== undefined
    ? []
    : [
        {
          id: 'EXT_INFO_NOT_JSON',
          sentence: 'extInfo: is not a JSON object in a string, as the page shows it',
          register: 'E-25',
        },
      ];

const paymentInfo: Inspection = ({ actionUrl }) =>
  typeof actionUrl !== 'string' || /^alipayhk:/i.test(actionUrl)
    ? []
    : [
        {
          id: 'ACTION_URL_SCHEME',
          sentence: `actionUrl: ${clipText(actionUrl, 40)} is not a deep link of AlipayHK (alipayhk://…)`,
          register: 'E-25',
        },
      ];

const linkage: Inspection = ({ operateType, expiryTime }, now) =>
  operateType !== 'BIND' || typeof expiryTime !== 'number' || expiryTime > now
    ? []
    : [
        {
          id: 'BIND_EXPIRED',
          sentence: `expiryTime: ${expiryTime} has come already; the binding is as good as none`,
          register: 'E-22',
        },
      ];

const order: Inspection = ({ orderCreateTime, orderModifyTime }) =>
  typeof orderCreateTime !== 'number' ||
  typeof orderModifyTime !== 'number' ||
  orderModifyTime >= orderCreateTime
    ? []
    : [
        {
          id: 'MODIFIED_BEFORE_CREATED',
          sentence: `orderModifyTime: ${orderModifyTime} is before orderCreateTime, ${orderCreateTime}`,
          register: 'O-02',
        },
      ];

/**
 * Looks for keys and values in dataInfo that none of its two known shapes has (register E-13): by
 * locale (`en_US` → placeholders), or flat. A placeholder is `$name$`; its value is text, a number,
 * null or money.
 */
export const inspectDataInfo = ({ dataInfo }: JsonObject): readonly Finding[] =>
  isRecord(dataInfo)
    ? Object.entries(dataInfo)
        .flatMap(([key, value]) => inspectEntry(key, value))
        .slice(0, 10)
    : [];

const namedByThePage = new Set(['billNo', 'lastChangePoints', 'pointsProvider']);

const inspectEntry = (key: string, value: Json): readonly Finding[] => {
  if (namedByThePage.has(key)) return [];
  if (/^[a-z]{2}_[A-Z]{2}$/.test(key) && isRecord(value))
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
  (isRecord(value) && 'cent' in value && 'currency' in value);

const inspections: { readonly [K in Operation['id']]?: Inspection } = {
  syncAdditionalInfo: additionalInfo,
  syncAccountLinkage: linkage,
  syncPaymentInfo: paymentInfo,
  syncOrder: order,
  updateMembershipCard: inspectDataInfo,
};

/**
 * A null on an optional field counts as absent (register G-27). @returns the request itself where
 * no field is null
 */
export const withoutNulls = (trees: readonly FieldTree[], request: JsonObject): JsonObject => {
  let changed: Record<string, Json> | undefined;
  for (const name in request) {
    const value = request[name];
    if (typeof value !== 'object') continue;
    const field = find(trees, name);
    if (field === undefined) continue;
    if (value === null) {
      if (field.isRequired || field.isNullable) continue;
      changed ??= { ...request };
      delete changed[name];
    } else if (field.children.size > 0) {
      const child = withoutNullsBelow(field.children, value);
      if (child === value) continue;
      changed ??= { ...request };
      changed[name] = child;
    }
  }
  return changed ?? request;
};

const withoutNullsBelow = (children: FieldTree, value: JsonObject | readonly Json[]): Json => {
  if (!Array.isArray(value)) return withoutNulls([children], value as JsonObject);
  const items = (value as readonly Json[]).map((item) =>
    typeof item === 'object' && item !== null
      ? withoutNullsBelow(children, item as JsonObject | readonly Json[])
      : item,
  );
  return items.some((item, at) => item !== value[at]) ? items : (value as readonly Json[]);
};

/** Paths of the optional text fields that are there and empty. */
export const emptyTexts = (
  trees: readonly FieldTree[],
  request: JsonObject,
  above = '',
  found: string[] = [],
): readonly string[] => {
  for (const name in request) {
    const value = request[name];
    if (value !== '' && (typeof value !== 'object' || value === null)) continue;
    const field = find(trees, name);
    if (field === undefined) continue;
    if (value === '') {
      if (field.isText && !field.isRequired) found.push(above + name);
    } else if (field.children.size > 0) {
      for (const one of Array.isArray(value) ? value : [value])
        if (isRecord(one))
          emptyTexts([field.children], one as JsonObject, `${above}${name}.`, found);
    }
  }
  return found;
};

const find = (trees: readonly FieldTree[], name: string): Field | undefined => {
  for (const tree of trees) {
    const field = tree.get(name);
    if (field !== undefined) return field;
  }
  return undefined;
};
