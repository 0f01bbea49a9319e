import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OtlpExporter, readOtlpTarget } from '../../server/app/otlp-exporter.ts';
import { operationIds } from '../../server/domain/contract/contract.ts';
import type { JournalEntry } from '../../server/journal/journal-entry.ts';
import { traceExchange } from '../../server/journal/trace-context.ts';
import { exchangeSample } from '../journal/exchange-sample.ts';
import { merchantAt } from '../merchant.ts';
import { startServer } from '../start-server.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentId = '00f067aa0ba902b7';
const orderPath = '/api/open/v1/alipayhk/merchant/template/sync';

const traced = (flags: string, fields: Partial<JournalEntry> = {}): JournalEntry => {
  const traceparent = `00-${traceId}-${parentId}-${flags}`;
  return exchangeSample({
    ...fields,
    request: {
      headers: { traceparent, tracestate: 'a=1' },
      headerLines: ['traceparent', traceparent, 'tracestate', 'a=1'],
      body: Buffer.from('{"merchantBizNo":"SECRET-1"}'),
    },
  });
};

type Span = Readonly<Record<string, unknown>> & {
  readonly attributes: readonly { readonly key: string; readonly value: unknown }[];
};

interface Collector {
  readonly url: string;
  readonly requests: { readonly headers: IncomingMessage['headers']; readonly body: string }[];
  respond: (res: ServerResponse) => void;
  close(): Promise<void>;
}

const startCollector = async (): Promise<Collector> => {
  const server = createServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    collector.requests.push({ headers: req.headers, body: Buffer.concat(chunks).toString() });
    collector.respond(res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const collector: Collector = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    respond: (res) => res.end('{}'),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return collector;
};

const spansOf = ({ requests }: Collector): readonly Span[] =>
  requests.flatMap(({ body }) => {
    const { resourceSpans } = JSON.parse(body);
    return resourceSpans[0].scopeSpans[0].spans;
  });

const attribute = ({ attributes }: Span, key: string): unknown =>
  attributes.find((one) => one.key === key)?.value;

const contract = {
  operations: new Map(operationIds.map((id) => [id, { paths: [orderPath] }])),
} as unknown as ConstructorParameters<typeof OtlpExporter>[0]['contract'];

const targetAt = (endpoint: string, env: Readonly<Record<string, string>> = {}) => {
  const { target, problems } = readOtlpTarget(endpoint, env);
  expect(problems).toEqual([]);
  if (target === undefined) throw new Error('nothing is exported');
  return target;
};

let collector: Collector;
let warnings: string[];
beforeEach(async () => {
  collector = await startCollector();
  warnings = [];
});
afterEach(() => collector.close());

/** A collector that answers is waited for as long as it takes; one that hangs, briefly. */
const exporterTo = (endpoint: string, closeTimeoutMs = 20_000) =>
  new OtlpExporter({
    target: targetAt(endpoint),
    contract,
    listensOn: () => 'http://127.0.0.1:8852',
    onWarning: (sentence) => warnings.push(sentence),
    originMs: 1_767_225_600_000,
    retryPausesMs: [1, 1],
    closeTimeoutMs,
  });

describe('exported spans', () => {
  test('are one of kind server inside the caller’s trace, and one for each step', async () => {
    const exporter = exporterTo(collector.url);
    const entry = traced('01');
    exporter.add(entry);
    await exporter.close();
    expect(collector.requests[0]?.headers['content-type']).toBe('application/json');
    const [server, step, ...more] = spansOf(collector);
    expect(more).toEqual([]);
    expect(server).toMatchObject({
      traceId,
      spanId: traceExchange(entry)?.spanId,
      parentSpanId: parentId,
      traceState: 'a=1',
      name: `POST ${orderPath}`,
      kind: 2,
      startTimeUnixNano: '1767225601000000000',
      endTimeUnixNano: '1767225601002000000',
      status: { code: 0 },
    });
    expect(step).toMatchObject({
      traceId,
      parentSpanId: server?.['spanId'],
      name: 'decide',
      kind: 1,
      startTimeUnixNano: '1767225601000000000',
      endTimeUnixNano: '1767225601000100000',
    });
    const span = server as Span;
    expect(attribute(span, 'http.route')).toEqual({ stringValue: orderPath });
    expect(attribute(span, 'http.response.status_code')).toEqual({ intValue: '200' });
    expect(attribute(span, 'alipayhk.result.code')).toEqual({ stringValue: 'SUCCESS' });
    expect(attribute(span, 'alipayhk.signed')).toEqual({ boolValue: true });
    expect(attribute(span, 'error.type')).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  test('contain no body, identity, header value or reason', async () => {
    const exporter = exporterTo(collector.url);
    exporter.add(
      traced('01', {
        identity: '["SECRET-2"]',
        target: '/unknown/SECRET-3?x=SECRET-4',
        operation: undefined,
        verdict: {
          step: 'receive',
          code: 'INVALID_API',
          status: 'F',
          basis: [],
          reason: 'SECRET-5',
        },
      }),
    );
    await exporter.close();
    const text = collector.requests.map(({ body }) => body).join('');
    for (const secret of ['SECRET-1', 'SECRET-2', 'SECRET-4', 'SECRET-5'])
      expect(text).not.toContain(secret);
    const [span] = spansOf(collector) as [Span];
    // Anybody's text is no name of a span.
    expect(span['name']).toBe('POST');
    expect(attribute(span, 'http.route')).toBeUndefined();
    expect(attribute(span, 'error.type')).toEqual({ stringValue: 'INVALID_API' });
    expect(span['status']).toEqual({ code: 0 });
  });

  test('of a U are errors, and begin a trace of their own outside one', async () => {
    const exporter = exporterTo(collector.url);
    const verdict = {
      step: 'decide',
      code: 'UNKNOWN_EXCEPTION',
      status: 'U',
      basis: [],
      reason: '',
    };
    exporter.add(exchangeSample({ verdict } as Partial<JournalEntry>));
    await exporter.close();
    const [span] = spansOf(collector) as [Span];
    expect(span['status']).toEqual({ code: 2 });
    expect(span['traceId']).toMatch(/^[0-9a-f]{32}$/);
    expect(span).not.toHaveProperty('parentSpanId');
  });

  test('of a caller that does not sample are left out', async () => {
    const exporter = exporterTo(collector.url);
    exporter.add(traced('00'));
    await exporter.close();
    expect(collector.requests).toEqual([]);
    expect(exporter.dropped).toBe(0);
  });
});

describe('a collector that does not take spans', () => {
  test.each([429, 500, 503])(
    'with %s is asked three times, then its spans are dropped, counted and said',
    async (status) => {
      collector.respond = (res) => res.writeHead(status).end();
      const exporter = exporterTo(collector.url);
      exporter.add(traced('01'));
      await exporter.close();
      expect(collector.requests).toHaveLength(3);
      expect(exporter.dropped).toBe(1);
      expect(warnings).toEqual([expect.stringContaining(`the collector answered ${status}`)]);
    },
  );

  test.each([
    [302, { location: 'http://127.0.0.1:1/' }],
    [400, {}],
  ])('with %s is asked once', async (status, headers) => {
    collector.respond = (res) => res.writeHead(status, headers).end();
    const exporter = exporterTo(collector.url);
    exporter.add(traced('01'));
    await exporter.close();
    expect(collector.requests).toHaveLength(1);
    expect(exporter.dropped).toBe(1);
  });

  test('and never ends its answer delays a stop by no more than it is given', async () => {
    collector.respond = () => {};
    const exporter = exporterTo(collector.url, 100);
    exporter.add(traced('01'));
    const from = performance.now();
    await exporter.close();
    expect(performance.now() - from).toBeLessThan(1000);
    expect(exporter.dropped).toBe(1);
  });

  test('fills a queue of 2,048 exchanges and no more', async () => {
    collector.respond = () => {};
    const exporter = exporterTo(collector.url, 100);
    for (let number = 1; number <= 512 + 2048 + 7; number++) exporter.add(traced('01', { number }));
    expect(exporter.dropped).toBe(7);
    expect(warnings[0]).toContain('more spans came than were taken');
    await exporter.close();
    expect(exporter.dropped).toBe(512 + 2048 + 7);
  });

  test('is not sent what cannot be written: it is dropped, counted and said', async () => {
    const exporter = exporterTo(collector.url);
    const broken = exchangeSample({});
    Object.defineProperty(broken, 'steps', {
      get: () => {
        throw new Error('no steps');
      },
    });
    exporter.add(broken);
    await exporter.close();
    expect(exporter.dropped).toBe(1);
    expect(warnings).toEqual([expect.stringContaining('no steps')]);
  });

  test('is sent no more while 32 MiB of exchanges wait, however few they are', async () => {
    collector.respond = () => {};
    const exporter = exporterTo(collector.url, 100);
    const request = { headers: {}, headerLines: [], body: Buffer.alloc(8 * 1024 * 1024) };
    for (let number = 1; number <= 6; number++) exporter.add(exchangeSample({ number, request }));
    expect(exporter.dropped).toBe(2);
    await exporter.close();
    expect(exporter.dropped).toBe(6);
  });

  const absent = 'http://127.0.0.1:1';
  const failures: readonly [string, ((res: ServerResponse) => unknown) | typeof absent][] = [
    ['answers 429', (res) => res.writeHead(429).end()],
    ['answers 500', (res) => res.writeHead(500).end()],
    ['redirects', (res) => res.writeHead(302, { location: `${collector.url}/other` }).end()],
    ['never answers', () => {}],
    ['closes the connection', (res) => res.destroy()],
    ['is absent', absent],
  ];
  test.each(failures)('and %s changes no answer of a simulator, nor its stop', async (_, kind) => {
    if (kind !== absent) collector.respond = kind;
    const server = await startServer(
      { 'otlp.endpoint': kind === absent ? absent : collector.url },
      { onWarning: (sentence) => warnings.push(sentence) },
    );
    const merchant = merchantAt(server);
    for (let nth = 0; nth < 3; nth++) {
      const { code } = await merchant.call('syncOrder', { merchantBizNo: `ORDER-${nth}` });
      expect(code).toBe('SUCCESS');
    }
    const from = performance.now();
    await server.close();
    expect(performance.now() - from).toBeLessThan(2900);
    expect(warnings.filter((line) => line.includes('traces are not exported'))).toHaveLength(1);
  });

  test('is never the simulator itself', () => {
    const exporter = exporterTo('http://127.0.0.1:8852');
    exporter.add(traced('01'));
    expect(exporter.dropped).toBe(1);
    expect(warnings[0]).toContain('the simulator itself');
  });
});

describe('where spans go', () => {
  test('is nowhere unless the setting says so, whatever the variables say', () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' };
    expect(readOtlpTarget('', env)).toEqual({ problems: [] });
    expect(targetAt('http://127.0.0.1:4318/', env).url.href).toBe(
      'http://127.0.0.1:4318/v1/traces',
    );
    expect(targetAt('http://h/x', { OTEL_EXPORTER_OTLP_HEADERS: 'a=b' }).headers).toEqual({});
  });

  test('is as OpenTelemetry’s variables say with env', () => {
    const target = targetAt('env', {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.test/base/',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20x, broken, api-key = 7=8',
      OTEL_SERVICE_NAME: 'wallet',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=ci,service.name=not-this',
    });
    expect(target.url.href).toBe('https://collector.test/base/v1/traces');
    expect(target.headers).toEqual({ authorization: 'Bearer x', 'api-key': '7=8' });
    expect(target.resource).toMatchObject({
      'service.name': 'wallet',
      'deployment.environment': 'ci',
    });
    const traces = targetAt('env', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://h:1/mine' });
    expect(traces.url.href).toBe('http://h:1/mine');
    expect(readOtlpTarget('env', { OTEL_SDK_DISABLED: 'true' })).toEqual({ problems: [] });
  });

  test.each([
    ['env', {}, 'is not set'],
    ['env', { OTEL_EXPORTER_OTLP_ENDPOINT: 'grpc://h:4317' }, 'is no address'],
    ['http://', {}, 'is no address'],
  ])('is refused for %s %j', (setting, env, message) => {
    const { target, problems } = readOtlpTarget(setting, env);
    expect(target).toBeUndefined();
    expect(problems[0]?.message).toContain(message);
  });

  test.each([
    [{}, { [traceId]: true }],
    [{ OTEL_TRACES_SAMPLER: 'always_off' }, { [traceId]: false }],
    [
      { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.5' },
      { [`${'0'.repeat(31)}1`]: true, ['f'.repeat(32)]: false },
    ],
  ])('is sampled as %j', (env, expected) => {
    const { isSampled } = targetAt('env', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://h', ...env });
    for (const [id, isExported] of Object.entries(expected))
      expect(isSampled(id, undefined)).toBe(isExported);
  });
});
