import { collectBody } from '../../server/protocol/body-buffer.ts';

/**
 * Reads a response to its end. @throws when it is longer than the limit; the rest is then not read
 */
export const readBody = async ({ body }: Response, limit: number): Promise<Buffer> => {
  const read = body === null ? Buffer.alloc(0) : await collectBody(body, limit);
  if (read === undefined) throw new Error(`the answer is longer than ${limit} bytes`);
  return read;
};
