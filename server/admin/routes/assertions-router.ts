import { Router } from 'express';
import { maxQuerySteps, PatternMeter, patternProblem } from '../../domain/scenarios/pattern.ts';
import { type RedactionOptions, summarizeExchange } from '../../journal/exchange-json.ts';
import type { NearMiss } from '../../journal/exchange-query.ts';
import type { Journal } from '../../journal/journal.ts';
import {
  type Verification,
  type VerifyFailure,
  verifyDiagnosed,
} from '../../journal/verify-exchanges.ts';
import { waitForExchanges } from '../../journal/wait-for-exchanges.ts';
import { clipText } from '../../problems/display-text.ts';
import { omitUndefined } from '../../protocol/omit-undefined.ts';
import { validatedBody } from '../admin-contract.ts';
import { AdminRequestError } from '../admin-error.ts';
import { abortOnClose } from '../middleware.ts';

/** Assertions for tests: what should have come, and waiting for it. */
export const createAssertionsRouter = (journal: Journal, showing: RedactionOptions): Router => {
  const router = Router();
  router.post('/verify', async (req, res) => {
    const verification: Verification = validatedBody(req, 'verify');
    checkPatterns(verification.exchanges.map(({ exchange }) => exchange));
    const meter = new PatternMeter(maxQuerySteps);
    const { passed, considered, evicted, failures, matched } = await verifyDiagnosed(
      journal,
      verification,
      meter,
      abortOnClose(res),
    );
    refuseSkipped(meter);
    res.json({
      passed,
      considered,
      evicted,
      ...describeEvicted(journal, verification.since),
      matched: matched.map((entries) => entries.map(({ id }) => id)),
      failures: failures.map((failure) => failureToJson(failure, showing)),
    });
  });
  router.post('/wait-for', async (req, res) => {
    const asked = validatedBody(req, 'waitFor');
    checkPatterns([asked.exchange]);
    const meter = new PatternMeter(maxQuerySteps);
    const wait = { ...asked, withinMs: asked.withinMs ?? 10_000, signal: abortOnClose(res) };
    const arrival = await waitForExchanges(journal, wait, meter);
    refuseSkipped(meter);
    const { arrived, entries, waitedMs, evicted, nearMisses } = arrival;
    res.json({
      arrived,
      exchanges: entries.map(summarizeExchange),
      waitedMs,
      evicted,
      ...describeEvicted(journal, asked.since),
      nearMisses: nearMisses.map((miss) => nearMissToJson(miss, showing)),
    });
  });
  return router;
};

/** Replicas whose last exchanges are lost. */
const describeEvicted = (journal: Journal, since = 0) => {
  const missing = journal.missingReplicas(since);
  return missing.length === 0 ? {} : { incomplete: true, missingReplicas: missing };
};

/**
 * The contract can say that a pattern is text, not that it can be compiled by the engine that runs
 * it.
 */
const checkPatterns = (queries: readonly Verification['exchanges'][number]['exchange'][]): void => {
  for (const { body = {} } of queries) {
    for (const [field, condition] of Object.entries(body)) {
      if (typeof condition !== 'object' || condition?.regex === undefined) continue;
      const problem = patternProblem(condition.regex);
      if (problem !== undefined)
        throw new AdminRequestError(400, [{ where: `body.${field}.regex`, ...problem }]);
    }
  }
};

/** An exchange that was not held against a pattern must not look like one that does not match. */
const refuseSkipped = ({ skipped }: PatternMeter): void => {
  if (skipped.length === 0) return;
  throw new AdminRequestError(
    422,
    skipped.map((source) => ({
      where: 'regex',
      message: `${clipText(source, 80)} takes more than ${maxQuerySteps} steps on these exchanges`,
      remedy: 'Shorten it, use prefix or equals, or look at fewer exchanges: since, clientId.',
    })),
  );
};

const failureToJson = (
  { kind, expectation, message, entries, nearMisses }: VerifyFailure,
  showing: RedactionOptions,
) => ({
  kind,
  ...omitUndefined({ expectation }),
  message,
  exchanges: entries.map(({ id }) => id),
  nearMisses: nearMisses.map((miss) => nearMissToJson(miss, showing)),
});

const nearMissToJson = ({ entry, differences }: NearMiss, { plaintext }: RedactionOptions) => ({
  exchange: summarizeExchange(entry),
  differences: differences.map(({ field, wanted, got }) => {
    const isRedacted = entry.sealed && !plaintext && field.startsWith('body.');
    return {
      field,
      wanted,
      ...(isRedacted ? { redacted: true } : omitUndefined({ got })),
    };
  }),
});
