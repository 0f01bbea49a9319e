import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingsWith } from '../../server/app/settings/resolve-settings.ts';
import { readContract } from '../../server/domain/contract/read-contract.ts';
import type { Json, JsonObject } from '../../server/domain/state/state.ts';
import { createRequestValidator } from '../../server/gateway/request-validator.ts';

const { value: contract } = readContract(
  join(import.meta.dirname, '../../openapi/alipayhk.yaml'),
  settingsWith(),
);
if (contract === undefined) throw new Error('the shipped contract cannot be read');
const syncOrder = contract.operations.get('syncOrder');
if (syncOrder === undefined) throw new Error('the shipped contract has no syncOrder');

test('the shipped contract stands the check of the document itself, and its own examples keep it', async () => {
  await createRequestValidator(contract, false).validateExamples();
});

test('an example that breaks the contract is told by name', async () => {
  const broken = { ...syncOrder, examples: new Map([['A', { requestId: 7 }]]) };
  const { validateExamples: tryAll } = createRequestValidator(
    { ...contract, operations: new Map([[broken.id, broken]]) },
    true,
  );
  await expect(tryAll()).rejects.toThrow(
    /syncOrder: the example "A" breaks the contract: .*requestId/,
  );
});

test('what one request has wrong is not carried over to the next', async () => {
  const { validate } = createRequestValidator(contract, true);
  const [example] = syncOrder.examples.values();
  const good = () => structuredClone(example ?? {});
  expect(await validate(syncOrder, good())).toEqual([]);
  expect(await validate(syncOrder, { ...good(), requestId: 7 })).toEqual([
    expect.stringContaining('requestId'),
  ]);
  expect(await validate(syncOrder, good())).toEqual([]);
  const both = await Promise.all([validate(syncOrder, {}), validate(syncOrder, good())]);
  expect(both.map((faults) => faults.length > 0)).toEqual([true, false]);
});

test("from the document cut down to the requests come the same complaints as from the contract's own", async () => {
  const [whole, cutDown] = [
    createRequestValidator(contract, false),
    createRequestValidator(contract, true),
  ];
  let complaints = 0;
  for (const operation of contract.operations.values()) {
    for (const request of [...operation.examples.values()].flatMap(brokenInEveryField)) {
      const expected = await whole.validate(operation, structuredClone(request));
      expect(await cutDown.validate(operation, structuredClone(request))).toEqual(expected);
      complaints += expected.length;
    }
  }
  expect(complaints).toBeGreaterThan(500);
});

/**
 * The request, and for each of its fields, at any depth, copies that lack it or hold something else
 * in its place.
 */
const brokenInEveryField = (request: JsonObject): JsonObject[] => [
  request,
  ...Object.entries(request).flatMap(([name, value]) => [
    Object.fromEntries(Object.entries(request).filter(([other]) => other !== name)),
    ...replacements(value).map((other) => ({ ...request, [name]: other })),
  ]),
];

const replacements = (value: Json): Json[] => [
  ...[null, 7, -1, '', 'x'.repeat(5000), true, [], {}, [{}], ['']],
  ...(Array.isArray(value)
    ? value.flatMap(replacements).map((item) => [item])
    : isObject(value)
      ? brokenInEveryField(value)
      : []),
];

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
