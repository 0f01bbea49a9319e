import { createHash, type KeyObject, sign } from 'node:crypto';
import type { MockServer } from '../../server/app/create-server.ts';
import { writeTimestamp } from '../../server/protocol/timestamps.ts';
import { merchantAt } from '../merchant.ts';
import { demoMerchant } from '../start-server.ts';

const path = '/api/open/alipay/v1/merchant/order/sync';

/** A request as a merchant's code made it: what it sent, and what it signed. */
interface Made {
  readonly target?: string;
  readonly body: string;
  /** The signed text, of the time that stands in the header. */
  signed(time: string): string | Buffer;
  readonly hash?: string;
  encode?(base64: string): string;
}

const merchantKey = (): KeyObject => {
  const key = demoMerchant().keyring.find('RSA', undefined, Date.now())?.privateKey;
  if (key === undefined) throw new Error('the demo merchant has its private key');
  return key;
};

const clientId = demoMerchant().clientId;

/** What is to be signed. */
const content = (time: string, body: string): string => `POST ${path}\n${clientId}.${time}.${body}`;

/** Sends what a merchant's faulty code would send. @returns the exchange's id */
export const sendMistake = async (
  server: MockServer,
  { target = path, body, signed, hash = 'sha256', encode = encodeURIComponent }: Made,
) => {
  const time = writeTimestamp(Date.now());
  const value = encode(sign(hash, Buffer.from(signed(time)), merchantKey()).toString('base64'));
  const response = await fetch(server.url + target, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json; charset=UTF-8',
      'Client-Id': clientId,
      'Request-Time': time,
      Signature: `algorithm=RSA256,keyVersion=1,signature=${value}`,
    },
    body,
  });
  return response.headers.get('tracer-id') ?? '';
};

/** Mistakes that merchants really make, each as a fresh request. */
export const mistakes = (server: MockServer) => {
  const order = (fields: Record<string, string> = {}): string =>
    JSON.stringify(merchantAt(server).sample('syncOrder', fields, 'MOVIE_TICKET'));
  return {
    newlineSigned: (body = order()): Made => ({
      body,
      signed: (time) => content(time, `${body}\n`),
    }),
    reformatted: (body = order()): Made => ({
      body,
      signed: (time) => content(time, JSON.stringify(JSON.parse(body), null, 2)),
    }),
    sha1: (body = order()): Made => ({ body, hash: 'sha1', signed: (time) => content(time, body) }),
    encodedTwice: (body = order()): Made => ({
      body,
      signed: (time) => content(time, body),
      encode: (base64) => encodeURIComponent(encodeURIComponent(base64)),
    }),
    hashSigned: (body = order()): Made => ({
      body,
      signed: (time) => createHash('sha256').update(content(time, body)).digest(),
    }),
    badField: (body = order({ requestId: 'x'.repeat(40) })): Made => ({
      body,
      signed: (time) => content(time, body),
    }),
    wrongPath: (body = order()): Made => ({
      body,
      target: '/api/open/alipay/v1/merchant/orders/sync',
      signed: (time) => content(time, body),
    }),
  };
};
