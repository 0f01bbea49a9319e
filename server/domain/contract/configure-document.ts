import { smallestMilliseconds } from '../../protocol/timestamps.ts';
import type { Settings } from '../settings/settings-table.ts';
import {
  isNode,
  type Node,
  nodeAt,
  readFieldSchemas,
  readVariants,
  requestSchema,
} from './document.ts';

/** The settings that change what the contract says. */
export type ContractSettings = Pick<
  Settings,
  | 'basePath'
  | 'strict'
  | 'accountTypes'
  | 'order.extraFields'
  | 'membership.resultName'
  | 'paths.syncAdditionalInfo'
  | 'paths.syncAccountLinkage'
  | 'paths.syncPaymentInfo'
  | 'paths.syncOrder'
  | 'paths.updateMembershipCard'
>;

/** Lays the settings over a fresh copy of the document: paths, named strictness, account types. */
export const configureDocument = (original: Node, settings: ContractSettings): Node => {
  const document = structuredClone(original);
  document['paths'] = Object.fromEntries(
    Object.entries(nodeAt(document, 'paths')).map(([path, item]) => [
      servedPaths(String(nodeAt(item, 'post')['operationId']), path, settings)[0],
      item,
    ]),
  );
  const requests = new Map(
    Object.values(nodeAt(document, 'paths')).map((item): [unknown, Node] => [
      nodeAt(item, 'post')['operationId'],
      requestSchema(document, nodeAt(item, 'post')),
    ]),
  );
  if (settings['order.extraFields'] === 'note')
    for (const schema of requests.values())
      for (const own of readVariants(document, schema)?.own.values() ?? []) delete own['required'];
  nameResult(document, settings['membership.resultName']);
  if (settings.strict.includes('updateDetailType'))
    require(requests.get('updateMembershipCard'), 'updateDetailType');
  if (settings.strict.includes('timestamps'))
    for (const schema of requests.values()) refuseSeconds(document, schema);
  if (Object.keys(settings.accountTypes).length > 0) {
    for (const id of ['syncAdditionalInfo', 'syncPaymentInfo'])
      listAccountTypes(requests.get(id), settings.accountTypes);
  }
  return document;
};

/**
 * Where an operation is served, base path included; the first one is the one to send to.
 * @param own the contract's path, for an operation whose setting is empty
 */
export const servedPaths = (
  operationId: string,
  own: string,
  settings: ContractSettings,
): readonly [string, ...string[]] => {
  const [first = own, ...further] = configuredPaths(operationId, settings);
  return [settings.basePath + first, ...further.map((path) => settings.basePath + path)];
};

/** The paths that a setting gives an operation, each once. */
export const configuredPaths = (
  operationId: string,
  settings: ContractSettings,
): readonly string[] => {
  const key = `paths.${operationId}`;
  const value: unknown = Object.entries(settings).find(([name]) => name === key)?.[1];
  const texts = [value].flat().filter((one) => typeof one === 'string' && one !== '');
  return [...new Set(texts.map(String))];
};

const resultFields: Readonly<Record<Settings['membership.resultName'], readonly string[]>> = {
  resultInfo: ['resultInfo'],
  result: ['result'],
  both: ['resultInfo', 'result'],
};

/**
 * What the result object of the membership path is called, in the answer's schema too (register
 * G-07).
 */
const nameResult = (document: Node, name: Settings['membership.resultName']): void => {
  const names = resultFields[name];
  for (const item of Object.values(nodeAt(document, 'paths'))) {
    const post = nodeAt(item, 'post');
    if (post['operationId'] === 'updateMembershipCard') post['x-result-fields'] = names;
  }
  const answer = nodeAt(document, 'components', 'schemas', 'UpdateMembershipCardResponse');
  const { resultInfo } = nodeAt(answer, 'properties');
  if (resultInfo === undefined) return;
  answer['required'] = names;
  answer['properties'] = Object.fromEntries(names.map((one) => [one, resultInfo]));
};

const require = (schema: Node | undefined, field: string): void => {
  if (schema !== undefined)
    schema['required'] = [...(Array.isArray(schema['required']) ? schema['required'] : []), field];
};

/** A time in seconds is refused by its size (register E-17). */
const refuseSeconds = (document: Node, schema: Node): void => {
  for (const field of readFieldSchemas(document, schema).values())
    if (field['x-unit'] === 'milliseconds') field['minimum'] = smallestMilliseconds;
};

const listAccountTypes = (schema: Node | undefined, types: Settings['accountTypes']): void => {
  if (schema === undefined) return;
  const rules = Object.entries(types).map(([type, subTypes]) => ({
    if: { properties: { type: { const: type } } },
    then: { properties: { subType: { enum: subTypes } } },
  }));
  schema['allOf'] = [
    ...(Array.isArray(schema['allOf']) ? schema['allOf'].filter(isNode) : []),
    { properties: { type: { enum: Object.keys(types) } } },
    ...rules,
  ];
};
