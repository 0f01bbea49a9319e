import { join } from 'node:path';
import { Router } from 'express';
import type { Clients } from '../../clients/clients.ts';
import { demoClientId } from '../../clients/key-folder/key-folder-layout.ts';
import type { Contract } from '../../domain/contract/contract.ts';
import type { ScenarioSet } from '../../domain/scenarios/scenario-set.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import type { StartPlayback } from '../../fidelity/capsule/playback.ts';
import { diagnosePending } from '../../journal/diagnosis-queue.ts';
import type { Journal } from '../../journal/journal.ts';
import type { JournalEntry } from '../../journal/journal-entry.ts';
import { StartupError } from '../../problems/problem.ts';
import { validatedQuery } from '../admin-contract.ts';
import { AdminRequestError } from '../admin-error.ts';
import { readyFilter } from '../journal-filter.ts';
import { abortOnClose } from '../middleware.ts';

export interface CapsuleRoutesDeps {
  readonly version: string;
  readonly settings: Settings;
  readonly contract: Contract;
  readonly scenarios: ScenarioSet;
  readonly journal: Journal;
  readonly clients: Clients;
  /** The package's folder. */
  readonly home: string;
  readonly start: StartPlayback;
}

/** Few servers are asked for capsules: what makes them is loaded by the first request. */
const loadCapsules = async () => ({
  ...(await import('../../fidelity/capsule/capsule-file.ts')),
  ...(await import('../../fidelity/capsule/export-capsule.ts')),
});

/** Exchanges of the journal as a capsule. */
export const createCapsuleRouter = (deps: CapsuleRoutesDeps): Router => {
  const { journal, settings, scenarios, clients } = deps;
  const router = Router();
  const showing = { plaintext: settings['journal.plaintext'] };
  const findEntries = async (ids: readonly string[]): Promise<readonly JournalEntry[]> => {
    const found = ids.map((id) => journal.find(id));
    const unknown = ids.filter((_, at) => found[at] === undefined);
    const { unknownExchanges } = await loadCapsules();
    if (unknown.length > 0)
      throw new AdminRequestError(404, unknownExchanges(unknown, journal.evicted));
    return found
      .flatMap((entry) => entry ?? [])
      .toSorted((one, other) => one.number - other.number);
  };
  router.get('/capsule', async (req, res) => {
    const { id, last, keepData, open, note, ...filter } = validatedQuery(req, 'capsule');
    if (open === true && !showing.plaintext)
      throw new AdminRequestError(422, [
        {
          where: 'open',
          message: 'decrypted bodies are not shown by this simulator',
          remedy: 'Start it with --journal-plaintext, or leave "open" out.',
        },
      ]);
    const { fits, needsDiagnosis } = readyFilter(filter, showing);
    const candidates = id === undefined ? journal.entries : await findEntries(id);
    await diagnosePending(candidates.filter(needsDiagnosis), abortOnClose(res));
    const fitting = candidates.filter(fits);
    const selected = last === undefined ? fitting : fitting.slice(-last);
    await diagnosePending(selected, abortOnClose(res));
    const source = {
      ...deps,
      scenarios: scenarios.known,
      packageScenarios: join(deps.home, 'scenarios'),
      isTestClient: (clientId: string) => clientId === demoClientId || clients.isCreated(clientId),
    };
    const { exportCapsule, writeCapsule } = await loadCapsules();
    const capsule = await exportCapsule(selected, source, { keepData, open, note }).catch(
      (error: unknown) => {
        throw error instanceof StartupError ? new AdminRequestError(422, error.problems) : error;
      },
    );
    res.type('application/json').send(writeCapsule(capsule));
  });
  return router;
};
