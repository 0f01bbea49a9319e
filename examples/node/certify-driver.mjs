// alipayhk-mock certify -- node examples/node/certify-driver.mjs
import { readFileSync } from 'node:fs';
import { AlipayHKClient, Outbox } from 'alipayhk-mock/client';

const { env } = process;
const { action, operation, sealed, messages } = JSON.parse(readFileSync(0, 'utf8'));
const keys = Object.entries(JSON.parse(env.ALIPAYHK_PLATFORM_KEYS));
let last;
const client = new AlipayHKClient({
  baseUrl: env.ALIPAYHK_BASE_URL,
  clientId: env.ALIPAYHK_CLIENT_ID,
  privateKey: env.ALIPAYHK_PRIVATE_KEY,
  platformKey: keys.map(([version, key]) => ({ version: Number(version), key })),
  seal: sealed,
  retry: { factor: Number(env.ALIPAYHK_CERTIFY_PAUSE_FACTOR) },
  timeoutMs: Number(env.TIMEOUT_SECONDS ?? 8) * 1000,
  onAttempt: ({ outcome }) => { last = outcome; },
});
const outbox = new Outbox({ client, store: env.ALIPAYHK_CERTIFY_STATE });
const open = action === 'resume' ? await outbox.sendOpen() : [];
for (const one of messages) {
  await outbox.send(operation, one).catch((error) => { if (!last) throw error; });
  open.push({ outcome: last, message: (await outbox.list()).at(-1) });
}
const outcomes = open.map(({ outcome: { settled = 'U', result, body, claim }, message }) => {
  const next = settled === 'U' && message.dueAt ? message.dueAt - Date.now() : undefined;
  const told = { resultCode: (result ?? claim)?.resultCode, alerted: settled !== 'S' && !next };
  return { outcome: settled, ...told, nextAttemptInMs: next, observed: { orderStatus: body?.orderStatus } };
});
console.log(JSON.stringify({ outcomes }));
