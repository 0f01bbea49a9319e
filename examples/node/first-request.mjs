// The first signed request, with Node's own modules only:  node examples/node/first-request.mjs
// Exit code 0 only if the answer is signed by the platform and says SUCCESS.
import { createPrivateKey, createPublicKey, randomUUID, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const baseUrl = process.env.BASE_URL || 'http://127.0.0.1:8852';
const clientId = process.env.CLIENT_ID || '4Q5Y8W0WSG45P907917';
const keys = new URL('../../keys/', import.meta.url);
const merchantKey = createPrivateKey(readFileSync(process.env.MERCHANT_KEY || new URL(`clients/${clientId}/v1.private.pem`, keys)));
const platformKey = createPublicKey(readFileSync(process.env.PLATFORM_KEY || new URL('platform/v1.public.pem', keys)));

const path = '/api/open/alipay/v1/merchant/order/sync';

// 1. The body, turned into bytes once: what is signed must be what is sent.
const now = Date.now();
const body = Buffer.from(
  JSON.stringify({
    requestId: randomUUID().replaceAll('-', ''), // new for every message
    merchantBizNo: `MOV${now}`,
    orderStatus: 'TICKETED',
    openId: '2160120074526881',
    merchantBizType: 'MOVIE_TICKET',
    orderCreateTime: now,
    orderModifyTime: now,
    amount: { value: '22000', currency: 'HKD' },
    extInfo: { cinema: { zh_HK: '星光戲院', en_US: 'Starlight Cinema' } },
  }),
);

// 2. The signed text: POST, path, one line feed, client id, time, body. Nothing after the body.
const signedText = (time, bytes) => Buffer.concat([Buffer.from(`POST ${path}\n${clientId}.${time}.`), bytes]);

// 3. SHA-256 with RSA PKCS#1 v1.5 (Node's default for RSA keys), base64, then URL-encoded.
const requestTime = new Date().toISOString().replace(/\.\d+Z$/, '+00:00');
const signature = encodeURIComponent(sign('sha256', signedText(requestTime, body), merchantKey).toString('base64'));

const response = await fetch(baseUrl + path, {
  method: 'POST',
  headers: {
    'Content-Type': 'application/json; charset=UTF-8',
    'Client-Id': clientId,
    'Request-Time': requestTime,
    Signature: `algorithm=RSA256,keyVersion=1,signature=${signature}`,
  },
  body,
});

// 4. Verify the answer over its raw bytes, before JSON is parsed. A refusal may come unsigned: then nothing vouches for it.
const answer = Buffer.from(await response.arrayBuffer());
const answerSignature = /signature=([^,]+)/.exec(response.headers.get('signature') ?? '')?.[1];
const verified =
  answerSignature !== undefined &&
  verify(
    'sha256',
    signedText(response.headers.get('response-time'), answer),
    platformKey,
    Buffer.from(decodeURIComponent(answerSignature), 'base64'),
  );

console.log(answer.toString());
console.log(verified ? 'the answer is signed by the platform' : 'NOT VERIFIED: do not trust this answer');

// 5. The result is in the result object, not in the HTTP status.
process.exitCode = verified && JSON.parse(answer.toString()).result.resultCode === 'SUCCESS' ? 0 : 1;
