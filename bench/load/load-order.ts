/** The order of a load process. */
export interface LoadJob {
  readonly port: number;
  /** Files of signed requests, and where to begin in them. */
  readonly files: readonly string[];
  readonly from: number;
  /** Begin again at the first request after the last one; without it the load ends there. */
  readonly wrap: boolean;
  /**
   * The number of the request before which to stop, counted on where they begin again; absent:
   * none.
   */
  readonly until?: number;
  readonly connections: number;
  readonly warmSeconds: number;
  readonly seconds: number;
  /** The result code every answer must have; `*`: any 200 with a result. */
  readonly expect: string;
  /**
   * Whether the answers are ours: sealed ones are opened, and some signatures verified, after the
   * timed part.
   */
  readonly verify: boolean;
  readonly serverPid: number;
}

/** What it measured. */
export interface Measurement {
  /** Answers within the timed part. */
  readonly requests: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the server, with all its threads; NaN where it cannot be read. */
  readonly serverCpuMs: number;
  /** Share of its core that the load generator used: near 1 means that it was the bottleneck. */
  readonly clientLoad: number;
  /** How often each result code was answered, the warm-up included. */
  readonly codes: Readonly<Record<string, number>>;
  readonly verified: number;
  /** Messages about failures; a measurement with any is an error, not a figure. */
  readonly errors: readonly string[];
  readonly reconnects: number;
  /** How many requests were taken from the files. */
  readonly used: number;
}
