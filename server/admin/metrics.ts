import type { Counter, Histogram, Registry } from 'prom-client';
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

interface Instruments {
  readonly registry: Registry;
  readonly exchanges: Counter;
  readonly durations: Histogram;
  readonly findings: Counter;
}

/**
 * Counts exchanges for Prometheus. Labels are operations, result codes and diagnoses, all from
 * fixed tables.
 */
export class Metrics {
  readonly #journal: Journal;
  readonly #readGauges: () => Gauges;
  #instruments: Instruments | undefined;
  #loading: Promise<Instruments> | undefined;
  #showsProcess = false;

  constructor(journal: Journal, readGauges: () => Gauges) {
    this.#journal = journal;
    this.#readGauges = readGauges;
    journal.listen({
      onClose: (entry) => this.#whenLoaded((instruments) => count(instruments, entry)),
      onDiagnosis: (entry) => this.#whenLoaded(({ findings }) => countFinding(findings, entry)),
    });
  }

  /** Prometheus' text format 0.0.4, with the metrics of the process from the first call on. */
  async render(): Promise<{ readonly contentType: string; readonly text: string }> {
    const { registry } = await this.#load();
    if (!this.#showsProcess) {
      this.#showsProcess = true;
      // Not before the first reader: they watch the event loop and the garbage collector.
      (await import('prom-client')).collectDefaultMetrics({ register: registry });
    }
    return { contentType: registry.contentType, text: await registry.metrics() };
  }

  /** At once when they are loaded: exchanges do not wait a turn each to be counted. */
  #whenLoaded(use: (instruments: Instruments) => void): void {
    if (this.#instruments === undefined) void this.#load().then(use);
    else use(this.#instruments);
  }

  /** Loaded after the first exchange: a start does not wait for it. */
  #load(): Promise<Instruments> {
    this.#loading ??= this.#createInstruments();
    return this.#loading;
  }

  async #createInstruments(): Promise<Instruments> {
    const { Counter, Gauge, Histogram, Registry } = await import('prom-client');
    const registry = new Registry();
    const describeMetric = (name: string, help: string) => ({
      name: `alipayhk_mock_${name}`,
      help,
      registers: [registry],
    });
    const exchanges = new Counter({
      ...describeMetric('exchanges_total', 'Exchanges by operation and result code.'),
      labelNames: ['operation', 'code'],
    });
    const durations = new Histogram({
      ...describeMetric(
        'exchange_duration_seconds',
        'From the first byte in to the last byte out, waits included.',
      ),
      labelNames: ['operation'],
      buckets,
    });
    const findings = new Counter({
      ...describeMetric('doctor_findings_total', 'Causes that the doctor proved.'),
      labelNames: ['finding'],
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
    this.#instruments = { registry, exchanges, durations, findings };
    return this.#instruments;
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

const count = ({ exchanges, durations, findings }: Instruments, entry: JournalEntry): void => {
  const { operation = 'none', verdict, milliseconds } = entry;
  exchanges.inc({ operation, code: verdict.code });
  durations.observe({ operation }, milliseconds / 1000);
  countFinding(findings, entry);
};

const countFinding = (findings: Counter, { diagnosis }: JournalEntry): void => {
  const finding = diagnosis?.cause?.id;
  if (finding !== undefined) findings.inc({ finding });
};
