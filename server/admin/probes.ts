import { type RequestHandler, Router } from 'express';
import { productName } from '../../sdk/admin/admin-client.ts';
import type { Contract } from '../domain/contract/contract.ts';
import type { ScenarioSet } from '../domain/scenarios/scenario-set.ts';
import { omitUndefined } from '../protocol/omit-undefined.ts';
import type { Store } from '../storage/store.ts';
import { writeProblems } from './admin-error.ts';
import {
  adminAccessProblem,
  createTokenThrottle,
  type GuardRules,
  hasWrongToken,
} from './guard.ts';
import { secureHeaders } from './middleware.ts';

export interface ProbeDeps extends HealthDeps {
  /** Prometheus' text; absent without the admin API. */
  readonly metrics?: RequestHandler | undefined;
  /** Who may read the metrics on this listener. */
  readonly guard: GuardRules;
  /** Called with a log message, e.g. of wrong tokens. */
  readonly onWarning: (message: string) => void;
}

const probePaths = ['/health', '/metrics'] as const;

/**
 * GET /health and GET /metrics on the port of the operations, where orchestrators and scrapers look
 * for them. A path that the contract has is the contract's. Health needs no admin API.
 */
export const createProbes = (deps: ProbeDeps): RequestHandler => {
  const { metrics, guard, onWarning } = deps;
  const taken = new Set([...deps.contract.operations.values()].flatMap(({ paths }) => paths));
  const router = Router({ strict: true, caseSensitive: true }).use(secureHeaders);
  router.get('/health', (_req, res) => {
    res.set('cache-control', 'no-store').json(healthAnswer(deps));
  });
  if (metrics !== undefined) router.get('/metrics', admit(guard, onWarning), metrics);
  const served: ReadonlySet<string> = new Set(
    probePaths.filter((path) => !taken.has(path) && (path === '/health' || metrics !== undefined)),
  );
  return (req, res, next) => {
    if ((req.method === 'GET' || req.method === 'HEAD') && served.has(req.path))
      router(req, res, next);
    else next();
  };
};

/** Lets in what may use the admin API. */
export const admit = (guard: GuardRules, onWarning: (message: string) => void): RequestHandler => {
  const delayOfWrongToken = createTokenThrottle(() => performance.now());
  return (req, res, next) => {
    const refusal = adminAccessProblem(req, guard);
    if (refusal === undefined) return next();
    const remedy = 'See "Access to the admin API" in docs/how-to/steer.md.';
    // A client of the Model Context Protocol asks its user for a token at a 401 only.
    const isTokenMissing = guard.token !== undefined && req.path === '/mcp';
    const answer = (): void =>
      writeProblems(res, isTokenMissing ? 401 : 403, [
        { where: 'the admin API', message: refusal, remedy },
      ]);
    if (!hasWrongToken(req, guard)) return answer();
    onWarning('a wrong admin token was refused');
    const timer = setTimeout(answer, delayOfWrongToken()).unref();
    res.once('close', () => clearTimeout(timer));
  };
};

export interface HealthDeps {
  readonly version: string;
  readonly contract: Contract;
  readonly scenarios: ScenarioSet;
  readonly store: Pick<Store, 'health'>;
}

/** The answer of a simulator that takes requests. */
export const healthAnswer = ({ version, contract, scenarios, store: { health } }: HealthDeps) => ({
  status: 'ready',
  name: productName,
  version,
  contract: contract.version,
  scenarios: scenarios.activeNames,
  ...omitUndefined({
    store: health && (health.reason === undefined ? 'usable' : `not usable: ${health.reason}`),
  }),
});
