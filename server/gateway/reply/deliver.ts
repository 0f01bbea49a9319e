import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { hooksFor } from '../../domain/faults/choice.ts';
import type { RawResponse, WireMessage } from '../../domain/faults/raw-response.ts';
import type { Delivery } from '../../domain/scenarios/select-rule.ts';
import type { Reply } from './compose-reply.ts';

import { pause, realTimer } from './delays.ts';

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

/**
 * Sends a plan's bytes in their time, until they are out or the client is gone. @returns the bytes
 * that left.
 */
export const writeRawResponse = async (
  socket: Socket,
  { chunks: pieces, holdMs, close: ending }: RawResponse,
): Promise<Buffer> => {
  const sent: Buffer[] = [];
  const began = performance.now();
  let due = 0;
  for (const { afterMs, bytes } of pieces) {
    // Against the clock and not from piece to piece, so that late timers do not add up.
    due += afterMs;
    await pause(realTimer, socket, due - (performance.now() - began));
    if (socket.destroyed) break;
    socket.write(bytes);
    sent.push(bytes);
  }
  await pause(realTimer, socket, holdMs);
  if (!socket.destroyed) endings[ending](socket);
  return Buffer.concat(sent);
};

const endings: Readonly<Record<RawResponse['close'], (socket: Socket) => void>> = {
  close: (socket) => socket.destroySoon(),
  reset: (socket) => rawTcpSocket(socket).resetAndDestroy(),
};

/** Only a TCP socket can be reset; TLS keeps its own under this name. */
const rawTcpSocket = (socket: Socket & { readonly _parent?: Socket | null }): Socket =>
  socket._parent ?? socket;

/**
 * What of a message has been delivered, as the journal keeps it: status 0 until its head is out.
 */
export const deliveredPart = ({ httpStatus, headers }: WireMessage, sent: Buffer): WireMessage => {
  const headEnds = sent.indexOf('\r\n\r\n');
  return headEnds < 0
    ? { httpStatus: 0, headers: {}, body: sent }
    : { httpStatus, headers, body: sent.subarray(headEnds + 4) };
};
