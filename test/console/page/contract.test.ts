import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseContract as readForPage } from '../../../console/api/contract.ts';
import { diffFields, listFormFields } from '../../../console/views/send/request-editor.tsx';
import { layOutStatuses } from '../../../console/views/state/history.tsx';
import { composeSample } from '../../../server/admin/loopback-client.ts';
import { settingsWith } from '../../../server/app/settings/resolve-settings.ts';
import { readContract } from '../../../server/domain/contract/read-contract.ts';
import { packageRoot } from '../../../server/package-root.ts';

const contract = readContract(join(packageRoot, 'openapi', 'alipayhk.yaml'), settingsWith()).value;
const page = readForPage(contract?.document);
const types = [...(contract?.statusMachines.keys() ?? [])];

test('the page reads every operation with its codes and examples from the contract', () => {
  expect(
    page.operations.map(({ id, path, examples }) => [id, path, examples.map(({ name }) => name)]),
  ).toEqual(
    [...(contract?.operations.values() ?? [])].map(({ id, path, examples }) => [
      id,
      path,
      [...examples.keys()],
    ]),
  );
  expect(page.resultRow('syncOrder', 'ORDER_STATUS_INVALID')?.retry).toBeDefined();
  expect(page.resultRow(undefined, 'INVALID_API')?.status).toBe('F');
});

test('the form of every example has all of its fields, those of its business type too', () => {
  for (const { id, schema, examples } of page.operations)
    for (const { name, value } of examples) {
      const known = new Set(
        listFormFields(schema, value as never, page.resolve).map((field) => field.name),
      );
      expect([id, name, Object.keys(value).filter((field) => !known.has(field))]).toEqual([
        id,
        name,
        [],
      ]);
    }
});

test('every status of every business type has a place in its diagram, and no two the same', () => {
  expect(types.length).toBe(9);
  for (const type of types) {
    const { nodes } = layOutStatuses(page.statuses(type));
    expect([type, [...nodes.keys()].sort()]).toEqual([
      type,
      [...(contract?.statusMachines.get(type)?.keys() ?? [])].sort(),
    ]);
    expect(new Set([...nodes.values()].map(({ x, y }) => `${x},${y}`)).size).toBe(nodes.size);
  }
});

test('what is laid over an example makes it what was typed', () => {
  const operation = [...(contract?.operations.values() ?? [])].find(
    ({ id }) => id === 'updateMembershipCard',
  );
  const base = [...(operation?.examples.values() ?? [])][0];
  if (operation === undefined || base === undefined)
    throw new Error('the contract has this operation and its example');
  const typed = { ...base, passId: 'P-9', extra: true };
  Reflect.deleteProperty(typed, 'status');
  expect(
    composeSample(operation, {
      fields: diffFields(base as never, typed as never) as never,
      time: 0,
    }),
  ).toEqual(typed);
});
