// A merchant's server for the calls that AlipayHK makes: verifies the raw body, applies each event
// once, and answers within 3 s, signed. Node only, no packages.
//
//   PORT=3000 node receiver.mjs
//
// ALIPAYHK_CLIENT_ID, ALIPAYHK_PRIVATE_KEY (yours) and ALIPAYHK_PLATFORM_KEY (AlipayHK's) as
// `alipayhk-mock env` prints them: keys as bare base64. With several platform versions:
// ALIPAYHK_PLATFORM_KEY_2=… for version 2.
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { createServer } from 'node:http';

const env = process.env;
const clientId = env.ALIPAYHK_CLIENT_ID;
const keyVersion = env.ALIPAYHK_KEY_VERSION ?? '1';
const privateKey = createPrivateKey({
  key: Buffer.from(env.ALIPAYHK_PRIVATE_KEY ?? '', 'base64'),
  format: 'der',
  type: 'pkcs8',
});
const platformKey = (version) => {
  const text = env[`ALIPAYHK_PLATFORM_KEY_${version}`] ?? env.ALIPAYHK_PLATFORM_KEY ?? '';
  return createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
};

/** The claim of an id comes before the work: in production a unique index does it. */
const applied = new Map();
const maxAgeMs = 10 * 60 * 1000;
const maxBodyBytes = 1024 * 1024;

const receive = async (req, res) => {
  const chunks = [];
  let size = 0;
  for await (const chunk of req) {
    size += chunk.length;
    if (size > maxBodyBytes) return res.destroy();
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  reply(req, res, isTrusted(req, body) ? handle(req.url, JSON.parse(body)) : refused);
};

// What breaks off, or is no JSON, applies nothing.
createServer((req, res) => receive(req, res).catch(() => res.destroy()))
  .on('clientError', (_error, socket) => socket.destroy())
  .listen(Number(env.PORT ?? 3000), '127.0.0.1', function () {
    console.log(`receiver listens on http://127.0.0.1:${this.address().port}`);
  });

/** Signed content: `POST <path>\n<Client-Id>.<time>.<body as it arrived>`. */
const content = (path, time, body) =>
  Buffer.concat([Buffer.from(`POST ${path}\n${clientId}.${time}.`), body]);

const isTrusted = ({ url, headers }, body) => {
  if (headers['client-id'] !== clientId) return false;
  const time = headers['request-time'] ?? '';
  // A captured request must not be worth anything tomorrow.
  if (!(Date.now() - Date.parse(time) < maxAgeMs)) return false;
  const pairs = Object.fromEntries(
    (headers.signature ?? '').split(',').map((pair) => pair.trim().split('=')),
  );
  if (pairs.algorithm !== 'RSA256' || pairs.signature === undefined) return false;
  try {
    const signature = Buffer.from(decodeURIComponent(pairs.signature), 'base64');
    return verify('sha256', content(url, time, body), platformKey(pairs.keyVersion), signature);
  } catch {
    return false;
  }
};

const success = { resultCode: 'SUCCESS', resultStatus: 'S', resultMessage: 'success' };
const refused = { result: { resultCode: 'INVALID_SIGNATURE', resultStatus: 'F' } };

const handle = (path, message) => {
  const fields = message.request?.body ?? message;
  const id = fields.billNo ?? fields.acquirementId ?? fields.orderId ?? fields.requestId;
  if (id !== undefined) {
    const isNew = !applied.has(id);
    applied.set(id, (applied.get(id) ?? 0) + 1);
    // Here the points are added, the order is created: once.
    console.log(JSON.stringify({ path, id, isNew }));
  }
  if (message.request !== undefined)
    return { response: { head: { respTime: now() }, body: { resultInfo: success, orderId: id } } };
  const more = path.includes('top_up') ? { acquiringSite: 'aboss', orderInfo: { id } } : {};
  return { result: success, ...more };
};

const now = () => new Date(Date.now() + 8 * 3_600_000).toISOString().replace(/\..*/, '+08:00');

const reply = ({ url }, res, answer) => {
  const body = Buffer.from(JSON.stringify(answer));
  const time = now();
  const signature = encodeURIComponent(
    sign('sha256', content(url, time, body), privateKey).toString('base64'),
  );
  res
    .writeHead(200, {
      'Content-Type': 'application/json; charset=UTF-8',
      'Client-Id': clientId,
      'Response-Time': time,
      Signature: `algorithm=RSA256,keyVersion=${keyVersion},signature=${signature}`,
    })
    .end(body);
};
