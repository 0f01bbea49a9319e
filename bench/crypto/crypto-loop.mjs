// One thread's loop. Plain JavaScript, since a worker would have to load the TypeScript loader first.
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

const keyPair = (file) => {
  const privateKey = createPrivateKey(readFileSync(new URL(`../../keys/${file}`, import.meta.url)));
  return { privateKey, publicKey: createPublicKey(privateKey) };
};
const merchant = keyPair('clients/4Q5Y8W0WSG45P907917/v1.private.pem');
const platform = keyPair('platform/v1.private.pem');
const padding = constants.RSA_PKCS1_PADDING;
const request = randomBytes(700);
const answer = randomBytes(300);
const signature = sign('sha256', request, merchant.privateKey);
const aesKey = randomBytes(32);
const wrapped = publicEncrypt({ key: platform.publicKey, padding }, aesKey);
const sealedRequest = cipher(createCipheriv('aes-256-ecb', aesKey, null), request);

function cipher(one, bytes) {
  return Buffer.concat([one.update(bytes), one.final()]);
}

const plainTurn = () => {
  if (!verify('sha256', request, merchant.publicKey, signature))
    throw new Error('the signature does not verify');
  sign('sha256', answer, platform.privateKey);
};
// Node 20 refuses to take PKCS#1 v1.5 padding off; as the server does, it is taken off by hand.
const unwrap = (bytes) =>
  privateDecrypt({ key: platform.privateKey, padding: constants.RSA_NO_PADDING }, bytes).subarray(
    -32,
  );
const sealedTurn = () => {
  plainTurn();
  cipher(createDecipheriv('aes-256-ecb', unwrap(wrapped), null), sealedRequest);
  const key = randomBytes(32);
  cipher(createCipheriv('aes-256-ecb', key, null), answer);
  publicEncrypt({ key: merchant.publicKey, padding }, key);
};
const turn = workerData.sealed ? sealedTurn : plainTurn;

for (let warm = 0; warm < 200; warm++) turn();
parentPort.on('message', ({ seconds }) => {
  const began = performance.now();
  let turns = 0;
  for (; performance.now() - began < seconds * 1000; turns++) turn();
  parentPort.postMessage((turns / (performance.now() - began)) * 1000);
});
parentPort.postMessage('ready');
