import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** How long and how often is measured. */
export interface Pace {
  readonly name: 'quick' | 'default';
  readonly rounds: number;
  /** Length of one timed part, and of the warm-up before it. */
  readonly seconds: number;
  readonly warmSeconds: number;
  /**
   * Load before the first round, so that no server is measured while the engine still compiles: it
   * takes some seconds of load to be done.
   */
  readonly firstWarmSeconds: number;
  readonly startUps: number;
  /** Requests after which memory is read. */
  readonly memorySteps: readonly number[];
  readonly floodRounds: number;
  /** Upper bound of each of the doctor's cases, warming up included. */
  readonly doctorSeconds: number;
  readonly storedOrders: number;
  /** Orders stored in the servers of the section on scale. */
  readonly scaleOrders: readonly number[];
  readonly abuseRounds: number;
}

export interface Options {
  readonly pace: Pace;
  /** Rows and sections to measure; undefined: all. */
  readonly only: readonly string[] | undefined;
  readonly peers: boolean;
  /** Folder of another build to measure beside this one: a checkout, built. */
  readonly against: string | undefined;
  readonly list: boolean;
  readonly help: boolean;
  readonly out: string | undefined;
}

const paces: Readonly<Record<Pace['name'], Pace>> = {
  quick: {
    name: 'quick',
    rounds: 2,
    seconds: 0.25,
    warmSeconds: 0.1,
    firstWarmSeconds: 0.3,
    startUps: 3,
    memorySteps: [1_000],
    floodRounds: 1,
    doctorSeconds: 1,
    storedOrders: 20_000,
    scaleOrders: [50_000],
    abuseRounds: 1,
  },
  default: {
    name: 'default',
    rounds: 5,
    seconds: 0.8,
    warmSeconds: 0.2,
    firstWarmSeconds: 5,
    startUps: 7,
    memorySteps: [1_000, 100_000],
    floodRounds: 5,
    doctorSeconds: 4,
    storedOrders: 100_000,
    scaleOrders: [100_000, 1_000_000],
    abuseRounds: 2,
  },
};

export const help = `Measures alipayhk-mock, its ceilings and its peers, interleaved in one run, on loopback only.

  npm run bench                      everything, about 25 minutes; writes docs/benchmarks.md
  npm run bench -- --quick           a quick run, about two minutes
  npm run bench -- --rows a,b        only these rows and sections; --list shows them

  --no-peers     without Prism, Mockoon, mountebank and MSW; otherwise they are installed
                 into a cache folder outside the repository
  --rounds N     instead of five
  --against DIR  this build compared with another one, a built checkout; alone: only that
  --out FILE     where the page is written; --quick and --rows write it next to the JSON
                 instead of into docs/
`;

export const readOptions = (args: readonly string[]): Options => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      rows: { type: 'string' },
      against: { type: 'string' },
      rounds: { type: 'string' },
      'no-peers': { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const pace = paces[values.quick ? 'quick' : 'default'];
  const against = values.against === undefined ? undefined : resolve(values.against);
  const rows = values.rows ?? (against === undefined ? undefined : 'against');
  const only = rows?.split(',').map((name) => name.trim());
  return {
    pace: { ...pace, rounds: values.rounds === undefined ? pace.rounds : Number(values.rounds) },
    only: only?.filter((name) => name !== ''),
    peers: !values['no-peers'] && against === undefined,
    against,
    list: values.list,
    help: values.help,
    out: values.out,
  };
};
