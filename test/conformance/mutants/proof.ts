import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { catalogue } from '../../../server/conformance/certify/catalogue/index.ts';
import { listChecks } from '../../../server/conformance/certify/judge-case.ts';
import type { OperationId } from '../../../server/domain/contract/contract.ts';

/** check → cases, with their variant: `same-id: C-UNK-01 C-SEC-01[unsigned]`. */
export type Failures = Readonly<Record<string, string>>;

/** A faulty client, and exactly what certify finds in it. */
export interface Mutant {
  readonly title: string;
  /** Instead of orders and cards. */
  readonly operations?: readonly OperationId[];
  /** Instead of 0.05: what only longer pauses show, whatever else the machine does. */
  readonly pauseFactor?: number;
  readonly fail?: Failures;
  readonly warn?: Failures;
  /** Cases of which a required check cannot be judged. */
  readonly open?: string;
}

/** Why no faulty client fails a check in some cases. */
export interface Unproved {
  readonly check: string;
  readonly cases: string;
  readonly reason: string;
}

const readYaml = (name: string): unknown =>
  parse(readFileSync(join(import.meta.dirname, name), 'utf8'));

export const readMutants = (): Record<string, Mutant> =>
  readYaml('mutants.yaml') as Record<string, Mutant>;

export const readUnproved = (): readonly Unproved[] =>
  readYaml('unproved.yaml') as readonly Unproved[];

/** `C-UNK-01.same-id`, for every check of every case. */
export const allPairs: readonly string[] = catalogue.flatMap((one) =>
  listChecks(one).map(({ id }) => `${one.id}.${id}`),
);

/** Those that a faulty client fails, or is warned of. */
export const provedPairs = (mutants: Readonly<Record<string, Mutant>>): ReadonlySet<string> =>
  new Set(
    Object.values(mutants).flatMap(({ fail = {}, warn = {} }) =>
      [fail, warn].flatMap((checks) =>
        Object.entries(checks).flatMap(([check, cases]) =>
          cases.split(' ').map((id) => `${id.replace(/\[.*/, '')}.${check}`),
        ),
      ),
    ),
  );
