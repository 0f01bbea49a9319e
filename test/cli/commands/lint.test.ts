import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CoverageReport } from '../../../server/conformance/coverage/coverage-report.ts';
import { lintRules } from '../../../server/conformance/lint/lint-rules.ts';
import { runCli } from '../run-cli.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lint-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const inFolder = (name: string): string => join(folder, name);

/** A client that reports a payment under a new requestId at each of so many attempts. */
const badClient = `
const { createSign, randomUUID } = require('node:crypto');
const { ALIPAYHK_BASE_URL: url, ALIPAYHK_CLIENT_ID: id, ALIPAYHK_PRIVATE_KEY: key } = process.env;
const target = '/api/open/v1/alipayhk/merchant/outAccount/paymentInfo/sync';
const send = async () => {
  const requestId = process.env.SAME_ID ?? randomUUID().replaceAll('-', '');
  const body = JSON.stringify({ ...JSON.parse(process.env.SAMPLE), requestId });
  const time = new Date().toISOString();
  const signer = createSign('sha256').update('POST ' + target + '\\n' + id + '.' + time + '.' + body);
  const pem = '-----BEGIN PRIVATE KEY-----\\n' + key + '\\n-----END PRIVATE KEY-----';
  const signature = encodeURIComponent(signer.sign(pem, 'base64'));
  const headers = {
    'content-type': 'application/json',
    'client-id': id,
    'request-time': time,
    signature: 'algorithm=RSA256,keyVersion=1,signature=' + signature,
  };
  const answer = await fetch(url + target, { method: 'POST', headers, body });
  await answer.text();
};
(async () => {
  for (let n = 0; n < Number(process.env.TIMES ?? 2); n++) {
    await send();
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
})();
`;

const sample = async (): Promise<string> => {
  const { stdout } = await runCli('sign', 'payment-info', '--json');
  const { body } = JSON.parse(stdout) as { readonly body: string };
  return body;
};

const unknownTwice = `name: unknown-once
description: The first call has no known outcome.
rules:
  - when: { operation: syncPaymentInfo, call: { first: 1 } }
    then: { result: UNKNOWN_EXCEPTION, status: U }
`;

/** Runs the bad client under exec. */
const execBad = async (env: Record<string, string>, ...options: readonly string[]) => {
  const file = inFolder('bad.cjs');
  writeFileSync(file, badClient);
  writeFileSync(inFolder('unknown-once.yaml'), unknownTwice);
  Object.assign(process.env, { SAMPLE: await sample() }, env);
  try {
    return await runCli(
      ...['exec', '--scenarios-dir', folder, '--scenario', 'unknown-once'],
      ...[...options, '--', process.execPath, file],
    );
  } finally {
    for (const name of ['SAMPLE', ...Object.keys(env)]) delete process.env[name];
  }
};

test('exec prints findings, fails for errors when strict, and the file can be linted again', async () => {
  const journal = inFolder('exchanges.json');
  const report = await execBad({}, '--journal', journal);
  expect(report.stderr).toMatch(/^error: L-RTY-01 requestId \w+ reports the same as \w+/m);
  expect(report.code).toBe(0);
  expect((await execBad({}, '--lint', 'strict')).code).toBe(1);
  const allowed = await execBad({}, '--lint', 'strict', '--lint-allow', 'L-RTY-01');
  expect(allowed).toMatchObject({ code: 0, stderr: '' });

  const again = await runCli(
    ...['lint', journal, '--report', `json=${inFolder('lint.json')}`],
    ...['--report', `sarif=${inFolder('lint.sarif')}`, '--sarif-location', 'src/orders.js:7'],
  );
  expect(again.code).toBe(1);
  expect(again.stdout).toContain('error: L-RTY-01');
  expect(again.stdout).toContain('lint found 1 error\n');
  const { cases } = JSON.parse(readFileSync(inFolder('lint.json'), 'utf8'));
  expect(cases.filter(({ status }: { status: string }) => status === 'failed')).toMatchObject([
    { name: 'L-RTY-01 A new requestId after an unknown outcome' },
  ]);
  const { runs } = JSON.parse(readFileSync(inFolder('lint.sarif'), 'utf8'));
  expect(runs[0].results).toMatchObject([
    {
      ...{ ruleId: 'L-RTY-01', level: 'error' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'src/orders.js' },
            region: { startLine: 7 },
          },
        },
      ],
    },
  ]);
  const other = await runCli('lint', journal, '--client', 'OTHER');
  expect(other).toMatchObject({ code: 0, stdout: 'lint found nothing about client OTHER\n' });
  const piped = await runCli('lint', journal, '--report', 'sarif=-');
  expect(JSON.parse(piped.stdout)).toMatchObject({ runs: [{}] });
  expect(piped.stderr).toContain('lint found 1 error\n');
});

test('a capsule is linted as the traffic was, also with pseudonyms', async () => {
  const capsule = inFolder('run.capsule.json');
  await execBad({}, '--capsule', capsule);
  const found = await runCli('lint', capsule);
  expect(found.stdout).toMatch(/^error: L-RTY-01 requestId \w+ reports the same as \w+/m);
  expect(found).toMatchObject({ code: 1, stderr: '' });
  await execBad({ SAME_ID: 'ID7' }, '--capsule', capsule, '--keep-data');
  expect(await runCli('lint', capsule)).toMatchObject({ code: 0, stdout: 'lint found nothing\n' });
  const text = readFileSync(capsule, 'utf8');
  writeFileSync(capsule, text.replaceAll('ID7', 'ID8'));
  const changed = await runCli('lint', capsule);
  expect(changed.code).toBe(2);
  expect(changed.stderr).toContain('integrity: the file was changed after it was written');
});

test('exec writes coverage, and its gates fail a suite that drops an item', async () => {
  const [before, now] = [inFolder('before.json'), inFolder('now.json')];
  const good = await execBad({ SAME_ID: 'ID1' }, '--coverage', before, '--min-handled', '1');
  expect(good.code).toBe(0);
  expect(good.stderr).toContain('coverage: ');
  const report = JSON.parse(readFileSync(before, 'utf8')) as CoverageReport;
  expect(report.exchanges).toBe(2);
  const gates = ['--coverage-ratchet', before, '--min-coverage', 'A=100'];
  const bad = await execBad({ TIMES: '1' }, '--coverage', now, ...gates);
  expect(bad.code).toBe(1);
  expect(bad.stderr).toContain(
    'error: coverage: C syncPaymentInfo U was handled before, and is not now',
  );
  expect(bad.stderr).toContain('error: coverage: group A: ');
  const merged = await runCli('coverage', before, now, '--json', '--coverage-ratchet', before);
  expect(merged.code).toBe(0);
  expect(JSON.parse(merged.stdout)).toMatchObject({ exchanges: 3 });
  const page = inFolder('coverage.html');
  await runCli('coverage', before, now, '--report', `html=${page}`);
  const markup = readFileSync(page, 'utf8');
  expect(markup).toContain('title="syncPaymentInfo UNKNOWN_EXCEPTION: handled"');
  expect(markup).toMatch(/<th scope="row">syncPaymentInfo<\/th><td>U<\/td><td>1 of 2<\/td>/);
  const nothing = await execBad({ TIMES: '0' }, '--min-handled', '1');
  expect(nothing.code).toBe(4);
  const uncounted = await execBad({}, '--lint', 'off', '--min-handled', '1');
  expect(uncounted).toMatchObject({ code: 2, stderr: expect.stringContaining('lint is off') });
});

test('a file that is compared with and written is kept when a run drops an item', async () => {
  const file = inFolder('same.json');
  const options = ['--coverage', file, '--coverage-ratchet', file];
  await execBad({ SAME_ID: 'ID1' }, '--coverage', file);
  const before = readFileSync(file, 'utf8');
  const bad = await execBad({ TIMES: '1' }, ...options);
  expect(bad.code).toBe(1);
  expect(bad.stderr).toContain('was handled before, and is not now');
  expect(bad.stderr).toContain('same.json is kept as it was');
  expect(readFileSync(file, 'utf8')).toBe(before);
  expect((await execBad({ SAME_ID: 'ID1' }, ...options)).code).toBe(0);
});

test('rules are listed and explained', async () => {
  const { stdout } = await runCli('lint', '--list');
  expect(stdout.trimEnd().split('\n')).toHaveLength(Object.keys(lintRules).length);
  const explained = await runCli('lint', '--explain', 'L-RTY-03');
  expect(explained.stdout).toContain('Why it matters: A requestId identifies one message');
  for (const language of ['Java', 'PHP', 'Python', 'Go', 'C#', 'Node'])
    expect(explained.stdout).toContain(`\n${language}:\n`);
  const unknown = await runCli('lint', '--explain', 'L-RTY-33');
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('unknown lint rule') });
});

test('files that are something else are named', async () => {
  const file = inFolder('other.json');
  writeFileSync(file, '{"exchanges":[{"number":1}]}');
  const lint = await runCli('lint', file);
  expect(lint).toMatchObject({ code: 2, stderr: expect.stringContaining('exec --journal') });
  const coverage = await runCli('coverage', file);
  expect(coverage).toMatchObject({ code: 2, stderr: expect.stringContaining('exec --coverage') });
  const groups = await runCli('coverage', file, '--min-coverage', 'Z=1');
  expect(groups.code).toBe(2);
});
