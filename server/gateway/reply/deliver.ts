import type { ServerResponse } from 'node:http';
import { hooksFor } from '../../domain/faults/hooks.ts';
import type { Delivery } from '../../domain/scenarios/script.ts';
import type { Reply } from './compose-reply.ts';
import { deliveredPart, writeRawResponse } from './write-raw.ts';

/** How much of a scripted huge body the journal keeps. */
const keptBytes = 64 * 1024;

/**
 * Step 11, second half: the bytes go out, as they should or as a fault will have it. @returns what
 * has been delivered
 */
export const deliver = async (
  res: ServerResponse,
  reply: Reply,
  delivery: Delivery,
): Promise<Reply> => {
  const plan = delivery.fault === undefined ? undefined : hooksFor(delivery).plan(reply);
  if (plan !== undefined)
    return {
      ...deliveredPart(reply, await writeRawResponse(res.req.socket, plan)),
      ...connectionOpen(reply),
    };
  res.writeHead(reply.httpStatus, reply.headers);
  // As text of one byte a character: Node then sends head and body in one write.
  res.end(reply.body.toString('latin1'), 'latin1');
  return delivery.fault === undefined
    ? reply
    : { ...reply, body: reply.body.subarray(0, keptBytes) };
};

const connectionOpen = ({ plain }: Reply): Pick<Reply, 'plain'> =>
  plain === undefined ? {} : { plain };
