import type { Metric, Registry } from 'prom-client';
import type { Journal } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';

/** Upper bounds, in seconds. */
const buckets = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Values read at each request of the metrics. */
export interface Gauges {
  readonly version: string;
  readonly clients: number;
  readonly eventReaders: number;
  readonly droppedSpans: number;
}

/**
 * Counts exchanges for Prometheus. Labels are operations, result codes and diagnoses, all from
 * fixed tables. They are counted here and handed over when the metrics are read: until then the
 * library is not loaded, which takes 51 ms and 12 MiB.
 */
export class Metrics {
  readonly #journal: Journal;
  readonly #readGauges: () => Gauges;
  readonly #tallies = new Map<string, Tally>();
  readonly #findings = new Map<string, number>();
  /** By call and whether it was acknowledged. */
  readonly #outbound = new Map<string, number>();
  #loading: Promise<Registry> | undefined;

  constructor(journal: Journal, readGauges: () => Gauges) {
    this.#journal = journal;
    this.#readGauges = readGauges;
    journal.listen({
      onClose: (entry) => {
        if (entry.outbound !== undefined) {
          const { call, acknowledged } = entry.outbound;
          countIn(this.#outbound, `${call} ${acknowledged}`);
          return;
        }
        this.#tally(entry);
        this.#countFinding(entry);
      },
      onDiagnosis: (entry) => this.#countFinding(entry),
    });
  }

  /** Prometheus' text format 0.0.4, with the metrics of the process from the first call on. */
  async render(): Promise<{ readonly contentType: string; readonly text: string }> {
    this.#loading ??= this.#createRegistry();
    const registry = await this.#loading;
    return { contentType: registry.contentType, text: await registry.metrics() };
  }

  #tally({ operation = 'none', verdict, milliseconds }: JournalEntry): void {
    let tally = this.#tallies.get(operation);
    if (tally === undefined) {
      tally = { codes: new Map(), buckets: buckets.map(() => 0), count: 0, seconds: 0 };
      this.#tallies.set(operation, tally);
    }
    countIn(tally.codes, verdict.code);
    const seconds = milliseconds / 1000;
    tally.count++;
    tally.seconds += seconds;
    const place = buckets.findIndex((bound) => seconds <= bound);
    if (place >= 0) tally.buckets[place] = (tally.buckets[place] ?? 0) + 1;
  }

  #countFinding({ diagnosis }: JournalEntry): void {
    const finding = diagnosis?.cause?.id;
    if (finding !== undefined) countIn(this.#findings, finding);
  }

  /** Not before the first reader: it watches the event loop and the garbage collector. */
  async #createRegistry(): Promise<Registry> {
    const { collectDefaultMetrics, Counter, Gauge, Registry } = await import('prom-client');
    const registry = new Registry();
    const describeMetric = (name: string, help: string) => ({
      name: `alipayhk_mock_${name}`,
      help,
      registers: [registry],
    });
    const [tallies, findings, outbound] = [this.#tallies, this.#findings, this.#outbound];
    new Counter({
      ...describeMetric('outbound_total', 'Calls to merchants, and whether they acknowledged.'),
      labelNames: ['call', 'acknowledged'],
      collect() {
        this.reset();
        for (const [key, count] of outbound) {
          const [call = '', acknowledged = ''] = key.split(' ');
          this.inc({ call, acknowledged }, count);
        }
      },
    });
    new Counter({
      ...describeMetric('exchanges_total', 'Exchanges by operation and result code.'),
      labelNames: ['operation', 'code'],
      collect() {
        this.reset();
        for (const [operation, { codes }] of tallies)
          for (const [code, count] of codes) this.inc({ operation, code }, count);
      },
    });
    registry.registerMetric(durationHistogram(tallies) as unknown as Metric);
    new Counter({
      ...describeMetric('doctor_findings_total', 'Causes that the doctor proved.'),
      labelNames: ['finding'],
      collect() {
        this.reset();
        for (const [finding, count] of findings) this.inc({ finding }, count);
      },
    });
    for (const [name, help, read] of this.#gauges())
      new Gauge({
        ...describeMetric(name, help),
        collect() {
          this.set(read());
        },
      });
    new Gauge({ ...describeMetric('build_info', 'Always 1.'), labelNames: ['version'] }).set(
      { version: this.#readGauges().version },
      1,
    );
    collectDefaultMetrics({ register: registry });
    return registry;
  }

  #gauges(): readonly (readonly [name: string, help: string, read: () => number])[] {
    const journal = this.#journal;
    return [
      ['journal_entries', 'Exchanges held in the journal.', () => journal.size],
      ['journal_bytes', 'Their size, estimated.', () => journal.bytes],
      [
        'journal_evicted',
        'Exchanges evicted since the start or the last reset.',
        () => journal.evicted,
      ],
      [
        'diagnoses_pending',
        'Exchanges without their diagnosis yet.',
        () => journal.pendingDiagnoses,
      ],
      [
        'undiagnosed',
        'Exchanges that left the journal before they were diagnosed.',
        () => journal.undiagnosed,
      ],
      ['clients', 'Known clients.', () => this.#readGauges().clients],
      ['event_readers', 'Open event streams.', () => this.#readGauges().eventReaders],
      [
        'otlp_dropped',
        'Exchanges whose traces were not exported, since the start.',
        () => this.#readGauges().droppedSpans,
      ],
      ['resident_memory_bytes', 'Of the process.', () => process.memoryUsage.rss()],
      ['heap_used_bytes', 'Of the process.', () => process.memoryUsage().heapUsed],
      ['uptime_seconds', 'Of the process.', () => process.uptime()],
    ];
  }
}

/** Exchanges of one operation. */
interface Tally {
  readonly codes: Map<string, number>;
  /** How many took as long as each of `buckets`, and longer than the one before. */
  readonly buckets: number[];
  count: number;
  seconds: number;
}

const countIn = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

/** A histogram as the library's registry reads it; its own can only be filled one by one. */
const durationHistogram = (tallies: ReadonlyMap<string, Tally>) => {
  const name = 'alipayhk_mock_exchange_duration_seconds';
  const help = 'From the first byte in to the last byte out, waits included.';
  const type = 'histogram';
  const get = async () => ({
    ...{ name, help, type, aggregator: 'sum' },
    values: [...tallies].flatMap(([operation, { buckets: counts, count, seconds }]) => {
      let below = 0;
      return [
        ...buckets.map((le, at) => {
          below += counts[at] ?? 0;
          return { metricName: `${name}_bucket`, labels: { le, operation }, value: below };
        }),
        { metricName: `${name}_bucket`, labels: { le: '+Inf', operation }, value: count },
        { metricName: `${name}_sum`, labels: { operation }, value: seconds },
        { metricName: `${name}_count`, labels: { operation }, value: count },
      ];
    }),
  });
  return { name, help, type, get, reset: () => {} };
};
