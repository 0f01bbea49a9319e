import { expect, test } from 'vitest';
import { checks } from '../../../server/conformance/certify/checks/index.ts';
import { allPairs, provedPairs, readMutants, readUnproved } from '../mutants/proof.ts';

const proved = provedPairs(readMutants());

test('every check is failed by a faulty client', () => {
  const ids = new Set([...proved].map((pair) => pair.slice(pair.indexOf('.') + 1)));
  expect(Object.keys(checks).filter((id) => !ids.has(id))).toEqual([]);
});

test('of every case and check either a faulty client fails it, or a reason says why none does', () => {
  const listed = readUnproved().flatMap(({ check, cases, reason }) => {
    expect(reason.length).toBeGreaterThan(40);
    return cases.split(' ').map((id) => `${id}.${check}`);
  });
  expect(listed.toSorted()).toEqual(allPairs.filter((pair) => !proved.has(pair)).toSorted());
});

test('no faulty client is expected to fail what the catalogue does not have', () => {
  expect([...proved].filter((pair) => !allPairs.includes(pair))).toEqual([]);
});
