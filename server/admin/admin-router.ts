import { Router } from 'express';
import type { Contract } from '../contract/contract.ts';
import type { FidelityEntry } from '../contract/fidelity.ts';
import type { Keyring } from '../keyring/keyring.ts';

export interface AdminParts {
  readonly version: string;
  readonly contract: Contract;
  readonly platform: Keyring;
  readonly scenarios: readonly string[];
  readonly fidelity: () => readonly FidelityEntry[];
}

/** What can be read of the simulator itself. Nothing here changes anything. */
export const createAdminRouter = ({ version, contract, platform, scenarios, fidelity }: AdminParts): Router => {
  const router = Router();
  router.get('/health', (_req, res) => {
    res.json({ status: 'ready', version, contract: contract.version, scenarios });
  });
  router.get('/platform-key', (req, res) => {
    const family = String(req.query['algorithm'] ?? 'RSA256').toUpperCase() === 'ECC224' ? 'EC' : 'RSA';
    const wanted = req.query['version'];
    const key = platform.find(family, wanted === undefined ? undefined : Number(wanted));
    if (key === undefined) {
      res
        .status(404)
        .json({ error: 'the platform has no such key', remedy: 'Leave version out for the newest; algorithm is RSA256 or ECC224.' });
      return;
    }
    const pem = key.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    if (req.query['format'] === 'base64') res.type('text/plain').send(`${pem.replace(/-----[^-]+-----|\s/g, '')}\n`);
    else
      res
        .set({ 'key-version': String(key.version), fingerprint: key.fingerprint })
        .type('text/plain')
        .send(pem);
  });
  router.get('/fidelity', (_req, res) => {
    res.json({ entries: fidelity() });
  });
  router.use((req, res) => {
    res.status(404).json({
      error: `there is no ${req.method} ${req.originalUrl.split('?', 1)[0]}`,
      remedy: 'Try GET /__admin/health, /__admin/platform-key or /__admin/fidelity.',
    });
  });
  return router;
};
