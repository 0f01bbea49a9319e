import { join } from 'node:path';
import { type Request, Router } from 'express';
import type { Clients } from '../../clients/clients.ts';
import type { Contract } from '../../domain/contract/contract.ts';
import type { Scenario } from '../../domain/scenarios/compile-scenario.ts';
import { readScenarioText, scenariosByHttp } from '../../domain/scenarios/read-scenarios.ts';
import type { ScenarioSet } from '../../domain/scenarios/scenario-set.ts';
import { suggest } from '../../problems/did-you-mean.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import { readRegularFile } from '../../problems/read-file.ts';
import { pathValue, validatedBody } from '../admin-contract.ts';
import type { EventHub } from '../event-hub.ts';
import { AdminRequestError, notFoundError } from '../middleware.ts';
import { knownClient } from './clients-router.ts';

export interface ScenarioRoutesDeps {
  readonly clients: Clients;
  readonly scenarios: ScenarioSet;
  readonly contract: Contract;
  readonly hub: EventHub;
  /** The package's own folder. */
  readonly home: string;
}

/** What is scripted: for everyone, for one client, for its next calls. */
export const createScenariosRouter = ({
  clients,
  scenarios,
  contract,
  hub,
  home,
}: ScenarioRoutesDeps): Router => {
  const router = Router();
  const toJson = (one: Scenario) => scenarioToJson(one, scenarios, join(home, 'scenarios'));
  const tellActive = (): void =>
    hub.emit('scenarios', undefined, () => ({ active: scenarios.activeNames }));
  const findScenario = (req: Request): Scenario => {
    const name = pathValue(req, 'name');
    const scenario = scenarios.known.get(name);
    if (scenario === undefined)
      throw notFoundError('scenario', name, [...scenarios.known.keys()], scenariosByHttp);
    return scenario;
  };
  const checkText = (req: Request) =>
    readScenarioText(validatedBody(req, 'checkScenario').yaml, scenarios.known, contract);

  router.get('/scenarios', (_req, res) => {
    res.json({ active: scenarios.activeNames, known: [...scenarios.known.values()].map(toJson) });
  });
  router.put('/scenarios', (req, res) => {
    refuseMissing(scenarios, scenarios.activate(validatedBody(req, 'activateScenarios').active));
    tellActive();
    res.status(204).end();
  });
  router.post('/scenarios', (req, res) => {
    const { scenario, problems, warnings } = checkText(req);
    if (scenario === undefined) throw new AdminRequestError(422, problems);
    if (!scenarios.upload(scenario))
      throw new AdminRequestError(409, [
        {
          where: scenario.name,
          message: `is the name of a file: ${scenario.file}`,
          remedy: 'Choose another name.',
        },
      ]);
    tellActive();
    res.status(201).json({ ok: true, name: scenario.name, problems, warnings });
  });
  router.post('/scenarios/check', (req, res) => {
    const { scenario, problems, warnings } = checkText(req);
    res.json({
      ok: scenario !== undefined,
      ...omitUndefined({ name: scenario?.name }),
      problems,
      warnings,
    });
  });
  router.get('/scenarios/:name', (req, res) => {
    const scenario = findScenario(req);
    res.json({
      ...toJson(scenario),
      yaml: scenario.text ?? readRegularFile(scenario.file).toString('utf8'),
    });
  });
  router.delete('/scenarios/:name', (req, res) => {
    const { name } = findScenario(req);
    if (!scenarios.remove(name))
      throw new AdminRequestError(404, [
        {
          where: name,
          message: 'was not uploaded',
          remedy: 'A scenario of a file is removed with its file.',
        },
      ]);
    for (const { clientId, scenarios: own } of clients
      .list()
      .filter((one) => one.scenarios.includes(name)))
      clients.activate(
        clientId,
        own.filter((one) => one !== name),
      );
    tellActive();
    res.status(204).end();
  });

  router.put('/clients/:clientId/scenarios', (req, res) => {
    const id = knownClient(clients, req);
    const { active } = validatedBody(req, 'activateForClient');
    refuseMissing(scenarios, clients.activate(id, active));
    hub.emit('scenarios', id, () => ({ active, clientId: id }));
    res.status(204).end();
  });
  const tellQueue = (clientId: string): void =>
    hub.emit('one-shots', clientId, () => ({
      clientId,
      queued: clients.view(clientId).oneShots.length,
    }));
  const findOneShot = (req: Request): { readonly id: string; readonly name: string } => {
    const id = knownClient(clients, req);
    const name = pathValue(req, 'name');
    const { oneShots } = clients.view(id);
    if (!oneShots.some(({ rule }) => rule.name === name))
      throw notFoundError(
        'one-shot',
        name,
        oneShots.map(({ rule }) => rule.name),
        'GET /__admin/clients/{clientId}/one-shots lists the queue.',
      );
    return { id, name };
  };
  router.get('/clients/:clientId/one-shots', (req, res) => {
    const { oneShots } = clients.view(knownClient(clients, req));
    res.json({
      oneShots: oneShots.map(({ rule, ...queued }) => ({ name: rule.name, ...queued })),
    });
  });
  router.post('/clients/:clientId/one-shots', async (req, res) => {
    const id = knownClient(clients, req);
    const problems = await clients.queue(id, validatedBody(req, 'queueOneShot'));
    if (problems.length > 0) throw new AdminRequestError(422, problems);
    tellQueue(id);
    res.status(201).json({ queued: clients.controls(id).oneShots.rules.all.length });
  });
  router.delete('/clients/:clientId/one-shots', async (req, res) => {
    const id = knownClient(clients, req);
    await clients.clearOneShots(id);
    tellQueue(id);
    res.status(204).end();
  });
  router.put('/clients/:clientId/one-shots/:name', async (req, res) => {
    const { id, name } = findOneShot(req);
    const problems = await clients.replaceOneShot(id, name, validatedBody(req, 'replaceOneShot'));
    if (problems.length > 0) throw new AdminRequestError(422, problems);
    tellQueue(id);
    res.status(204).end();
  });
  router.delete('/clients/:clientId/one-shots/:name', async (req, res) => {
    const { id, name } = findOneShot(req);
    await clients.removeOneShot(id, name);
    tellQueue(id);
    res.status(204).end();
  });
  return router;
};

const refuseMissing = (scenarios: ScenarioSet, missing: readonly string[]): void => {
  if (missing.length === 0) return;
  throw new AdminRequestError(
    422,
    missing.map((name) => ({
      where: name,
      message: 'unknown scenario',
      remedy: suggest(name, [...scenarios.known.keys()], scenariosByHttp),
    })),
  );
};

const scenarioToJson = (
  { name, id, description, integration, file, rules }: Scenario,
  scenarios: ScenarioSet,
  packageScenarios: string,
) => ({
  name,
  ...omitUndefined({ id }),
  description: description.trim(),
  ...omitUndefined({ integration: integration?.trim() }),
  source: scenarios.isUploaded(name)
    ? 'uploaded'
    : file.startsWith(packageScenarios)
      ? 'package'
      : 'folder',
  rules: rules.length,
  operations: [...new Set(rules.map(({ when }) => when.operation))],
});
