import { Router } from 'express';
import type { Clients } from '../clients/clients.ts';
import type { Clock } from '../clock/clock.ts';
import type { Contract } from '../contract/contract.ts';
import type { FidelityEntry } from '../contract/fidelity.ts';
import type { Keyring } from '../keyring/keyring.ts';
import type { ScenarioSet } from '../scenario/scenario-set.ts';
import { type GuardRules, refusalOfAdmin } from './guard.ts';
import { createSteeringRouter } from './steering-router.ts';

export interface AdminParts {
  readonly version: string;
  readonly contract: Contract;
  readonly platform: () => Keyring;
  /** What clients of the HTTPS listener must trust, as PEM. */
  readonly tlsAuthority: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly scenarios: ScenarioSet;
  readonly clients: Clients;
  readonly clock: Clock;
  readonly guard: GuardRules;
  readonly fidelity: () => readonly FidelityEntry[];
}

/** What can be read and changed of the simulator itself. Health and the public keys are for everyone, the rest is guarded. */
export const createAdminRouter = (parts: AdminParts): Router => {
  const { version, contract, platform, tlsAuthority, now, scenarios, fidelity } = parts;
  const router = Router();
  router.get('/health', (_req, res) => {
    res.json({ status: 'ready', version, contract: contract.version, scenarios: scenarios.activeNames });
  });
  router.get('/platform-key', (req, res) => {
    const family = String(req.query['algorithm'] ?? 'RSA256').toUpperCase() === 'ECC224' ? 'EC' : 'RSA';
    const wanted = req.query['version'];
    const key = wanted === undefined ? platform().find(family, undefined, now()) : platform().find(family, Number(wanted));
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
  router.get('/tls-ca', (_req, res) => {
    if (tlsAuthority === undefined)
      res
        .status(404)
        .json({ error: 'there is no authority to hand out', remedy: 'Start with --https-port; with tls.cert also with tls.ca.' });
    else res.type('application/x-pem-file').send(tlsAuthority);
  });
  router.get('/fidelity', (_req, res) => {
    res.json({ entries: fidelity() });
  });
  router.use((req, res, next) => {
    const refusal = refusalOfAdmin(req, parts.guard);
    if (refusal === undefined) next();
    else res.status(403).json({ error: refusal, remedy: 'See "Steering a running simulator" in the README.' });
  });
  router.use(createSteeringRouter(parts));
  router.use((req, res) => {
    res.status(404).json({
      error: `there is no ${req.method} ${req.originalUrl.split('?', 1)[0]}`,
      remedy: 'There are: health, platform-key, tls-ca, fidelity, clients, scenarios, clock.',
    });
  });
  return router;
};
