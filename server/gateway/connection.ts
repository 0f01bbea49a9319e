import type { Socket } from 'node:net';
import { availableParallelism } from 'node:os';
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

/**
 * Requests of other connections that came within so many milliseconds are company, even when their
 * answers are out already.
 */
const recentMs = 5;

/**
 * A connection that has sent a request within so many milliseconds is expected to send the next
 * one.
 */
const companyMs = 100;

interface LastRequest {
  readonly socket: Socket | undefined;
  readonly at: number;
}

/**
 * Detects concurrent exchanges: their cryptography goes to the thread pool, where another
 * processor may help.
 */
export class ConcurrencyTracker {
  readonly #monotonicNow: () => number;
  readonly #useThreadPool = availableParallelism() > 1;
  #inFlight = 0;
  /** The latest request of another connection than that of the last. */
  #lastOfOther: LastRequest = { socket: undefined, at: Number.NEGATIVE_INFINITY };
  #last: LastRequest = { socket: undefined, at: Number.NEGATIVE_INFINITY };

  /** @param steadyNow milliseconds on a steady clock */
  constructor(steadyNow: () => number) {
    this.#monotonicNow = steadyNow;
  }

  /**
   * @returns whether the exchange has company, and a processor to share the work with. Counting
   * those under way is not enough: one that need not wait for the pool is over before the next is
   * read, so that a crowd would look like a row of loners.
   */
  enter(socket: Socket): boolean {
    const at = this.#monotonicNow();
    const isFollowed = this.#last.socket !== socket && at - this.#last.at < recentMs;
    if (this.#last.socket !== socket) this.#lastOfOther = this.#last;
    this.#last = { socket, at };
    this.#inFlight++;
    return this.#useThreadPool && (this.#inFlight > 1 || isFollowed);
  }

  /**
   * Whether this connection's request keeps no other from being served: none is under way, and no
   * other open connection sent one lately.
   */
  isAlone(socket: Socket): boolean {
    const { socket: other, at } = this.#last.socket === socket ? this.#lastOfOther : this.#last;
    return (
      this.#inFlight === 1 &&
      (other === undefined || other.destroyed || this.#monotonicNow() - at > companyMs)
    );
  }

  leave(): void {
    this.#inFlight--;
  }
}
