import type { AdminClient } from '../admin/admin-client.ts';
import type { ExchangeSummary, Verification, Verified, Wait, WaitResult } from './admin-types.ts';

/**
 * The journal does not show what should have happened; the message tells what is wrong and what
 * came near.
 */
export class VerificationError extends Error {
  override readonly name = 'VerificationError';
  readonly verified: Verified;

  constructor(verified: Verified) {
    super(
      verified.failures
        .map(({ message, nearMisses }) => [message, ...nearMisses.map(tellNearMiss)].join('\n'))
        .join('\n'),
    );
    this.verified = verified;
  }
}

/** What was waited for has not come. */
export class WaitTimeoutError extends Error {
  override readonly name = 'WaitTimeoutError';
  readonly arrival: WaitResult;

  constructor(wait: Wait, arrival: WaitResult) {
    const came = `${arrival.exchanges.length} of ${wait.count ?? 1}`;
    const head = `${came} exchanges with ${JSON.stringify(wait.exchange)} came within ${arrival.waitedMs} ms`;
    super([head, ...arrival.nearMisses.map(tellNearMiss)].join('\n'));
    this.arrival = arrival;
  }
}

/** @throws VerificationError */
export const verify = async (admin: AdminClient, verification: Verification): Promise<Verified> => {
  const verified = await admin.post('/verify', { body: verification });
  if (!verified.passed) throw new VerificationError(verified);
  return verified;
};

/** @throws WaitTimeoutError when the time is over */
export const waitFor = async (admin: AdminClient, wait: Wait): Promise<WaitResult> => {
  const arrival = await admin.post('/wait-for', { body: wait });
  if (!arrival.arrived) throw new WaitTimeoutError(wait, arrival);
  return arrival;
};

const tellNearMiss = ({
  exchange,
  differences,
}: Verified['failures'][number]['nearMisses'][number]): string => {
  const told = differences.map(
    ({ field, wanted, got }) =>
      `${field} was ${JSON.stringify(got) ?? 'absent'}, not ${JSON.stringify(wanted)}`,
  );
  return `  near: #${exchange.number} ${exchange.operation ?? exchange.target} ${exchange.code}: ${told.join('; ')}`;
};

/** A client's test ended with something in the journal that nobody asked for. */
export class UnexpectedExchangesError extends Error {
  override readonly name = 'UnexpectedExchangesError';
  readonly exchanges: readonly ExchangeSummary[];

  constructor(exchanges: readonly ExchangeSummary[], unusedRules: number) {
    super(
      [
        ...exchanges.map(describeUnexpected),
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

const describeUnexpected = ({
  number,
  operation,
  target,
  code,
  status,
  step,
  reason,
}: ExchangeSummary): string =>
  `unexpected: #${number} ${operation ?? target} ${code} (${status}) at ${step}: ${reason}`;
