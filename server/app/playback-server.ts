import type { Clients } from '../clients/clients.ts';
import type { Contract } from '../domain/contract/contract.ts';
import { readScenarioText } from '../domain/scenarios/read-scenarios.ts';
import type { ScenarioSet } from '../domain/scenarios/scenario-set.ts';
import type { Settings } from '../domain/settings/settings-table.ts';
import type { Change, OneShotRecord } from '../domain/state/state.ts';
import type { PlaybackOptions, StartPlayback } from '../fidelity/capsule/play-capsule.ts';
import { orderAccounts } from '../gateway/steps/decide.ts';
import { type Problem, StartupError } from '../problems/problem.ts';
import type { Store } from '../storage/store.ts';
import { settingsWith } from './settings/resolve-settings.ts';

/** What a playback needs of a running simulator. */
interface PlaybackHost {
  readonly url: string;
  readonly contract: Contract;
  readonly scenarios: ScenarioSet;
  readonly clients: Clients;
  readonly store: Store;
  close(graceMs?: number): Promise<void>;
}

type CreateHost = (
  options: Pick<PlaybackOptions, 'onExchange'> & {
    readonly settings: Settings;
    readonly replay: Pick<PlaybackOptions, 'playback' | 'keyrings'>;
  },
) => Promise<PlaybackHost>;

/**
 * Starts a simulator that replays recorded exchanges: on loopback and a free port, in memory, with
 * nothing of this machine's settings.
 */
export const createStartPlayback =
  (createHost: CreateHost): StartPlayback =>
  async ({ settings, keyrings, playback, scenarios, onExchange }) => {
    const server = await createHost({
      settings: { ...settingsWith(), ...settings, ...ownSettings },
      replay: { keyrings, playback },
      onExchange,
    });
    try {
      for (const text of scenarios) uploadScenario(server, text);
    } catch (error) {
      await server.close(0);
      throw error;
    }
    return {
      url: server.url,
      put: async (clientId, changes) => {
        for (const { id, value } of changes.filter(isOneShot))
          server.clients.restoreOneShot(clientId, id, value);
        await server.store.commit(clientId, [], changes);
        orderAccounts.add(server.store, clientId, changes);
      },
      activate: (all, client, clientId) => {
        const missing = [
          ...server.scenarios.activate(all),
          ...(client.length === 0 && !server.clients.has(clientId)
            ? []
            : server.clients.activate(clientId, client)),
        ];
        if (missing.length > 0) throw new StartupError(missing.map(unknownScenario));
      },
      close: () => server.close(0),
    };
  };

const ownSettings = {
  host: '127.0.0.1',
  port: 0,
  httpsPort: 'off',
  adminPort: 'same',
  admin: false,
  keys: '',
  data: '',
  calibration: '',
  scenarios: [] as string[],
  scenario: [] as string[],
  watch: false,
  'lint.mode': 'off',
  // Long enough for the diagnosis that a replay reads.
  'journal.entries': 16,
} satisfies Partial<Settings>;

const unknownScenario = (name: string): Problem => ({
  where: `scenario ${name}`,
  message: 'is neither in this package nor in the capsule',
  remedy: 'Replay the capsule with the version of alipayhk-mock that made it.',
});

const isOneShot = (
  change: Change,
): change is Change & { readonly collection: 'oneShots'; readonly value: OneShotRecord } =>
  change.collection === 'oneShots' && change.value !== null;

/** @throws StartupError for a scenario that cannot be used */
const uploadScenario = ({ scenarios, contract }: PlaybackHost, text: string): void => {
  const { scenario, problems } = readScenarioText(text, scenarios.known, contract);
  if (scenario === undefined) throw new StartupError(problems);
  if (!scenarios.upload(scenario))
    throw new StartupError([
      {
        where: `scenario ${scenario.name}`,
        message: 'is the name of a scenario of this package',
        remedy: 'Replay the capsule with the version of alipayhk-mock that made it.',
      },
    ]);
};
