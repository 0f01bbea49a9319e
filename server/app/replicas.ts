import type { Replicas } from '../admin/replica-sync.ts';
import { SharedSettings, type SharedSettingsDeps } from '../clients/shared-settings.ts';
import { SharedJournal, type SharedJournalDeps } from '../journal/shared-journal.ts';
import { RedisStore } from '../storage/redis/redis-store.ts';
import type { Store } from '../storage/store.ts';

export interface JoinedReplicas extends Replicas {
  /** For the gateway: before a refusal, and after a commit that another replica came before. */
  refreshClient(clientId: string): Promise<boolean>;
  /** Lets the others schedule a message to a merchant, or forget it. */
  announceOutbound(clientId: string, id: string): void;
  /** Counts in all replicas together, until the seed is set. */
  count(name: string): Promise<number>;
}

export type JoinDeps = Omit<SharedSettingsDeps, 'store'> & {
  readonly store: Store;
  /** What must be the same in all replicas. */
  readonly fingerprint: string;
  readonly journal: SharedJournal;
  readonly onWarning: (sentence: string) => void;
  /** Another replica has planned, sent or cancelled a message to a merchant. */
  readonly onOutbound: (clientId: string, id: string) => void;
  /** What it had planned is for the others to do. */
  readonly onReplicaGone: () => void;
};

/** The journal of all replicas. */
export const createSharedJournal = (
  store: Store,
  deps: Omit<SharedJournalDeps, 'store'>,
): SharedJournal => {
  if (!(store instanceof RedisStore)) throw new Error('only a shared store has replicas');
  return new SharedJournal({ ...deps, store });
};

/** Makes this simulator one of the replicas that share its store. */
export const joinReplicas = async ({
  store,
  fingerprint,
  onWarning,
  onOutbound,
  onReplicaGone,
  journal,
  ...deps
}: JoinDeps): Promise<JoinedReplicas> => {
  if (!(store instanceof RedisStore)) throw new Error('only a shared store has replicas');
  const { fleet } = store;
  const shared = new SharedSettings({ ...deps, store });
  store.engine.setNote(fingerprint);
  store.engine.onBeat(async (version) => {
    await shared.refreshEveryones(version);
    await journal.keepUp();
    if (await fleet.hasLostOne()) onReplicaGone();
  });
  const settle = async (): Promise<void> => {
    await Promise.all([store.engine.beatNow(), journal.settle()]);
  };
  await fleet.listen(settle, (news) => {
    const [clientId, id] = JSON.parse(news) as readonly [string, string];
    shared.refresh(clientId).then(
      () => onOutbound(clientId, id),
      () => {},
    );
  });
  let restarted: Promise<void> = Promise.resolve();
  deps.seed.onSet(() => {
    if (!shared.isFollowing) restarted = fleet.restartCounts().catch(() => {});
  });
  await store.engine.beatNow();
  const others = (await fleet.roll()).filter(({ isAlive, id }) => isAlive && id !== fleet.id);
  const different = others.filter(({ note }) => note !== '' && note !== fingerprint);
  if (different.length > 0)
    onWarning(
      `${different.length} of ${others.length} other replicas have another version, contract, ` +
        'settings or keys: they may answer the same request differently. Start all with the same.',
    );
  return {
    refreshClient: (clientId) => shared.refresh(clientId),
    announceOutbound: (clientId, id) =>
      void fleet.announce(JSON.stringify([clientId, id])).catch(() => {}),
    count: (name) => fleet.count(name),
    refresh: async (clientId) => {
      if (clientId === undefined) {
        await store.engine.beatNow();
        await shared.refreshAll();
      } else await shared.refresh(clientId);
    },
    exclusively: (clientId, run) => fleet.exclusively(clientId ?? '', run),
    publish: async (clientId) => {
      await Promise.all([restarted, shared.publish(clientId), journal.flush()]);
    },
    flushJournal: () => journal.flush(),
    readJournal: () => journal.readAll(),
    listenToJournal: () => journal.listen(),
    acceptLoss: () => store.acceptLoss(),
  };
};
