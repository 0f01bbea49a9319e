import type { Socket } from 'node:net';
import type { RawResponse } from '../../domain/faults/plan.ts';
import type { WireMessage } from '../../domain/faults/wire-message.ts';
import { pause, realTimer } from './pause.ts';

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
