import type {
  ExchangeSummary,
  LintFinding,
  Verification as VerificationSchema,
  Verified,
  WaitResult,
  Wait as WaitSchema,
} from '../../server/admin/types.gen.ts';
import type { AdminClient } from '../admin/admin-client.ts';

/**
 * The journal differs from a verification. The message lists each difference with its near misses;
 * `verified` has all of it. `code` is `VERIFICATION_FAILED`.
 *
 * @example
 * await expect(client.verify({ exchanges: [{ exchange: { code: 'SUCCESS' } }] })).rejects.toThrow(
 *   VerificationError,
 * );
 */
export class VerificationError extends Error {
  override readonly name = 'VerificationError';
  readonly code = 'VERIFICATION_FAILED';
  readonly verified: Verified;

  constructor(verified: Verified) {
    super(
      verified.failures
        .map(({ message, nearMisses }) => [message, ...nearMisses.map(describeNearMiss)].join('\n'))
        .join('\n'),
    );
    this.verified = verified;
  }
}

/**
 * The exchanges that a wait is for did not arrive in time. `arrival` has those that did, and near
 * misses. `code` is `WAIT_TIMEOUT`.
 *
 * @example
 * await expect(
 *   client.waitFor({ exchange: { operation: 'syncOrder' }, withinMs: 100 }),
 * ).rejects.toThrow(WaitTimeoutError);
 */
export class WaitTimeoutError extends Error {
  override readonly name = 'WaitTimeoutError';
  readonly code = 'WAIT_TIMEOUT';
  readonly arrival: WaitResult;

  constructor(wait: Wait, arrival: WaitResult) {
    const count = `${arrival.exchanges.length} of ${wait.count ?? 1} exchanges`;
    const query = JSON.stringify(wait.exchange);
    const summary = `${count} with ${query} arrived within ${arrival.waitedMs} ms`;
    super([summary, ...arrival.nearMisses.map(describeNearMiss)].join('\n'));
    this.arrival = arrival;
  }
}

/** Which exchanges must have arrived, and how many. Fields with a default may be left out. */
export type Verification = Pick<VerificationSchema, 'exchanges'> & Partial<VerificationSchema>;

/** What to wait for, and how long. Fields with a default may be left out. */
export type Wait = Pick<WaitSchema, 'exchange'> & Partial<WaitSchema>;

/** @throws VerificationError `VERIFICATION_FAILED` */
export const verifyExchanges = async (
  admin: AdminClient,
  verification: Verification,
): Promise<Verified> => {
  const verified = await admin.post('/verify', { body: verification });
  if (!verified.passed) throw new VerificationError(verified);
  return verified;
};

/** @throws WaitTimeoutError `WAIT_TIMEOUT` */
export const waitForArrival = async (admin: AdminClient, wait: Wait): Promise<WaitResult> => {
  const arrival = await admin.post('/wait-for', { body: wait });
  if (!arrival.arrived) throw new WaitTimeoutError(wait, arrival);
  return arrival;
};

const describeNearMiss = ({
  exchange,
  differences,
}: Verified['failures'][number]['nearMisses'][number]): string => {
  const lines = differences.map(
    ({ field, wanted, got }) =>
      `${field} was ${JSON.stringify(got) ?? 'absent'}, not ${JSON.stringify(wanted)}`,
  );
  const name = `#${exchange.number} ${exchange.operation ?? exchange.target} ${exchange.code}`;
  return `  near miss: ${name}: ${lines.join('; ')}`;
};

/**
 * A test ended with unexpected exchanges of its client, or with queued rules that no call used.
 * `code` is `UNEXPECTED_EXCHANGES`.
 *
 * @example
 * await expect(client.assertNothingUnexpected()).rejects.toThrow(UnexpectedExchangesError);
 */
export class UnexpectedExchangesError extends Error {
  override readonly name = 'UnexpectedExchangesError';
  readonly code = 'UNEXPECTED_EXCHANGES';
  readonly exchanges: readonly ExchangeSummary[];

  constructor(exchanges: readonly ExchangeSummary[], unusedRules: number) {
    super(
      [
        ...exchanges.map(describeUnexpected),
        ...(unusedRules === 0
          ? []
          : [
              `${unusedRules} queued rule${unusedRules === 1 ? ' was' : 's were'} not used by any call`,
            ]),
        'Name what is meant to happen with verify, waitFor or allow.',
      ].join('\n'),
    );
    this.exchanges = exchanges;
  }
}

/**
 * Lint found an error in the traffic of a test's client. `findings` has all of them. `code` is
 * `LINT_ERRORS`.
 *
 * @example
 * await expect(client.assertNoLintErrors()).rejects.toThrow(LintError);
 */
export class LintError extends Error {
  override readonly name = 'LintError';
  readonly code = 'LINT_ERRORS';
  readonly findings: readonly LintFinding[];

  constructor(findings: readonly LintFinding[]) {
    const [{ rule: example = 'RULE' } = {}] = findings;
    super(
      [
        ...findings.map(({ rule, sentence, count }) =>
          [`${rule}: ${sentence}`, ...(count === 1 ? [] : [`${count} times`])].join(', '),
        ),
        `alipayhk-mock lint --explain ${example} prints the remedy. If it is meant to happen, write ` +
          `await client.allowLint('${example}', 'reason').`,
      ].join('\n'),
    );
    this.findings = findings;
  }
}

/**
 * Selects exchanges that did not end in S, were not scripted and not named by the test, e.g. a
 * signature that does not verify, a missing field, an order in the wrong status.
 * @param named ids that a verification or a wait matched
 * @param allowed result codes
 */
export const selectUnexpected = (
  exchanges: readonly ExchangeSummary[],
  named: ReadonlySet<string>,
  allowed: ReadonlySet<string>,
): readonly ExchangeSummary[] =>
  exchanges.filter(
    ({ id, status, code, tags, direction }) =>
      // A call to the merchant is sent again where its answer is no success.
      direction === 'inbound' &&
      status !== 'S' &&
      !tags.includes('scripted') &&
      !named.has(id) &&
      !allowed.has(code),
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
