import { type RequestHandler, Router } from 'express';
import { refuse } from './answer-trouble.ts';
import { type GuardRules, refusalOfAdmin } from './guard.ts';
import { type HealthDeps, healthAnswer } from './health.ts';
import { secureHeaders } from './secure-headers.ts';

export interface ProbeDeps extends HealthDeps {
  /** Prometheus' text; absent without the admin API. */
  readonly metrics?: RequestHandler;
  /** Who may read the metrics on this listener. */
  readonly guard: GuardRules;
}

const probePaths = ['/health', '/metrics'] as const;

/**
 * GET /health and GET /metrics on the port of the operations, where orchestrators and scrapers look for them.
 * A path that the contract has is the contract's. Health needs no admin API.
 */
export const createProbes = (deps: ProbeDeps): RequestHandler => {
  const { metrics, guard } = deps;
  const taken = new Set([...deps.contract.operations.values()].map(({ path }) => path));
  const router = Router({ strict: true, caseSensitive: true }).use(secureHeaders);
  router.get('/health', (_req, res) => {
    res.set('cache-control', 'no-store').json(healthAnswer(deps));
  });
  if (metrics !== undefined) router.get('/metrics', admit(guard), metrics);
  const served: ReadonlySet<string> = new Set(
    probePaths.filter((path) => !taken.has(path) && (path === '/health' || metrics !== undefined)),
  );
  return (req, res, next) => {
    if ((req.method === 'GET' || req.method === 'HEAD') && served.has(req.path)) router(req, res, next);
    else next();
  };
};

/** Lets in what may use the admin API. */
export const admit =
  (guard: GuardRules): RequestHandler =>
  (req, res, next) => {
    const refusal = refusalOfAdmin(req, guard);
    if (refusal === undefined) return next();
    const remedy = 'See "Who may steer" in docs/how-to/steer.md.';
    refuse(res, 403, [{ where: 'the admin API', message: refusal, remedy }]);
  };
