import type { MerchantIdentity } from '../../sdk/client/signed-call.ts';
import { cpuSeconds } from '../process/process-figures.ts';
import { percentile } from '../statistics.ts';
import { Connection } from './connection.ts';
import type { LoadJob, Measurement } from './load-order.ts';
import { Tally } from './tally.ts';

const graceMs = 10_000;

/**
 * Drives a server with so many connections at once, each with one request in flight, and measures
 * between two moments.
 */
export const runLoad = async (
  order: LoadJob,
  requests: readonly Buffer[],
  merchant: MerchantIdentity,
): Promise<Measurement> => {
  const tally = new Tally(order.expect, order.verify ? merchant : undefined);
  const source = new RequestSource(requests, order);
  const window = new TimedWindow(order.serverPid);
  const connections: Connection[] = await Promise.all(
    Array.from({ length: order.connections }, () => Connection.open(order.port)),
  );
  const lost: string[] = [];
  let reconnects = 0;
  const drive = async (slot: number): Promise<void> => {
    for (
      let request = source.next();
      request !== undefined && !window.isOver;
      request = source.next()
    ) {
      let connection = connections[slot];
      if (connection === undefined || !connection.isOpen) {
        reconnects++;
        connection = await Connection.open(order.port);
        connections[slot] = connection;
      }
      const began = performance.now();
      const answer = await connection.send(request);
      window.note(performance.now() - began);
      tally.take(request, answer);
    }
  };
  const closeAll = (): void => {
    for (const connection of connections) connection.close();
  };
  const timers = [
    setTimeout(() => window.open(), order.warmSeconds * 1000),
    setTimeout(() => window.close(), (order.warmSeconds + order.seconds) * 1000),
    setTimeout(closeAll, (order.warmSeconds + order.seconds) * 1000 + graceMs),
  ];
  await Promise.all(
    connections.map((_, slot) =>
      drive(slot).catch((error: unknown) => lost.push(`a request got no answer: ${String(error)}`)),
    ),
  );
  window.close();
  for (const timer of timers) clearTimeout(timer);
  closeAll();
  const { verified, errors } = tally.conclude();
  const unmeasured =
    window.requests === 0 && !source.isDry ? ['no answer came within the timed part'] : [];
  return {
    ...window.figures(),
    codes: tally.codes,
    verified,
    errors: [...errors, ...lost, ...unmeasured],
    reconnects,
    used: source.used,
  };
};

/** Hands out requests one after the other. */
class RequestSource {
  readonly #requests: readonly Buffer[];
  readonly #from: number;
  readonly #end: number;
  used = 0;

  constructor(
    requests: readonly Buffer[],
    { from, wrap, until }: Pick<LoadJob, 'from' | 'wrap' | 'until'>,
  ) {
    this.#requests = requests;
    this.#from = from;
    this.#end = Math.min(
      until ?? Number.POSITIVE_INFINITY,
      wrap ? Number.POSITIVE_INFINITY : requests.length,
    );
  }

  /** Whether there was nothing more to send. */
  get isDry(): boolean {
    return this.#from + this.used >= this.#end;
  }

  next(): Buffer | undefined {
    if (this.isDry) return undefined;
    const request = this.#requests[(this.#from + this.used) % this.#requests.length];
    this.used++;
    return request;
  }
}

/** Counts what is answered between `open` and `close`, and reads the clocks at both. */
class TimedWindow {
  readonly #latencies: number[] = [];
  readonly #serverPid: number;
  #opened: Moment | undefined;
  #closed: Moment | undefined;

  constructor(serverPid: number) {
    this.#serverPid = serverPid;
  }

  get isOver(): boolean {
    return this.#closed !== undefined;
  }

  get requests(): number {
    return this.#latencies.length;
  }

  open(): void {
    this.#opened ??= readMoment(this.#serverPid);
  }

  close(): void {
    this.#closed ??= readMoment(this.#serverPid);
  }

  note(ms: number): void {
    if (this.#opened !== undefined && this.#closed === undefined) this.#latencies.push(ms);
  }

  figures(): Pick<
    Measurement,
    'requests' | 'seconds' | 'p50Ms' | 'p99Ms' | 'serverCpuMs' | 'clientLoad'
  > {
    const from = this.#opened;
    const to = this.#closed;
    if (from === undefined || to === undefined)
      return {
        requests: 0,
        seconds: 0,
        p50Ms: Number.NaN,
        p99Ms: Number.NaN,
        serverCpuMs: Number.NaN,
        clientLoad: Number.NaN,
      };
    const seconds = (to.at - from.at) / 1000;
    return {
      requests: this.#latencies.length,
      seconds,
      p50Ms: percentile(this.#latencies, 0.5),
      p99Ms: percentile(this.#latencies, 0.99),
      serverCpuMs: (to.serverCpu - from.serverCpu) * 1000,
      clientLoad: (to.clientCpu - from.clientCpu) / seconds,
    };
  }
}

interface Moment {
  readonly at: number;
  readonly serverCpu: number;
  readonly clientCpu: number;
}

const readMoment = (serverPid: number): Moment => {
  const { user, system } = process.cpuUsage();
  return {
    at: performance.now(),
    serverCpu: cpuSeconds(serverPid),
    clientCpu: (user + system) / 1e6,
  };
};
