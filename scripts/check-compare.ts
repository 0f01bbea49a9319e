import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import {
  createRelay,
  type RelayedExchange,
  ShadowQueue,
} from '../server/fidelity/compare/relay.ts';
import { sendRaw } from '../server/protocol/send-raw.ts';

/**
 * Measures what a shadow that hangs or throws costs the real answer of `compare`: requests through
 * three relays in turn, one of them without a shadow. `npm run check:compare -- --requests 1000`
 */

const { values } = parseArgs({ options: { requests: { type: 'string', default: '500' } } });
const answer = Buffer.alloc(1500, 'a');

const startOn = async (server: ReturnType<typeof createServer>): Promise<URL> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/order/sync`);
};

const gateway = createServer((req, res) => {
  req.resume().once('end', () => res.end(answer));
});
const target = await startOn(gateway);

const withShadow = (shadow: () => Promise<void>) => {
  const queue = new ShadowQueue({ shadow, onSkip: () => undefined, timeoutMs: 5000 });
  return (exchange: RelayedExchange) => queue.add(exchange);
};
const kinds = {
  'without a shadow': () => undefined,
  'a shadow that hangs': withShadow(() => new Promise(() => undefined)),
  'a shadow that throws': withShadow(() => Promise.reject(new Error('it throws'))),
};
const relays = Object.entries(kinds).map(([name, onExchange]) => {
  const relay = createRelay({
    target: new URL(target.origin),
    ...{ timeoutMs: 10_000, maxBodyBytes: 1_000_000, refuse: () => undefined },
    ...{ onExchange, now: Date.now },
  });
  return { name, relay, wallMs: [] as number[], processorMs: [] as number[] };
});
const urls = new Map<string, URL>();
for (const { name, relay } of relays) urls.set(name, await startOn(relay));

const body = Buffer.alloc(600, 'b');
const warmUp = 50;
let isSame = true;
for (let round = -warmUp; round < Number(values.requests); round++)
  // Another one begins each round, so that none profits from its place.
  for (let turn = 0; turn < relays.length; turn++) {
    const one = relays[(turn + round + warmUp) % relays.length];
    const url = one && urls.get(one.name);
    if (one === undefined || url === undefined) continue;
    const [began, before] = [performance.now(), process.cpuUsage()];
    const received = await sendRaw(url, { method: 'POST', rawHeaders: [], body });
    const spent = process.cpuUsage(before);
    isSame &&= received.body.equals(answer);
    if (round < 0) continue;
    one.wallMs.push(performance.now() - began);
    one.processorMs.push((spent.user + spent.system) / 1000);
  }
for (const { relay } of relays) relay.close();
gateway.close();

const quantile = (samples: readonly number[], share: number): number =>
  samples.toSorted((a, b) => a - b)[Math.floor(samples.length * share)] ?? 0;
for (const { name, wallMs, processorMs } of relays)
  console.log(
    `${name}: wall p50 ${quantile(wallMs, 0.5).toFixed(2)} ms, p95 ${quantile(wallMs, 0.95).toFixed(2)} ms; ` +
      `processor p50 ${quantile(processorMs, 0.5).toFixed(2)} ms, p95 ${quantile(processorMs, 0.95).toFixed(2)} ms`,
  );
const [alone, ...shadowed] = relays.map(({ processorMs }) => quantile(processorMs, 0.5));
const isCheap = shadowed.every((ms) => ms <= (alone ?? 0) * 1.25 + 0.2);
if (!isSame) console.error('error: an answer was changed');
if (!isCheap) console.error('error: a shadow costs the real answer processor time');
// The shadow that hangs would be waited for.
process.exit(isSame && isCheap ? 0 : 1);
