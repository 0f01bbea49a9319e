import { connect, type Socket } from 'node:net';
import { signRequest } from '../../sdk/client/signed-call.ts';
import { demoMerchant } from '../demo-merchant.ts';
import { httpBytes } from '../requests/http-bytes.ts';
import { requireOperation, shippedContract } from '../shipped-contract.ts';

/**
 * What an attacker does to a port until it is stopped. Kinds differ in what they cost the
 * attacked, not in how much is sent.
 */
export interface Attack {
  readonly title: string;
  /** Connections it holds at once; each that is closed is opened again. */
  readonly connections: number;
  /** What it says when a connection opens. */
  readonly opening: () => string | Buffer;
  /** What it keeps sending, and how often; nothing when absent. */
  readonly goOn?: { readonly everyMs: number; readonly bytes: () => string | Buffer };
  /** It breaks the connection off after so long. */
  readonly breakOffMs?: number;
}

const { path } = requireOperation(shippedContract(), 'syncOrder');
const head = (...lines: string[]): string =>
  [
    `POST ${path} HTTP/1.1`,
    'Host: localhost',
    'Content-Type: application/json',
    ...lines,
    '',
    '',
  ].join('\r\n');
const signedRequest = (body: string): Buffer =>
  httpBytes(signRequest(demoMerchant(), path, Buffer.from(body)));
const deep = signedRequest('['.repeat(200_000));
const chunk = `1000\r\n${'x'.repeat(0x1000)}\r\n`;

export const attacks = {
  'slow-heads': {
    title: 'headers that arrive byte by byte',
    connections: 500,
    opening: () => 'POST / HTTP/1.1\r\n',
    goOn: { everyMs: 1000, bytes: () => 'a' },
  },
  'slow-bodies': {
    title: 'bodies that arrive byte by byte',
    connections: 500,
    opening: () => head('Content-Length: 100000'),
    goOn: { everyMs: 1000, bytes: () => 'x' },
  },
  idle: {
    title: 'kept-alive connections that are idle',
    connections: 8000,
    opening: () => head('Content-Length: 0'),
  },
  endless: {
    title: 'endless bodies',
    connections: 8,
    opening: () => head('Transfer-Encoding: chunked'),
    goOn: { everyMs: 20, bytes: () => chunk },
  },
  'long-heads': {
    title: 'headers that are too large',
    connections: 8,
    opening: () => head(`X-A: ${'y'.repeat(20_000)}`),
  },
  garbage: { title: 'bytes that are not a request', connections: 8, opening: () => '\0\r\n\r\n' },
  'deep-json': {
    title: 'signed bodies nested very deep',
    connections: 2,
    opening: () => deep,
    breakOffMs: 100,
  },
  'half-open': {
    title: 'aborted requests',
    connections: 50,
    opening: () => head('Content-Length: 5000'),
    breakOffMs: 50,
  },
} as const satisfies Record<string, Attack>;
export type AttackId = keyof typeof attacks;
export const attackIds = Object.keys(attacks) as readonly AttackId[];

/** How long an attacker waits before it opens a connection in the place of one that was closed. */
const reopenMs = 20;
const openedAtOnce = 100;

/** One attack under way. */
export class Attacker {
  readonly #attack: Attack;
  readonly #port: number;
  readonly #sockets = new Set<Socket>();
  #isOver = false;
  opened = 0;

  constructor(attack: Attack, port: number) {
    this.#attack = attack;
    this.#port = port;
    this.#openMore();
  }

  get held(): number {
    return this.#sockets.size;
  }

  stop(): void {
    this.#isOver = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  #openMore(): void {
    for (
      let opened = 0;
      opened < openedAtOnce && this.#sockets.size < this.#attack.connections;
      opened++
    )
      this.#open();
    if (!this.#isOver) setTimeout(() => this.#openMore(), reopenMs);
  }

  #open(): void {
    const { opening, goOn, breakOffMs } = this.#attack;
    const socket = connect({ port: this.#port, host: '127.0.0.1' });
    this.#sockets.add(socket);
    this.opened++;
    socket.on('error', () => {});
    socket.resume();
    socket.write(opening());
    const repeat =
      goOn === undefined
        ? undefined
        : setInterval(
            () => socket.writableLength === 0 && socket.write(goOn.bytes()),
            goOn.everyMs,
          );
    const end =
      breakOffMs === undefined ? undefined : setTimeout(() => socket.destroy(), breakOffMs);
    socket.on('close', () => {
      clearInterval(repeat);
      clearTimeout(end);
      this.#sockets.delete(socket);
    });
  }
}
