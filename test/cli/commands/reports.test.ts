import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  believedUnsigned,
  sampleCase,
  sampleResult,
} from '../../conformance/certify/sample-result.ts';
import { runCli } from '../run-cli.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'reports-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const readJson = (name: string) => JSON.parse(read(name));

const scenario = `name: wrong
description: Expects what does not happen.
rules:
  - when: { operation: syncOrder }
    then: { result: PARAM_ILLEGAL }
expect:
  - send: syncOrder
    answer: { result: SUCCESS, status: S }
`;

describe('--report', () => {
  test('scenarios run: a case for each scenario, a difference at its step', async () => {
    const file = join(folder, 'wrong.yaml');
    writeFileSync(file, scenario);
    const { code, stdout } = await runCli(
      ...['scenarios', 'run', 'wrong', 'order-success', '--scenarios-dir', folder],
      ...['--report', `junit=${join(folder, 'run.xml')}`],
      ...['--report', `ctrf=${join(folder, 'run.ctrf.json')}`],
      ...['--report', `json=${join(folder, 'run.json')}`, '--report', 'github'],
    );
    expect(code).toBe(1);
    expect(stdout).toContain(
      `::error file=${file},line=7,col=5,title=scenarios%3A wrong::` +
        'step 1 of expect: result: expected "SUCCESS", got "PARAM_ILLEGAL"%0A',
    );
    expect(stdout).toContain('step 1 of expect: status: expected "S", got "F"');
    expect(read('run.xml')).toMatch(
      /<testsuite name="scenarios" tests="2" failures="1" errors="0"/,
    );
    expect(readJson('run.ctrf.json').results.summary).toMatchObject({ passed: 1, failed: 1 });
    expect(readJson('run.json').cases).toMatchObject([
      { name: 'wrong', status: 'failed' },
      { name: 'order-success', status: 'passed', findings: [] },
    ]);
  });

  test('scenarios check: errors and warnings at their lines', async () => {
    const file = join(folder, 'odd.yaml');
    writeFileSync(file, scenario.replace('syncOrder', 'orderSync').replace('wrong', 'odd'));
    const { code, stdout } = await runCli('scenarios', 'check', file, '--report', 'github');
    expect(code).toBe(2);
    expect(stdout).toMatch(
      new RegExp(`^::error file=${file},line=4,col=\\d+,title=scenario files%3A .*odd.yaml::`, 'm'),
    );
    const run = await runCli('scenarios', 'run', '--scenarios-dir', file, '--report', 'github');
    expect(run).toMatchObject({ code: 2, stdout: expect.stringContaining('line=4') });
  });

  test('names what can be written, and where the file belongs', async () => {
    const wrong = await runCli('scenarios', 'check', '--report', 'junti=x');
    expect(wrong).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean "junit"?'),
    });
    const bare = await runCli('scenarios', 'check', '--report', 'junit');
    expect(bare.stderr).toContain('Write a file after the format: junit=FILE.');
    const other = await runCli('scenarios', 'check', '--report', 'html=x');
    expect(other.stderr).toContain('This command has no report "html".');
  });
});

describe('report', () => {
  const save = (value: unknown): string => {
    const file = join(folder, 'certify.json');
    writeFileSync(file, JSON.stringify(value));
    return file;
  };

  test('makes every format of a saved result, and ends with its exit code', async () => {
    const file = save(sampleResult([sampleCase({ id: 'C-PRE-01' }), believedUnsigned()]));
    const formats = ['html', 'junit', 'sarif', 'ctrf', 'md', 'json'];
    const summary = join(folder, 'summary.md');
    process.env['GITHUB_STEP_SUMMARY'] = summary;
    const { code, stdout } = await runCli(
      ...['report', file, '--sarif-location', 'src/shop.py:12'],
      ...formats.flatMap((format) => ['--report', `${format}=${join(folder, `r.${format}`)}`]),
    );
    delete process.env['GITHUB_STEP_SUMMARY'];
    expect(code).toBe(1);
    expect(stdout).toContain('1 failed, 1 passed');
    expect(read('r.html')).toContain('1 of 2 cases failed');
    expect(readJson('r.sarif').runs[0].results[0].locations[0].physicalLocation).toMatchObject({
      artifactLocation: { uri: 'src/shop.py' },
      region: { startLine: 12 },
    });
    expect(read('r.junit')).toContain('failures="1"');
    expect(readJson('r.ctrf').results.summary.failed).toBe(1);
    expect(readJson('r.json')).toEqual(readJson('certify.json'));
    expect(read('summary.md')).toBe(read('r.md'));
    expect(read('r.md')).toContain('shop-backend at 0a1b2c3, profile core-2027.1.');
  });

  test('refuses what certify did not write', async () => {
    const { code, stderr } = await runCli('report', save({ schema: 2 }));
    expect(code).toBe(2);
    expect(stderr).toContain('is no result of certify: schema is not as expected');
    expect((await runCli('report', join(folder, 'no.json'))).code).toBe(2);
  });
});

describe('exec', () => {
  const request = `
    const { env } = process;
    const headers = {
      'Client-Id': env.ALIPAYHK_CLIENT_ID,
      'Request-Time': new Date().toISOString(),
      'Content-Type': 'application/json; charset=UTF-8',
      Signature: 'algorithm=RSA256,keyVersion=1,signature=AAAA',
    };
    const path = '/api/open/alipay/v1/merchant/order/sync';
    fetch(env.ALIPAYHK_BASE_URL + path, { method: 'POST', headers, body: '{}' })
      .then((answer) => answer.text())
      .then(() => fetch(env.ALIPAYHK_ADMIN_URL + '/reset', { method: 'POST' }))
      .then(() => process.exit(3));`;

  test('what happened survives the process, and a reset of the simulator', async () => {
    const { code } = await runCli(
      ...['exec', '--journal', join(folder, 'new', 'exchanges.json')],
      ...['--har', join(folder, 'exchanges.har'), '--report', `json=${join(folder, 'exec.json')}`],
      ...['--', process.execPath, '-e', request],
    );
    expect(code).toBe(3);
    const { exchanges, omitted } = readJson('new/exchanges.json');
    expect(omitted).toBe(0);
    expect(exchanges).toHaveLength(1);
    expect(exchanges[0]).toMatchObject({
      code: 'INVALID_SIGNATURE',
      diagnosis: { cause: { id: expect.any(String) } },
    });
    expect(readJson('exchanges.har').log.entries).toHaveLength(1);
    const [command] = readJson('exec.json').cases;
    expect(command).toMatchObject({
      group: 'exec',
      status: 'failed',
      findings: [
        { rule: 'exit-code', level: 'error', message: 'the command ended with exit code 3' },
        {
          rule: exchanges[0].diagnosis.cause.id,
          level: 'warning',
          message: expect.stringMatching(/^INVALID_SIGNATURE once, first for POST \/api\/open/),
        },
      ],
      properties: { exchanges: '1', results: 'INVALID_SIGNATURE F: 1' },
    });
  });

  test('a file that cannot be written is found before the command runs', async () => {
    const { code, stderr } = await runCli('exec', '--har', folder, '--', 'no-such-command');
    expect(code).toBe(2);
    expect(stderr).toContain(
      'cannot be written: it is a folder\n    Name a file that this user may write with --har.',
    );
  });

  test.each([
    [0, 2],
    [7, 7],
  ])('on a full disk the others are written, and %i becomes %i', async (ended, expected) => {
    const report = join(folder, `full-${ended}.xml`);
    const program = [process.execPath, '-e', `process.exit(${ended})`];
    const full = ['--journal', '/dev/full', '--report', `junit=${report}`];
    const { code, stderr } = await runCli('exec', ...full, '--', ...program);
    expect({ code, stderr }).toEqual({
      code: expected,
      stderr: expect.stringContaining('/dev/full: cannot be written: the disk is full'),
    });
    expect(readFileSync(report, 'utf8')).toContain('<testsuites');
  });
});
