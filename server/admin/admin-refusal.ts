import { suggest } from '../problems/did-you-mean.ts';
import type { Problem } from '../problems/problem.ts';

/** The admin API's no: thrown by its routes, answered in one place. */
export class AdminApiError extends Error {
  readonly status: number;
  readonly problems: readonly Problem[];

  constructor(status: number, problems: readonly Problem[]) {
    super(problems.map(({ where, message }) => `${where}: ${message}`).join('; '));
    this.name = 'AdminApiError';
    this.status = status;
    this.problems = problems;
  }
}

/** Something that is named and that there is not, with the nearest there is. */
export const noSuch = (what: string, name: string, known: readonly string[]): AdminApiError =>
  new AdminApiError(404, [
    { where: name, message: `there is no such ${what}`, remedy: suggest(name, known) },
  ]);
