import type { Replicas } from '../admin/admin-router.ts';
import type { SharedEvent } from '../admin/event-hub.ts';
import { SharedSettings, type SharedSettingsDeps } from '../clients/shared-settings.ts';
import type { JournalListener } from '../journal/journal.ts';
import { SharedJournal, type SharedJournalDeps } from '../journal/shared-journal.ts';
import type { ReplicaEntry } from '../storage/redis/fleet.ts';
import { RedisStore } from '../storage/redis/redis-store.ts';
import type { Store } from '../storage/store.ts';

export interface JoinedReplicas extends Replicas {
  /** For the gateway: before a refusal, and after a commit that another replica came before. */
  refreshClient(clientId: string): Promise<boolean>;
  /** Lets the others schedule a message to a merchant, or forget it. */
  announceOutbound(clientId: string, id: string): void;
  /** Counts in all replicas together, until the seed is set. */
  count(name: string): Promise<number>;
  /** Changes what is set for one client, or for everyone, in all replicas. */
  change(clientId: string | undefined, run: () => unknown): Promise<void>;
  /** Clients whose requests in flight all replicas know of; set for everyone. */
  readonly watched: Set<string>;
  /** Follows their exchanges, in the order of arrival. @returns ends it */
  watch(listener: JournalListener): () => void;
  /** Names this replica. */
  readonly id: string;
  /** Asks another replica. @returns undefined: it has gone, or takes too long */
  call(replica: string, text: string): Promise<string | undefined>;
  /** How many others there are, and how many of them let a request choose its answer. */
  countOthers(): Promise<{ readonly all: number; readonly steered: number }>;
}

/** What a replica announces to the others. */
type News =
  | { readonly outbound: readonly [clientId: string, id: string] }
  | { readonly event: Omit<SharedEvent, 'data'> & { readonly data: unknown } };

/** Added to what others see of a replica that lets a request choose its answer. */
const steeredNote = ' steered';

export type JoinDeps = Omit<SharedSettingsDeps, 'store' | 'watched'> & {
  readonly store: Store;
  /** What must be the same in all replicas; empty: it need not. */
  readonly fingerprint: string;
  /** Whether a request may choose its answer here. */
  readonly isSteered: boolean;
  readonly journal: SharedJournal;
  readonly onWarning: (sentence: string) => void;
  /** Another replica has planned, sent or cancelled a message to a merchant. */
  readonly onOutbound: (clientId: string, id: string) => void;
  /** Something happened at another replica that readers of events see. */
  readonly onEvent: (event: SharedEvent) => void;
  /** Another replica passes on a report on a case that runs here. */
  readonly onReport: (report: string) => Promise<string>;
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
  isSteered,
  onWarning,
  onOutbound,
  onEvent,
  onReport,
  onReplicaGone,
  journal,
  ...deps
}: JoinDeps): Promise<JoinedReplicas> => {
  if (!(store instanceof RedisStore)) throw new Error('only a shared store has replicas');
  const { fleet } = store;
  const watched = journal.watchedClients;
  const shared = new SharedSettings({ ...deps, store, watched });
  store.engine.setNote(isSteered ? `${fingerprint}${steeredNote}` : fingerprint);
  store.engine.onBeat(async (version) => {
    await shared.refreshEveryones(version);
    await journal.keepUp();
    if (await fleet.hasLostOne()) onReplicaGone();
  });
  const settle = async (): Promise<void> => {
    await Promise.all([store.engine.beatNow(), journal.settle()]);
  };
  const hearNews = (text: string): void => {
    const news: News = JSON.parse(text);
    if ('event' in news) {
      const { name, clientId, data } = news.event;
      onEvent({ name, clientId, data: () => data });
    } else {
      const [clientId, id] = news.outbound;
      shared.refresh(clientId).then(
        () => onOutbound(clientId, id),
        () => {},
      );
    }
  };
  await fleet.listen(settle, hearNews, onReport);
  const announce = (news: News): void => {
    fleet.announce(JSON.stringify(news)).catch(() => {});
  };
  let publishing: Promise<unknown> = Promise.resolve();
  let restarted: Promise<void> = Promise.resolve();
  deps.seed.onSet(() => {
    if (!shared.isFollowing) restarted = fleet.restartCounts().catch(() => {});
  });
  await store.engine.beatNow();
  const listOthers = async (): Promise<readonly ReplicaEntry[]> =>
    (await fleet.roll()).filter(({ isAlive, id, note }) => isAlive && id !== fleet.id && note);
  const others = fingerprint === '' ? [] : await listOthers();
  const different = others.filter(({ note }) => note.replace(steeredNote, '') !== fingerprint);
  if (different.length > 0)
    onWarning(
      `${different.length} of ${others.length} other replicas have another version, contract, ` +
        'settings or keys: they may answer the same request differently. Start all with the same.',
    );
  return {
    refreshClient: (clientId) => shared.refresh(clientId),
    id: fleet.id,
    call: (replica, text) => fleet.call(replica, text),
    announceOutbound: (clientId, id) => announce({ outbound: [clientId, id] }),
    announceEvent: ({ data, ...event }) => {
      const news = { event: { ...event, data: data() } };
      // Readers look at what has changed: once it holds everywhere.
      setImmediate(() => void publishing.then(() => announce(news)));
    },
    count: (name) => fleet.count(name),
    refresh: async (clientId) => {
      if (clientId === undefined) {
        await store.engine.beatNow();
        await shared.refreshAll();
      } else await shared.refresh(clientId);
    },
    watched,
    watch: (listener) => journal.watch(listener),
    countOthers: async () => {
      const all = await listOthers();
      const steered = all.filter(({ note }) => note.endsWith(steeredNote));
      return { all: all.length, steered: steered.length };
    },
    change: (clientId, run) =>
      fleet.exclusively(clientId ?? '', async () => {
        if (clientId === undefined) await store.engine.beatNow();
        else await shared.refresh(clientId);
        await run();
        if (clientId === undefined) await shared.publishEveryones();
        else await shared.publish(clientId);
      }),
    exclusively: (clientId, run) => fleet.exclusively(clientId ?? '', run),
    publish: async (clientId) => {
      const own = Promise.all([restarted, shared.publish(clientId), journal.flush()]);
      publishing = Promise.allSettled([publishing, own]);
      await own;
    },
    flushJournal: () => journal.flush(),
    readJournal: () => journal.readAll(),
    listenToJournal: () => journal.listen(),
    acceptLoss: () => store.acceptLoss(),
  };
};
