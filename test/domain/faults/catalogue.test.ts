import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { renderFaultsPage } from '../../../scripts/generate-faults.ts';
import {
  scenarioFor,
  securityFaults,
  wireFaults,
} from '../../../server/domain/faults/catalogue.ts';
import { scenarioFileSchema } from '../../../server/domain/scenarios/scenario-file.ts';
import { packageRoot } from '../../../server/package-root.ts';

const faults = [...Object.entries(wireFaults), ...Object.entries(securityFaults)];

describe.each(faults)('%s', (id, fault) => {
  test('says what it is and what a correct client must do', () => {
    expect(fault.sentence).toMatch(/^[A-Z].*\.$/);
    expect(fault.expectedClientBehaviour).toMatch(/^[A-Z].*\.$/);
    expect(fault.hooksFor({})).toBeDefined();
  });

  test('has a scenario and stands on its page', () => {
    expect(existsSync(join(packageRoot, 'scenarios', `${scenarioFor(id, fault)}.yaml`))).toBe(true);
    expect(renderFaultsPage()).toContain(`\`${id}\``);
  });
});

test('no id means two things', () => {
  expect(new Set(faults.map(([id]) => id)).size).toBe(faults.length);
});

test('editors get every fault with its parameters', () => {
  const validate = new Ajv({ strict: false }).compile(scenarioFileSchema());
  const accepts = (then: unknown): boolean =>
    validate({ name: 'x', description: 'x', rules: [{ when: { operation: 'syncOrder' }, then }] });
  for (const id of Object.keys(wireFaults))
    expect([id, accepts({ fault: id }), accepts({ fault: { id } })]).toEqual([id, true, true]);
  expect(accepts({ fault: { id: 'cut-body', phase: 'after-commit', atByte: 20 } })).toBe(true);
  expect(accepts({ fault: { id: 'cut-body', forMs: 20 } })).toBe(false);
  expect(accepts({ fault: 'nonsense' })).toBe(false);
  expect(accepts({ security: { id: 'stale-time', byMs: 5000 } })).toBe(true);
});
