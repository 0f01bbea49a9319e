// alipayhk-mock certify -- node examples/node/certify-driver.mjs
import { readFileSync } from 'node:fs';
import { AlipayHKClient, OperationFailedError, Outbox, UnknownOutcomeError } from 'alipayhk-mock/client';

const { env } = process;
const { action, operation, sealed, message, messages = [message] } = JSON.parse(readFileSync(0, 'utf8'));
const client = new AlipayHKClient({
  baseUrl: env.ALIPAYHK_BASE_URL,
  clientId: env.ALIPAYHK_CLIENT_ID,
  privateKey: env.ALIPAYHK_PRIVATE_KEY,
  platformKey: Object.entries(JSON.parse(env.ALIPAYHK_PLATFORM_KEYS)).map(([version, key]) => ({ version: Number(version), key })),
  seal: sealed,
  retry: { factor: Number(env.ALIPAYHK_CERTIFY_PAUSE_FACTOR ?? 1) },
  timeoutMs: Number(env.TIMEOUT_SECONDS ?? 8) * 1000,
});
const outbox = new Outbox({ client, store: env.ALIPAYHK_CERTIFY_STATE });

const claim = async ({ settled, result, body, claim, sentence }) => {
  if (settled !== undefined)
    return { outcome: settled === 'S' ? 'SUCCESS' : 'FAILED', resultCode: result.resultCode, alerted: settled === 'F', observed: { orderStatus: body.orderStatus } };
  const { dueAt } = (await outbox.list()).at(-1);
  return { outcome: 'UNKNOWN', resultCode: claim?.resultCode, reason: sentence, alerted: dueAt === undefined, nextAttemptInMs: dueAt && dueAt - Date.now() };
};
const send = (one) => outbox.send(operation, one).then(
  ({ response }) => ({ settled: 'S', result: response.result ?? response.resultInfo, body: response }),
  (error) => {
    if (error instanceof OperationFailedError) return { settled: 'F', result: error.result, body: error.response };
    if (error instanceof UnknownOutcomeError) return error.history.at(-1);
    throw error;
  },
);
const claims = [];
if (action === 'resume') for (const { outcome } of await outbox.sendOpen()) claims.push(await claim(outcome));
else for (const one of messages) claims.push(await claim(await send(one)));
const worst = ['UNKNOWN', 'FAILED'].map((outcome) => claims.find((one) => one.outcome === outcome)).find(Boolean) ?? claims[0];
console.log(JSON.stringify({ outcome: 'SUCCESS', ...worst, outcomes: claims, resent: claims.length }));
