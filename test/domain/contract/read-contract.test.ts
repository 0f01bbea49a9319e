import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { settingsWith } from '../../../server/app/settings/resolve-settings.ts';
import { readContract } from '../../../server/domain/contract/read-contract.ts';
import { readOutboundContract } from '../../../server/domain/outbound/outbound-calls.ts';
import { readScenarioText } from '../../../server/domain/scenarios/read-scenarios.ts';
import { packageRoot } from '../../../server/package-root.ts';

const shipped = (name: string): string => readFileSync(join(packageRoot, 'openapi', name), 'utf8');
const inFile = (name: string, text: string): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'contract-')), name);
  writeFileSync(file, text);
  return file;
};
const custom = (change: (text: string) => string) => {
  const text = shipped('alipayhk.yaml');
  const changed = change(text);
  expect(changed).not.toBe(text);
  return readContract(inFile('alipayhk.yaml', changed), settingsWith());
};
const messages = (change: (text: string) => string): string =>
  custom(change)
    .problems.map(({ message }) => message)
    .join('\n');

describe('a contract that cannot be used is refused with what is wrong', () => {
  test.each<[string, (text: string) => string, string]>([
    ['no YAML', (text) => `${text}\n  - : [`, ''],
    [
      'another version of OpenAPI',
      (text) => text.replace(/^openapi: .*/m, "openapi: '3.0.0'"),
      'must be 3.1',
    ],
    [
      'an operation is missing',
      (text) => text.replace('operationId: syncPaymentInfo', 'operationId: somethingElse'),
      'syncPaymentInfo',
    ],
    [
      'statuses that are no lists',
      (text) => text.replace(/x-statuses:\n/, 'x-statuses: none\n      x-former:\n'),
      'the statuses cannot be read',
    ],
  ])('%s', (_, change, message) => {
    const { value, problems } = custom(change);
    expect(value).toBeUndefined();
    expect(problems.length).toBeGreaterThan(0);
    expect(messages(change)).toContain(message);
  });

  test('two operations with one path', () => {
    const { problems } = readContract(
      join(packageRoot, 'openapi', 'alipayhk.yaml'),
      settingsWith({ 'paths.syncOrder': '/same', 'paths.syncPaymentInfo': '/same' }),
    );
    expect(problems.map(({ message }) => message)).toContain('two operations have the same path');
  });

  test.each([
    ['no YAML', '- : ['],
    ['no document', 'just text'],
    ['no webhooks', 'openapi: 3.1.0\ninfo: {}'],
  ])('outbound calls: %s', (_, text) => {
    expect(() => readOutboundContract(inFile('outbound.yaml', text))).toThrow(
      expect.objectContaining({ name: 'StartupError' }),
    );
  });
});

test('a number without a maximum is described by its minimum alone', () => {
  const { value: contract } = custom((text) =>
    text.replaceAll(/^ +maximum: 9007199254740991\n/gm, ''),
  );
  if (contract === undefined) throw new Error('the contract cannot be read');
  const range = (condition: string) =>
    readScenarioText(
      'name: story\ndescription: x\nrules:\n' +
        `  - when: { operation: syncOrder, body: { orderModifyTime: ${condition} } }\n` +
        '    then: { result: SUCCESS }\n',
      new Map(),
      contract,
    ).problems;
  expect(range('{ min: -5, max: -1 }')).toMatchObject([{ remedy: 'It is at least 0.' }]);
  expect(range('{ max: -1 }')).toMatchObject([{ remedy: 'It is at least 0.' }]);
  expect(range('{ min: 5 }')).toEqual([]);
});
