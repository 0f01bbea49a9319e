import type { Request, RequestHandler, Response } from 'express';
import { describeStoreFailure, problemsBody } from './admin-error.ts';
import type { SharedEvent } from './event-hub.ts';

/** What the admin API needs where several replicas are one simulator. */
export interface Replicas {
  /** Applies what others have set, for one client or for all and everyone. */
  refresh(clientId: string | undefined): Promise<void>;
  /** Runs something while no other replica changes the same. */
  exclusively(clientId: string | undefined, run: () => Promise<void>): Promise<void>;
  /** Writes what has changed, and waits until it holds in every live replica. */
  publish(clientId: string | undefined): Promise<void>;
  /** Reads what all replicas have answered so far. */
  readJournal(): Promise<void>;
  /** Lets others read what was deleted. */
  flushJournal(): Promise<void>;
  /** Keeps reading it until the returned function is called. */
  listenToJournal(): () => void;
  /** Shows the readers of events at the other replicas what happened here. */
  announceEvent(event: SharedEvent): void;
  /** Accepts that the store has lost data. */
  acceptLoss(): Promise<void>;
}

const settingsPaths = /^\/(clients|scenarios|clock|seed|reset|send)(\/|$)/;
const journalPaths = /^\/(verify|wait-for|lint|coverage|reset|journal|events)(\/|$)/;
const listeningPaths = /^\/(events|wait-for)$/;
/** They begin with a path of settings, and change none. */
const harmless = /^\/(scenarios\/check$|send$)|^\/clients\/[^/]+\/state(\/|$)/;

/**
 * Brings a replica up to date before it answers, and the others before it answers a change. A
 * change of a client excludes others of the same client, one of everyone those of everyone.
 */
export const createReplicaSync =
  (replicas: Replicas): RequestHandler =>
  async (req, res, next) => {
    const clientId = namedClient(req);
    if (req.path === '/reset/everything') await replicas.acceptLoss();
    if (listeningPaths.test(req.path)) res.once('close', replicas.listenToJournal());
    if (journalPaths.test(req.path)) await replicas.readJournal();
    if (!settingsPaths.test(req.path)) {
      if (req.method !== 'DELETE') return next();
      return answerAfter(res, next, () => replicas.flushJournal());
    }
    const isChange = req.method !== 'GET' && req.method !== 'HEAD' && !harmless.test(req.path);
    if (!isChange) {
      await replicas.refresh(clientId);
      return next();
    }
    // The id of a client that is made is not known yet: that it is free is compared as it is made.
    const isNew = req.method === 'POST' && /^\/clients\/?$/.test(req.path);
    const run = async (): Promise<void> => {
      await replicas.refresh(clientId);
      await answerAfter(res, next, () => replicas.publish(isNew ? undefined : clientId));
    };
    if (isNew) await run();
    else await replicas.exclusively(clientId, run);
  };

/** Holds the answer of the route back until `publish` has settled. */
const answerAfter = (res: Response, next: () => void, publish: () => Promise<void>) =>
  new Promise<void>((resolve) => {
    const end = res.end.bind(res) as (...args: readonly unknown[]) => Response;
    const finish = (...args: readonly unknown[]): void => {
      res.end = end as Response['end'];
      end(...args);
      resolve();
    };
    res.end = ((...args: readonly unknown[]) => {
      if (res.statusCode >= 400) finish(...args);
      else
        publish().then(
          () => finish(...args),
          (error: Error) => {
            const body = JSON.stringify(problemsBody([describeStoreFailure(error)]));
            res.status(503).set('content-type', 'application/json; charset=utf-8');
            res.set('content-length', String(Buffer.byteLength(body)));
            finish(body);
          },
        );
      return res;
    }) as Response['end'];
    res.once('close', () => resolve());
    next();
  });

const namedClient = (req: Request): string | undefined => {
  const inPath = /^\/(?:clients|reset\/clients)\/([^/]+)/.exec(req.path)?.[1];
  if (inPath !== undefined) return decodeURIComponent(inPath);
  const { clientId } = { ...req.query, ...(typeof req.body === 'object' ? req.body : {}) };
  return typeof clientId === 'string' && clientId !== '' ? clientId : undefined;
};
