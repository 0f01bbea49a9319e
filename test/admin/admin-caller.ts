import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import supertest from 'supertest';
import { expect } from 'vitest';
import type { MockServer } from '../../server/app/create-server.ts';
import { packageRoot } from '../../server/package-root.ts';
import { readLocatedYaml } from '../../server/problems/located-yaml.ts';

type Node = Record<string, unknown>;

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const document = readLocatedYaml(join(packageRoot, 'openapi', 'admin.yaml')).value as Node;

interface Route {
  readonly method: string;
  readonly path: string;
  readonly pointer: string;
  readonly responses: Record<string, Node>;
}

/** Every operation of openapi/admin.yaml by its id. */
export const routes: ReadonlyMap<string, Route> = new Map(
  Object.entries(document['paths'] as Record<string, Node>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Route] => {
      const { operationId, responses } = operation as {
        operationId: string;
        responses: Record<string, Node>;
      };
      return [
        operationId,
        {
          method: method.toUpperCase(),
          path,
          pointer: `#/paths/${escaped(path)}/${method}`,
          responses,
        },
      ];
    }),
  ),
);

function escaped(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}

/** Parts of an allOf: closed together, where they are joined. */
const joined = ['ExchangeSummary', 'Message', 'Scenario'];

/**
 * The same document with every object closed, so that an answer may say nothing that is not
 * described.
 */
const closed = (value: unknown, isPart = false): unknown => {
  if (Array.isArray(value)) return value.map((one) => closed(one, isPart));
  if (!isNode(value)) return value;
  const inner = Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      closed(one, name === 'allOf' || (value === schemas && joined.includes(name))),
    ]),
  );
  if ('allOf' in value) return { ...inner, unevaluatedProperties: false };
  return isNode(value['properties']) && !('additionalProperties' in value) && !isPart
    ? { ...inner, additionalProperties: false }
    : inner;
};

const schemas = (document['components'] as Node)['schemas'];
const ajv = new Ajv2020({ strict: false, allErrors: true }).addSchema(
  closed(document) as Node,
  'admin.yaml',
);

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what tests look into has just been checked against the contract
  readonly json: any;
}

export interface Asked {
  readonly path?: Readonly<Record<string, string | number>>;
  readonly query?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Calls operations by their ids with supertest. Every answer is held against the contract, and the
 * operation is remembered as exercised.
 */
export const adminCaller = (
  server: Pick<MockServer, 'adminUrl'>,
  exercised: Set<string> = new Set(),
) => {
  const call = async (
    operationId: string,
    { path = {}, query = '', body, headers = {} }: Asked = {},
  ): Promise<Answer> => {
    const route = routes.get(operationId);
    if (route === undefined) throw new Error(`openapi/admin.yaml has no operation ${operationId}`);
    const target = route.path.replace(/\{(\w+)\}/g, (_all, name: string) =>
      encodeURIComponent(String(path[name])),
    );
    const isText = body === undefined || typeof body === 'string';
    const method = route.method.toLowerCase() as 'get' | 'put' | 'post' | 'delete';
    const asked = supertest(`${server.adminUrl}/__admin`)
      [method](`${target}${query}`)
      .set('content-type', isText ? 'text/plain' : 'application/json')
      .set(headers)
      .buffer(true)
      .parse(readText);
    const response = await (body === undefined
      ? asked.unset('content-type')
      : asked.send(isText ? body : JSON.stringify(body)));
    const text: string = response.body;
    exercised.add(operationId);
    // A private key is told once, to whoever had it made.
    if (!['createClient', 'rotateKeys'].includes(operationId))
      expect([operationId, /PRIVATE KEY--/.test(text)]).toEqual([operationId, false]);
    const json = checkAnswer(operationId, route, response, text);
    return { status: response.status, headers: headersOf(response), text, json };
  };
  return { call, exercised };
};

const headersOf = (response: supertest.Response): Headers =>
  new Headers(response.headers as Record<string, string>);

/** Keeps the answer as it came: superagent would read JSON and drop its text. */
const readText = (
  response: supertest.Response,
  done: (error: Error | null, text: string) => void,
): void => {
  const parts: Buffer[] = [];
  response.on('data', (part: Buffer) => parts.push(part));
  response.on('end', () => done(null, Buffer.concat(parts).toString()));
};

const checkAnswer = (
  operationId: string,
  route: Route,
  response: supertest.Response,
  text: string,
): unknown => {
  const reported = route.responses[response.status] ? String(response.status) : 'default';
  const where = `${operationId} answered ${response.status}`;
  if (reported === 'default') expect([where, response.status >= 400]).toEqual([where, true]);
  const { pointer, content } = resolved(
    route.responses[reported],
    `${route.pointer}/responses/${reported}`,
  );
  const type = (headersOf(response).get('content-type') ?? '').split(';')[0] ?? '';
  if (content === undefined) {
    expect([where, text === '' || response.status === 302]).toEqual([where, true]);
    return undefined;
  }
  expect([where, Object.keys(content)]).toEqual([where, expect.arrayContaining([type])]);
  const value: unknown = type === 'application/json' ? JSON.parse(text) : text;
  const validate = ajv.getSchema(`admin.yaml${pointer}/content/${escaped(type)}/schema`);
  if (validate === undefined) throw new Error(`no schema for ${where} as ${type}`);
  validate(value);
  expect([where, validate.errors ?? []]).toEqual([where, []]);
  return value;
};

const resolved = (
  node: Node | undefined,
  pointer: string,
): { readonly pointer: string; readonly content: Node | undefined } => {
  if (node === undefined) throw new Error(`no answer at ${pointer}`);
  const ref = node['$ref'];
  if (typeof ref !== 'string') return { pointer, content: node['content'] as Node | undefined };
  const target = ref
    .slice(2)
    .split('/')
    .reduce<unknown>((at, name) => (at as Node)[name], document);
  return resolved(target as Node, ref);
};
