import { connect, type Socket } from 'node:net';
import { type Answer, readAnswer } from './answer.ts';

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One keep-alive connection on a bare socket, one request at a time: as little work as a client can
 * do.
 */
export class Connection {
  readonly #socket: Socket;
  #received: Buffer | undefined;
  #waiting: Waiting | undefined;
  #isOpen = true;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('close', () => this.#fail(new Error('the connection was closed')));
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      socket.on('error', reject);
      socket.once('connect', () => resolve(new Connection(socket)));
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Rejects when the connection ends before the answer is there. */
  send(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      if (this.#isOpen) this.#socket.write(request);
      else this.#fail(new Error('the connection was closed'));
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    const bytes = this.#received === undefined ? chunk : Buffer.concat([this.#received, chunk]);
    try {
      const answer = readAnswer(bytes);
      this.#received = answer === undefined ? bytes : undefined;
      if (answer === undefined) return;
      if (/\r\nconnection: *close/i.test(answer.head)) this.#isOpen = false;
      const waiting = this.#waiting;
      this.#waiting = undefined;
      waiting?.resolve(answer);
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #fail(error: Error): void {
    this.#isOpen = false;
    this.#socket.destroy();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.reject(error);
  }
}
