import type {
  ReportCase,
  ReportFinding,
  TestReport,
} from '../../conformance/report/test-report.ts';
import { exchangeToJson, type RedactionOptions } from '../../journal/exchange-json.ts';
import { toHar } from '../../journal/har.ts';
import type { Journal } from '../../journal/journal.ts';
import { isInbound, type JournalEntry } from '../../journal/journal-entry.ts';
import { version } from '../../package-root.ts';
import { exitCodes } from '../exit-codes.ts';

const maxEntries = 100_000;
const maxBytes = 256 * 1024 * 1024;

/** What an exchange needs in memory apart from its bodies. */
const entryBytes = 4096;

/**
 * Every exchange of a run, also those that the journal evicts or a reset deletes. Bounded, because
 * a command may run for hours; what came later is counted.
 */
export class ExchangeRecord {
  readonly #entries: JournalEntry[] = [];
  #bytes = 0;
  #omitted = 0;

  constructor(journal: Journal) {
    journal.listen({ onClose: (entry) => this.#add(entry) });
  }

  /** In the order of their arrival. */
  get entries(): readonly JournalEntry[] {
    return this.#entries.toSorted((a, b) => a.number - b.number);
  }

  get omitted(): number {
    return this.#omitted;
  }

  #add(entry: JournalEntry): void {
    this.#bytes += entryBytes + entry.request.body.length + entry.reply.body.length;
    if (this.#entries.length < maxEntries && this.#bytes < maxBytes) this.#entries.push(entry);
    else this.#omitted++;
  }
}

/** The record as JSON: each exchange as `journal show --json` prints it. */
export const recordAsJson = (
  { entries, omitted }: ExchangeRecord,
  url: string,
  showing: RedactionOptions,
) => ({
  schema: 1,
  tool: { name: 'alipayhk-mock', version },
  url,
  omitted,
  exchanges: entries.map((entry) => exchangeToJson(entry, showing)),
});

/** The record as HTTP Archive 1.2. */
export const recordAsHar = ({ entries, omitted }: ExchangeRecord, url: string) => {
  const har = toHar(entries, { version, url, evicted: 0 });
  if (omitted === 0) return har;
  const comment = `${omitted} later exchanges were not recorded`;
  return { log: { ...har.log, comment } };
};

interface FinishedCommand {
  readonly words: readonly string[];
  readonly code: number;
  readonly startedAt: number;
  readonly durationMs: number;
}

/**
 * Reports a run of `exec`: whether its command succeeded, and what the simulator refused meanwhile.
 * A refusal is a warning, because a test may provoke it.
 */
export const reportExec = (
  { words, code, startedAt, durationMs }: FinishedCommand,
  { entries, omitted }: ExchangeRecord,
): TestReport => {
  const failure = exitFinding(code);
  const command: ReportCase = {
    group: 'exec',
    name: words.join(' '),
    status: failure === undefined ? 'passed' : 'failed',
    durationMs,
    findings: [...(failure === undefined ? [] : [failure]), ...refusals(entries)],
    properties: {
      exchanges: String(entries.length + omitted),
      results: tally(
        entries.filter(isInbound).map(({ verdict }) => `${verdict.code} ${verdict.status}`),
      ),
    },
  };
  return { name: 'exec', version, startedAt, durationMs, cases: [command] };
};

const exitFinding = (code: number): ReportFinding | undefined => {
  if (code === exitCodes.ok) return undefined;
  const message =
    code === exitCodes.cannotRun
      ? 'the command cannot be run'
      : `the command ended with exit code ${code}`;
  return { rule: 'exit-code', level: 'error', message };
};

/** Each kind of diagnosed refusal once, with how often it came and where to look. */
const refusals = (entries: readonly JournalEntry[]): readonly ReportFinding[] => {
  const kinds = new Map<string, { readonly first: JournalEntry; count: number }>();
  for (const entry of entries) {
    const id = entry.diagnosis?.cause?.id;
    if (id === undefined) continue;
    const kind = kinds.get(id);
    if (kind === undefined) kinds.set(id, { first: entry, count: 1 });
    else kind.count++;
  }
  return [...kinds].map(([rule, { first, count }]): ReportFinding => {
    const often = count === 1 ? 'once' : `${count} times`;
    const what = `${first.verdict.code} ${often}, first for ${first.method} ${first.target}`;
    const sentence = first.diagnosis?.cause?.sentence ?? '';
    return { rule, level: 'warning', message: `${what}: ${sentence}` };
  });
};

const tally = (names: readonly string[]): string => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${name}: ${count}`).join(', ');
};
