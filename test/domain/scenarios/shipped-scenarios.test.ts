import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { playExpectations } from '../../../server/cli/commands/play-expectations.ts';
import { packageRoot } from '../../../server/package-root.ts';
import { demoMerchant, startServer } from '../../start-server.ts';

const names = readdirSync(join(packageRoot, 'scenarios'))
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.replace('.yaml', ''));

test.concurrent.each(names)('%s does what it says', async (name) => {
  const server = await startServer({ scenario: [name] });
  try {
    const scenario = server.scenarios.known.get(name);
    expect(scenario?.expect.length).toBeGreaterThan(0);
    const played = await playExpectations(
      scenario?.expect ?? [],
      server.url,
      demoMerchant(),
      server.contract,
    );
    expect(played.map(({ differences }) => differences)).toEqual(played.map(() => []));
  } finally {
    await server.close();
  }
});

test('every documented result code of every operation has a scenario', async () => {
  const server = await startServer();
  const scripted = new Set(
    [...server.scenarios.known.values()].flatMap(({ expect: steps }) =>
      steps.map(({ send, answer }) => `${send} ${answer.result}`),
    ),
  );
  const documented = [...server.contract.operations.values()].flatMap(
    ({ id, results, ownResultCodes }) =>
      ownResultCodes
        .filter((code) => results.get(code)?.basis === 'documented')
        .map((code) => `${id} ${code}`),
  );
  expect(documented.filter((pair) => !scripted.has(pair))).toEqual([]);
  await server.close();
});

test('a scenario file is named after its scenario', async () => {
  const server = await startServer();
  for (const { name, file } of server.scenarios.known.values())
    expect(file).toContain(`/${name}.yaml`);
  await server.close();
});

test('every shipped scenario has an id of its own, in a known family, and says what a correct integration does', async () => {
  const server = await startServer();
  const scenarios = [...server.scenarios.known.values()];
  const ids = scenarios.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { name, id, integration } of scenarios)
    expect([name, id, integration]).toEqual([
      name,
      expect.stringMatching(/^(RES|IDEM|ORD|SIG|ENC|NET|KEY|TIME|FLOW)-\d\d$/),
      expect.stringMatching(/\.$/),
    ]);
  await server.close();
});

test.each([
  [
    'flow-card-merge',
    { 'membership.update': 'replace' },
    [[], [], ['result', 'status', 'message']],
  ],
  [
    'flow-card-expired',
    { 'membership.expiredPass': 'PASS_UPDATE_FAIL' },
    [[], ['result', 'status'], []],
  ],
  [
    'flow-second-unbind',
    { 'linkage.unknownUnbind': 'PARAM_ILLEGAL' },
    [[], [], ['result', 'status']],
  ],
  [
    'ord-sub-merchants',
    { 'order.identity': 'merchantBizNo' },
    [[], ['result', 'status', 'orderStatus'], []],
  ],
  ['membership-card-result-name', { 'membership.resultName': 'result' }, [['resultInfo'], []]],
  ['membership-card-result-name', { 'membership.resultName': 'both' }, [[], []]],
  [
    'idem-changed-repeat',
    { 'idempotency.mismatch': 'REPEAT_REQ_INCONSISTENT' },
    [[], ['result', 'message']],
  ],
] as const)('%s differs as its description says under %j', async (name, settings, differing) => {
  const server = await startServer({ scenario: [name], ...settings });
  try {
    const played = await playExpectations(
      server.scenarios.known.get(name)?.expect ?? [],
      server.url,
      demoMerchant(),
      server.contract,
    );
    const fields = played.map(({ differences }) => differences.map((one) => one.split(':')[0]));
    expect(fields).toEqual(differing);
  } finally {
    await server.close();
  }
});
