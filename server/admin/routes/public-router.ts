import { Router } from 'express';
import type { ObservedEntry } from '../../fidelity/calibrate/read-calibration.ts';
import type { Keyring } from '../../protocol/keys/keyring.ts';
import { AdminRequestError } from '../admin-error.ts';
import { type HealthDeps, healthAnswer } from '../probes.ts';

export interface PublicRoutesDeps extends HealthDeps {
  readonly platform: () => Keyring;
  /** PEM of the authority that clients of the HTTPS listener must trust. */
  readonly tlsAuthority: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly fidelity: () => readonly ObservedEntry[];
  readonly isReady: () => boolean;
}

/** The routes without secrets, open to all callers: health, public keys, the register. */
export const createPublicRouter = (deps: PublicRoutesDeps): Router => {
  const { platform, tlsAuthority, now, fidelity, isReady } = deps;
  const router = Router();
  router.get('/health', (_req, res) => {
    res.json(healthAnswer(deps));
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
      throw publicNotFound(
        'platform-key',
        'the platform has no key of this algorithm and version',
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
      throw publicNotFound(
        'tls-ca',
        'no authority exists',
        'Start with --https-port; with tls.cert also with tls.ca.',
      );
    res.type('application/x-pem-file').send(tlsAuthority);
  });
  router.get('/fidelity', (_req, res) => void res.json({ entries: fidelity() }));
  return router;
};

const publicNotFound = (where: string, message: string, remedy: string): AdminRequestError =>
  new AdminRequestError(404, [{ where, message, remedy }]);
