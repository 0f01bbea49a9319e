import { Router } from 'express';
import type { FidelityEntry } from '../../domain/contract/fidelity.ts';
import type { Keyring } from '../../protocol/keys/keyring.ts';
import { AdminApiError } from '../admin-error.ts';
import { type HealthDeps, healthAnswer } from '../probes.ts';

export interface PublicRoutesDeps extends HealthDeps {
  readonly platform: () => Keyring;
  /** What clients of the HTTPS listener must trust, as PEM. */
  readonly tlsAuthority: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly fidelity: () => readonly FidelityEntry[];
  readonly isReady: () => boolean;
}

/** What holds no secrets and is for everyone: health, the public keys, the register. */
export const createOpenRouter = (parts: PublicRoutesDeps): Router => {
  const { platform, tlsAuthority, now, fidelity, isReady } = parts;
  const router = Router();
  router.get('/health', (_req, res) => {
    res.json(healthAnswer(parts));
  });
  router.get(
    '/ready',
    (_req, res) => void res.status(isReady() ? 200 : 503).json({ ready: isReady() }),
  );
  router.get('/platform-key', (req, res) => {
    const family =
      String(req.query['algorithm'] ?? 'RSA256').toUpperCase() === 'ECC224' ? 'EC' : 'RSA';
    const wanted = req.query['version'];
    const key =
      wanted === undefined
        ? platform().find(family, undefined, now())
        : platform().find(family, Number(wanted));
    if (key === undefined)
      throw replyGone(
        'platform-key',
        'the platform has no such key',
        'Leave version out for the newest; algorithm is RSA256 or ECC224.',
      );
    const pem = key.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    res
      .set({ 'key-version': String(key.version), fingerprint: key.fingerprint })
      .type('text/plain');
    res.send(
      req.query['format'] === 'base64' ? `${pem.replace(/-----[^-]+-----|\s/g, '')}\n` : pem,
    );
  });
  router.get('/tls-ca', (_req, res) => {
    if (tlsAuthority === undefined)
      throw replyGone(
        'tls-ca',
        'there is no authority to hand out',
        'Start with --https-port; with tls.cert also with tls.ca.',
      );
    res.type('application/x-pem-file').send(tlsAuthority);
  });
  router.get('/fidelity', (_req, res) => void res.json({ entries: fidelity() }));
  return router;
};

const replyGone = (where: string, message: string, remedy: string): AdminApiError =>
  new AdminApiError(404, [{ where, message, remedy }]);
