import type { Contract, Operation, OperationId } from '../../server/domain/contract/contract.ts';

/** Where a collection sends, and as whom. */
export interface CollectionVariables {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly keyVersion: string;
  /** The bare base64 line. */
  readonly privateKey: string;
  readonly platformKey: string;
}

/**
 * A Postman collection (v2.1) whose requests sign themselves, and whose tests verify the answers.
 */
export const postmanCollection = (
  requests: readonly SampleRequest[],
  variables: CollectionVariables,
) => ({
  info: {
    name: 'AlipayHK',
    description:
      'Made by alipayhk-mock. The script of the collection signs each request; ' +
      'its tests verify each response.',
    schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
  },
  variable: Object.entries(variables).map(([key, value]) => ({ key, value, type: 'string' })),
  event: [
    {
      listen: 'prerequest',
      script: { type: 'text/javascript', exec: postmanScripts.before.split('\n') },
    },
    { listen: 'test', script: { type: 'text/javascript', exec: postmanScripts.after.split('\n') } },
  ],
  item: requests.map(({ name, description, path, body }) => ({
    name,
    request: {
      method: 'POST',
      description,
      header: [{ key: 'Content-Type', value: 'application/json; charset=UTF-8' }],
      url: { raw: `{{baseUrl}}${path}`, host: ['{{baseUrl}}'], path: path.slice(1).split('/') },
      body: { mode: 'raw', raw: body, options: { raw: { language: 'json' } } },
    },
  })),
});

/** The files of a Bruno collection whose requests sign themselves, by their path in its folder. */
export const brunoCollection = (
  requests: readonly SampleRequest[],
  variables: CollectionVariables,
): ReadonlyMap<string, string> =>
  new Map([
    [
      'bruno.json',
      `${JSON.stringify({ version: '1', name: 'AlipayHK', type: 'collection' }, null, 2)}\n`,
    ],
    ['collection.bru', block('script:pre-request', brunoScript)],
    ['environments/local.bru', block('vars', lines(variables))],
    ...requests.map((request, index): [string, string] => [
      `${request.name}.bru`,
      requestFile(request, index + 1),
    ]),
  ]);

const requestFile = ({ name, description, path, body }: SampleRequest, seq: number): string =>
  [
    block('meta', lines({ name, type: 'http', seq: String(seq) })),
    // As text: Bruno would serialise JSON again, and send other bytes than were signed.
    block('post', lines({ url: `{{baseUrl}}${path}`, body: 'text', auth: 'none' })),
    block('headers', lines({ 'Content-Type': 'application/json; charset=UTF-8' })),
    block('body:text', body),
    block('docs', description),
  ].join('\n');

const lines = (fields: object): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');

const block = (name: string, content: string): string =>
  `${name} {\n${content.replace(/^(?=.)/gm, '  ')}\n}\n`;

/**
 * A request of a collection: the contract's example, with what must be new each time left to the
 * script.
 */
export interface SampleRequest {
  readonly name: string;
  readonly description: string;
  readonly path: string;
  readonly body: string;
}

/** One request for each example of each operation. */
export const sampleRequests = (
  { operations }: Contract,
  eventTimeOf: (id: OperationId) => string | null,
): readonly SampleRequest[] =>
  [...operations.values()].flatMap((operation) =>
    [...operation.examples].map(([example, fields]) => ({
      name: operation.examples.size === 1 ? operation.id : `${operation.id} ${example}`,
      description: describeOperation(operation),
      path: operation.path,
      body: sampleBody(fields, eventTimeOf(operation.id)),
    })),
  );

const describeOperation = ({ summary, pathBasis, pathRegister }: Operation): string =>
  pathBasis === 'inferred' ? `${summary}. The path is inferred (${pathRegister}).` : summary;

const sampleBody = (example: object, eventTime: string | null): string => {
  const fresh = {
    ...example,
    ...placesIn(example),
    ...(eventTime === null ? {} : { [eventTime]: 0 }),
  };
  const text = JSON.stringify(fresh, null, 2);
  // A time is a number, so its place cannot be a text.
  return eventTime === null ? text : text.replace(`"${eventTime}": 0`, `"${eventTime}": {{now}}`);
};

/**
 * Where the script puts a new request id, and a new order and card unless the collection names one:
 * what is final takes no update.
 */
const placesIn = (example: object): object =>
  Object.fromEntries(
    ['requestId', 'merchantBizNo', 'passId']
      .filter((name) => name in example)
      .map((name) => [name, `{{${name}}}`]),
  );

/**
 * What Postman and Bruno run before each request and after each answer. Neither sandbox has RSA, so
 * it is done here, with BigInt, and nothing is fetched. `sha256`, `sign` and `verify` are the same
 * for both; the last part is each tool's own.
 */
const arithmetic = String.raw`
function utf8(text) { return unescape(encodeURIComponent(text)).split('').map(function (c) { return c.charCodeAt(0); }); }
var letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
function fromBase64(text) {
  var bits = text.replace(/-----[^-]+-----|[^A-Za-z0-9+\/]/g, '').split('').map(function (c) { return letters.indexOf(c).toString(2).padStart(6, '0'); }).join('');
  return (bits.match(/.{8}/g) || []).map(function (b) { return parseInt(b, 2); });
}
function toBase64(bytes) {
  var bits = bytes.map(function (b) { return b.toString(2).padStart(8, '0'); }).join('');
  var text = (bits.match(/.{1,6}/g) || []).map(function (b) { return letters[parseInt(b.padEnd(6, '0'), 2)]; }).join('');
  return text + '='.repeat((4 - (text.length % 4)) % 4);
}
function sha256(bytes) {
  var k = [], h = [], n = 2;
  for (; k.length < 64; n++) {
    var prime = true;
    for (var f = 2; f * f <= n; f++) if (n % f === 0) prime = false;
    if (!prime) continue;
    if (h.length < 8) h.push((Math.pow(n, 0.5) * 4294967296) | 0);
    k.push((Math.pow(n, 1 / 3) * 4294967296) | 0);
  }
  var length = bytes.length, m = bytes.concat([128]);
  while (m.length % 64 !== 56) m.push(0);
  for (var s = 7; s >= 0; s--) m.push(Math.floor((length * 8) / Math.pow(256, s)) & 255);
  for (var at = 0; at < m.length; at += 64) {
    var w = [], v = h.slice();
    for (var i = 0; i < 64; i++) {
      if (i < 16) w[i] = (m[at + 4 * i] << 24) | (m[at + 4 * i + 1] << 16) | (m[at + 4 * i + 2] << 8) | m[at + 4 * i + 3];
      else w[i] = (w[i - 16] + (turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3)) + w[i - 7] + (turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10))) | 0;
      var one = (v[7] + (turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25)) + ((v[4] & v[5]) ^ (~v[4] & v[6])) + k[i] + w[i]) | 0;
      var two = ((turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22)) + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]))) | 0;
      v = [(one + two) | 0, v[0], v[1], v[2], (v[3] + one) | 0, v[4], v[5], v[6]];
    }
    h = h.map(function (x, j) { return (x + v[j]) | 0; });
  }
  return h.flatMap(function (x) { return [(x >>> 24) & 255, (x >>> 16) & 255, (x >>> 8) & 255, x & 255]; });
}
function turn(x, by) { return (x >>> by) | (x << (32 - by)); }
function integers(der) {
  var found = [], at = 0;
  while (at < der.length) {
    var tag = der[at++], size = der[at++];
    if (size > 128) { var count = size - 128; size = 0; while (count-- > 0) size = size * 256 + der[at++]; }
    var value = der.slice(at, at + size);
    at += size;
    if (tag === 2) found.push(number(value));
    if (tag === 48 || tag === 4) found = found.concat(integers(value));
    if (tag === 3) found = found.concat(integers(value.slice(1)));
  }
  return found;
}
function number(bytes) { return BigInt('0x' + (bytes.map(function (b) { return b.toString(16).padStart(2, '0'); }).join('') || '0')); }
function power(base, exponent, modulus) {
  var result = BigInt(1), one = BigInt(1);
  for (base %= modulus; exponent > BigInt(0); exponent >>= one, base = (base * base) % modulus) if (exponent & one) result = (result * base) % modulus;
  return result;
}
function padded(text, size) {
  var info = [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20].concat(sha256(utf8(text)));
  var block = [0, 1];
  while (block.length < size - info.length - 1) block.push(255);
  return block.concat([0], info);
}
function sizeOf(modulus) { return Math.ceil(modulus.toString(16).length / 2); }
function sign(privateKey, text) {
  // PKCS#8: version, then the key's own: version, modulus, public exponent, private exponent
  var key = integers(fromBase64(privateKey)), n = key[2], size = sizeOf(n);
  var hex = power(number(padded(text, size)), key[4], n).toString(16).padStart(size * 2, '0');
  return toBase64(hex.match(/../g).map(function (b) { return parseInt(b, 16); }));
}
function verify(publicKey, text, signature) {
  var key = integers(fromBase64(publicKey)), n = key[0];
  return power(number(fromBase64(signature)), key[1], n) === number(padded(text, sizeOf(n)));
}
function freshId() { var id = ''; while (id.length < 32) id += Math.floor(Math.random() * 16).toString(16); return id; }
function targetOf(url) { return url.replace(/^[a-z]+:\/\/[^\/?#]*/i, '').replace(/#.*$/, ''); }
function pair(list, name) { var found = new RegExp('(?:^|,)\\s*' + name + '=([^,]+)').exec(list || ''); return found ? decodeURIComponent(found[1]) : ''; }
`.trim();

const postmanBefore = String.raw`
pm.variables.set('requestId', freshId());
pm.variables.set('now', String(Date.now()));
['merchantBizNo', 'passId'].forEach(function (name) { if (!pm.variables.get(name)) pm.variables.set(name, freshId()); });
var body = pm.variables.replaceIn(pm.request.body.raw);
pm.request.body.update({ mode: 'raw', raw: body });
var time = new Date().toISOString().slice(0, 19) + '+00:00';
var target = targetOf(pm.variables.replaceIn(pm.request.url.toString()));
var client = pm.variables.get('clientId');
var signature = sign(pm.variables.get('privateKey'), 'POST ' + target + '\n' + client + '.' + time + '.' + body);
pm.request.headers.upsert({ key: 'Client-Id', value: client });
pm.request.headers.upsert({ key: 'Request-Time', value: time });
pm.request.headers.upsert({ key: 'Signature', value: 'algorithm=RSA256,keyVersion=' + pm.variables.get('keyVersion') + ',signature=' + encodeURIComponent(signature) });
`.trim();

const postmanAfter = String.raw`
pm.test('the answer is signed by the platform', function () {
  var target = targetOf(pm.variables.replaceIn(pm.request.url.toString()));
  var signed = 'POST ' + target + '\n' + pm.variables.get('clientId') + '.' + pm.response.headers.get('response-time') + '.' + pm.response.text();
  if (!verify(pm.variables.get('platformKey'), signed, pair(pm.response.headers.get('signature'), 'signature'))) throw new Error('not signed by the platform');
});
pm.test('the result is S', function () {
  var answer = pm.response.json();
  if ((answer.result || answer.resultInfo).resultStatus !== 'S') throw new Error(JSON.stringify(answer));
});
`.trim();

const brunoBefore = String.raw`
var given = { requestId: freshId(), now: String(Date.now()), merchantBizNo: bru.getEnvVar('merchantBizNo') || freshId(), passId: bru.getEnvVar('passId') || freshId() };
function filled(text) { return text.replace(/\{\{(\w+)\}\}/g, function (all, name) { return given[name] || bru.getEnvVar(name) || all; }); }
var body = filled(req.getBody());
req.setBody(body);
var time = new Date().toISOString().slice(0, 19) + '+00:00';
var client = bru.getEnvVar('clientId');
var signature = sign(bru.getEnvVar('privateKey'), 'POST ' + targetOf(filled(req.getUrl())) + '\n' + client + '.' + time + '.' + body);
req.setHeader('Client-Id', client);
req.setHeader('Request-Time', time);
req.setHeader('Signature', 'algorithm=RSA256,keyVersion=' + bru.getEnvVar('keyVersion') + ',signature=' + encodeURIComponent(signature));
`.trim();

const postmanScripts = {
  before: `${arithmetic}\n${postmanBefore}`,
  after: `${arithmetic}\n${postmanAfter}`,
} as const;
const brunoScript = `${arithmetic}\n${brunoBefore}`;
