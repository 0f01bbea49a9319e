import { createRunFolder } from './folders.ts';
import { planCores } from './machine/cores.ts';
import { describeMachine } from './machine/describe-machine.ts';
import type { Options } from './options.ts';
import type { Results } from './results.ts';
import { cryptoRows, rowIds, serverRows } from './rows.ts';
import { measureAbuse } from './sections/abuse.ts';
import { measureAgainst } from './sections/against.ts';
import type { BenchContext } from './sections/bench-context.ts';
import { measureDoctor } from './sections/doctor.ts';
import { measureFlood } from './sections/flood.ts';
import { measureSize } from './sections/install-size.ts';
import { measureLint } from './sections/lint.ts';
import { measureMemory } from './sections/memory.ts';
import { measureScale } from './sections/scale.ts';
import { measureStartUp } from './sections/start-up.ts';
import { measureThroughput } from './sections/throughput.ts';
import { type InstalledPeer, installPeers } from './servers/install-peers.ts';
import { packOurs } from './servers/pack-ours.ts';
import type { PeerId } from './servers/peers.ts';
import { readVersions } from './versions.ts';

/** What is measured beside the rows, in this order. */
const sections: Readonly<Record<string, (context: BenchContext) => Promise<Partial<Results>>>> = {
  'start-up': async (context: BenchContext) => ({ startUp: await measureStartUp(context) }),
  memory: async (context: BenchContext) => ({ memory: await measureMemory(context) }),
  doctor: async (context: BenchContext) => ({ doctor: await measureDoctor(context) }),
  flood: async (context: BenchContext) => ({ flood: await measureFlood(context) }),
  scale: async (context: BenchContext) => ({ scale: await measureScale(context) }),
  abuse: async (context: BenchContext) => ({ abuse: await measureAbuse(context) }),
  lint: async (context: BenchContext) => ({ lint: await measureLint(context) }),
  against: async (context: BenchContext) => ({ against: await measureAgainst(context) }),
  size: (context: BenchContext) => Promise.resolve({ size: measureSize(context) }),
};

/** What `--rows` can name. */
export const knownIds: readonly string[] = [...rowIds, ...Object.keys(sections)];

/** Measures what the options ask for. A failure is reported, and the rest continues. */
export const measureAll = async (options: Options): Promise<Results> => {
  const began = performance.now();
  const skipped: string[] = [];
  const say = (line: string): void =>
    void process.stderr.write(
      `[${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s] ${line}\n`,
    );
  const skip = (line: string): void => {
    skipped.push(line);
    say(line);
  };
  const wants = (id: string): boolean => options.only === undefined || options.only.includes(id);
  const runFolder = createRunFolder();
  const plan = planCores();
  const machine = describeMachine(plan, runFolder);
  say('building and packing');
  const packed = packOurs(runFolder);
  say(options.peers ? 'installing the peers where they are not yet there' : 'without peers');
  const peers = options.peers ? await installPeers(skip) : new Map<PeerId, InstalledPeer>();
  const context: BenchContext = {
    pace: options.pace,
    plan,
    runFolder,
    packed,
    against: options.against,
    peers,
    say,
  };
  const rows = serverRows(packed.folder, peers, options.pace.storedOrders).filter(({ id }) =>
    wants(id),
  );
  const ceilings = cryptoRows.filter(({ id }) => wants(id));
  const throughput = async (): Promise<Partial<Results>> => ({
    throughput: await measureThroughput(rows, ceilings, context),
  });
  const wanted = [
    ...(rows.length + ceilings.length === 0 ? [] : [['rows', throughput] as const]),
    ...Object.entries(sections).filter(
      ([id]) => wants(id) && (id !== 'against' || options.against !== undefined),
    ),
  ];
  let measured: Partial<Results> = {};
  for (const [id, measure] of wanted) {
    try {
      measured = { ...measured, ...(await measure(context)) };
    } catch (error) {
      skip(`${id}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return {
    ...measured,
    machine,
    pace: options.pace.name,
    isPartial: options.only !== undefined,
    rounds: options.pace.rounds,
    minutes: (performance.now() - began) / 60_000,
    versions: readVersions(packed.version, peers),
    skipped,
  };
};
