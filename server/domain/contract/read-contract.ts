import * as z from 'zod';
import { checkYaml, type LocatedYaml, readLocatedYaml } from '../../problems/located-yaml.ts';
import type { Gathered, Problem } from '../../problems/problem.ts';
import { smallestMilliseconds } from '../../protocol/timestamps.ts';
import type { Settings } from '../settings/settings-table.ts';
import type { JsonObject } from '../state/state.ts';
import { type Basis, bases } from './basis.ts';
import { schemaProblems } from './check-schemas.ts';
import {
  type Contract,
  type Field,
  type FieldTree,
  type GatewayRow,
  type Operation,
  type OperationId,
  operationIds,
  type ResultRow,
  type StatusMachine,
} from './contract.ts';
import {
  isNode,
  type Node,
  nodeAt,
  orderBranches,
  readFieldSchemas,
  readVariants,
  requestSchema,
  resolveRef,
} from './document.ts';

const basis: z.ZodType<Basis> = z.enum(bases);
const resultRow = z.object({
  code: z.string(),
  status: z.enum(['S', 'F', 'U']),
  message: z.string(),
  basis,
  meaning: z.string(),
});
const gatewayRow = resultRow.extend({ httpStatus: z.int().min(200).max(599) });
const statuses = z.record(
  z.string(),
  z.object({ next: z.array(z.string()), legacy: z.boolean().optional() }),
);
const examples = z.record(z.string(), z.object({ value: z.record(z.string(), z.json()) }));

const resultField = z.enum(['result', 'resultInfo']);

const operationNode = z.object({
  operationId: z.enum(operationIds),
  summary: z.string(),
  'x-result-field': resultField,
  // Laid over the document by a setting.
  'x-result-fields': z.tuple([resultField], resultField).optional(),
  'x-result-codes': z.array(resultRow).min(1),
  'x-provenance': z.object({ basis, register: z.string() }),
  requestBody: z.object({
    content: z.object({
      'application/json': z.object({ schema: z.record(z.string(), z.unknown()), examples }),
    }),
  }),
});

/**
 * What the simulator needs of an OpenAPI document; the rest is checked by the validator that is
 * built from it.
 */
const contractDocument = z.object({
  openapi: z.string().startsWith('3.1.', 'must be 3.1'),
  info: z.object({ version: z.string() }),
  'x-gateway-codes': z.array(gatewayRow).min(1),
  paths: z.record(z.string().startsWith('/'), z.object({ post: operationNode })),
});
type ContractDocument = z.infer<typeof contractDocument>;

/**
 * Reads the OpenAPI document and lays the settings over it. Without problems the contract is there.
 * @param isShipped the file is the package's own, whose schemas its tests check
 */
export const readContract = (
  file: string,
  settings: ContractSettings,
  isShipped = false,
): Gathered<Contract | undefined> => {
  const source = readLocatedYaml(file);
  if (source.problems.length > 0) return { value: undefined, problems: source.problems };
  const checked = checkYaml(
    source,
    contractDocument,
    'Compare with openapi/alipayhk.yaml of the package.',
  );
  if ('problems' in checked) return { value: undefined, problems: checked.problems };
  const problems = [
    ...missingOperations(checked.data, source),
    ...statusProblems(source),
    ...(isShipped ? [] : schemaProblems(source)),
  ];
  if (problems.length > 0 || !isNode(source.value)) return { value: undefined, problems };
  const document = configureDocument(source.value, settings);
  const configured = contractDocument.parse(document, { jitless: true });
  const contract = buildContract(document, configured, source.value, settings);
  return { value: contract, problems: pathClashes(contract, source) };
};

const missingOperations = (document: ContractDocument, source: LocatedYaml): Problem[] => {
  const present = Object.values(document.paths).map(({ post }) => post.operationId);
  return operationIds
    .filter((id) => !present.includes(id))
    .map((id) =>
      source.problemAt(
        ['paths'],
        `has no operation ${id}`,
        'Every one of the five operations needs a path with a post.',
      ),
    );
};

const statusProblems = (source: LocatedYaml): Problem[] =>
  isNode(source.value)
    ? [...orderBranches(source.value)].flatMap(([type, branch]) => {
        const checked = statuses.safeParse(branch['x-statuses']);
        if (checked.success) return [];
        const path = ['components', 'schemas', `Order_${type}`, 'x-statuses'];
        return [
          source.problemAt(
            path,
            `${type}: the statuses cannot be read`,
            'Each status holds "next", a list of statuses.',
          ),
        ];
      })
    : [];

const pathClashes = ({ operations }: Contract, source: LocatedYaml): Problem[] => {
  const taken = [...operations.values()].flatMap(({ paths }) => paths);
  return operations.size === operationIds.length && new Set(taken).size === taken.length
    ? []
    : [
        {
          where: source.file,
          message: 'two operations have the same path',
          remedy: 'Give each operation a path of its own (settings paths.*).',
        },
      ];
};

const buildContract = (
  document: Node,
  configured: ContractDocument,
  original: Node,
  settings: ContractSettings,
): Contract => {
  const gatewayResults = new Map(
    configured['x-gateway-codes'].map((row): [string, GatewayRow] => [row.code, row]),
  );
  const branches = orderBranches(document);
  const operations = Object.entries(configured.paths).map(
    ([path, { post }]): [OperationId, Operation] => [
      post.operationId,
      {
        ...buildOperation(path, post, document, original, gatewayResults),
        paths: [path, ...servedPaths(post.operationId, path, settings).slice(1)],
      },
    ],
  );
  return {
    document,
    version: configured.info.version,
    operations: new Map(
      operations.sort(([a], [b]) => operationIds.indexOf(a) - operationIds.indexOf(b)),
    ),
    gatewayResults,
    statusMachines: new Map(
      [...branches].map(([type, branch]) => [type, readStatusMachine(branch)]),
    ),
  };
};

const buildOperation = (
  path: string,
  post: z.infer<typeof operationNode>,
  document: Node,
  original: Node,
  gateway: ReadonlyMap<string, GatewayRow>,
): Omit<Operation, 'paths'> => {
  const node = nodeAt(document, 'paths', path, 'post');
  const fields = readFieldSchemas(document, requestSchema(document, node));
  const own = readVariants(document, requestSchema(document, node))?.own ?? new Map<string, Node>();
  const ownRows = post['x-result-codes'].map((row): [string, ResultRow] => [row.code, row]);
  return {
    id: post.operationId,
    summary: post.summary,
    path,
    pathBasis: post['x-provenance'].basis,
    pathRegister: post['x-provenance'].register,
    resultFields: post['x-result-fields'] ?? [post['x-result-field']],
    results: new Map([...gateway, ...ownRows]),
    ownResultCodes: ownRows.map(([code]) => code),
    timestamps: [...fields]
      .filter(([, field]) => field['x-unit'] === 'milliseconds')
      .map(([name]) => name),
    freeText: new Map(
      [...fields]
        .filter(([, field]) => isFreeText(field))
        .map(([name, { maxLength }]) => [
          name,
          typeof maxLength === 'number' ? maxLength : Infinity,
        ]),
    ),
    knownFields: new Map([
      ['', new Set(fields.keys())],
      ...[...own].map(([value, part]): [string, Set<string>] => [
        value,
        new Set(readFieldSchemas(document, part).keys()),
      ]),
    ]),
    fields: new Map([
      ['', fieldTree(document, requestSchema(document, node))],
      ...[...own].map(([value, part]): [string, FieldTree] => [value, fieldTree(document, part)]),
    ]),
    notedFields: notedFields(original, requestSchema(original, node), own),
    // Proved to be JSON objects by the schema above.
    examples: new Map(
      Object.entries(post.requestBody.content['application/json'].examples).map(
        ([name, { value }]): [string, JsonObject] => [name, value as JsonObject],
      ),
    ),
  };
};

const isFreeText = (field: Node): boolean =>
  field['type'] === 'string' && !('enum' in field) && !('const' in field) && !('pattern' in field);

/**
 * Required fields of each variant that the settings turned into notes: the configured document no
 * longer requires them.
 */
const notedFields = (
  original: Node,
  schema: Node,
  configured: ReadonlyMap<string, Node>,
): Map<string, readonly string[]> =>
  new Map(
    [...(readVariants(original, schema)?.own ?? [])].map(([value, part]) => [
      value,
      configured.get(value)?.['required'] === undefined ? namesIn(part['required']) : [],
    ]),
  );

const namesIn = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

const readStatusMachine = (branch: Node): StatusMachine =>
  new Map(
    Object.entries(statuses.parse(branch['x-statuses'])).map(([status, { next, legacy }]) => [
      status,
      { next, legacy: legacy === true },
    ]),
  );

/** The settings that change what the contract says. */
type ContractSettings = Pick<
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
const configureDocument = (original: Node, settings: ContractSettings): Node => {
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

/** What a schema of the document says of its fields. */
const fieldTree = (document: Node, schema: Node): FieldTree => {
  const { required: names } = readVariants(document, schema)?.base ?? schema;
  const required: readonly unknown[] = Array.isArray(names) ? names : [];
  return new Map(
    [...readFieldSchemas(document, schema)].map(([name, field]): [string, Field] => {
      const types = [field['type']].flat();
      const items = isNode(field['items']) ? resolveRef(document, field['items']) : {};
      return [
        name,
        {
          isRequired: required.includes(name),
          isNullable: types.includes('null'),
          isText: types.includes('string'),
          children: new Map([
            ...fieldTree(document, field),
            ...('properties' in items ? fieldTree(document, items) : []),
          ]),
        },
      ];
    }),
  );
};
