import type { Pace } from '../options.ts';
import type { RequestKind } from '../requests/request-kinds.ts';
import type { Wanted } from '../requests/sign-requests.ts';
import { connectionCounts, type ServerRow } from '../rows.ts';

/**
 * Before anything is known of the machine. A row that runs out of requests ends its timed part
 * early, which is no error.
 */
const guessedPerSecond: Readonly<Record<RequestKind, number>> = {
  order: 4000,
  'order-sealed': 2000,
  'order-badly-signed': 6000,
  payment: 6000,
};

/**
 * How many requests of each kind have to be signed before a round, learnt from the round before.
 */
export class RequestNeeds {
  readonly #pace: Pace;
  readonly #learnt = new Map<RequestKind, number>();

  constructor(pace: Pace) {
    this.#pace = pace;
  }

  firstWarmUp(rows: readonly ServerRow[]): Wanted {
    return this.#wanted(rows, (kind) => guessedPerSecond[kind] * this.#pace.firstWarmSeconds);
  }

  nextRound(rows: readonly ServerRow[]): Wanted {
    const seconds = connectionCounts.length * (this.#pace.seconds + this.#pace.warmSeconds);
    return this.#wanted(rows, (kind) => this.#learnt.get(kind) ?? guessedPerSecond[kind] * seconds);
  }

  learn(rows: readonly { readonly row: ServerRow; readonly used: number }[]): void {
    for (const { row, used } of rows) {
      if (!row.repeats)
        this.#learnt.set(
          row.kind,
          Math.max(this.#learnt.get(row.kind) ?? 0, Math.ceil(used * 1.4) + 200),
        );
    }
  }

  #wanted(rows: readonly ServerRow[], count: (kind: RequestKind) => number): Wanted {
    const kinds = new Set(rows.filter(({ repeats }) => !repeats).map(({ kind }) => kind));
    return Object.fromEntries([...kinds].map((kind) => [kind, Math.ceil(count(kind))]));
  }
}
