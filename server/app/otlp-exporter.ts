import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { type Contract, operationIds } from '../domain/contract/contract.ts';
import { findingIds, isSigned } from '../journal/exchange-query.ts';
import { estimateEntryBytes } from '../journal/journal.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';
import { makeSpanIds, readTraceContext } from '../journal/trace-context.ts';
import { version } from '../package-root.ts';
import { clipText } from '../problems/display-text.ts';
import { errorText, type Problem } from '../problems/problem.ts';
import { abortAfter } from '../protocol/http-call.ts';
import { sendRaw } from '../protocol/send-raw.ts';

/** Where spans are sent and which; as the setting `otlp.endpoint` or OpenTelemetry's variables. */
export interface OtlpTarget {
  /** Address of the collector's traces, e.g. `http://127.0.0.1:4318/v1/traces`. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Attributes of the resource, `service.name` included. */
  readonly resource: Readonly<Record<string, string>>;
  /** Whether a span is exported, by the trace and the caller's own decision. */
  readonly isSampled: (traceId: string, isParentSampled: boolean | undefined) => boolean;
}

export interface OtlpExporterOptions {
  readonly target: OtlpTarget;
  readonly contract: Pick<Contract, 'operations'>;
  /** Where the simulator listens, for `server.address` and `server.port`. */
  readonly listensOn: () => string;
  /** Called with a sentence when spans are dropped. */
  readonly onWarning: (sentence: string) => void;
  /** The start of the monotonic clock, milliseconds since 1970. */
  readonly originMs: number;
  /** Before the second and the third try of a batch; default 1 and 2 s. */
  readonly retryPausesMs?: readonly number[];
  /** How long a stop waits for what is queued; default 2 s. */
  readonly closeTimeoutMs?: number;
}

const maxQueued = 2048;
/** What is queued keeps its bodies. */
const maxQueuedBytes = 32 * 1024 * 1024;
const maxExportBatch = 512;
/** Written between two answers: a whole batch would hold them up for milliseconds. */
const writtenAtOnce = 32;
const exportDelayMs = 5000;
const requestTimeoutMs = 3000;

/**
 * Exports exchanges as OpenTelemetry spans over OTLP/HTTP with JSON: one of kind server for each
 * exchange, with a child for each step. A collector that is slow or down changes no answer: what
 * does not fit into the queue, or is not taken at the third try, is dropped and counted.
 */
export class OtlpExporter {
  readonly #options: OtlpExporterOptions;
  readonly #closing = new AbortController();
  /** Not yet spans: the journal keeps most exchanges anyway, and texts would be more to collect. */
  #queue: TracedExchange[] = [];
  #queuedBytes = 0;
  #own: URL | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #dropped = 0;

  constructor(options: OtlpExporterOptions) {
    this.#options = options;
  }

  /** Exchanges whose spans were dropped since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  add(exchange: JournalEntry): void {
    const { target } = this.#options;
    const { headers, headerLines } = exchange.request;
    const context =
      headers['traceparent'] === undefined ? undefined : readTraceContext(headerLines);
    const traceId = context?.traceId ?? randomUUID().replaceAll('-', '');
    if (!target.isSampled(traceId, context?.isSampled)) return;
    const obstacle = this.#findObstacle();
    if (obstacle !== undefined) {
      this.#drop(1, obstacle);
      return;
    }
    const bytes = estimateEntryBytes(exchange);
    const { parentId, state } = context ?? {};
    this.#queue.push({ exchange, bytes, traceId, parentId, state });
    this.#queuedBytes += bytes;
    if (this.#queue.length >= maxExportBatch) this.#send();
    else this.#timer ??= setTimeout(() => this.#send(), exportDelayMs).unref();
  }

  /** Sends what is queued, for at most `closeTimeoutMs`. */
  async close(): Promise<void> {
    const { closeTimeoutMs = 2000 } = this.#options;
    const timer = setTimeout(() => this.#closing.abort(), closeTimeoutMs);
    while (
      !this.#closing.signal.aborted &&
      (this.#queue.length > 0 || this.#sending !== undefined)
    ) {
      this.#send();
      await this.#sending;
    }
    clearTimeout(timer);
    clearTimeout(this.#timer);
    this.#closing.abort();
    if (this.#queue.length > 0) this.#drop(this.#queue.length, 'the simulator stopped');
    this.#queue = [];
  }

  get #server(): URL {
    this.#own ??= new URL(this.#options.listensOn());
    return this.#own;
  }

  /** @returns why a span cannot be queued */
  #findObstacle(): string | undefined {
    // Each export would be an exchange to export.
    if (this.#server.origin === this.#options.target.url.origin)
      return 'the address is that of the simulator itself';
    const isFull = this.#queue.length >= maxQueued || this.#queuedBytes >= maxQueuedBytes;
    return isFull ? 'more spans came than were taken' : undefined;
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#sending !== undefined || this.#queue.length === 0) return;
    const batch = this.#queue.splice(0, maxExportBatch);
    for (const { bytes } of batch) this.#queuedBytes -= bytes;
    this.#sending = this.#sendBatch(batch)
      .catch((error: unknown) => this.#drop(batch.length, errorText(error)))
      .finally(() => {
        this.#sending = undefined;
        if (this.#closing.signal.aborted || this.#queue.length === 0) return;
        if (this.#queue.length >= maxExportBatch) this.#send();
        else this.#timer ??= setTimeout(() => this.#send(), exportDelayMs).unref();
      });
  }

  async #sendBatch(batch: readonly TracedExchange[]): Promise<void> {
    const { retryPausesMs = [1000, 2000] } = this.#options;
    const body = await this.#writeBatch(batch);
    let failure = '';
    for (const pauseMs of [0, ...retryPausesMs]) {
      if (pauseMs > 0)
        await pause(pauseMs, undefined, { signal: this.#closing.signal }).catch(() => {});
      if (this.#closing.signal.aborted && failure !== '') break;
      const outcome = await this.#post(body);
      if (outcome === 'taken') return;
      failure = outcome.failure;
      if (!outcome.isWorthRetry) break;
    }
    this.#drop(batch.length, failure);
  }

  async #writeBatch(batch: readonly TracedExchange[]): Promise<Buffer> {
    const { target, contract, originMs } = this.#options;
    const context: SpanContext = { contract, originMs, server: this.#server };
    const parts = [Buffer.from(beginRequest(target.resource))];
    for (let at = 0; at < batch.length; at += writtenAtOnce) {
      if (at > 0) await nextTurn();
      const spans = batch
        .slice(at, at + writtenAtOnce)
        .map((traced) => writeSpans(traced, context));
      parts.push(Buffer.from(`${at > 0 ? ',' : ''}${spans.join(',')}`));
    }
    return Buffer.concat([...parts, Buffer.from(requestEnd)]);
  }

  async #post(body: Buffer): Promise<'taken' | { failure: string; isWorthRetry: boolean }> {
    const { url, headers } = this.#options.target;
    try {
      // A redirect is not followed: spans go to the address that the settings name.
      const { httpStatus } = await sendRaw(
        url,
        {
          method: 'POST',
          rawHeaders: Object.entries({ ...headers, 'content-type': 'application/json' }).flat(),
          body,
        },
        { signal: abortAfter(requestTimeoutMs, this.#closing.signal) },
      );
      if (httpStatus >= 200 && httpStatus < 300) return 'taken';
      const isWorthRetry = httpStatus === 429 || httpStatus >= 500;
      return { failure: `the collector answered ${httpStatus}`, isWorthRetry };
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      return { failure: errorText(cause), isWorthRetry: true };
    }
  }

  #drop(count: number, because: string): void {
    this.#dropped += count;
    const { url } = this.#options.target;
    this.#options.onWarning(
      `traces are not exported to ${url.origin}: ${clipText(because, 200)}; ` +
        'check otlp.endpoint, and that a collector listens there',
    );
  }
}

/** An exchange that is queued, and the trace that it is in. */
interface TracedExchange {
  readonly exchange: JournalEntry;
  readonly bytes: number;
  readonly traceId: string;
  readonly parentId: string | undefined;
  readonly state: string | undefined;
}

interface SpanContext {
  readonly contract: Pick<Contract, 'operations'>;
  readonly originMs: number;
  /** The simulator's own address. */
  readonly server: URL;
}

const spanKinds = { internal: 1, server: 2 } as const;
const statusCodes = { unset: 0, error: 2 } as const;

/** The path as it is served, never the one of the request: that is anybody's text. */
const findRoute = (
  { operation, target }: JournalEntry,
  contract: Pick<Contract, 'operations'>,
): string | undefined => {
  const id = operationIds.find((known) => known === operation);
  const paths = id === undefined ? undefined : contract.operations.get(id)?.paths;
  return paths?.find((path) => path === pathIn(target)) ?? paths?.[0];
};

const pathIn = (target: string): string => target.replace(/[?#].*$/s, '');

const beginRequest = (resource: Readonly<Record<string, string>>): string => {
  const attributes = Object.entries(resource).map(([key, stringValue]) => ({
    key,
    value: { stringValue },
  }));
  const scope = JSON.stringify({ name: 'alipayhk-mock', version });
  return (
    `{"resourceSpans":[{"resource":${JSON.stringify({ attributes })},` +
    `"scopeSpans":[{"scope":${scope},"spans":[`
  );
};

const requestEnd = ']}]}]}';

/**
 * The span of one exchange, then those of its steps. They are put together as text: to build and
 * write objects took more than all the rest of an export.
 */
const writeSpans = (traced: TracedExchange, context: SpanContext): string => {
  const { exchange, traceId, parentId, state } = traced;
  const route = findRoute(exchange, context.contract);
  const ids = makeSpanIds(traceId, exchange);
  const startUs = context.originMs * 1000 + exchange.arrival.atUs;
  const endUs = context.originMs * 1000 + exchange.delivery.endedUs;
  const name = route === undefined ? exchange.method : `${exchange.method} ${route}`;
  const status = isServerError(exchange) ? statusCodes.error : statusCodes.unset;
  let from = toNano(startUs);
  let spans =
    `{"traceId":"${traceId}","spanId":"${ids.own}","kind":${spanKinds.server},` +
    (parentId === undefined ? '' : `"parentSpanId":"${parentId}",`) +
    (state === undefined ? '' : `"traceState":${JSON.stringify(state)},`) +
    `"name":${JSON.stringify(name)},` +
    `"startTimeUnixNano":"${from}","endTimeUnixNano":"${toNano(endUs)}",` +
    `"attributes":[${writeAttributes(exchange, route, context.server)}],` +
    `"status":{"code":${status}}}`;
  const family = `{"traceId":"${traceId}","parentSpanId":"${ids.own}","kind":${spanKinds.internal}`;
  let stepUs = startUs;
  exchange.steps.forEach(({ name, microseconds, refused }, at) => {
    stepUs += microseconds;
    const to = toNano(stepUs);
    spans +=
      `,${family},"spanId":"${ids.step(at)}","name":"${name}",` +
      `"startTimeUnixNano":"${from}","endTimeUnixNano":"${to}",` +
      `"attributes":[{"key":"refused","value":{"boolValue":${refused}}}]}`;
    from = to;
  });
  return spans;
};

/** 64-bit numbers are texts in OTLP's JSON; as many microseconds are exact. */
const toNano = (microseconds: number): string => `${Math.round(microseconds)}000`;

/** An F is an answer; a U, a scripted fault or a status above 499 is an error. */
const isServerError = ({ verdict, scripted, reply }: JournalEntry): boolean =>
  verdict.status === 'U' ||
  scripted?.delivery.fault !== undefined ||
  reply.httpStatus >= 500 ||
  reply.httpStatus === 0;

/** No bodies, identities or reasons: those may quote what merchants sent. */
const writeAttributes = (
  exchange: JournalEntry,
  route: string | undefined,
  server: URL,
): string => {
  const { verdict, request, reply, scripted, clientId } = exchange;
  const userAgent = request.headers['user-agent'];
  const status = reply.httpStatus;
  return (
    writeText('http.request.method', exchange.method).slice(1) +
    writeText('http.route', route) +
    writeText('url.path', route ?? clipText(pathIn(exchange.target), 256)) +
    (status === 0 ? '' : writeAttribute('http.response.status_code', 'int', `"${status}"`)) +
    writeText('server.address', server.hostname) +
    writeAttribute('server.port', 'int', `"${Number(server.port)}"`) +
    writeText('user_agent.original', userAgent && clipText(userAgent, 256)) +
    writeText('error.type', verdict.status === 'S' ? undefined : verdict.code) +
    writeText('alipayhk.operation', exchange.operation) +
    writeText('alipayhk.result.code', verdict.code) +
    writeText('alipayhk.result.status', verdict.status) +
    writeText('alipayhk.step', verdict.step) +
    writeText('alipayhk.finding', findingIds(exchange)[0]) +
    writeList('alipayhk.tags', exchange.tags) +
    writeList('alipayhk.references', verdict.basis) +
    writeText('alipayhk.rule', scripted?.rule) +
    writeText('alipayhk.fault', scripted?.delivery.fault?.id) +
    writeAttribute('alipayhk.encrypted', 'bool', `${exchange.sealed}`) +
    writeAttribute('alipayhk.signed', 'bool', `${isSigned(exchange)}`) +
    writeText('alipayhk.tracer_id', exchange.id) +
    writeAttribute('alipayhk.exchange.number', 'int', `"${exchange.number}"`) +
    writeText('alipayhk.client_id', clientId && clipText(clientId, 64))
  );
};

const writeAttribute = (key: string, type: 'string' | 'bool' | 'int' | 'array', json: string) =>
  `,{"key":"${key}","value":{"${type}Value":${json}}}`;

const writeText = (key: string, text: string | undefined): string =>
  text === undefined ? '' : writeAttribute(key, 'string', JSON.stringify(text));

const writeList = (key: string, texts: readonly string[]): string => {
  if (texts.length === 0) return '';
  const values = texts.map((text) => `{"stringValue":${JSON.stringify(text)}}`);
  return writeAttribute(key, 'array', `{"values":[${values.join(',')}]}`);
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads where to export to. OpenTelemetry's variables count with `otlp.endpoint: env` alone: a test
 * command that runs under `exec` has them for its own purposes.
 * @returns undefined when nothing is exported
 */
export const readOtlpTarget = (
  setting: string,
  env: Environment,
): { readonly target?: OtlpTarget; readonly problems: readonly Problem[] } => {
  if (setting === '' || (setting === 'env' && env['OTEL_SDK_DISABLED'] === 'true'))
    return { problems: [] };
  const isFromEnv = setting === 'env';
  const address = isFromEnv ? addressFromEnv(env) : collectorUrl(setting);
  if (address === undefined || !/^https?:/.test(address) || !URL.canParse(address))
    return {
      problems: [
        {
          where: isFromEnv ? 'OTEL_EXPORTER_OTLP_ENDPOINT' : 'otlp.endpoint',
          message: address === undefined ? 'is not set' : `is no address: ${clipText(address, 80)}`,
          remedy: 'Name the collector like http://127.0.0.1:4318.',
        },
      ],
    };
  const read = isFromEnv ? env : {};
  return {
    problems: [],
    target: {
      url: new URL(address),
      headers: readHeaderList(
        read['OTEL_EXPORTER_OTLP_TRACES_HEADERS'] ?? read['OTEL_EXPORTER_OTLP_HEADERS'],
      ),
      resource: {
        'service.version': version,
        ...readHeaderList(read['OTEL_RESOURCE_ATTRIBUTES']),
        'service.name': read['OTEL_SERVICE_NAME'] ?? 'alipayhk-mock',
      },
      isSampled: createSampler(read['OTEL_TRACES_SAMPLER'], read['OTEL_TRACES_SAMPLER_ARG']),
    },
  };
};

const addressFromEnv = (env: Environment): string | undefined => {
  const base = env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  return (
    env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] ??
    (base === undefined ? undefined : collectorUrl(base))
  );
};

const collectorUrl = (base: string): string =>
  base.endsWith('/v1/traces') || !URL.canParse(base)
    ? base
    : `${base.replace(/\/+$/, '')}/v1/traces`;

/** `key=value` pairs, separated by commas, percent-encoded; what is not one is left out. */
const readHeaderList = (text = ''): Record<string, string> =>
  Object.fromEntries(
    text.split(',').flatMap((pair) => {
      const at = pair.indexOf('=');
      return at < 1 ? [] : [[pair.slice(0, at).trim(), decodePercent(pair.slice(at + 1).trim())]];
    }),
  );

const decodePercent = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** OpenTelemetry's samplers by name; unknown names are its default, `parentbased_always_on`. */
const createSampler = (name = 'parentbased_always_on', argument = '1'): OtlpTarget['isSampled'] => {
  const ratio = Math.min(1, Math.max(0, Number(argument)));
  const root = (traceId: string): boolean => {
    if (name.endsWith('always_off')) return false;
    if (!name.endsWith('traceidratio') || Number.isNaN(ratio)) return true;
    return Number.parseInt(traceId.slice(-13), 16) < ratio * 2 ** 52;
  };
  return (traceId, isParentSampled) =>
    name.startsWith('parentbased_') && isParentSampled !== undefined
      ? isParentSampled
      : root(traceId);
};
