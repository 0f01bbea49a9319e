import { Router } from 'express';
import type { CaseSessions } from '../../conformance/certify/harness/case-sessions.ts';
import { CaseSessionError } from '../../conformance/certify/harness/sandbox.ts';
import { omitUndefined } from '../../protocol/omit-undefined.ts';
import { pathValue, validatedBody } from '../admin-contract.ts';
import { AdminRequestError } from '../admin-error.ts';

/** Cases of certify that a caller drives: its tests make the application send. */
export const createCasesRouter = (sessions: () => Promise<CaseSessions>): Router => {
  const router = Router();
  router.post('/certify/cases/:caseId/start', async (req, res) => {
    const { operation, algorithm, sealed, pauseFactor, quietMs, variant } = validatedBody(
      req,
      'startCase',
    );
    const options = {
      operation: operation ?? 'syncOrder',
      algorithm: algorithm ?? 'RSA256',
      sealed: sealed ?? false,
      pauseFactor: pauseFactor ?? 0.05,
      quietMs: quietMs ?? 2000,
      variant,
    };
    const opened = await sessions();
    res
      .status(201)
      .json(await refuseProblems(() => opened.start(pathValue(req, 'caseId'), options)));
  });
  router.post('/certify/cases/:caseId/finish', async (req, res) => {
    const { run, ...claim } = validatedBody(req, 'finishCase');
    const opened = await sessions();
    res.json(await refuseProblems(() => opened.finish(run, omitUndefined(claim))));
  });
  return router;
};

const httpStatuses: Readonly<Record<CaseSessionError['code'], number>> = {
  UNKNOWN_CASE: 404,
  CASE_NOT_POSSIBLE: 409,
  UNKNOWN_RUN: 404,
  RUN_BUSY: 409,
  TOO_MANY_RUNS: 429,
};

const refuseProblems = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CaseSessionError)) throw error;
    const { code, message, remedy } = error;
    throw new AdminRequestError(httpStatuses[code], [{ where: 'the case', message, remedy }]);
  }
};
