import { type Request, Router } from 'express';
import type { ClientKeys } from '../../clients/client-registry.ts';
import type { Clients } from '../../clients/clients.ts';
import {
  type Clock,
  type ClockState,
  isClockTime,
  maxClockTimeMs,
  type Seed,
} from '../../clients/clock.ts';
import { type Keyring, type KeyVersion, validityState } from '../../protocol/keys/keyring.ts';
import type { SignatureAlgorithm } from '../../protocol/signatures.ts';
import { type BodyOf, pathValue, validatedBody } from '../admin-contract.ts';
import type { EventHub } from '../event-hub.ts';
import { AdminRequestError, notFoundError } from '../middleware.ts';

export interface ClientRoutesDeps {
  readonly clients: Clients;
  readonly keys: ClientKeys;
  readonly hub: EventHub;
}

/** The Client-Id of the path. @throws AdminRequestError for an unknown client */
export const knownClient = (clients: Clients, req: Request): string => {
  const id = pathValue(req, 'clientId');
  if (clients.has(id)) return id;
  throw notFoundError(
    'client',
    id,
    clients.list().map(({ clientId }) => clientId),
    'GET /__admin/clients',
  );
};

/** Clients and their keys. */
export const createClientsRouter = ({ clients, keys, hub }: ClientRoutesDeps): Router => {
  const router = Router();
  const emitChange = (clientId: string, change: 'created' | 'dropped' | 'keys'): void =>
    hub.emit('clients', clientId, () => ({ clientId, change }));

  router.get('/clients', (_req, res) => void res.json({ clients: clients.list() }));
  router.post('/clients', async (req, res) => {
    const created = await clients.create(validatedBody(req, 'createClient'));
    if ('problem' in created) throw new AdminRequestError(409, [created.problem]);
    const [key] = created.keyring.versions;
    emitChange(created.clientId, 'created');
    res.status(201).json({
      clientId: created.clientId,
      publicKey: key && publicPem(key),
      ...(key && privatePem(key)),
      ...platformPems(created.platform),
    });
  });
  router.get('/clients/:clientId', (req, res) => {
    const id = knownClient(clients, req);
    res.json(clients.list().find(({ clientId }) => clientId === id));
  });
  router.delete('/clients/:clientId', async (req, res) => {
    const id = pathValue(req, 'clientId');
    if (!(await clients.drop(id)))
      throw new AdminRequestError(404, [
        {
          where: id,
          message: 'was not created over the admin API',
          remedy: 'A client of the key folder is removed with its files.',
        },
      ]);
    emitChange(id, 'dropped');
    res.status(204).end();
  });

  router.get('/clients/:clientId/keys', (req, res) => {
    const id = knownClient(clients, req);
    const now = clients.view(id).clock.now;
    res.json({ keys: keys.of(id).map((key) => keyToJson(key, now)) });
  });
  router.post('/clients/:clientId/keys', async (req, res) => {
    const id = knownClient(clients, req);
    const rotated = await keys.rotate(id, validatedBody(req, 'rotateKeys'));
    if ('problem' in rotated) throw new AdminRequestError(422, [rotated.problem]);
    emitChange(id, 'keys');
    res.status(201).json({
      key: keyToJson(rotated.key, clients.view(id).clock.now),
      ...privatePem(rotated.key),
    });
  });
  router.delete('/clients/:clientId/keys/:algorithm/:version', (req, res) => {
    const id = knownClient(clients, req);
    const [algorithm, version] = [pathValue(req, 'algorithm'), pathValue(req, 'version')];
    if (!keys.end(id, algorithm === 'ECC224' ? 'EC' : 'RSA', Number(version)))
      throw notFoundError(
        'key version',
        `${algorithm}/${version}`,
        keys.of(id).map((key) => `${algorithmName(key)}/${key.version}`),
      );
    emitChange(id, 'keys');
    res.status(204).end();
  });
  return router;
};

const algorithmName = ({ family }: KeyVersion): SignatureAlgorithm =>
  family === 'RSA' ? 'RSA256' : 'ECC224';

const publicPem = ({ publicKey }: KeyVersion): string =>
  publicKey.export({ type: 'spki', format: 'pem' }).toString();

/** Sent once, to the caller that created it. */
const privatePem = ({ privateKey }: KeyVersion) =>
  privateKey === undefined
    ? {}
    : { privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };

/** The platform's keys that were generated for this client. */
const platformPems = (platform: Keyring | undefined) =>
  platform === undefined
    ? {}
    : {
        platformKeys: platform.versions.map((key) => ({
          version: key.version,
          publicKey: publicPem(key),
        })),
      };

/** A key version as plain JSON values, without its private half. */
export const keyToJson = (key: KeyVersion, now: number) => ({
  algorithm: algorithmName(key),
  version: key.version,
  fingerprint: key.fingerprint,
  publicKey: publicPem(key),
  state: validityState(key.validity, now),
  ...key.validity,
  privateKeyHeld: key.privateKey !== undefined,
});

export interface PlatformKeysParts {
  readonly platform: () => Keyring;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Every version of the platform's keys; `/platform-key` hands out one of them to everyone. */
export const createPlatformKeysRouter = ({ platform, now }: PlatformKeysParts): Router => {
  const router = Router();
  router.get(
    '/platform-keys',
    (_req, res) => void res.json({ keys: platform().versions.map((key) => keyToJson(key, now())) }),
  );
  return router;
};

interface TimeRoutesDeps {
  readonly clients: Clients;
  readonly clock: Clock;
  readonly seed: Seed;
  readonly hub: EventHub;
}

/** Clocks and the seed. */
export const createTimeRouter = ({ clients, clock, seed, hub }: TimeRoutesDeps): Router => {
  const router = Router();
  router.get('/clock', (_req, res) => void res.json(clock.state));
  router.put('/clock', (req, res) => {
    const state = moveClock(clock, validatedBody(req, 'moveClock'));
    hub.emit('clock', undefined, () => state);
    res.json(state);
  });
  router.get(
    '/clients/:clientId/clock',
    (req, res) => void res.json(clients.view(knownClient(clients, req)).clock),
  );
  router.put('/clients/:clientId/clock', (req, res) => {
    const id = knownClient(clients, req);
    const state = moveClock(clients.controls(id).clock, validatedBody(req, 'moveClientClock'));
    hub.emit('clock', id, () => ({ ...state, clientId: id }));
    res.json(state);
  });
  router.get('/seed', (_req, res) => void res.json({ seed: seed.value }));
  router.put('/seed', (req, res) => {
    seed.set(validatedBody(req, 'setSeed').seed);
    res.json({ seed: seed.value });
  });
  return router;
};

const moveClock = (
  clock: Clock,
  { freeze, set, advanceMs, rate, reset }: BodyOf<'moveClock'>,
): ClockState => {
  if (freeze !== undefined) clock.freeze(typeof freeze === 'number' ? freeze : undefined);
  if (set !== undefined) clock.set(set);
  if (advanceMs !== undefined) advanceClock(clock, advanceMs);
  if (rate !== undefined) clock.run(rate);
  if (reset !== undefined) clock.reset();
  return clock.state;
};

/** How far a clock can be advanced depends on what it shows, which the contract cannot express. */
const advanceClock = (clock: Clock, milliseconds: number): void => {
  const time = clock.now() + milliseconds;
  if (!isClockTime(time))
    throw new AdminRequestError(400, [
      {
        where: 'body.advanceMs',
        message: `${milliseconds} moves the clock to ${time}, which is outside 0 to ${maxClockTimeMs}`,
        remedy: 'Move it less far: a clock shows the years 1970 to 9997.',
      },
    ]);
  clock.set(time);
};
