import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  basisKinds,
  caseFamilies,
  caseSeverities,
  checkIds,
  checkTitles,
  profiles,
} from '../../../server/conformance/certify/catalogue/case.ts';
import { catalogue, correctHandling } from '../../../server/conformance/certify/catalogue/index.ts';
import { toCaseRun } from '../../../server/conformance/certify/harness/plan-runs.ts';
import { listChecks } from '../../../server/conformance/certify/judge-case.ts';
import { languages } from '../../../server/doctor/catalogue/remedies.ts';
import { operationIds } from '../../../server/domain/contract/contract.ts';
import { readFidelityRegister } from '../../../server/domain/contract/fidelity.ts';
import { endpoints } from '../../../server/domain/operations/index.ts';
import { toCompiledScenario } from '../../../server/domain/scenarios/compile-scenario.ts';
import { packageRoot } from '../../../server/package-root.ts';
import { contract } from './case-record.ts';

test('the catalogue has 44 cases, each with an id of its own', () => {
  const ids = catalogue.map(({ id }) => id);
  expect(ids).toHaveLength(44);
  expect(new Set(ids).size).toBe(44);
  for (const id of ids) expect(id).toMatch(/^C-[A-Z]+-\d\d$/);
  expect([...new Set(ids.map((id) => id.split('-')[1]))].sort()).toEqual([...caseFamilies].sort());
});

const register = new Set(
  readFidelityRegister(join(packageRoot, 'openapi', 'fidelity.yaml')).map(({ id }) => id),
);

test.each(catalogue)('$id says what, why and how well founded, in both languages', (one) => {
  expect(one.title.en).toMatch(/^\S.{3,50}$/);
  expect(one.title['zh-HK']).toMatch(/\p{Script=Han}/u);
  expect(caseSeverities).toContain(one.severity);
  for (const { kind, register: entry } of one.basis) {
    expect(basisKinds).toContain(kind);
    if (entry !== undefined) expect(register).toContain(entry);
  }
  expect(one.must).toMatch(/\.$/);
  expect(one.why).toMatch(/\.$/);
  expect(one.expectedMs).toBeGreaterThan(0);
  for (const { id } of listChecks(one)) {
    expect(checkIds).toContain(id);
    expect(checkTitles[id]).toMatch(/\.$/);
  }
});

test.each(catalogue)('$id has a correct handling in every language', ({ id }) => {
  const handling = correctHandling(id);
  for (const language of languages) expect(handling?.[language]).toMatch(/\S{3}/);
});

/** As the pages' headings are linked to. */
const anchorFor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

test.each(catalogue)('$id leads to a remedy that exists', ({ remedy }) => {
  const [page = '', anchor] = remedy.split('#');
  const file = join(packageRoot, 'docs', page);
  expect(existsSync(file), file).toBe(true);
  if (anchor === undefined) return;
  const headings = [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    anchorFor(heading),
  );
  expect(headings).toContain(anchor);
});

const planned = catalogue.flatMap((plan) =>
  (plan.variants === undefined ? [undefined] : Object.keys(plan.variants)).flatMap((variant) => {
    const own = variant === undefined ? undefined : plan.variants?.[variant]?.operations;
    return operationIds
      .filter((id) => plan.operations === 'all' || plan.operations.includes(id))
      .filter((id) => own === undefined || own.includes(id))
      .map((operation) => ({ id: plan.id, plan, variant, operation }));
  }),
);

test.each(planned)('$id $variant can be played on $operation', ({ plan, variant, operation }) => {
  const { rules, messages } = toCaseRun(
    { plan, variant, operation, algorithm: 'RSA256', sealed: false },
    {
      contract,
      clientId: 'SHOP',
      separation: 'client',
      token: 'CTEST0001',
      time: Date.now(),
      messages: {},
    },
  );
  expect(rules).toHaveLength(plan.play.length);
  const scenario = toCompiledScenario('certify-test', rules);
  expect(scenario.rules).toHaveLength(rules.length);
  const known = contract.operations.get(operation)?.results;
  for (const { then } of rules) {
    expect(Object.keys(then).length).toBeGreaterThan(0);
    if (then.result !== undefined && then.unlisted !== true)
      expect([...(known?.keys() ?? [])]).toContain(then.result);
    if (then.unlisted === true) expect(known?.has(then.result ?? '')).toBe(false);
  }
  for (const job of plan.jobs) expect(messages.length).toBeGreaterThanOrEqual(job.message ?? 1);
  expect(messages.length).toBeGreaterThanOrEqual(plan.subject ?? 1);
  const endpoint = endpoints.find(({ operationId }) => operationId === operation);
  for (const message of messages)
    expect(message).not.toHaveProperty(endpoint?.idempotencyKey ?? 'requestId');
});

test('cases that only passive mode cannot show name their modes', () => {
  for (const { id, modes } of catalogue)
    if (modes !== undefined) expect(modes.length, id).toBeGreaterThan(0);
});

test('profiles name cases that exist', () => {
  const ids = new Set(catalogue.map(({ id }) => id));
  for (const { warnsOnly } of Object.values(profiles))
    for (const id of warnsOnly) expect(ids).toContain(id);
});
