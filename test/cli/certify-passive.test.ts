import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { settingsWith } from '../../server/app/settings/resolve-settings.ts';
import { runPassively } from '../../server/cli/commands/certify/run-certify-command.ts';
import { merchantVariables } from '../../server/cli/merchant.ts';
import type { CaseResult } from '../../server/conformance/certify/result.ts';
import type { Job } from '../../server/conformance/certify/types.ts';
import { loadMutants } from '../conformance/mutants/inline-driver.ts';
import { demoClient } from '../start-server.ts';

/** Whole runs without an adapter: the application is made to send by what certify asks for. */

const folder = mkdtempSync(join(tmpdir(), 'alipayhk-mock-passive-'));
afterAll(() => rmSync(folder, { recursive: true }));
const { startMerchant } = await loadMutants();
const settings = settingsWith({ port: 0 });
const cases = ['C-PRE-01', 'C-UNK-01', 'C-LOST-01', 'C-SEC-04'];

/** Sends each message that is asked for, as a person or a test suite would let it. */
const run = async (mutant: string, pauseFactor = '0.1'): Promise<readonly CaseResult[]> => {
  const results: CaseResult[] = [];
  const stop = new AbortController();
  let env: Record<string, string> = {};
  const onStart = (url: string): void => {
    const merchant = { client: demoClient, url, algorithm: 'RSA256', keyVersion: 1 } as const;
    env = {
      ...merchantVariables(merchant, settings),
      ALIPAYHK_CERTIFY_STATE: mkdtempSync(join(folder, 'state-')),
      // Nothing but this test scales the pauses of an application that is not driven.
      ALIPAYHK_CERTIFY_PAUSE_FACTOR: pauseFactor,
    };
  };
  const ask = (text: string): void => {
    const [, path = ''] = /POST (\S+)\)/.exec(text) ?? [];
    for (const line of text.split('\n').filter((one) => one.startsWith('{'))) {
      const job = { ...blankJob, path, message: JSON.parse(line) };
      // It ends with its last attempt; what it returned is not asked for.
      void startMerchant(mutant, env, stop.signal)(job).catch(() => undefined);
    }
  };
  await runPassively(
    {
      ...{ cases, operation: 'syncOrder', stop: stop.signal, onStart, ask },
      onCase: (one) => results.push(one),
    },
    settings,
  );
  return results;
};

const blankJob: Job = {
  ...{
    protocol: 1,
    job: 'person',
    action: 'send',
    operation: 'syncOrder',
    path: '',
    sealed: false,
  },
};

const verdictsOf = (results: readonly CaseResult[]): Readonly<Record<string, string>> =>
  Object.fromEntries(results.map(({ id, verdict }) => [id, verdict]));

const allPass = Object.fromEntries(cases.map((id) => [id, 'PASS']));

test('a correct application with the printed pauses passes on the wire alone', {
  timeout: 120_000,
}, async () => {
  const results = await run('', '1');
  expect(verdictsOf(results)).toEqual(allPass);
  const evidence = results.flatMap(({ checks }) => checks.map((check) => check.evidence));
  expect(new Set(evidence)).toEqual(new Set(['W', '-']));
});

test('new requestIds, and a forgery after which nothing is sent again, fail there', {
  timeout: 120_000,
}, async () => {
  expect(verdictsOf(await run('M01'))).toEqual({ ...allPass, 'C-UNK-01': 'FAIL' });
  expect(verdictsOf(await run('M23'))).toEqual({ ...allPass, 'C-SEC-04': 'FAIL' });
  expect(verdictsOf(await run('M02'))).toEqual({ ...allPass, 'C-LOST-01': 'FAIL' });
});
