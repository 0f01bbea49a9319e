import { Router } from 'express';
import type { Keyring } from '../../protocol/keys/keyring.ts';
import { keyToJson } from './clients-router.ts';

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
