import { expect, test } from 'vitest';
import { readCertifyFile } from '../../../server/conformance/certify/certify-files.ts';
import { parseLocatedYaml } from '../../../server/problems/located-yaml.ts';

const read = (text: string) => readCertifyFile(parseLocatedYaml('certify.yaml', text));

test('every member of certify.yaml is read', () => {
  const { value, problems } = read(`
profile: core-2027.1
operations: [syncOrder, syncPaymentInfo]
modes: [{ algorithm: RSA256, sealed: true }, {}]
messages: { syncOrder: { merchantBizType: LINE_UP, tradeNo: null } }
timeouts: { recommendedMs: 5000, ceilingMs: 20000 }
retry: { pauseFactor: 0.01, patienceMs: 10000, realPauses: false }
every: operation
accept: { C-FIN-04: retry }
failOn: minor
expectedFailures: certify.expected.yaml
`);
  expect(problems).toEqual([]);
  expect(value).toMatchObject({
    operations: ['syncOrder', 'syncPaymentInfo'],
    modes: [
      { algorithm: 'RSA256', sealed: true },
      { algorithm: 'RSA256', sealed: false },
    ],
    messages: { syncOrder: { merchantBizType: 'LINE_UP', tradeNo: null } },
    accept: { 'C-FIN-04': 'retry' },
  });
});

test.each([
  ['operations: [orderSync]', 1, 'syncOrder'],
  ['profile: core-2026.1', 1, 'core-2027.1'],
  ['every: all', 1, 'primary'],
  ['retry: { pauseFactor: 2 }', 1, 'pauseFactor'],
  ['# comment\nretires: {}', 2, 'retry'],
  ['modes: [{ algorithm: ECC224, sealed: true }]', 1, 'encrypted bodies need an RSA key'],
])('%s is an error with its place', (text, line, expected) => {
  const [problem] = read(text).problems;
  expect(problem).toMatchObject({ where: 'certify.yaml', line });
  expect(`${problem?.message} ${problem?.remedy}`).toContain(expected);
});

test('a file of comments is like none', () => {
  expect(read('# nothing yet\n')).toEqual({ value: {}, problems: [] });
});
