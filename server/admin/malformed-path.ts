import type { Request, RequestHandler, Response } from 'express';

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
