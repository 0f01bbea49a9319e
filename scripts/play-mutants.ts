/**
 * Proves the judge of certify: runs every faulty client of `test/conformance/mutants/`, and compares
 * the checks that fail with the expected set, for equality. The correct client must pass all.
 *
 * `npm run mutants` plays all; names as arguments, e.g. `M07`, play those alone; `-- --quick` plays
 * each against eight of the cases that it fails, which takes about three minutes. `--jobs N` sets
 * how many run at once, `--write` replaces the expected sets by what was seen, to be read before a
 * commit.
 *
 * `--replicas N` lets so many simulators that share a Redis or Valkey answer them in turns; certify
 * joins those.
 *
 * `--rounds N` plays them so many times, with other ids each time; `--busy N` keeps so many cores
 * busy meanwhile, `--latency MS` delays every request and every answer. No verdict may change.
 * A set that differs is played once more, alone, like the timing cases of certify: beside others a
 * pause can be measured longer than it was. With `--rounds` it is not.
 * Ends with 1 when a set differs, or when no mutant fails a check of the catalogue. Which pairs of a
 * case and a check no mutant fails, and why, is in `unproved.yaml`.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { stringify } from 'yaml';
import { certifySettings, createSandbox } from '../server/app/certify-sandbox.ts';
import { createMockServer } from '../server/app/create-server.ts';
import { settingsWith } from '../server/app/settings/resolve-settings.ts';
import { catalogue } from '../server/conformance/certify/catalogue/index.ts';
import { checkMessages } from '../server/conformance/certify/harness/runner.ts';
import type { HarnessSettings } from '../server/conformance/certify/harness/sandbox.ts';
import type { CaseResult, CertifyResult } from '../server/conformance/certify/result.ts';
import { runCertify } from '../server/conformance/certify/run-certify.ts';
import { endpoints } from '../server/domain/operations/index.ts';
import { createInlineDriver } from '../test/conformance/mutants/inline-driver.ts';
import {
  allPairs,
  type Failures,
  type Mutant,
  provedPairs,
  readMutants,
} from '../test/conformance/mutants/proof.ts';
import { startBalancer } from '../test/storage/redis/balancer.ts';
import { startEngine } from '../test/storage/redis/engines.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'test/conformance/mutants');
const expectationsFile = join(folder, 'mutants.yaml');

type Expectation = Pick<Mutant, 'fail' | 'warn' | 'open'>;

const { values: flags, positionals: names } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    write: { type: 'boolean' },
    jobs: { type: 'string' },
    rounds: { type: 'string' },
    busy: { type: 'string' },
    latency: { type: 'string' },
    replicas: { type: 'string' },
  },
  allowPositionals: true,
});

const mutants = readMutants();

const unknown = names.filter((name) => !(name in mutants));
if (unknown.length > 0) throw new Error(`unknown mutant ${unknown.join(', ')}`);
const rounds = Number(flags.rounds ?? 1);
const selected = names.length > 0 ? names : Object.keys(mutants);
const chosen = Array.from({ length: rounds }, () => selected).flat();

const work = mkdtempSync(join(tmpdir(), 'alipayhk-mutants-'));

/** Time-outs are short, so that silent cases take three seconds. The ratios are those of real runs. */
const harness: Omit<HarnessSettings, 'operations' | 'pauseFactor'> = {
  modes: [
    { algorithm: 'RSA256', sealed: false },
    { algorithm: 'RSA256', sealed: true },
  ],
  every: 'primary',
  messages: {},
  realPauses: false,
  patienceMs: 10_000,
  ceilingMs: 7000,
  quietMs: 2000,
  jobs: 3,
  isRevealed: false,
  client: undefined,
  isSerial: false,
};

const settings = certifySettings(settingsWith({ port: 0 }));
const engine = flags.replicas === undefined ? undefined : await startEngine();

/** @returns where a client reaches them, and what ends them */
const startReplicas = async (
  store: string,
  prefix: string,
): Promise<readonly [url: string, end: () => Promise<void>]> => {
  const shared = settingsWith({ port: 0, steering: 'off', store, 'store.prefix': prefix });
  const servers = await Promise.all(
    Array.from({ length: Number(flags.replicas) }, () => createMockServer({ settings: shared })),
  );
  const balancer = await startBalancer(servers.map(({ url }) => url));
  const end = async (): Promise<void> => {
    await balancer.close();
    await Promise.all(servers.map((one) => one.close(0)));
  };
  return [balancer.url, end];
};
const spin = `setInterval(() => { for (const end = Date.now() + 90; Date.now() < end; ); }, 100);`;
const busy = Array.from(
  { length: Number(flags.busy ?? 0) },
  () => new Worker(spin, { eval: true }),
);

const certify = async (name: string, cases: readonly string[]): Promise<CertifyResult> => {
  // Of its own: what reaches a simulator and belongs to no case would be stray.
  const folder = mkdtempSync(join(work, `${name}-`));
  const prefix = basename(folder);
  const [advertisedUrl, endReplicas] =
    engine === undefined ? [undefined, undefined] : await startReplicas(engine.url, prefix);
  const server = await createMockServer({
    settings: { ...settings, store: engine?.url ?? 'memory', 'store.prefix': prefix },
    isGuest: true,
  });
  const { operations = ['syncOrder', 'updateMembershipCard'], pauseFactor = 0.05 } =
    mutants[name] ?? {};
  const own = { ...harness, operations, pauseFactor };
  const sandbox = createSandbox(server, { advertisedUrl });
  try {
    // Compiles the validators too, which would make the first answers slower than the time-out.
    const wrong = await checkMessages({ cases: catalogue, sandbox, settings: own });
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
    const { result } = await runCertify({
      sandbox,
      driver: createInlineDriver(name === 'correct' ? '' : name, {
        MERCHANT_TIMEOUT_MS: '3000',
        MERCHANT_LATENCY_MS: flags.latency ?? '0',
      }),
      settings: own,
      folder,
      chosen: cases.length === 0 ? undefined : new Set(cases),
      stop: new AbortController().signal,
      judging: {
        reading: {
          endpoints: new Map(endpoints.map((endpoint) => [endpoint.operationId, endpoint])),
          policies: settings,
        },
        limits: { recommendedMs: 4000, ceilingMs: harness.ceilingMs },
        profile: 'strict-2027.1',
      },
      tool: { name: 'alipayhk-mock', version: '', contract: '' },
      subject: { name },
      againCommand: () => '',
    });
    return result;
  } finally {
    await server.close(0);
    await endReplicas?.();
  }
};

const label = ({ id, variant }: CaseResult): string =>
  variant === undefined ? id : `${id}[${variant}]`;

const collect = (cases: readonly CaseResult[], verdict: 'fail' | 'warn'): Failures => {
  const found = new Map<string, string[]>();
  for (const one of cases)
    for (const check of one.checks.filter((each) => each.verdict === verdict))
      found.set(check.id, [...(found.get(check.id) ?? []), label(one)]);
  return Object.fromEntries(
    [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, all]) => [id, all.join(' ')]),
  );
};

const toExpectation = ({ cases }: Pick<CertifyResult, 'cases'>): Expectation => {
  const fail = collect(cases, 'fail');
  const warn = collect(cases, 'warn');
  const open = cases
    .filter(({ verdict }) => verdict === 'NOT JUDGED' || verdict === 'ERROR')
    .map((one) => (one.verdict === 'ERROR' ? `${label(one)}=ERROR` : label(one)))
    .join(' ');
  return {
    ...(Object.keys(fail).length > 0 ? { fail } : {}),
    ...(Object.keys(warn).length > 0 ? { warn } : {}),
    ...(open === '' ? {} : { open }),
  };
};

const flatten = ({ fail = {}, warn = {}, open = '' }: Expectation): ReadonlySet<string> => {
  const list = (kind: string, checks: Failures): string[] =>
    Object.entries(checks).flatMap(([check, cases]) =>
      cases.split(' ').map((id) => `${kind} ${id}.${check}`),
    );
  const opens = open.split(' ').filter(Boolean);
  return new Set([
    ...list('fail', fail),
    ...list('warn', warn),
    ...opens.map((id) => `open ${id}`),
  ]);
};

const readCaseId = (line: string): string => /C-[A-Z]+-\d+/.exec(line)?.[0] ?? '';

/** Of the cases that a mutant fails, so many are played quickly. */
const quickCases = 8;

const caseIds = (mutant: Mutant): readonly string[] =>
  [...new Set([...flatten(mutant)].map(readCaseId))].slice(0, quickCases);

interface Played {
  readonly name: string;
  readonly seen: Expectation;
  readonly missing: readonly string[];
  readonly surplus: readonly string[];
}

const play = async (name: string): Promise<Played> => {
  const mutant = mutants[name] ?? { title: '' };
  // Where there is no effect to look for, first contact is enough.
  // Whether a client notifies anybody shows only in all its cases.
  const isWhole = flags.quick !== true || mutant.warn?.['alerted'] !== undefined;
  const cases = isWhole ? [] : [...caseIds(mutant), 'C-PRE-01'];
  const seen = toExpectation(await certify(name, name === 'correct' ? [] : cases));
  const isPlayed = (line: string): boolean =>
    cases.length === 0 || cases.includes(readCaseId(line));
  const wanted = new Set([...flatten(mutant)].filter(isPlayed));
  const found = flatten(seen);
  return {
    name,
    seen,
    missing: [...wanted].filter((line) => !found.has(line)),
    surplus: [...found].filter((line) => !wanted.has(line)),
  };
};

const write = ({ name, seen }: Played): void => {
  const { fail: _, warn: __, open: ___, ...rest } = mutants[name] ?? { title: '' };
  mutants[name] = { ...rest, ...seen };
  const text = readFileSync(expectationsFile, 'utf8');
  const comment = text.slice(0, text.indexOf('correct:'));
  writeFileSync(expectationsFile, comment + stringify(mutants, { lineWidth: 100 }));
};

const began = performance.now();
const played: Played[] = [];
const queue = [...chosen];
const differs = ({ missing, surplus }: Played): boolean => missing.length + surplus.length > 0;
const print = (result: Played, progress: string): void => {
  const { name, missing, surplus } = result;
  const verdict = differs(result) ? 'DIFFER' : 'ok    ';
  console.log(`${verdict} ${name.padEnd(8)}${mutants[name]?.title}  (${progress})`);
  for (const line of missing) console.log(`         expected, not seen: ${line}`);
  for (const line of surplus) console.log(`         seen, not expected: ${line}`);
};
const playQueue = async (): Promise<void> => {
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const result = await play(name);
    played.push(result);
    if (flags.write === true) write(result);
    const left = ((performance.now() - began) / played.length) * queue.length;
    print(result, `${played.length}/${chosen.length}, ${Math.round(left / 1000)} s left`);
  }
};
const playAgainAlone = async (): Promise<void> => {
  for (const [index, result] of played.entries()) {
    if (!differs(result)) continue;
    const again = await play(result.name);
    played[index] = again;
    print(again, 'once more, alone');
  }
};
try {
  // What is compiled at the first use would make the first case slow.
  await certify('correct', ['C-PRE-01']);
  const jobs = Number(flags.jobs ?? 2);
  await Promise.all(Array.from({ length: jobs }, playQueue));
  if (flags.write !== true && flags.rounds === undefined) await playAgainAlone();
} finally {
  for (const worker of busy) await worker.terminate();
  await engine?.stop();
  rmSync(work, { recursive: true, force: true });
}

const different = played.filter(differs);
const proved = provedPairs(mutants);
const readCheckId = (pair: string): string => pair.slice(pair.indexOf('.') + 1);
const checkIds = new Set(allPairs.map(readCheckId));
const provedIds = new Set([...proved].map(readCheckId));
// A check that no mutant fails proves nothing.
const never = [...checkIds].filter((id) => !provedIds.has(id));
const unproved = allPairs.filter((pair) => !proved.has(pair)).length;
console.log(
  `${played.length} clients in ${Math.round((performance.now() - began) / 1000)} s, ` +
    `${different.length} differ. ${checkIds.size - never.length} of ${checkIds.size} checks are ` +
    `failed by a mutant${never.length > 0 ? `; never: ${never.join(', ')}` : ''}; ` +
    `${unproved} of ${allPairs.length} pairs of case and check are not: unproved.yaml says why.`,
);
process.exitCode = different.length + never.length > 0 ? 1 : 0;
