import express, { type Request, type Response, Router } from 'express';
import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import type { Clock } from '../clock/clock.ts';
import { suggest } from '../problems/did-you-mean.ts';
import { formatProblem, type Problem } from '../problems/problem.ts';
import type { ScenarioSet } from '../scenario/scenario-set.ts';

export interface SteeringParts {
  readonly clients: Clients;
  readonly clock: Clock;
  readonly scenarios: ScenarioSet;
}

const names = z.strictObject({ active: z.array(z.string()) });
const newClient = z.strictObject({
  clientId: z.string().optional(),
  publicKey: z.string().optional(),
  algorithm: z.enum(['RSA256', 'ECC224']).optional(),
});
const oneShot = z.strictObject({ times: z.int().min(1).max(10_000).optional(), when: z.unknown(), then: z.unknown() });
const moment = z.number().min(0).max(8.64e15);
const clockMove = z
  .strictObject({
    freeze: z.union([z.literal(true), moment]).optional(),
    set: moment.optional(),
    advanceMs: z.number().min(-8.64e15).max(8.64e15).optional(),
    rate: z.number().min(0).max(1_000_000).optional(),
    reset: z.literal(true).optional(),
  })
  .refine((move) => Object.keys(move).length === 1, 'say one of freeze, set, advanceMs, rate, reset');

/** What changes the simulator while it runs: clients, their scenarios, queued rules, clocks. */
export const createSteeringRouter = ({ clients, clock, scenarios }: SteeringParts): Router => {
  const router = Router();
  router.use(express.json({ limit: '256kb' }));

  router.get('/clients', (_req, res) => void res.json({ clients: clients.list() }));
  router.post('/clients', async (req, res) => {
    const asked = read(newClient, req, res);
    if (asked === undefined) return;
    const created = await clients.create(withoutUndefined(asked));
    if ('problem' in created) return refuse(res, 409, [created.problem]);
    const [key] = created.keyring.versions;
    res.status(201).json({
      clientId: created.clientId,
      publicKey: key?.publicKey.export({ type: 'spki', format: 'pem' }),
      ...(key?.privateKey === undefined ? {} : { privateKey: key.privateKey.export({ type: 'pkcs8', format: 'pem' }) }),
    });
  });
  router.delete('/clients/:id', async (req, res) => {
    if (await clients.drop(req.params.id)) res.status(204).end();
    else
      refuse(res, 404, [
        { where: req.params.id, message: 'was not created here', remedy: 'Clients of the key folder go with their files.' },
      ]);
  });

  router.put('/clients/:id/scenarios', known(clients), (req, res) => {
    const asked = read(names, req, res);
    if (asked !== undefined) answerActivation(res, scenarios, clients.activate(idOf(req), asked.active));
  });
  router.post('/clients/:id/one-shots', known(clients), (req, res) => {
    const asked = read(oneShot, req, res);
    if (asked === undefined) return;
    const { times, when, then } = asked;
    const problems = clients.queue(idOf(req), { when, then, ...(times === undefined ? {} : { times }) });
    if (problems.length > 0) refuse(res, 422, problems);
    else res.status(201).json({ queued: clients.controls(idOf(req)).oneShots.rules.all.length });
  });
  router.delete('/clients/:id/one-shots', known(clients), (req, res) => {
    clients.controls(idOf(req)).oneShots.clear();
    res.status(204).end();
  });
  router.get('/clients/:id/clock', known(clients), (req, res) => void res.json(clients.controls(idOf(req)).clock.state));
  router.put('/clients/:id/clock', known(clients), (req, res) => moveClock(req, res, clients.controls(idOf(req)).clock));

  router.get('/clock', (_req, res) => void res.json(clock.state));
  router.put('/clock', (req, res) => moveClock(req, res, clock));

  router.get('/scenarios', (_req, res) => {
    const known = [...scenarios.known.values()].map(({ name, description }) => ({ name, description: description.trim() }));
    res.json({ active: scenarios.activeNames, known });
  });
  router.put('/scenarios', (req, res) => {
    const asked = read(names, req, res);
    if (asked !== undefined) answerActivation(res, scenarios, scenarios.activate(asked.active));
  });
  return router;
};

const idOf = (req: Request): string => String(req.params['id']);

const known = (clients: Clients) => (req: Request, res: Response, next: () => void) => {
  if (clients.has(idOf(req))) next();
  else
    refuse(res, 404, [
      {
        where: idOf(req),
        message: 'there is no such client',
        remedy: suggest(
          idOf(req),
          clients.list().map(({ clientId }) => clientId),
        ),
      },
    ]);
};

/** The request's body, checked; answers and returns undefined when it is not right. */
const read = <T>(schema: z.ZodType<T>, req: Request, res: Response): T | undefined => {
  const checked = schema.safeParse(req.body ?? {});
  if (checked.success) return checked.data;
  refuse(
    res,
    400,
    checked.error.issues.map(({ path, message }) => ({
      where: path.join('.') || 'the body',
      message,
      remedy: 'Correct it; the README shows an example.',
    })),
  );
  return undefined;
};

const refuse = (res: Response, status: number, problems: readonly Problem[]): void => {
  res.status(status).json({ error: problems.map(formatProblem).join('\n'), problems });
};

const answerActivation = (res: Response, scenarios: ScenarioSet, missing: readonly string[]): void => {
  if (missing.length === 0) res.status(204).end();
  else
    refuse(
      res,
      422,
      missing.map((name) => ({ where: name, message: 'there is no such scenario', remedy: suggest(name, [...scenarios.known.keys()]) })),
    );
};

const moveClock = (req: Request, res: Response, clock: Clock): void => {
  const move = read(clockMove, req, res);
  if (move === undefined) return;
  if (move.freeze !== undefined) clock.freeze(move.freeze === true ? undefined : move.freeze);
  if (move.set !== undefined) clock.set(move.set);
  if (move.advanceMs !== undefined) clock.advance(move.advanceMs);
  if (move.rate !== undefined) clock.run(move.rate);
  if (move.reset !== undefined) clock.reset();
  res.json(clock.state);
};

type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> };
const withoutUndefined = <T extends object>(record: T): Given<T> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Given<T>;
