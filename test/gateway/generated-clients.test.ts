import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@hey-api/openapi-ts';
import openapiTypescript, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../server/package-root.ts';

const contract = join(packageRoot, 'openapi', 'alipayhk.yaml');
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'alipayhk-generated-'));
  symlinkSync(join(packageRoot, 'node_modules'), join(folder, 'node_modules'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const order = `
  requestId: '1', merchantBizNo: '2', orderCreateTime: 1, orderModifyTime: 2, userId: '2160',`;

/** Orders as a merchant writes them, one of them wrong in the line marked so. */
const orders = (type: string): string => `
export const movie: ${type} = {${order}
  merchantBizType: 'MOVIE_TICKET', orderStatus: 'TICKETED',
  extInfo: { start_time: 1747908000000, seats: { zh_HK: 'F7' } },
};
export const ride: ${type} = {${order}
  merchantBizType: 'RIDE_HAILING', orderStatus: 'WAIT_PAY', extInfo: { auto_color: 'white' },
};
export const hasFields = (one: ${type}): unknown =>
  one.merchantBizType === 'SELF_PICK' ? one.shopInfo : one.extInfo;
// @ts-expect-error: MOVIE_TICKET requires extInfo
export const incomplete: ${type} = {${order}
  merchantBizType: 'MOVIE_TICKET', orderStatus: 'TICKETED',
};
export const unknownType: ${type} = {${order}
  // @ts-expect-error: unknown business type
  merchantBizType: 'BUS', orderStatus: 'TICKETED',
};
`;

/** What the compiler reports on a file and all it imports, strict as a merchant's project is. */
const compile = (file: string): string[] => {
  const program = ts.createProgram([file], {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: [],
  });
  return ts.getPreEmitDiagnostics(program).map(({ file: where, messageText }) => {
    return `${where?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
};

test('a client of openapi-typescript carries the fields of each kind of order', async () => {
  const types = astToString(await openapiTypescript(new URL(`file://${contract}`)));
  writeFileSync(join(folder, 'types.ts'), types);
  const usage = join(folder, 'openapi-typescript.ts');
  writeFileSync(
    usage,
    `import type { components } from './types';\n${orders(`components['schemas']['SyncOrderRequest']`)}`,
  );
  expect(compile(usage)).toEqual([]);
});

test('a client of hey-api compiles, and carries the fields of each kind of order', async () => {
  const output = join(folder, 'hey-api');
  await createClient({ input: contract, output, logs: { level: 'silent' } });
  const usage = join(folder, 'hey-api.ts');
  writeFileSync(
    usage,
    `import { syncOrder, type SyncOrderRequest } from './hey-api/index';
${orders('SyncOrderRequest')}
export const call = () => syncOrder({
  body: movie,
  headers: { 'Client-Id': '1', Signature: '2', 'Request-Time': '3' },
});`,
  );
  expect(compile(usage)).toEqual([]);
});
