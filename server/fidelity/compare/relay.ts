import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import { finished } from 'node:stream/promises';
import { omitUndefined } from '../../problems/plain-object.ts';
import { BodyBuffer, readBody } from '../../protocol/body.ts';
import { requestUrl, TargetError } from '../../protocol/http-call.ts';
import { openRequest, type RawAnswer } from '../../protocol/send-raw.ts';

/** A request and the gateway's answer to it, as the bytes were. */
export interface RelayedExchange {
  /** Milliseconds since 1970, when the request had arrived. */
  readonly receivedAt: number;
  readonly method: string;
  readonly target: string;
  /** Names and values in turn, as sent. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** Undefined: the gateway gave no complete answer, for this reason. */
  readonly answer: RawAnswer | { readonly lost: string };
}

/** What makes an authenticated message of a plain one, and the other way round. */
export interface RelaySigner {
  /** @returns headers, names and values in turn, and body */
  readonly sign: (
    target: string,
    request: Pick<RelayedExchange, 'rawHeaders' | 'body'>,
  ) => Pick<RelayedExchange, 'rawHeaders' | 'body'>;
  /** @returns the answer for a caller that cannot decrypt */
  readonly open: (answer: RawAnswer) => RawAnswer;
}

interface RelayDeps {
  /** Where requests go, and nowhere else; its path is put in front of theirs. */
  readonly target: URL;
  /** Certificates, PEM, to trust instead of the system's. */
  readonly ca?: Buffer | undefined;
  /** Signs what is forwarded; absent: everything passes byte for byte. */
  readonly signer?: RelaySigner | undefined;
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  /** Why a request is refused, e.g. one of a web page of another site; undefined accepts it. */
  readonly refuse: (req: IncomingMessage) => string | undefined;
  /** Called when a request has arrived: exchanges may end in another order. */
  readonly onArrival?: (exchange: Omit<RelayedExchange, 'answer'>) => void;
  /** Called when the caller has its answer. What it does cannot change the answer any more. */
  readonly onExchange: (
    exchange: RelayedExchange,
    arrived: Omit<RelayedExchange, 'answer'>,
  ) => void;
  readonly now: () => number;
}

/**
 * Forwards each request to the gateway byte for byte, and the answer back byte for byte. Host and
 * the headers of the connection are its own; everything else is as it came. With a signer, the
 * caller writes plain bodies instead.
 */
export const createRelay = (deps: RelayDeps): Server => {
  const server = createServer((req, res) => void relay(req, res, deps));
  server.maxConnections = 128;
  server.requestTimeout = 60_000;
  server.headersTimeout = 10_000;
  return server;
};

const relay = async (req: IncomingMessage, res: ServerResponse, deps: RelayDeps): Promise<void> => {
  const refused = deps.refuse(req);
  if (refused !== undefined) {
    answerPlainly(res, 403, refused);
    return;
  }
  const body = await readBody(req, deps.maxBodyBytes);
  if (!Buffer.isBuffer(body)) {
    if (body === 'too large')
      answerPlainly(res, 413, `the body is longer than ${deps.maxBodyBytes} bytes`);
    return;
  }
  const url = resolveTarget(deps.target, req.url ?? '/');
  if (url === undefined) {
    answerPlainly(res, 400, 'the request line could name another server; send the path alone');
    return;
  }
  const exchange = {
    receivedAt: deps.now(),
    method: req.method ?? 'POST',
    target: req.url ?? '/',
    rawHeaders: req.rawHeaders,
    body,
  };
  deps.onArrival?.(exchange);
  const answer = await relayRequest(exchange, url, res, deps).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message || error.name : String(error);
    if (res.headersSent) res.destroy();
    else answerPlainly(res, 502, `no answer from ${deps.target.origin}: ${reason}`);
    return { lost: reason };
  });
  // The system has all of the answer, or the caller is gone: nothing can delay it any more.
  await finished(res).catch(() => undefined);
  deps.onExchange({ ...exchange, answer }, exchange);
};

const resolveTarget = (target: URL, path: string): URL | undefined => {
  try {
    requestUrl(target, path);
    return requestUrl(target, `${target.pathname.replace(/\/$/, '')}${path}`);
  } catch (error) {
    if (error instanceof TargetError) return undefined;
    throw error;
  }
};

const answerPlainly = (res: ServerResponse, status: number, error: string): void => {
  const headers = { 'content-type': 'application/json; charset=utf-8', connection: 'close' };
  res.writeHead(status, headers).end(JSON.stringify({ error: `alipayhk-mock compare: ${error}` }));
};

/** Passes each chunk on as it comes, and keeps a copy. What is opened first is passed on whole. */
const relayRequest = (
  request: Omit<RelayedExchange, 'answer'>,
  url: URL,
  res: ServerResponse,
  { timeoutMs, maxBodyBytes, ca, signer }: RelayDeps,
): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const sent = signer?.sign(`${url.pathname}${url.search}`, request) ?? request;
    const headers = ['Host', url.host, ...endToEnd(sent.rawHeaders, ['host', 'content-length'])];
    if (sent.body.length > 0) headers.push('Content-Length', String(sent.body.length));
    const forwarded = openRequest(url, {
      method: request.method,
      headers: headers as unknown as OutgoingHttpHeaders,
      signal: AbortSignal.timeout(timeoutMs),
      ...omitUndefined({ ca }),
    });
    forwarded.once('error', reject);
    forwarded.once('response', (answer) => {
      const { statusCode = 502, statusMessage = '', rawHeaders } = answer;
      if (signer === undefined) res.writeHead(statusCode, statusMessage, endToEnd(rawHeaders, []));
      const copy = new BodyBuffer(maxBodyBytes);
      let isWhole = true;
      answer.on('data', (chunk: Buffer) => {
        if (signer === undefined) res.write(chunk);
        isWhole &&= copy.append(chunk);
        if (!isWhole && signer !== undefined)
          forwarded.destroy(new Error(`the answer is longer than ${maxBodyBytes} bytes`));
      });
      answer.once('error', reject);
      answer.once('end', () => {
        const whole = { httpStatus: statusCode, rawHeaders, body: copy.toBuffer() };
        if (signer === undefined) res.end();
        else {
          const opened = signer.open(whole);
          const kept = endToEnd(opened.rawHeaders, ['content-length']);
          const length = ['Content-Length', String(opened.body.length)];
          res.writeHead(opened.httpStatus, statusMessage, [...kept, ...length]).end(opened.body);
        }
        resolve(whole);
      });
    });
    forwarded.end(sent.body);
  });

const connectionHeaders = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Names and values in turn, without those that concern the connection. */
export const endToEnd = (rawHeaders: readonly string[], others: readonly string[]): string[] => {
  const dropped = new Set([...connectionHeaders, ...others]);
  return rawHeaders.filter(
    (_, at) => !dropped.has((rawHeaders[at - (at % 2)] ?? '').toLowerCase()),
  );
};

interface ShadowQueueDeps {
  /** Repeats the exchange at the simulator and records the comparison. */
  readonly shadow: (exchange: RelayedExchange) => Promise<void>;
  /** Called when an exchange is not compared: the simulator failed, hung, or is too slow. */
  readonly onSkip: (exchange: RelayedExchange, reason: string) => void;
  readonly timeoutMs: number;
}

const maxWaiting = 1000;

/**
 * Shadows exchanges one after another, in the order in which they arrived: one that the gateway
 * answers late is waited for. The real answers do not wait for it: what it cannot take in is skipped
 * and reported.
 */
export class ShadowQueue {
  readonly #deps: ShadowQueueDeps;
  readonly #waiting: RelayedExchange[] = [];
  /** Exchanges that have arrived and not been shadowed, in that order: their own, once they ended. */
  readonly #places = new Map<object, RelayedExchange | undefined>();
  #running: Promise<void> | undefined;

  constructor(deps: ShadowQueueDeps) {
    this.#deps = deps;
  }

  /** Keeps a place for an exchange that has begun. */
  expect(arrived: object): void {
    this.#places.set(arrived, undefined);
  }

  /** @param arrived what its place was kept for; without it, the exchange goes to the end */
  add(exchange: RelayedExchange, arrived: object = exchange): void {
    // It ended after the comparison did.
    if (arrived !== exchange && !this.#places.has(arrived)) return;
    this.#places.set(arrived, exchange);
    for (const [place, ended] of this.#places) {
      if (ended === undefined) return;
      this.#places.delete(place);
      this.#take(ended);
    }
  }

  #take(exchange: RelayedExchange): void {
    if (this.#waiting.length >= maxWaiting) {
      this.#deps.onSkip(exchange, `more than ${maxWaiting} exchanges are waiting to be compared`);
      return;
    }
    this.#waiting.push(exchange);
    this.#running ??= this.#run();
  }

  /**
   * Resolves when everything that was added is compared or skipped. What has not ended by then is
   * waited for no longer.
   */
  async idle(): Promise<void> {
    for (const ended of this.#places.values()) if (ended !== undefined) this.#take(ended);
    this.#places.clear();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const exchange = next;
      await this.#withinTime(exchange).catch((error: unknown) => {
        this.#deps.onSkip(exchange, error instanceof Error ? error.message : String(error));
      });
    }
    this.#running = undefined;
  }

  async #withinTime(exchange: RelayedExchange): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      const { timeoutMs } = this.#deps;
      timer = setTimeout(
        () => reject(new Error(`the simulator did not answer within ${timeoutMs} ms`)),
        timeoutMs,
      );
    });
    try {
      await Promise.race([this.#deps.shadow(exchange), tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }
}
