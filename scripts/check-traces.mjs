/**
 * Traces with independent programs on both sides: OpenTelemetry's own SDK as the merchant, and
 * Elastic's mock OTLP server as the collector. Both are installed from the npm registry into a
 * temporary folder. The simulator's spans must be inside the merchant's trace, and nothing may be
 * sent when the setting is absent, whatever the environment says.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { AlipayHKClient } = await import(new URL('../dist/client.mjs', import.meta.url).href);
const { connectMockServer } = await import(new URL('../dist/connect.mjs', import.meta.url).href);

const packages = [
  '@elastic/mockotlpserver@0.10.0',
  '@opentelemetry/api@1',
  '@opentelemetry/sdk-trace-node@2',
  '@opentelemetry/exporter-trace-otlp-http@0.220.0',
];

const order = {
  orderStatus: 'TICKETED',
  userId: '2160120074526881',
  merchantBizType: 'PASS_TICKET',
  orderCreateTime: 1_747_893_700_000,
  orderModifyTime: Date.now(),
  amount: { value: '63900', currency: 'HKD' },
  payAmount: { value: '59900', currency: 'HKD' },
  tradeNo: '2025052219071000010000017425001',
  extInfo: { title: { en_US: 'Day ticket', zh_HK: '門票' }, quantity: '2' },
};

const folder = mkdtempSync(join(tmpdir(), 'check-traces-'));
const children = new Set();
try {
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  try {
    const flags = ['--silent', '--no-audit', '--no-fund', '--ignore-scripts'];
    execFileSync('npm', ['install', ...flags, ...packages], { cwd: folder, stdio: 'inherit' });
  } catch {
    console.log('skipped: the packages of OpenTelemetry could not be installed');
    process.exit(0);
  }
  await checkTraces(createRequire(join(folder, 'package.json')));
} finally {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

async function checkTraces(load) {
  const { MockOtlpServer } = load('@elastic/mockotlpserver');
  const log = { info() {}, debug() {}, trace() {}, warn: console.warn, error: console.error };
  const collector = new MockOtlpServer({
    ...{ log, services: ['http'], httpHostname: '127.0.0.1', httpPort: 0 },
    onTrace: (trace) => received.push(...trace.resourceSpans),
  });
  const received = [];
  await collector.start();
  const endpoint = new URL(collector.httpUrl).origin;

  const { trace, context, propagation } = load('@opentelemetry/api');
  const { NodeTracerProvider, BatchSpanProcessor } = load('@opentelemetry/sdk-trace-node');
  const { OTLPTraceExporter } = load('@opentelemetry/exporter-trace-otlp-http');
  const provider = new NodeTracerProvider({
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint}/v1/traces` })),
    ],
  });
  provider.register();
  const tracer = trace.getTracer('shop');

  const environment = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
  const silent = await startSimulator([], environment);
  await callInSpan(silent, tracer, { context, propagation }, 'silent');
  await silent.stop();
  await provider.forceFlush();
  assert.equal(spansFrom('alipayhk-mock', received).length, 0, 'spans without the setting');

  const simulator = await startSimulator(['--otlp-endpoint', endpoint], process.env);
  const span = await callInSpan(simulator, tracer, { context, propagation }, 'checkout');
  const traceId = span.spanContext().traceId;
  const { entries } = await connectMockServer(simulator).admin('GET', `/journal?trace=${traceId}`);
  assert.equal(entries.length, 1);
  assert.equal(entries[0].trace.parentId, span.spanContext().spanId);
  await simulator.stop();
  await provider.forceFlush();
  await provider.shutdown();

  const ours = spansFrom('alipayhk-mock', received);
  const server = ours.find(({ name }) => name === 'POST /api/open/alipay/v1/merchant/order/sync');
  assert.ok(server, `no span of the simulator in ${JSON.stringify(ours.map(({ name }) => name))}`);
  assert.equal(toHex(server.traceId), traceId);
  assert.equal(toHex(server.parentSpanId), span.spanContext().spanId);
  assert.equal(toHex(server.spanId), entries[0].trace.spanId);
  const steps = ours.filter(({ parentSpanId }) => toHex(parentSpanId) === toHex(server.spanId));
  assert.ok(
    steps.some(({ name }) => name === 'verify-signature'),
    'no spans of the steps',
  );
  const caller = spansFrom('shop', received).find(({ name }) => name === 'checkout');
  assert.equal(toHex(caller.traceId), traceId);
  await collector.close?.();
  console.log(
    `passed: the simulator's span and ${steps.length} of its steps are in the caller's trace, ` +
      'and none is sent without the setting',
  );
}

/** @returns spans of one instrumentation scope */
function spansFrom(scope, resources) {
  return resources
    .flatMap(({ scopeSpans }) => scopeSpans)
    .filter((one) => one.scope.name === scope)
    .flatMap(({ spans }) => spans);
}

function toHex(id) {
  if (typeof id === 'string') return id;
  return Buffer.from(id instanceof Uint8Array ? id : Object.values(id)).toString('hex');
}

function startSimulator(flags, env) {
  const child = spawn(process.execPath, ['dist/main.cjs', '--port', '0', ...flags], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const url = /ready on (http:[^"\s]+)/.exec(text)?.[1];
      if (url !== undefined)
        resolve({
          url,
          stop: async () => {
            child.kill('SIGTERM');
            assert.equal(await ended, 0);
          },
        });
    });
    void ended.then((code) => reject(new Error(`the simulator ended with ${code}: ${text}`)));
  });
}

async function callInSpan({ url }, tracer, { context, propagation }, name) {
  const client = await connectMockServer({ url }).clients.create();
  const merchant = new AlipayHKClient({
    ...client,
    traceparent: () => {
      const carrier = {};
      propagation.inject(context.active(), carrier);
      return carrier.traceparent;
    },
  });
  return tracer.startActiveSpan(name, async (span) => {
    await merchant.syncOrder({
      merchantBizNo: `trace-${name}`,
      ...order,
    });
    span.end();
    return span;
  });
}
