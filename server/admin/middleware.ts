import type { Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';

const self = ["'self'"];
const nobody = ["'none'"];

const directives = {
  defaultSrc: nobody,
  scriptSrc: self,
  styleSrc: self,
  imgSrc: ["'self'", 'data:'],
  fontSrc: self,
  connectSrc: self,
  baseUri: nobody,
  formAction: nobody,
  frameAncestors: nobody,
};

/**
 * Headers for the simulator's own pages and API, never for the operations. They are served over
 * plain http by whatever name the host has in a network of containers, so a browser must not be
 * told to come back with https.
 */
const headersWith = (styleSrc: readonly string[]): RequestHandler =>
  helmet({
    contentSecurityPolicy: { useDefaults: false, directives: { ...directives, styleSrc } },
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
    // Means something on secure origins only, and browsers complain elsewhere.
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

/** Aborted once the client no longer waits for the response. */
export const closed = (res: Response): AbortSignal => {
  const controller = new AbortController();
  res.once('close', () => controller.abort());
  return controller.signal;
};
