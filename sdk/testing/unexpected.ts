import type { ExchangeSummary } from './admin-words.ts';

/** A client's test ended with something in the journal that nobody asked for. */
export class UnexpectedExchangesError extends Error {
  override readonly name = 'UnexpectedExchangesError';
  readonly exchanges: readonly ExchangeSummary[];

  constructor(exchanges: readonly ExchangeSummary[], unusedRules: number) {
    super(
      [
        ...exchanges.map(tell),
        ...(unusedRules === 0
          ? []
          : [
              `${unusedRules} queued rule${unusedRules === 1 ? ' was' : 's were'} never reached by a call`,
            ]),
        'What is meant to happen is expected once verify, waitFor or allow has named it.',
      ].join('\n'),
    );
    this.exchanges = exchanges;
  }
}

/**
 * Exchanges that ended in anything but S although nothing was scripted and nobody has named them: a
 * signature that does not verify, a field that is missing, an order in the wrong status.
 * @param named ids that a verification or a wait has matched
 * @param allowed result codes
 */
export const unexpectedAmong = (
  exchanges: readonly ExchangeSummary[],
  named: ReadonlySet<string>,
  allowed: ReadonlySet<string>,
): readonly ExchangeSummary[] =>
  exchanges.filter(
    ({ id, status, code, marks }) =>
      status !== 'S' && !marks.includes('scripted') && !named.has(id) && !allowed.has(code),
  );

const tell = ({ number, operation, target, code, status, step, reason }: ExchangeSummary): string =>
  `unexpected: #${number} ${operation ?? target} ${code} (${status}) at ${step}: ${reason}`;
