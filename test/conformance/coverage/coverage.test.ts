import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingsWith } from '../../../server/app/settings/resolve-settings.ts';
import { Coverage, type CoverageOptions } from '../../../server/conformance/coverage/coverage.ts';
import { listItems } from '../../../server/conformance/coverage/coverage-items.ts';
import {
  type CoverageReport,
  checkGate,
  mergeReports,
  renderCoverage,
} from '../../../server/conformance/coverage/coverage-report.ts';
import { operationIds } from '../../../server/domain/contract/contract.ts';
import { readContract } from '../../../server/domain/contract/read-contract.ts';
import { compileRule } from '../../../server/domain/scenarios/compile-scenario.ts';
import { packageRoot } from '../../../server/package-root.ts';
import { lintEntries } from '../lint/lint-traffic.ts';
import { record, type Sent, startMs } from '../traffic.ts';

const contract =
  readContract(join(packageRoot, 'openapi', 'alipayhk.yaml'), settingsWith({})).value ??
  expect.fail('the contract cannot be read');

const cover = (sent: readonly Sent[], options: Partial<CoverageOptions> = {}): CoverageReport => {
  const coverage = new Coverage({
    ...{ contract, documentedOnly: false, hasInconsistentCode: false },
    ...options,
  });
  lintEntries(record(sent), { onAttempt: (tracked, hits) => coverage.add(tracked, hits) });
  return coverage.report();
};

/** `C syncOrder U: 1 answered, 0 handled` for all that was answered. */
const answeredIn = ({ groups }: CoverageReport): readonly string[] =>
  groups.flatMap(({ id, items }) =>
    items
      .filter(({ answered }) => answered > 0)
      .map((item) => `${id} ${item.id}: ${item.answered}, ${item.handled}`),
  );

const all = {
  operations: operationIds,
  modes: [{ algorithm: 'RSA256' as const, sealed: false }],
  orderTypes: [],
};

test('denominators of the five operations, RSA256 and not encrypted', () => {
  const items = listItems(contract, all, { documentedOnly: false, hasInconsistentCode: false });
  const count = (group: string, isOptional = false): number =>
    items.filter((item) => item.group === group && item.isOptional === isOptional).length;
  expect({
    A: count('A'),
    B: count('B'),
    moreB: count('B', true),
    C: count('C'),
    D: count('D'),
    E: count('E'),
    F: count('F'),
    G: count('G'),
    I: count('I'),
  }).toEqual({ A: 28, B: 6, moreB: 3, C: 15, D: 15, E: 5, F: 12, G: 5, I: 19 });
  expect(new Set(items.map(({ group, id }) => `${group} ${id}`)).size).toBe(items.length);
});

test('an unknown outcome is handled once the message is sent again', () => {
  expect(answeredIn(cover([{ ms: 0, view: 'U' }, { ms: 2000 }]))).toEqual([
    'A syncOrder SUCCESS: 1, 1',
    'A syncOrder UNKNOWN_EXCEPTION: 1, 1',
    'C syncOrder S: 1, 1',
    'C syncOrder U: 1, 1',
    'G syncOrder RSA256 plain: 2, 2',
    'I order repeated after U: 1, 1',
  ]);
  const abandoned = cover([{ ms: 0, view: 'U' }]);
  expect(answeredIn(abandoned)).toContain('C syncOrder U: 1, 0');
  const renewed = cover([
    { ms: 0, id: 'A', view: 'U' },
    { ms: 2000, id: 'B', body: { orderModifyTime: startMs + 5 } },
  ]);
  expect(answeredIn(renewed)).toContain('I order repeated after U: 1, 0');
});

test('a refusal is handled when nothing follows', () => {
  expect(answeredIn(cover([{ ms: 0, view: 'F' }]))).toContain('A syncOrder PARAM_ILLEGAL: 1, 1');
  expect(
    answeredIn(
      cover([
        { ms: 0, view: 'F' },
        { ms: 2000, view: 'F' },
      ]),
    ),
  ).toContain('A syncOrder PARAM_ILLEGAL: 2, 0');
});

test('faults, lost answers, untrusted answers and duplicates', () => {
  const report = cover([
    { ms: 0, id: 'A', view: 'lost', fault: 'reset' },
    { ms: 2000, id: 'A', tags: ['duplicate'] },
    { ms: 3000, id: 'B', body: { merchantBizNo: 'X' }, security: 'unsigned' },
    { ms: 5000, id: 'B', body: { merchantBizNo: 'X' } },
  ]);
  expect(answeredIn(report)).toEqual([
    'A syncOrder SUCCESS: 2, 2',
    'C syncOrder S: 2, 2',
    'D reset: 1, 1',
    'E syncOrder: 1, 1',
    'F unsigned: 1, 1',
    'G syncOrder RSA256 plain: 2, 2',
    'I order repeated after a lost answer: 1, 1',
    'I order repeated after an untrusted answer: 1, 1',
    'I order duplicate accepted: 1, 1',
  ]);
  expect(report.pairs).toEqual([
    { operation: 'syncOrder', view: 'lost', answered: 1, handled: 1 },
    { operation: 'syncOrder', view: 'untrusted', answered: 1, handled: 1 },
  ]);
  expect(report.notIntegrated).toEqual(operationIds.filter((id) => id !== 'syncOrder'));
});

test('the end of retries is handled when it comes after the printed plan', () => {
  const plan = [0, 2000, 4000, 6000, 606_000, 2_406_000].map((ms) => ({ ms, view: 'U' as const }));
  expect(answeredIn(cover(plan))).toContain('I order end of retries: 1, 1');
  expect(answeredIn(cover(plan.slice(0, 3))).join()).not.toContain('end of retries');
});

test('statuses of orders, with their changes', () => {
  const changed = (from: string | undefined, to: string): NonNullable<Sent['more']> => ({
    changes: [
      {
        collection: 'orders',
        id: '["ORDER1"]',
        before: from === undefined ? null : entity(from),
        after: entity(to),
      },
    ],
  });
  const report = cover([
    { ms: 0, id: 'A', more: changed(undefined, 'TICKETED') },
    {
      ms: 1000,
      id: 'B',
      body: { orderStatus: 'REFUNDED', orderModifyTime: startMs + 1 },
      more: changed('TICKETED', 'REFUNDED'),
    },
  ]);
  const found = answeredIn(report).filter((line) => line.startsWith('H'));
  expect(found).toContain('H MOVIE_TICKET TICKETED: 1, 1');
});

const entity = (orderStatus: string) => ({
  fields: { merchantBizType: 'MOVIE_TICKET', orderStatus },
  eventTime: startMs,
  updates: 1,
});

test('runs are merged, and those of other contracts are not', () => {
  const [one, other] = [cover([{ ms: 0 }]), cover([{ ms: 0, view: 'U' }, { ms: 2000 }])];
  const merged = mergeReports([one, other]);
  expect(answeredIn(merged)).toContain('A syncOrder SUCCESS: 2, 2');
  expect(merged.exchanges).toBe(3);
  expect(merged.handled).toBe(other.handled);
  expect(() => mergeReports([one, { ...other, contract: 'another' }])).toThrow(/two contracts/);
});

test('the gate fails a suite that drops an item, and names it', () => {
  const before = cover([{ ms: 0, view: 'U' }, { ms: 2000 }]);
  const now = cover([{ ms: 0 }]);
  expect(checkGate(now, { ratchet: before }).problems).toEqual([
    'A syncOrder UNKNOWN_EXCEPTION was handled before, and is not now',
    'C syncOrder U was handled before, and is not now',
    'I order repeated after U was handled before, and is not now',
  ]);
  expect(checkGate(before, { ratchet: before })).toEqual({ problems: [], isEmpty: false });
  expect(checkGate(now, { minHandled: 90 }).problems[0]).toMatch(
    /^all groups: 3 of \d+ are handled/,
  );
  expect(checkGate(now, { minByGroup: new Map([['G', 100]]) }).problems).toEqual([]);
  expect(checkGate(now, { minByGroup: new Map([['A', 100]]) }).problems).toEqual([
    'group A: 1 of 5 are handled, 20 %, not 100 %',
  ]);
  expect(checkGate(cover([]), { minHandled: 0 })).toEqual({
    problems: ['no exchange of the suite was seen'],
    isEmpty: true,
  });
});

test('what is missing is printed with the rule that produces it', () => {
  const report = cover([{ ms: 0 }]);
  const text = renderCoverage(report);
  expect(text).toContain('  A syncOrder PARAM_ILLEGAL\n');
  expect(text).toContain('{"when":{"operation":"syncOrder"},"then":{"result":"PARAM_ILLEGAL"}}');
  expect(text).toContain('H statuses of orders');
  expect(text).toMatch(/ {2}I order repeated after U\n {4}\{"when".*\n {4}Answer U, and let the/);
  expect(text).toContain('  I order stale noticed\n    Send an update');
  const short = renderCoverage(report, { maxMissing: 2, forAll: 'alipayhk-mock coverage c.json' });
  expect(short).toMatch(/\n {2}and \d+ more: alipayhk-mock coverage c\.json$/);
});

test('inferred codes can be left out', () => {
  const items = (documentedOnly: boolean) =>
    listItems(contract, all, { documentedOnly, hasInconsistentCode: true });
  expect(items(true).length).toBeLessThanOrEqual(items(false).length);
});

test('what was counted before all was cleared is not taken back', () => {
  const coverage = new Coverage({ contract, documentedOnly: false, hasInconsistentCode: false });
  lintEntries(
    record([
      { ms: 0, view: 'F' },
      { ms: 2000, view: 'F' },
    ]),
    {
      onAttempt: (tracked) => {
        if (tracked.before !== undefined) coverage.clear();
        coverage.add(tracked, []);
      },
    },
  );
  expect(answeredIn(coverage.report())).toContain('A syncOrder PARAM_ILLEGAL: 1, 1');
});

test.each([
  { operations: [] },
  ...operationIds.map((id) => ({ operations: [id] })),
  { operations: operationIds },
])('what each missing item is produced with is a valid rule: $operations', ({ operations }) => {
  const options = { documentedOnly: false, hasInconsistentCode: true };
  const modes = [{ algorithm: 'RSA256' as const, sealed: true }];
  const items = listItems(contract, { operations, modes, orderTypes: [] }, options);
  const invalid = items
    .filter(({ oneShot }) => oneShot !== undefined)
    .filter(({ id, oneShot }) => {
      // How often it is used is said next to the rule.
      const { times: _, ...rule } = oneShot as { readonly times?: number };
      return 'problems' in compileRule('item', id, rule, contract);
    });
  expect(invalid).toEqual([]);
});
