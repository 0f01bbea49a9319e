import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { MerchantIdentity } from '../../sdk/client/signed-call.ts';
import { decodeHeaderBytes, readHeaderPairs } from '../../server/protocol/headers.ts';
import { defaultScheme, openBody } from '../../server/protocol/sealing.ts';
import {
  algorithmParamsFor,
  signContent,
  signingContent,
  verifyContent,
  writeSignatureHeader,
} from '../../server/protocol/signatures.ts';
import { writeTimestamp } from '../../server/protocol/timestamps.ts';
import { demoMerchant } from '../start-server.ts';

/** What a faulty receiver does differently. */
export interface ReceiverFlaws {
  readonly skipsVerification?: boolean;
  /** Verifies the body as it writes it again. */
  readonly verifiesParsedBody?: boolean;
  readonly countsTwice?: boolean;
  readonly unsigned?: boolean;
  readonly delayMs?: number;
  /** Answered in order; afterwards it is correct. */
  readonly answers?: readonly PlannedAnswer[];
  readonly ignoresAge?: boolean;
  readonly usesNewestKey?: boolean;
  readonly refusesUnknownFields?: boolean;
  readonly refusesRepeats?: boolean;
  /** Claims an id only after it has worked. */
  readonly races?: boolean;
  readonly wrongClientId?: boolean;
  readonly signsOtherPath?: boolean;
}

export type PlannedAnswer =
  | { readonly httpStatus: number }
  | { readonly result: readonly [code: string, status: string] }
  | { readonly text: string }
  | 'hang'
  | 'close';

export interface ReceivedCall {
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly isVerified: boolean;
}

export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly calls: ReceivedCall[];
  /** How often each event was applied. */
  readonly effects: Map<string, number>;
}

const maxAgeMs = 10 * 60 * 1000;

interface ReceiverOptions {
  readonly flaws?: ReceiverFlaws;
  readonly identity?: MerchantIdentity;
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** A merchant's server: verifies the raw body, applies each event once, answers signed. */
export const startReceiver = async ({
  flaws = {},
  identity = demoMerchant(),
  tls,
}: ReceiverOptions = {}): Promise<Receiver> => {
  const calls: ReceivedCall[] = [];
  const effects = new Map<string, number>();
  const claimed = new Set<string>();
  const planned = [...(flaws.answers ?? [])];
  const handle = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const isVerified = verify(req, body, identity, flaws);
    const { url: target = '', headers } = req;
    calls.push({ target, headers, body: body.toString(), isVerified });
    const next = planned.shift();
    if (flaws.delayMs !== undefined) await pause(flaws.delayMs);
    if (next === 'hang') return;
    if (next === 'close') {
      req.socket.destroy();
      return;
    }
    if (next !== undefined && 'text' in next) {
      res.writeHead(200, { 'content-type': 'text/plain' }).end(next.text);
      return;
    }
    if (next !== undefined && 'httpStatus' in next) {
      res.writeHead(next.httpStatus).end();
      return;
    }
    const plain = open(req, body, identity);
    const result =
      next?.result ?? (await decide(plain, isVerified || flaws.skipsVerification === true));
    reply(req, res, plain, result);
  };
  const decide = async (plain: string, isTrusted: boolean): Promise<readonly [string, string]> => {
    if (!isTrusted) return ['INVALID_SIGNATURE', 'F'];
    const message = JSON.parse(plain);
    const fields = message.request?.body ?? message;
    if (flaws.refusesUnknownFields === true && 'mockUnknownText' in fields)
      return ['PARAM_ILLEGAL', 'F'];
    const id = String(
      fields.billNo ?? fields.acquirementId ?? fields.requestId ?? fields.orderId ?? calls.length,
    );
    if (flaws.refusesRepeats === true && claimed.has(id)) return ['REPEATED', 'F'];
    if (flaws.races === true && !claimed.has(id)) {
      await pause(30);
      effects.set(id, (effects.get(id) ?? 0) + 1);
    } else if (!claimed.has(id) || flaws.countsTwice === true)
      effects.set(id, (effects.get(id) ?? 0) + 1);
    claimed.add(id);
    return ['SUCCESS', 'S'];
  };
  const reply = (
    req: IncomingMessage,
    res: ServerResponse,
    plain: string,
    [resultCode, resultStatus]: readonly [string, string],
  ): void => {
    const isOlder = plain.startsWith('{"request"');
    const result = { resultCode, resultStatus };
    const body = Buffer.from(
      JSON.stringify(
        isOlder
          ? {
              response: {
                head: { respTime: writeTimestamp(Date.now()) },
                body: { resultInfo: result },
              },
            }
          : { result: { ...result, resultMessage: 'x' }, ...answerFields(req.url ?? '') },
      ),
    );
    const time = writeTimestamp(Date.now());
    const { clientId, keyring } = identity;
    const key = keyring.find('RSA');
    if (key?.privateKey === undefined) throw new Error('no key');
    const target = flaws.signsOtherPath === true ? '/other' : (req.url ?? '');
    const content = signingContent({ target, clientId, time, body });
    const bytes = signContent(content, key.privateKey, algorithmParamsFor('RSA256', 'sha256'));
    res
      .writeHead(200, {
        'content-type': 'application/json; charset=UTF-8',
        'client-id': flaws.wrongClientId === true ? 'OTHER' : clientId,
        'response-time': time,
        ...(flaws.unsigned === true
          ? {}
          : { signature: writeSignatureHeader('RSA256', key.version, bytes) }),
      })
      .end(body);
  };
  const listener = (req: IncomingMessage, res: ServerResponse): void => {
    handle(req, res).catch(() => res.destroy());
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    calls,
    effects,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const verify = (
  { headers, url: target = '' }: IncomingMessage,
  body: Buffer,
  { clientId, platform }: MerchantIdentity,
  flaws: ReceiverFlaws,
): boolean => {
  const { pairs } = readHeaderPairs(String(headers['signature'] ?? ''));
  const bytes = decodeHeaderBytes(pairs.get('signature') ?? '');
  const version = flaws.usesNewestKey === true ? undefined : Number(pairs.get('keyVersion'));
  const key = platform.find('RSA', version);
  const time = String(headers['request-time'] ?? '');
  const isFresh = flaws.ignoresAge === true || Date.now() - Date.parse(time) < maxAgeMs;
  const signed =
    flaws.verifiesParsedBody === true
      ? Buffer.from(JSON.stringify(sortedCopy(JSON.parse(body.toString()))))
      : body;
  return (
    isFresh &&
    Buffer.isBuffer(bytes) &&
    key !== undefined &&
    verifyContent(
      signingContent({ target, clientId, time, body: signed }),
      bytes,
      key.publicKey,
      algorithmParamsFor('RSA256', 'sha256'),
    )
  );
};

const sortedCopy = (value: object): object =>
  Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));

const open = (
  { headers }: IncomingMessage,
  body: Buffer,
  { keyring }: MerchantIdentity,
): string => {
  const { encrypt } = headers;
  if (encrypt === undefined) return body.toString();
  const key = keyring.find('RSA')?.privateKey;
  const symmetricKey = readHeaderPairs(String(encrypt)).pairs.get('symmetricKey') ?? '';
  const opened = key === undefined ? {} : openBody(symmetricKey, body, key, defaultScheme);
  return 'plain' in opened ? String(opened.plain) : '{}';
};

const answerFields = (target: string): object =>
  target.includes('top_up') ? { acquiringSite: 'aboss', orderInfo: {} } : {};
