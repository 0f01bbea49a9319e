import type { Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';

const self = ["'self'"];
const none = ["'none'"];

const directives = {
  defaultSrc: none,
  scriptSrc: self,
  styleSrc: self,
  imgSrc: ["'self'", 'data:'],
  fontSrc: self,
  connectSrc: self,
  baseUri: none,
  formAction: none,
  frameAncestors: none,
};

/**
 * Security headers of the simulator's pages and API, not of the operations. The pages are served over
 * plain http under any host name of a container network, so there is no Strict-Transport-Security.
 */
const headersWith = (styleSrc: readonly string[]): RequestHandler =>
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { ...directives, styleSrc } },
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
    // Applies to secure origins only; browsers log a warning elsewhere.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
  });

export const secureHeaders: RequestHandler = headersWith(self);

/** Swagger UI writes styles into its elements. */
export const secureDocsHeaders: RequestHandler = headersWith(["'self'", "'unsafe-inline'"]);

/**
 * Answers paths with a broken percent-encoding (`%ff`, `%zz`), which a router would otherwise pass
 * on as an error of its own.
 */
export const rejectMalformedPath =
  (reject: (req: Request, res: Response) => void): RequestHandler =>
  (req, res, next) => {
    if (isDecodable(req.path)) next();
    else reject(req, res);
  };

const isDecodable = (path: string): boolean => {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
};

/** A signal that aborts when the client no longer waits for the response. */
export const abortOnClose = (res: Response): AbortSignal => {
  const controller = new AbortController();
  res.once('close', () => controller.abort());
  return controller.signal;
};
