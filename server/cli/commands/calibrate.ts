import { randomBytes, randomInt } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { toKeyProvider } from '../../../sdk/client/key-provider.ts';
import type { ReportStatus } from '../../conformance/report/test-report.ts';
import { operationIds } from '../../domain/contract/contract.ts';
import { readFidelityRegister } from '../../domain/contract/fidelity.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import type { JsonObject } from '../../domain/state/state.ts';
import {
  type Calibration,
  type CalibrationOptions,
  calibrate,
  probesToRun,
  rowsAskedBy,
} from '../../fidelity/calibrate/calibrate.ts';
import type { Probe } from '../../fidelity/calibrate/probe.ts';
import {
  type ResultKind,
  type RowResult,
  readCalibration,
  resultKinds,
} from '../../fidelity/calibrate/results.ts';
import { type CalibrationIdentity, checkTargetHost } from '../../fidelity/calibrate/send-probe.ts';
import { calibrationFiles } from '../../fidelity/calibrate/write-calibration.ts';
import { shippedRegister, version } from '../../package-root.ts';
import { printable } from '../../problems/display-text.ts';
import { checkYaml, readLocatedYaml } from '../../problems/located-yaml.ts';
import { StartupError } from '../../problems/problem.ts';
import {
  exitCodes,
  readInputFile,
  translateOutput,
  usageError,
  writeNamed,
} from '../input-output.ts';
import { loadContract, loadKeyFile, merchantKeys } from '../merchant.ts';
import type { MerchantOptions } from '../options.ts';
import { type ReportFileOptions, writeReports } from '../reports.ts';
import { stopSignal } from './serve.ts';

export interface CalibrateOptions
  extends Omit<MerchantOptions, 'url' | 'algorithm'>,
    ReportFileOptions {
  readonly target: string;
  readonly ecPrivateKey?: string;
  readonly encryptionKey?: string;
  readonly encryptionKeyVersion: number;
  readonly rows?: readonly string[];
  readonly skip?: readonly string[];
  readonly pathsFile?: string;
  readonly identity?: string;
  readonly budget: number;
  readonly rate: number;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly resume?: string;
  readonly iMayTestThis?: string;
  readonly productionHostAnyway?: string;
  readonly shareable?: boolean;
  readonly ca?: string;
  readonly out: string;
}

/** Finds out how a gateway decides what no document says, and writes settings, report, transcript. */
export const runCalibrate = async (
  options: CalibrateOptions,
  settings: Settings,
): Promise<number> => {
  const url = new URL(options.target);
  const isDryRun = options.dryRun ?? (options.yes !== true && process.stdin.isTTY);
  const contract = loadContract(settings);
  const identity = loadIdentity(options, settings);
  const ca = options.ca === undefined ? undefined : readInputFile(options.ca, caRemedy);
  const selection = {
    contract,
    rows: options.rows === undefined ? undefined : new Set(options.rows),
    skip: new Set(options.skip),
  };
  if (isDryRun) return printPlan(selection, url);
  const addresses = await resolveHost(url);
  const verdict = checkTargetHost(
    url.hostname,
    addresses.map(({ address }) => address),
    { mayTest: options.iMayTestThis, productionAnyway: options.productionHostAnyway },
  );
  if (verdict.kind === 'refused') throw usageError('--target', verdict.because, verdict.remedy);
  const interruption = new AbortController();
  void stopSignal().then(() => interruption.abort());
  const identityOverrides = readMapping(options.identity, z.record(z.string(), z.json()), {});
  const startedAt = Date.now();
  const calibration = await calibrate({
    ...selection,
    target: { url, addresses, timeoutMs: 10_000, ca, traceparent: process.env['TRACEPARENT'] },
    identity,
    identityOverrides: identityOverrides as JsonObject,
    register: readFidelityRegister(shippedRegister).map(({ id }) => id),
    pathCandidates: readMapping(options.pathsFile, pathsSchema, {}),
    budget: options.budget,
    ratePerSecond: options.rate,
    runId: randomBytes(4).toString('hex').slice(0, 6).toUpperCase(),
    withoutEffects: verdict.kind !== 'test host',
    earlier: readEarlier(options.resume),
    signal: interruption.signal,
    sleep: async (ms) =>
      void (await sleep(ms, undefined, { signal: interruption.signal }).catch(() => undefined)),
    now: Date.now,
    random: () => randomInt(1000) / 1000,
    onProgress: (line) => process.stderr.write(`${printable(line)}\n`),
  });
  const files = calibrationFiles(calibration, {
    version,
    host: url.host,
    identity,
    identityOverrides: identityOverrides as JsonObject,
    at: new Date().toISOString(),
    shareable: options.shareable === true,
    translate: translateOutput,
  });
  for (const [name, text] of files) writeNamed(join(options.out, name), text);
  process.stdout.write(summary(calibration, options.out));
  writeReports(options.report, {
    ...{ name: 'calibrate', version, startedAt, durationMs: Date.now() - startedAt },
    cases: calibration.results.map(rowCase),
    properties: { target: url.host },
  });
  return calibration.stopped === undefined ? exitCodes.ok : exitCodes.failed;
};

const caRemedy = 'Name a file with certificates, PEM.';

/** What the simulator cannot imitate fails; what was not found out is skipped. */
const rowStatuses: Readonly<Record<ResultKind, ReportStatus>> = {
  decided: 'passed',
  agrees: 'passed',
  'differs-no-setting': 'failed',
  other: 'failed',
  unstable: 'error',
  'not-distinguishable': 'skipped',
  'not-reached': 'skipped',
  'not-probed': 'skipped',
};

const rowCase = ({ row, setting, about, result, value, because, evidence }: RowResult) => {
  const status = rowStatuses[result];
  const text = [result, value, because].filter((part) => part !== undefined).join(': ');
  return {
    ...{ group: 'fidelity register', status, verdict: result, durationMs: 0 },
    name: [row, setting ?? about].filter((part) => part !== undefined).join(' '),
    findings:
      status === 'skipped' || result === 'agrees'
        ? []
        : [
            {
              rule: row,
              level: status === 'passed' ? ('note' as const) : ('error' as const),
              message: text,
            },
          ],
    details: text,
    properties: { evidence: evidence.join(', ') },
  };
};

const pathsSchema = z.partialRecord(z.enum(operationIds), z.array(z.string().startsWith('/')));

const readMapping = <T>(file: string | undefined, schema: z.ZodType<T>, absent: T): T => {
  if (file === undefined) return absent;
  const source = readLocatedYaml(file);
  if (source.problems.length > 0) throw new StartupError(source.problems);
  const checked = checkYaml(source, schema, 'See the page about calibrating.');
  if ('problems' in checked) throw new StartupError(checked.problems);
  return checked.data;
};

const readEarlier = (file: string | undefined): readonly RowResult[] => {
  if (file === undefined) return [];
  const { value, problems } = readCalibration(file);
  if (problems.length > 0) throw new StartupError(problems);
  return value?.results ?? [];
};

/** Keys of named files, or those of the key folder when no private key is named. */
const loadIdentity = (options: CalibrateOptions, settings: Settings): CalibrationIdentity => {
  const { privateKey, platformKey, weakKeys } = merchantKeys(options, settings);
  const keys = toKeyProvider('--private-key', 'private', privateKey, { weakKeys });
  const rsa = keys.find('RSA', undefined);
  if (rsa?.privateKey === undefined)
    throw usageError('--private-key', 'is no RSA key', 'Name the client’s private RSA key.');
  const isFromFolder = options.privateKey === undefined;
  const readPublic = (flag: string, file: string) =>
    toKeyProvider(flag, 'public', loadKeyFile(flag, 'public', file, weakKeys)).find(
      'RSA',
      undefined,
    )?.publicKey;
  const platform =
    options.platformKey === undefined && !isFromFolder
      ? undefined
      : toKeyProvider('--platform-key', 'public', platformKey, { weakKeys }).find('RSA', undefined);
  const encryption =
    options.encryptionKey === undefined
      ? isFromFolder
        ? platform?.publicKey
        : undefined
      : readPublic('--encryption-key', options.encryptionKey);
  const ec =
    options.ecPrivateKey === undefined
      ? isFromFolder
        ? keys.find('EC', undefined)?.privateKey
        : undefined
      : toKeyProvider(
          '--ec-private-key',
          'private',
          loadKeyFile('--ec-private-key', 'private', options.ecPrivateKey, weakKeys),
        ).find('EC', undefined)?.privateKey;
  return {
    clientId: options.client,
    keyVersion: rsa.version,
    privateKey: rsa.privateKey,
    ecPrivateKey: ec,
    platformKey: platform?.publicKey,
    encryptionKey:
      encryption === undefined
        ? undefined
        : { publicKey: encryption, version: options.encryptionKeyVersion },
  };
};

const resolveHost = async (url: URL) => {
  try {
    return await lookup(url.hostname.replace(/^\[|\]$/g, ''), { all: true });
  } catch (error) {
    throw usageError(
      '--target',
      `${url.hostname} cannot be resolved: ${error instanceof Error ? error.message : ''}`,
      'Check the name.',
    );
  }
};

const printPlan = (
  selection: Pick<CalibrationOptions, 'contract' | 'rows' | 'skip'>,
  url: URL,
): number => {
  const probes = probesToRun({ ...selection, withoutEffects: false });
  const counts = probes.map((probe) => countRequests(probe, selection.contract));
  const lines = probes.flatMap((probe, index) => [
    translateOutput(
      `${probe.id}  ${[...new Set(rowsAskedBy(probe))].join(', ')}  ` +
        `${(probe.search ?? probe.exploration) ? 'up to ' : ''}${counts[index]} requests, ${effectWords[probe.effect]}`,
    ),
    `  ${translateOutput(probe.title)}`,
    ...probe.requests.map(
      ({ operation, control, method = 'POST' }) =>
        `    ${translateOutput(`${method} ${operation}${control === true ? ' (must succeed)' : ''}`)}`,
    ),
    ...(probe.search === undefined
      ? []
      : [
          `    ${translateOutput(`POST ${probe.search.candidates[0]?.request.operation}, once for each candidate`)}`,
        ]),
  ]);
  const total = counts.reduce((sum, count) => sum + count, 0);
  process.stdout.write(
    [
      ...lines,
      '',
      translateOutput(
        `Nothing was sent. ${probes.length} probes would be sent to ${url.host}, ` +
          `with at most ${total} requests; one that differs from the default is sent twice.`,
      ),
      translateOutput('Ask AlipayHK before you send them, then add --yes.'),
      '',
    ].join('\n'),
  );
  return exitCodes.ok;
};

const mostBodyLimitRequests = 8;

const countRequests = (
  { requests, search, exploration }: Probe,
  { statusMachines }: CalibrationOptions['contract'],
): number => {
  if (search !== undefined) return (requests.length + 1) * search.candidates.length;
  if (exploration === undefined) return requests.length;
  if (exploration.kind === 'body limit') return mostBodyLimitRequests;
  // At worst, every change needs an order of its own.
  return [...statusMachines.values()].reduce((sum, { size }) => sum + 2 * size * size, 0);
};

const effectWords = {
  none: 'refused before anything changes',
  writes: 'makes things with its own numbers',
  irreversible: 'closes or ends a card of its own',
} as const;

const summary = ({ results, requests, stopped }: Calibration, out: string): string => {
  const counts = resultKinds
    .map((kind) => [kind, results.filter(({ result }) => result === kind).length] as const)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => translateOutput(`${count} ${kind}`));
  return [
    translateOutput(`${requests} requests: ${counts.join(', ')}`),
    ...(stopped === undefined
      ? []
      : [
          translateOutput(
            `ended early: ${printable(stopped)}; --resume ${join(out, 'calibration.json')} continues`,
          ),
        ]),
    translateOutput(
      `written to ${out}: alipayhk-mock.calibrated.yaml, calibration.json, calibration.md, transcript/`,
    ),
    '',
  ].join('\n');
};
