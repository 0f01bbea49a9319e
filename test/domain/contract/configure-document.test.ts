import { describe, expect, test } from 'vitest';
import { settingsWith } from '../../../server/app/settings/resolve-settings.ts';
import { configuredPaths, servedPaths } from '../../../server/domain/contract/read-contract.ts';
import { operationOf, shippedContract } from '../shipped-contract.ts';

describe('where an operation is served', () => {
  test.each([
    [{}, ['/own']],
    [{ basePath: '/base' }, ['/base/own']],
    [{ 'paths.syncOrder': ['/a', '/b', '/a', ''] }, ['/a', '/b']],
    [{ basePath: '/base', 'paths.syncOrder': ['/a'] }, ['/base/a']],
  ])('%o', (settings, paths) => {
    expect(servedPaths('syncOrder', '/own', settingsWith(settings))).toEqual(paths);
  });

  test('an operation without a setting has no configured path', () => {
    expect(configuredPaths('syncOrder', settingsWith())).toEqual([]);
    expect(configuredPaths('unknown', settingsWith())).toEqual([]);
  });
});

test.each([
  ['resultInfo', ['resultInfo']],
  ['result', ['result']],
  ['both', ['resultInfo', 'result']],
] as const)('the result of the membership card is called %s (G-07)', (name, fields) => {
  const contract = shippedContract({ 'membership.resultName': name });
  expect(operationOf(contract, 'updateMembershipCard').resultFields).toEqual(fields);
});

describe('a setting changes a copy of the schemas', () => {
  const schemaText = (settings: Parameters<typeof shippedContract>[0]) =>
    JSON.stringify(shippedContract(settings).document);

  test.each([
    ['times in seconds are refused (E-17)', { strict: ['timestamps'] }, '"minimum":100000000000'],
    [
      'account types are listed (E-15)',
      { accountTypes: { TELECOM: ['MOBILE_SERVICE'] } },
      '{"subType":{"enum":["MOBILE_SERVICE"]}}',
    ],
    ['updateDetailType is required', { strict: ['updateDetailType'] }, ',"updateDetailType"]'],
  ] as const)('%s', (_what, settings, text) => {
    expect(schemaText(settings as never)).toContain(text);
    expect(schemaText({})).not.toContain(text);
  });

  test('missing fields of an order are findings instead of refusals (E-20)', () => {
    expect(schemaText({ 'order.extraFields': 'note' }).length).toBeLessThan(schemaText({}).length);
  });
});
