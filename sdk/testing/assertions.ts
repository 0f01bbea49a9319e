import type { AdminConnection } from './admin-connection.ts';
import type { Arrival, Verification, Verified, Wait } from './admin-words.ts';

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
  readonly arrival: Arrival;

  constructor(wait: Wait, arrival: Arrival) {
    const came = `${arrival.exchanges.length} of ${wait.count ?? 1}`;
    const head = `${came} exchanges with ${JSON.stringify(wait.exchange)} came within ${arrival.waitedMs} ms`;
    super([head, ...arrival.nearMisses.map(tellNearMiss)].join('\n'));
    this.arrival = arrival;
  }
}

/** @throws VerificationError */
export const verify = async (
  admin: AdminConnection,
  verification: Verification,
): Promise<Verified> => {
  const verified = await admin.ask<Verified>('POST', '/verify', verification);
  if (!verified.passed) throw new VerificationError(verified);
  return verified;
};

/** @throws WaitTimeoutError when the time is over */
export const waitFor = async (admin: AdminConnection, wait: Wait): Promise<Arrival> => {
  const arrival = await admin.ask<Arrival>('POST', '/wait-for', wait);
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
