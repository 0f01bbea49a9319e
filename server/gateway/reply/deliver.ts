import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { hooksFor } from '../../domain/faults/choice.ts';
import type { RawResponse } from '../../domain/faults/fault.ts';
import { spellHeaders } from '../../domain/scenarios/layout.ts';
import type { DeliveryPlan } from '../../domain/scenarios/select-rule.ts';
import type { Delivery, Verdict } from '../../journal/journal-entry.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import { whoClosed } from '../connection.ts';
import type { Reply } from './compose-reply.ts';

/** An answer as far as it has left. */
export interface Delivered {
  /** What of the reply has been handed to the connection; status 0 until its head is out. */
  readonly reply: Reply;
  readonly delivery: Delivery;
}

/** Monotonic microseconds since the process started. */
type NowUs = () => number;

/** What delivering needs of an exchange. */
export interface DeliveringExchange {
  readonly nowUs: NowUs;
  /** Gets what was written of a raw answer, head included. */
  readonly tape: { written: Buffer | undefined };
}

/** Longer bodies are written in pieces, so that it is known how much of one has left. */
const chunkBytes = 64 * 1024;

/** How much of a scripted huge body the journal keeps. */
const keptBytes = 64 * 1024;

const noReply: Reply = { httpStatus: 0, headers: {}, body: Buffer.alloc(0) };

/**
 * Step 11, second half: sends the bytes, or what a fault makes of them.
 * @param waits whether the pauses of a scripted answer are waited for
 */
export const deliver = (
  res: ServerResponse,
  reply: Reply,
  { plan, waits }: { readonly plan: DeliveryPlan; readonly waits: boolean },
  exchange: DeliveringExchange,
): Delivered | Promise<Delivered> => {
  const { socket } = res.req;
  const { nowUs } = exchange;
  if (socket.destroyed) return nothingDelivered(socket, nowUs);
  const raw = plan.fault === undefined ? undefined : hooksFor(plan).plan(reply);
  if (raw !== undefined)
    return deliverRaw(socket, reply, waits ? raw : withoutWaits(raw), exchange);
  return reply.body.length <= chunkBytes && res.socket !== null
    ? deliverAtOnce(res, reply, plan, nowUs)
    : deliverInChunks(res, reply, plan, nowUs);
};

/** The connection closed before a byte of an answer was handed to it. */
export const nothingDelivered = (socket: Socket, nowUs: NowUs): Delivered => ({
  reply: noReply,
  delivery: {
    firstByteUs: undefined,
    lastByteUs: undefined,
    endedUs: Math.round(nowUs()),
    bytes: 0,
    complete: false,
    endedBy: whoClosed(socket),
  },
});

/** Nearly every answer: the operating system takes it whole, in one write. */
const deliverAtOnce = (
  res: ServerResponse,
  reply: Reply,
  { layout }: DeliveryPlan,
  nowUs: NowUs,
): Delivered | Promise<Delivered> => {
  const { socket } = res.req;
  const bytesBefore = socket.bytesWritten;
  res.writeHead(reply.httpStatus, spellHeaders(reply.headers, layout));
  // The caller may have the answer before the line after the write runs: on a busy machine much
  // earlier.
  const firstByteUs = Math.round(nowUs());
  // As text of one byte a character: Node then sends head and body in one write.
  res.end(reply.body.toString('latin1'), 'latin1');
  const conclude = (isTaken: boolean): Delivered => {
    if (!isTaken || socket.errored !== null) return nothingDelivered(socket, nowUs);
    const at = Math.round(nowUs());
    return {
      reply,
      delivery: {
        firstByteUs,
        lastByteUs: at,
        endedUs: at,
        bytes: socket.bytesWritten - bytesBefore,
        complete: true,
        endedBy: keepsConnection(res) ? 'keptAlive' : 'server',
      },
    };
  };
  // TLS hands bytes on in a later turn.
  const isTaken = socket.writableLength === 0 && !('encrypted' in socket);
  return isTaken ? conclude(true) : isFlushed(res).then(conclude);
};

/** A long answer, or one that waits for the answer to an earlier request of its connection. */
const deliverInChunks = async (
  res: ServerResponse,
  reply: Reply,
  { layout }: DeliveryPlan,
  nowUs: NowUs,
): Promise<Delivered> => {
  const { socket } = res.req;
  let bytesBefore = socket.bytesWritten;
  res.once('socket', () => {
    bytesBefore = socket.bytesWritten;
  });
  res.writeHead(reply.httpStatus, spellHeaders(reply.headers, layout));
  let [sent, bytes] = [0, 0];
  let firstByteUs: number | undefined;
  let lastByteUs: number | undefined;
  const take = (bodyBytes: number): void => {
    sent = bodyBytes;
    bytes = socket.bytesWritten - bytesBefore;
    lastByteUs = Math.round(nowUs());
    firstByteUs ??= lastByteUs;
  };
  let isOpen = true;
  for (let next = chunkBytes; isOpen && next < reply.body.length; next += chunkBytes) {
    const isTaken = await isWritten(res, reply.body.subarray(next - chunkBytes, next));
    if (isTaken) take(next);
    isOpen = isTaken;
  }
  if (isOpen) {
    res.end(reply.body.subarray(sent));
    isOpen = await isFlushed(res);
    if (isOpen) take(reply.body.length);
  }
  if (firstByteUs === undefined) return nothingDelivered(socket, nowUs);
  return {
    reply: { ...reply, body: reply.body.subarray(0, Math.min(sent, keptBytes)) },
    delivery: {
      firstByteUs,
      lastByteUs,
      endedUs: Math.round(nowUs()),
      bytes,
      complete: isOpen,
      endedBy: isOpen && keepsConnection(res) ? 'keptAlive' : isOpen ? 'server' : whoClosed(socket),
    },
  };
};

const keepsConnection = ({ shouldKeepAlive, req }: ServerResponse): boolean =>
  shouldKeepAlive && req.complete;

/** Whether the connection takes these bytes before it closes. */
const isWritten = (res: ServerResponse, bytes: Buffer): Promise<boolean> =>
  untilClosed(res, (done) => void res.write(bytes, () => done(res.req.socket.errored === null)));

/** Whether the connection takes the rest of the message before it closes. */
const isFlushed = (res: ServerResponse): Promise<boolean> =>
  untilClosed(res, (done) => {
    if (res.writableFinished) done(true);
    else res.once('finish', () => done(res.req.socket.errored === null));
  });

const untilClosed = (
  { req: { socket } }: ServerResponse,
  start: (done: (isTaken: boolean) => void) => void,
): Promise<boolean> =>
  new Promise((resolve) => {
    const onClose = (): void => resolve(false);
    socket.once('close', onClose);
    start((isTaken) => {
      socket.off('close', onClose);
      resolve(isTaken);
    });
    if (socket.closed) resolve(false);
  });

const deliverRaw = async (
  socket: Socket,
  reply: Reply,
  raw: RawResponse,
  { nowUs, tape }: DeliveringExchange,
): Promise<Delivered> => {
  const { sent, isTaken, ...written } = await writeRawResponse(socket, raw, nowUs);
  tape.written = sent.subarray(0, keptBytes);
  const headEnds = sent.indexOf('\r\n\r\n');
  const body = headEnds < 0 ? sent : sent.subarray(headEnds + 4);
  return {
    reply: { ...(headEnds < 0 ? noReply : reply), body, plain: reply.plain },
    delivery: {
      ...written,
      endedUs: Math.round(nowUs()),
      bytes: sent.length,
      complete:
        isTaken &&
        headEnds >= 0 &&
        body.length === reply.body.length &&
        sent.subarray(0, headEnds).includes(`\r\ncontent-length: ${body.length}\r\n`),
    },
  };
};

/** The same bytes at once, and the end right after them. */
const withoutWaits = ({ chunks, close }: RawResponse): RawResponse => ({
  chunks: chunks.map(({ bytes }) => ({ afterMs: 0, bytes })),
  holdMs: 0,
  close,
});

interface RawDelivery extends Pick<Delivery, 'firstByteUs' | 'lastByteUs' | 'endedBy'> {
  readonly sent: Buffer;
  /** Whether the operating system has taken all of it. */
  readonly isTaken: boolean;
}

/** Sends bytes at their times, until all are out or the client has closed the connection. */
export const writeRawResponse = async (
  socket: Socket,
  { chunks, holdMs, close }: RawResponse,
  nowUs: NowUs,
): Promise<RawDelivery> => {
  const sent: Buffer[] = [];
  let isTaken = true;
  let firstByteUs: number | undefined;
  let lastByteUs: number | undefined;
  const began = performance.now();
  let due = 0;
  for (const { afterMs, bytes } of chunks) {
    // Relative to the start, not to the chunk before, so that late timers do not add up.
    due += afterMs;
    await pause(realTimer, socket, due - (performance.now() - began));
    if (socket.destroyed) break;
    socket.write(bytes, (error) => {
      isTaken = error == null;
    });
    isTaken = socket.writableLength === 0;
    sent.push(bytes);
    lastByteUs = Math.round(nowUs());
    firstByteUs ??= lastByteUs;
  }
  await pause(realTimer, socket, holdMs);
  // TLS hands bytes on in the next turn.
  if (!isTaken) await nextTurn();
  const endedBy = socket.destroyed ? whoClosed(socket) : 'server';
  if (!socket.destroyed) closings[close](socket);
  return { sent: Buffer.concat(sent), isTaken, firstByteUs, lastByteUs, endedBy };
};

const closings: Readonly<Record<RawResponse['close'], (socket: Socket) => void>> = {
  close: (socket) => socket.destroySoon(),
  reset: (socket) => rawTcpSocket(socket).resetAndDestroy(),
};

/** Only a TCP socket can be reset; TLS keeps its own under this name. */
const rawTcpSocket = (socket: Socket & { readonly _parent?: Socket | null }): Socket =>
  socket._parent ?? socket;

/** What can be waited by: a clock that may be held. */
export interface Sleeper {
  wait(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's time, by which bytes travel. Holds up no process that wants to end. */
export const realTimer: Sleeper = {
  wait: (milliseconds, signal) =>
    wait(milliseconds, undefined, {
      ref: false,
      ...omitUndefined({ signal }),
    }).catch(() => {}),
};

/** Waits so long by that clock, or until the other side is gone. */
export const pause = async (
  clock: Sleeper,
  socket: Socket,
  milliseconds: number,
): Promise<void> => {
  if (milliseconds <= 0 || socket.destroyed) return;
  const gone = new AbortController();
  const onClose = (): void => gone.abort();
  socket.once('close', onClose);
  await clock.wait(milliseconds, gone.signal);
  socket.off('close', onClose);
};

/**
 * Refused signatures of one client that are answered immediately within a second. More than a
 * person makes, less than burns a processor.
 */
const refusalsPerSecond = 50;

/** The delay of each further answer. */
const tarpitDelayMs = 200;

/**
 * Delays the answers to floods of bad signatures, so that valid callers keep their share. Counted
 * for each client that a request names: the flood of one does not delay the others' refusals. Keyed
 * on the refusing step, not on the result code: a scenario may return INVALID_SIGNATURE on purpose.
 * @param monotonicNow milliseconds
 */
export const createTarpit = (
  monotonicNow: () => number,
): ((verdict: Pick<Verdict, 'step'>, clientId: string) => number) => {
  let second = -1;
  // Only registered clients get as far as the signature, and the counts start again each second.
  const refusals = new Map<string, number>();
  return ({ step }, clientId) => {
    if (step !== 'verify-signature') return 0;
    const now = Math.floor(monotonicNow() / 1000);
    if (now !== second) refusals.clear();
    second = now;
    const count = (refusals.get(clientId) ?? 0) + 1;
    refusals.set(clientId, count);
    return count > refusalsPerSecond ? tarpitDelayMs : 0;
  };
};
