import { measureCrypto } from '../crypto/measure-crypto.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import type { LoadJob, Measurement } from '../load/load-order.ts';
import type { RequestKind } from '../requests/request-kinds.ts';
import { deleteRequests, type SignedRequests, signRequests } from '../requests/sign-requests.ts';
import type { CryptoResult, RowResult, ThroughputResult } from '../results.ts';
import { type ConnectionCount, type CryptoRow, connectionCounts, type ServerRow } from '../rows.ts';
import { type RunningServer, startServer } from '../servers/start-server.ts';
import type { BenchContext } from './bench-context.ts';
import { RequestNeeds } from './request-needs.ts';
import { serverFolder } from './server-folder.ts';

const repeatedRequests = 200;
const startedAtOnce = 4;

/**
 * All rows side by side: every server runs throughout, and the rounds go through them one after the
 * other.
 */
export const measureThroughput = async (
  rows: readonly ServerRow[],
  cryptoRows: readonly CryptoRow[],
  context: BenchContext,
): Promise<ThroughputResult> => {
  const { pace, plan, runFolder, say } = context;
  const load = new LoadGenerator(plan.load);
  const open: OpenRow[] = [];
  try {
    say(`starting ${rows.length} servers`);
    const repeated = await signRequests(
      { order: repeatedRequests, 'order-badly-signed': repeatedRequests },
      'again',
      runFolder,
    );
    for (let at = 0; at < rows.length; at += startedAtOnce)
      open.push(
        ...(await Promise.all(
          rows.slice(at, at + startedAtOnce).map((row) => OpenRow.start(row, repeated, context)),
        )),
      );
    const crypto = cryptoRows.map((row) => ({ ...row, perSecond: [] as number[] }));
    const needs = new RequestNeeds(pace);
    await runRound(open, [], load, needs.firstWarmUp(rows), 'warm', context);
    for (let number = 1; number <= pace.rounds; number++) {
      say(`round ${number} of ${pace.rounds}`);
      for (const one of crypto) {
        const threads = one.cores === 'one' ? 1 : Math.max(1, plan.all.length);
        one.perSecond.push(
          await measureCrypto(
            { threads, sealed: one.sealed, seconds: pace.seconds },
            plan[one.cores],
          ),
        );
      }
      // Every second round runs backwards, so that a drift of the machine favours no row.
      const order = number % 2 === 0 ? open.toReversed() : open;
      await runRound(
        order,
        connectionCounts,
        load,
        needs.nextRound(rows),
        `round${number}`,
        context,
      );
      needs.learn(open);
    }
    return {
      rows: open.map((row) => row.result()),
      crypto: crypto.map(({ sealed: _, ...result }): CryptoResult => result),
    };
  } finally {
    await Promise.all([load.stop(), ...open.map((row) => row.stop())]);
  }
};

/**
 * Signs what the round needs, then measures each row at each number of connections; without numbers
 * it only warms up.
 */
const runRound = async (
  rows: readonly OpenRow[],
  counts: readonly ConnectionCount[],
  load: LoadGenerator,
  wanted: Partial<Record<RequestKind, number>>,
  label: string,
  { pace, runFolder }: BenchContext,
): Promise<void> => {
  const signed = await signRequests(wanted, label, runFolder);
  for (const row of rows) {
    row.beginRound(signed);
    if (counts.length === 0)
      await row.run(load, 16, { warmSeconds: 0, seconds: pace.firstWarmSeconds });
    for (const count of counts) row.note(count, await row.run(load, count, pace));
  }
  deleteRequests(signed.values());
};

/** A row's running server, and its position in its requests. */
class OpenRow {
  readonly row: ServerRow;
  readonly #server: RunningServer | undefined;
  readonly #repeated: ReadonlyMap<RequestKind, SignedRequests>;
  readonly #cells: Record<ConnectionCount, (Measurement | undefined)[]> = { 1: [], 16: [], 64: [] };
  readonly #errors = new Set<string>();
  #requests: SignedRequests | undefined;
  /** Requests taken in this round. */
  used = 0;

  private constructor(
    row: ServerRow,
    server: RunningServer | undefined,
    repeated: ReadonlyMap<RequestKind, SignedRequests>,
  ) {
    this.row = row;
    this.#server = server;
    this.#repeated = repeated;
  }

  static async start(
    row: ServerRow,
    repeated: ReadonlyMap<RequestKind, SignedRequests>,
    context: BenchContext,
  ): Promise<OpenRow> {
    try {
      return new OpenRow(
        row,
        await startServer(row.recipe, context.plan[row.cores], serverFolder(context)),
        repeated,
      );
    } catch (error) {
      const closed = new OpenRow(row, undefined, repeated);
      closed.#errors.add(error instanceof Error ? error.message : String(error));
      return closed;
    }
  }

  beginRound(signed: ReadonlyMap<RequestKind, SignedRequests>): void {
    this.#requests = (this.row.repeats ? this.#repeated : signed).get(this.row.kind);
    this.used = 0;
  }

  async run(
    load: LoadGenerator,
    connections: number,
    time: Pick<LoadJob, 'warmSeconds' | 'seconds'>,
  ): Promise<Measurement | undefined> {
    const { row } = this;
    if (this.#server === undefined || this.#requests === undefined) return undefined;
    try {
      const measured = await load.run({
        ...{
          port: this.#server.port,
          serverPid: this.#server.pid,
          connections,
          warmSeconds: time.warmSeconds,
          seconds: time.seconds,
        },
        ...{
          files: this.#requests.files,
          from: this.used,
          wrap: row.repeats,
          expect: row.expect,
          verify: row.signs,
        },
      });
      this.used += measured.used;
      for (const sentence of measured.errors) this.#errors.add(sentence);
      return measured.errors.length > 0 || measured.requests === 0 ? undefined : measured;
    } catch (error) {
      this.#errors.add(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  note(count: ConnectionCount, measured: Measurement | undefined): void {
    this.#cells[count].push(measured);
  }

  result(): RowResult {
    const { id, title, cores } = this.row;
    return { id, title, cores, cells: this.#cells, errors: [...this.#errors] };
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }
}
