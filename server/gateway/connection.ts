import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Connection } from '../journal/journal-entry.ts';

/** Numbers connections as they bring their first request, and the requests of each. */
export class ConnectionCounter {
  #connections = 0;
  readonly #counts = new WeakMap<Socket, { readonly ordinal: number; requests: number }>();

  count(socket: Socket): Connection {
    const known = this.#counts.get(socket) ?? { ordinal: ++this.#connections, requests: 0 };
    if (++known.requests === 1) {
      this.#counts.set(socket, known);
      // Each request of a pipeline may wait for the end of its connection.
      socket.setMaxListeners(0);
    }
    return { ordinal: known.ordinal, position: known.requests, tls: 'encrypted' in socket };
  }
}

const closedByServer = new WeakSet<Duplex>();

/** Notes that a limit of the listener closes this connection, not the client. */
export const markClosedByServer = (socket: Duplex): void => void closedByServer.add(socket);

/** Who closed a connection that is closed, or is being closed. */
export const whoClosed = (socket: Socket): 'server' | 'client' =>
  !closedByServer.has(socket) && (socket.readableEnded || socket.errored !== null)
    ? 'client'
    : 'server';
