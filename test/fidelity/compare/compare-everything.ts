import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signRequest } from '../../../sdk/client/signed-call.ts';
import { resolveEmbeddedSettings } from '../../../sdk/testing/create-mock-server.ts';
import { createMockServer, type MockServerSettings } from '../../../sdk/testing/index.ts';
import { composeSample } from '../../../server/admin/loopback-client.ts';
import { createMockServer as createSimulator } from '../../../server/app/create-server.ts';
import { startComparison } from '../../../server/cli/commands/compare.ts';
import { playExpectations } from '../../../server/cli/commands/play-expectations.ts';
import type { Contract } from '../../../server/domain/contract/contract.ts';
import type { Scenario } from '../../../server/domain/scenarios/compile-scenario.ts';
import { readScenarios } from '../../../server/domain/scenarios/read-scenarios.ts';
import { type Settings, sealingScheme } from '../../../server/domain/settings/settings-table.ts';
import { type Calibration, calibrate } from '../../../server/fidelity/calibrate/calibrate.ts';
import { calibrationFiles } from '../../../server/fidelity/calibrate/write-calibration.ts';
import type { ComparisonRecord } from '../../../server/fidelity/compare/comparison.ts';
import { packageRoot } from '../../../server/package-root.ts';
import { readLocatedYaml } from '../../../server/problems/located-yaml.ts';
import { demoMerchant } from '../../start-server.ts';
import { calibrationOptions } from '../calibrate/calibration-fixture.ts';
import { allRows, asSettings, type Chosen } from '../calibrate/recovered-settings.ts';

const { contract, identity } = calibrationOptions('http://127.0.0.1:1');

/**
 * Calibrates against a simulator with these settings: the usual probes, then those on request. Both
 * sides have a clock that a wait moves on at once.
 */
export const calibrateTwice = async (
  chosen: Chosen,
  rows: ReadonlySet<string> = allRows,
): Promise<Calibration> => {
  let waitedMs = 0;
  const now = (): number => Date.now() + waitedMs;
  const clock = {
    now,
    sleep: async (ms: number) => {
      waitedMs += Math.ceil(ms);
    },
  };
  const settings = resolveEmbeddedSettings({ logLevel: 'silent', ...asSettings(chosen) }, tmpdir());
  const server = await createSimulator({ settings, now });
  try {
    const usual = await calibrate(calibrationOptions(server.url, clock));
    const rest = await calibrate(
      calibrationOptions(server.url, { ...clock, rows, earlier: usual.results, runId: 'T3STAB' }),
    );
    const stopped = usual.stopped ?? rest.stopped;
    return stopped === undefined ? rest : { ...rest, stopped };
  } finally {
    await server.close(0);
  }
};

/** What was found, by setting: the value, or the reason that it was not found. */
export const foundSettings = ({ results }: Calibration): Readonly<Record<string, string>> =>
  Object.fromEntries(
    results.flatMap(({ setting, value = '', result }) =>
      setting === undefined || setting.startsWith('paths.')
        ? []
        : [[setting, result === 'decided' || result === 'agrees' ? value : result]],
    ),
  );

/** The settings of the config file that a calibration writes, read as a start reads them. */
export const writtenSettings = (calibration: Calibration, folder: string): Settings => {
  const facts = { version: '0.0.0', host: '127.0.0.1', identity, identityOverrides: {} };
  const files = calibrationFiles(calibration, {
    ...facts,
    at: new Date().toISOString(),
    shareable: false,
  });
  const file = join(folder, 'alipayhk-mock.calibrated.yaml');
  writeFileSync(file, files.get('alipayhk-mock.calibrated.yaml') ?? '');
  const source = readLocatedYaml(file);
  return resolveEmbeddedSettings(
    { ...(source.value as MockServerSettings), logLevel: 'silent' },
    folder,
  );
};

export const scenariosWithExpectations = (): readonly Scenario[] =>
  [...readScenarios([join(packageRoot, 'scenarios')], contract, true).value.values()].filter(
    ({ expect }) => expect.length > 0,
  );

const ways = [{}, { seal: true }, { algorithm: 'ECC224' as const }];

/** Sends every example of the contract, plain, encrypted, and signed with an EC key. */
const sendExamples = async (url: string, { operations }: Contract, settings: Settings) => {
  const scheme = sealingScheme(settings);
  for (const way of ways)
    for (const operation of operations.values())
      for (const example of operation.examples.keys()) {
        const sample = composeSample(operation, { example, time: Date.now() });
        const request = signRequest(
          demoMerchant(),
          operation.path,
          Buffer.from(JSON.stringify(sample)),
          { ...way, scheme, ecc224: settings.ecc224 },
        );
        const { headers, body } = request;
        const answer = await fetch(`${url}${operation.path}`, { method: 'POST', headers, body });
        await answer.arrayBuffer();
      }
};

/** Compares two simulators, with every example or with a scenario's expectations as traffic. */
export const compareOver = async (
  real: MockServerSettings,
  written: Settings,
  scenario?: Scenario,
): Promise<readonly ComparisonRecord[]> => {
  const active = scenario === undefined ? [] : [scenario.name];
  const records: ComparisonRecord[] = [];
  await using server = await createMockServer({ logLevel: 'silent', ...real, scenario: active });
  const running = await startComparison(
    { target: server.url, listen: 0, timeout: 2500 },
    { ...written, scenario: active },
    (record) => records.push(record),
  );
  if (running instanceof Error) throw running;
  if (scenario === undefined) await sendExamples(running.url, contract, written);
  else await playExpectations(scenario.expect, running.url, demoMerchant(), contract);
  await running.close();
  return records;
};
