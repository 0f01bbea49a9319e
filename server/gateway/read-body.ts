import type { IncomingMessage } from 'node:http';
import { BodyBuffer } from '../protocol/body-buffer.ts';

/** Why there is no body. */
export type NoBody = 'too large' | 'caller gone';

/**
 * The exact bytes of a body. One that is declared or grows larger than the limit is known for it at
 * once; what still comes of it is thrown away unread.
 */
export const readBody = (req: IncomingMessage, limit: number): Promise<Buffer | NoBody> =>
  new Promise((resolve) => {
    const body = new BodyBuffer(limit);
    const finish = (outcome: Buffer | NoBody): void => {
      req
        .off('data', take)
        .off('end', end)
        .off('error', clientDisconnected)
        .off('close', clientDisconnected);
      // A caller that breaks off while the rest is thrown away is no error of ours.
      if (outcome !== 'caller gone') req.on('error', () => {});
      if (outcome === 'too large') req.resume();
      resolve(outcome);
    };
    const take = (chunk: Buffer): void => {
      if (!body.append(chunk)) finish('too large');
    };
    const end = (): void => finish(body.toBuffer());
    const clientDisconnected = (): void => finish('caller gone');
    if (Number(req.headers['content-length'] ?? 0) > limit) finish('too large');
    else
      req
        .on('data', take)
        .on('end', end)
        .on('error', clientDisconnected)
        .on('close', clientDisconnected);
  });
