import { Router } from 'express';
import { isLintRule, lintRules } from '../../conformance/lint/lint-rules.ts';
import type { TrafficObserver } from '../../conformance/traffic-observer.ts';
import { validatedBody, validatedQuery } from '../admin-contract.ts';
import { AdminRequestError, notFoundError } from '../admin-error.ts';

/** Lint of ordinary traffic, and coverage. */
export const createIntegrationRouter = (observer: TrafficObserver | undefined): Router => {
  const router = Router();
  const obtain = (): TrafficObserver => {
    if (observer !== undefined) return observer;
    throw new AdminRequestError(404, [
      {
        where: 'lint',
        message: 'is off, and coverage with it',
        remedy: 'Start the simulator with --lint report.',
      },
    ]);
  };
  router.get('/lint', (req, res) => void res.json(obtain().lint(validatedQuery(req, 'lint'))));
  router.delete('/lint', (_req, res) => {
    obtain().clear();
    res.status(204).end();
  });
  router.post('/lint/allowances', (req, res) => {
    const { rule, ...allowance } = validatedBody(req, 'allowLint');
    if (!isLintRule(rule)) throw notFoundError('lint rule', rule, Object.keys(lintRules));
    obtain().allow({ rule, ...allowance });
    res.status(204).end();
  });
  router.get('/coverage', (_req, res) => void res.json(obtain().coverage()));
  return router;
};
