import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingsWith } from '../../server/config/default-settings.ts';
import { readContract } from '../../server/contract/read-contract.ts';
import { createRequestValidator } from '../../server/contract/request-validator.ts';

const { value: contract } = readContract(join(import.meta.dirname, '../../openapi/alipayhk.yaml'), settingsWith());
if (contract === undefined) throw new Error('the shipped contract cannot be read');
const syncOrder = contract.operations.get('syncOrder');
if (syncOrder === undefined) throw new Error('the shipped contract has no syncOrder');

test('the shipped contract stands the check of the document itself, and its own examples keep it', async () => {
  await createRequestValidator(contract, false).tryAll();
});

test('an example that breaks the contract is told by name', async () => {
  const broken = { ...syncOrder, examples: new Map([['A', { requestId: 7 }]]) };
  const { tryAll } = createRequestValidator({ ...contract, operations: new Map([[broken.id, broken]]) }, true);
  await expect(tryAll()).rejects.toThrow(/syncOrder: the example "A" breaks the contract: .*requestId/);
});

test('what one request has wrong is not carried over to the next', async () => {
  const { validate } = createRequestValidator(contract, true);
  const [example] = syncOrder.examples.values();
  const good = () => structuredClone(example ?? {});
  expect(await validate(syncOrder, good())).toEqual([]);
  expect(await validate(syncOrder, { ...good(), requestId: 7 })).toEqual([expect.stringContaining('requestId')]);
  expect(await validate(syncOrder, good())).toEqual([]);
  const both = await Promise.all([validate(syncOrder, {}), validate(syncOrder, good())]);
  expect(both.map((faults) => faults.length > 0)).toEqual([true, false]);
});
