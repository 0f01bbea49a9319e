import type { Journal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';

/** Upper bounds, in seconds. */
const buckets = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Durations {
  readonly counts: number[];
  sum: number;
  count: number;
}

/** Values read at each request of the metrics. */
export interface Gauges {
  readonly version: string;
  readonly clients: number;
  readonly eventReaders: number;
}

type Labels = Readonly<Record<string, string>>;

/**
 * Counts exchanges for Prometheus. Labels are operations, result codes and diagnoses, all from fixed
 * tables.
 */
export class Metrics {
  readonly #journal: Journal;
  readonly #exchanges = new Map<string, Map<string, number>>();
  readonly #durations = new Map<string, Durations>();
  readonly #findings = new Map<string, number>();

  constructor(journal: Journal) {
    this.#journal = journal;
    journal.listen({
      closed: (entry) => this.#count(entry),
      diagnosed: (entry) => this.#countFinding(entry),
    });
  }

  #count(entry: JournalEntry): void {
    const { operation = 'none', verdict, milliseconds } = entry;
    const codes = valueIn(this.#exchanges, operation, () => new Map<string, number>());
    codes.set(verdict.code, (codes.get(verdict.code) ?? 0) + 1);
    const durations = valueIn(this.#durations, operation, () => ({
      counts: buckets.map(() => 0),
      sum: 0,
      count: 0,
    }));
    const seconds = milliseconds / 1000;
    const bucket = buckets.findIndex((bound) => seconds <= bound);
    if (bucket >= 0) durations.counts[bucket] = (durations.counts[bucket] ?? 0) + 1;
    durations.sum += seconds;
    durations.count++;
    this.#countFinding(entry);
  }

  #countFinding({ diagnosis }: JournalEntry): void {
    const cause = diagnosis?.cause?.id;
    if (cause !== undefined) this.#findings.set(cause, (this.#findings.get(cause) ?? 0) + 1);
  }

  /** Prometheus' text format 0.0.4. */
  render({ version, clients, eventReaders }: Gauges): string {
    const { rss, heapUsed } = process.memoryUsage();
    return [
      ...family(
        'exchanges_total',
        'counter',
        'Exchanges by operation and result code.',
        this.#exchangeSamples(),
      ),
      ...family(
        'exchange_duration_seconds',
        'histogram',
        'From the first byte in to the last byte out, waits included.',
        this.#durationSamples(),
      ),
      ...family(
        'doctor_findings_total',
        'counter',
        'Causes that the doctor proved.',
        [...this.#findings].map(([finding, n]) => ['', { finding }, n]),
      ),
      ...gauge('journal_entries', 'Exchanges held in the journal.', this.#journal.size),
      ...gauge('journal_bytes', 'Their size, estimated.', this.#journal.bytes),
      ...gauge(
        'journal_evicted',
        'Exchanges evicted since the start or the last reset.',
        this.#journal.evicted,
      ),
      ...gauge(
        'diagnoses_pending',
        'Exchanges without their diagnosis yet.',
        this.#journal.pendingDiagnoses,
      ),
      ...gauge(
        'undiagnosed',
        'Exchanges that left the journal before they were diagnosed.',
        this.#journal.undiagnosed,
      ),
      ...gauge('clients', 'Known clients.', clients),
      ...gauge('event_readers', 'Open event streams.', eventReaders),
      ...gauge('resident_memory_bytes', 'Of the process.', rss),
      ...gauge('heap_used_bytes', 'Of the process.', heapUsed),
      ...gauge('uptime_seconds', 'Of the process.', process.uptime()),
      ...family('build_info', 'gauge', 'Always 1.', [['', { version }, 1]]),
      '',
    ].join('\n');
  }

  #exchangeSamples(): Sample[] {
    return [...this.#exchanges].flatMap(([operation, codes]) =>
      [...codes].map(([code, n]): Sample => ['', { operation, code }, n]),
    );
  }

  #durationSamples(): Sample[] {
    return [...this.#durations].flatMap(([operation, { counts, sum, count }]): Sample[] => {
      const bounded = buckets.map((bound, at): Sample => {
        const below = counts.slice(0, at + 1).reduce((total, n) => total + n, 0);
        return ['_bucket', { operation, le: String(bound) }, below];
      });
      return [
        ...bounded,
        ['_bucket', { operation, le: '+Inf' }, count],
        ['_sum', { operation }, sum],
        ['_count', { operation }, count],
      ];
    });
  }
}

type Sample = readonly [suffix: string, labels: Labels, value: number];

const metricPrefix = 'alipayhk_mock_';

const family = (
  name: string,
  type: 'counter' | 'gauge' | 'histogram',
  help: string,
  samples: readonly Sample[],
): string[] => [
  `# HELP ${metricPrefix}${name} ${help}`,
  `# TYPE ${metricPrefix}${name} ${type}`,
  ...samples.map(
    ([suffix, labels, value]) => `${metricPrefix}${name}${suffix}${labelText(labels)} ${value}`,
  ),
];

const gauge = (name: string, help: string, value: number): string[] =>
  family(name, 'gauge', help, [['', {}, value]]);

const labelText = (labels: Labels): string => {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/[\\"\n]/g, '_')}"`,
  );
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
};

const valueIn = <V>(map: Map<string, V>, key: string, make: () => V): V => {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
};
