import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../../server/package-root.ts';

const folder = join(packageRoot, 'actions', 'certify');
const text = readFileSync(join(folder, 'action.yml'), 'utf8');
const { inputs, outputs, runs } = parse(text);

test('inputs reach the script as variables, never as its text', () => {
  for (const { run = '' } of runs.steps) expect(run).not.toContain('${{');
  const [step] = runs.steps;
  const names = Object.values<string>(step.env)
    .flatMap((value) => /inputs\.([\w-]+)/.exec(value)?.[1] ?? [])
    .concat('upload', 'working-directory');
  expect(names.sort()).toEqual(Object.keys(inputs).sort());
  const script = readFileSync(join(folder, 'certify.sh'), 'utf8');
  for (const name of Object.keys(step.env).filter((one) => one !== 'CERTIFY_ACTION'))
    expect(script).toContain(name);
  for (const { value } of Object.values<{ value: string }>(outputs))
    expect(script).toContain(`${/outputs\.(\w+)/.exec(value)?.[1]}=`);
});

test('each action is pinned to a commit', () => {
  for (const line of text.split('\n').filter((one) => one.includes('uses:')))
    expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+/);
});

describe.skipIf(process.platform === 'win32')('the script', () => {
  let temp: string;
  beforeAll(() => {
    temp = mkdtempSync(join(tmpdir(), 'certify-action-'));
  });
  afterAll(() => rmSync(temp, { recursive: true }));

  /** Runs it with a program in place of alipayhk-mock that prints its arguments. */
  const run = (variables: Readonly<Record<string, string>>, code = 0) => {
    const program = join(temp, 'program');
    const summary = '{"summary":{"pass":3,"passClaimed":1,"fail":2,"xpass":1}}';
    writeFileSync(
      program,
      `#!/bin/sh\nprintf '[%s]' "$@"\necho '${summary}' > ${temp}/certify/certify.json\nexit ${code}\n`,
    );
    chmodSync(program, 0o755);
    const output = join(temp, 'output');
    rmSync(output, { force: true });
    const { status, stdout } = spawnSync('bash', [join(folder, 'certify.sh')], {
      encoding: 'utf8',
      env: {
        ...process.env,
        RUNNER_TEMP: temp,
        GITHUB_OUTPUT: output,
        CERTIFY_EXECUTABLE: program,
        ...variables,
      },
    });
    return { status, stdout, output: status === 2 ? '' : readFileSync(output, 'utf8') };
  };

  test('hands each input on as one argument, and sets the outputs', () => {
    const { status, stdout, output } = run(
      {
        CERTIFY_COMMAND: 'python driver.py "a b"',
        CERTIFY_PROFILE: '$(touch x); y',
        CERTIFY_EXPECTED: 'certify expected.yaml',
        CERTIFY_SARIF: 'certify.sarif',
      },
      1,
    );
    expect(status).toBe(1);
    expect(stdout).toContain('[--profile][$(touch x); y][--expected][certify expected.yaml]');
    expect(stdout).toContain(
      '[--report][sarif=certify.sarif][--][bash][-c][python driver.py "a b"]',
    );
    expect(output).toBe(`verdict=failed\nreport=${temp}/certify\npassed=4\nfailed=3\n`);
  });

  test('a hook needs no command; without either it says what is missing', () => {
    expect(run({ CERTIFY_HOOK: 'http://127.0.0.1:1/x' }, 4)).toMatchObject({
      status: 4,
      output: expect.stringContaining('verdict=not-enough-seen'),
    });
    expect(run({})).toMatchObject({ status: 2, stdout: expect.stringContaining('::error::') });
  });
});
