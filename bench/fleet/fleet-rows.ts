import { median, percentile } from '../statistics.ts';

/** At most so much; the row's name says of what. */
const targets: Readonly<Record<string, number>> = {
  'transact, 16 callers: CPU over memory': 4,
  'transact, 1 caller: CPU over memory': 8,
  'transact, 1 caller: p50 above memory, ms': 0.2,
  'transact, 1 caller: p99 above memory, ms': 1,
  'calls for a first message': 1,
  'calls for a message, two replicas in turn': 1.5,
  '64 callers, one order, 2 replicas: repeats for each': 1,
  '64 callers, one order, 2 replicas: p99, ms': 150,
  '64 callers, one order, 4 replicas: repeats for each': 2,
  '64 callers, one order, 4 replicas: p99, ms': 250,
  'HTTP request, journal.entries 0: CPU over memory': 1.2,
  'HTTP request with journal: CPU over memory': 1.3,
  'barrier, p50 above that, ms': 3,
  'barrier, p99 above that, ms': 25,
  'answered to shown by another replica, p99 above memory, ms': 10,
};

/** Figures by name: of each, the median over the rounds. */
export class FleetRows {
  readonly #rows = new Map<string, number[]>();

  add(name: string, value: number): void {
    const values = this.#rows.get(name) ?? [];
    values.push(value);
    this.#rows.set(name, values);
  }

  /** Of samples of one round. */
  addPercentile(name: string, samples: readonly number[], share: number): void {
    this.add(name, percentile(samples, share));
  }

  print(): void {
    for (const [name, values] of this.#rows) {
      const value = median(values);
      const target = targets[name];
      const verdict =
        target === undefined ? '' : value <= target ? `, at most ${target}` : `, MISSED: ${target}`;
      const spread = `${Math.min(...values).toFixed(3)} to ${Math.max(...values).toFixed(3)}`;
      console.log(`${name}: ${value.toFixed(3)} (${spread})${verdict}`);
    }
    this.#rows.clear();
  }
}
