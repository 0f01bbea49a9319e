import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MockServer } from '../../../server/app/create-server.ts';
import { runCli } from '../../cli/run-cli.ts';
import { startServer } from '../../start-server.ts';

let server: MockServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** A context that has what the language has and nothing of Node, as the tools' sandboxes. */
const bareContext = (globals: object) => createContext({ ...globals });

interface Sent {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const send = async (url: string, headers: Record<string, string>, body: string): Promise<Sent> => {
  const response = await fetch(url, { method: 'POST', headers, body });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

interface PostmanItem {
  readonly name: string;
  readonly request: {
    readonly header: readonly { key: string; value: string }[];
    readonly url: { raw: string };
    readonly body: { raw: string };
  };
}

/** What a collection's scripts are given, as far as they use it. */
const postmanSandbox = (item: PostmanItem, variables: Map<string, string>) => {
  const headers = new Map(item.request.header.map(({ key, value }) => [key, value]));
  const replaceIn = (text: string): string =>
    text.replace(/\{\{(\w+)\}\}/g, (all, name: string) => variables.get(name) ?? all);
  const tests: [string, () => void][] = [];
  const request = {
    url: { toString: () => item.request.url.raw },
    body: {
      raw: item.request.body.raw,
      update: (body: { raw: string }) => {
        request.body.raw = body.raw;
      },
    },
    headers: {
      upsert: ({ key, value }: { key: string; value: string }) => headers.set(key, value),
    },
  };
  const pm = {
    variables: {
      set: (name: string, value: string) => variables.set(name, value),
      get: (name: string) => variables.get(name),
      replaceIn,
    },
    request,
    response: undefined as unknown,
    test: (name: string, run: () => void) => tests.push([name, run]),
  };
  return { pm, headers, tests, url: () => replaceIn(item.request.url.raw) };
};

describe('postman', () => {
  test('every request of the collection signs itself and is accepted; its tests verify the answer', async () => {
    const { stdout } = await runCli('export', 'postman', '--url', server.url);
    const collection = JSON.parse(stdout);
    expect(collection.item.length).toBeGreaterThanOrEqual(13);
    const [before, after] = collection.event.map(({ script }: { script: { exec: string[] } }) =>
      script.exec.join('\n'),
    );
    const given = new Map<string, string>(
      collection.variable.map(({ key, value }: { key: string; value: string }) => [key, value]),
    );
    for (const item of collection.item as PostmanItem[]) {
      const sandbox = postmanSandbox(item, new Map(given));
      runInContext(before, bareContext({ pm: sandbox.pm }));
      const sent = await send(
        sandbox.url(),
        Object.fromEntries(sandbox.headers),
        sandbox.pm.request.body.raw,
      );
      expect([item.name, sent.text]).toEqual([item.name, expect.stringContaining('"SUCCESS"')]);
      sandbox.pm.response = {
        headers: sent.headers,
        text: () => sent.text,
        json: () => JSON.parse(sent.text),
      };
      runInContext(after, bareContext({ pm: sandbox.pm }));
      for (const [, run] of sandbox.tests) run();
      sandbox.pm.response = {
        headers: sent.headers,
        text: () => sent.text.replace('SUCCESS', 'SUCCESs'),
        json: () => JSON.parse(sent.text),
      };
      expect(sandbox.tests[0]?.[1]).toThrow('not signed by the platform');
    }
  });
});

describe('bruno', () => {
  const blockOf = (text: string, name: string): string => {
    const found = new RegExp(`^${name} \\{\\n([\\s\\S]*?)\\n\\}$`, 'm').exec(text)?.[1] ?? '';
    return found.replace(/^ {2}/gm, '');
  };
  const fieldsOf = (block: string): Map<string, string> =>
    new Map(
      block
        .split('\n')
        .map((line): [string, string] => [
          line.slice(0, line.indexOf(':')),
          line.slice(line.indexOf(':') + 2),
        ]),
    );

  test('every request of the collection signs itself and is accepted', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'bruno-')), 'alipayhk');
    expect((await runCli('export', 'bruno', '--out', folder, '--url', server.url)).code).toBe(0);
    const script = blockOf(
      readFileSync(join(folder, 'collection.bru'), 'utf8'),
      'script:pre-request',
    );
    const variables = fieldsOf(
      blockOf(readFileSync(join(folder, 'environments', 'local.bru'), 'utf8'), 'vars'),
    );
    const files = readdirSync(folder).filter(
      (name) => name.endsWith('.bru') && name !== 'collection.bru',
    );
    expect(files.length).toBeGreaterThanOrEqual(13);
    for (const file of files) {
      const text = readFileSync(join(folder, file), 'utf8');
      const url = fieldsOf(blockOf(text, 'post')).get('url') ?? '';
      const headers = new Map(fieldsOf(blockOf(text, 'headers')));
      let body = blockOf(text, 'body:text');
      const req = {
        getUrl: () => url,
        getBody: () => body,
        setBody: (changed: string) => {
          body = changed;
        },
        setHeader: (name: string, value: string) => headers.set(name, value),
      };
      runInContext(
        script,
        bareContext({ req, bru: { getEnvVar: (name: string) => variables.get(name) } }),
      );
      const sent = await send(
        url.replace('{{baseUrl}}', variables.get('baseUrl') ?? ''),
        Object.fromEntries(headers),
        body,
      );
      expect([file, sent.text]).toEqual([file, expect.stringContaining('"SUCCESS"')]);
    }
  });

  test('a folder must be named', async () => {
    expect(await runCli('export', 'bruno')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--out'),
    });
  });
});

test('openapi: the contract as it is served, settings applied', async () => {
  const document = JSON.parse(
    (await runCli('export', 'openapi', '--paths-sync-order', '/real/path')).stdout,
  );
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths)).toContain('/real/path');
});

test('collections sign RSA256 only, and say so', async () => {
  expect((await runCli('export', 'postman', '--algorithm', 'ECC224')).stderr).toContain(
    'collections sign with RSA256 only',
  );
});
