import type { Response } from 'express';

/** Aborted once the client no longer waits for the response. */
export const closed = (res: Response): AbortSignal => {
  const controller = new AbortController();
  res.once('close', () => controller.abort());
  return controller.signal;
};
