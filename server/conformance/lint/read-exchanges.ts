import * as z from 'zod';
import { outboundCallIds } from '../../domain/outbound/outbound-calls.ts';
import type { JournalEntry } from '../../journal/journal-entry.ts';

const statusLetter = z.enum(['S', 'F', 'U']);
const headerList = z.record(z.string(), z.string());
const microseconds = z.number();
/** Absent: it was not encrypted, or is redacted. */
const openedBody = z.object({ bodyBase64: z.string().optional() }).optional();

/** What lint needs of an exchange as `journal show --json` prints it. */
const exchangeJson = z.object({
  number: z.number(),
  id: z.string(),
  receivedAt: z.number(),
  arrival: z.object({ order: z.number(), atUs: microseconds }),
  requestCompleteUs: microseconds.optional(),
  connection: z.object({ ordinal: z.number(), position: z.number(), tls: z.boolean() }),
  delivery: z.object({
    firstByteUs: microseconds.optional(),
    lastByteUs: microseconds.optional(),
    endedUs: microseconds,
    bytes: z.number(),
    complete: z.boolean(),
    endedBy: z.enum(['server', 'client', 'keptAlive']),
  }),
  method: z.string(),
  target: z.string(),
  operation: z.string().optional(),
  clientId: z.string().optional(),
  identity: z.string().optional(),
  step: z.string(),
  code: z.string(),
  status: statusLetter,
  reason: z.string(),
  tags: z.array(z.string()),
  notes: z.array(z.object({ id: z.string(), sentence: z.string() })),
  sealed: z.boolean(),
  scripted: z
    .object({
      rule: z.string(),
      fault: z.string().optional(),
      phase: z.string().optional(),
      security: z.string().optional(),
      delayMs: z.number().optional(),
    })
    .optional(),
  diagnosis: z
    .object({ cause: z.object({ id: z.string(), sentence: z.string() }).optional() })
    .optional(),
  request: z.object({
    headers: headerList,
    bodyBase64: z.string(),
    headerLines: z.array(z.tuple([z.string(), z.string()])).default([]),
    opened: openedBody,
  }),
  reply: z.object({
    httpStatus: z.number(),
    headers: headerList,
    bodyBase64: z.string().default(''),
    opened: openedBody,
  }),
  direction: z.enum(['inbound', 'outbound']).optional(),
  attempt: z.number().optional(),
  nextAttemptAt: z.number().optional(),
  outbound: z
    .object({
      messageId: z.string(),
      call: z.enum(outboundCallIds),
      url: z.string(),
      acknowledged: z.boolean(),
      rule: z.string().optional(),
    })
    .optional(),
  symmetricKeyDigest: z.string().optional(),
  keyVersions: z.object({ verified: z.number().optional(), signed: z.number().optional() }),
  changes: z.array(z.looseObject({ collection: z.string() })),
  milliseconds: z.number(),
});

const exchangeFile = z.union([
  z.object({ exchanges: z.array(exchangeJson) }).transform(({ exchanges }) => exchanges),
  z.array(exchangeJson),
]);

export class ExchangeFileError extends Error {
  readonly code = 'NOT_AN_EXCHANGE_FILE';
  /** Where in the file, e.g. `exchanges.3.arrival`. */
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.name = 'ExchangeFileError';
    this.path = path;
  }
}

/**
 * Reads what `exec --journal` wrote. Bodies that the file redacts stay unknown.
 * @throws ExchangeFileError `NOT_AN_EXCHANGE_FILE`
 */
export const readExchanges = (json: unknown): readonly JournalEntry[] => {
  const read = exchangeFile.safeParse(json);
  if (read.success) return read.data.map(toEntry);
  const [issue] = read.error.issues;
  const path = issue === undefined ? '' : issue.path.join('.');
  throw new ExchangeFileError(path, 'is not a list of exchanges as exec --journal writes it');
};

const toEntry = (json: z.infer<typeof exchangeJson>): JournalEntry => {
  const { request, reply, scripted, notes, delivery, keyVersions } = json;
  const { verified, signed } = keyVersions;
  const plain = request.opened?.bodyBase64;
  const answered = reply.opened?.bodyBase64;
  return {
    number: json.number,
    id: json.id,
    receivedAt: json.receivedAt,
    arrival: json.arrival,
    requestCompleteUs: json.requestCompleteUs,
    connection: json.connection,
    delivery: {
      ...delivery,
      firstByteUs: delivery.firstByteUs,
      lastByteUs: delivery.lastByteUs,
    },
    method: json.method,
    target: json.target,
    operation: json.operation,
    clientId: json.clientId,
    identity: json.identity,
    // Only cause and sentence are read of it.
    diagnosis: json.diagnosis as JournalEntry['diagnosis'],
    steps: [],
    verdict: {
      step: json.step,
      code: json.code,
      status: json.status,
      basis: [],
      reason: json.reason,
    },
    tags: json.tags,
    findings: notes.map((note) => ({ ...note, register: 'G-09' })),
    request: {
      headers: request.headers,
      // Names and values take turns, as Node has them.
      headerLines: request.headerLines.flat(),
      body: Buffer.from(request.bodyBase64, 'base64'),
      plain: plain === undefined ? undefined : Buffer.from(plain, 'base64'),
    },
    reply: {
      httpStatus: reply.httpStatus,
      headers: reply.headers,
      body: Buffer.from(reply.bodyBase64, 'base64'),
      plain: answered === undefined ? undefined : Buffer.from(answered, 'base64'),
    },
    sealed: json.sealed,
    // What is redacted is known to exist.
    changes: json.changes.map(({ kind, before = {}, after = {}, ...change }) => ({
      ...change,
      before: kind === 'added' ? null : before,
      after: kind === 'removed' ? null : after,
    })) as unknown as JournalEntry['changes'],
    scripted: scripted === undefined ? undefined : toScripted(scripted),
    keyVersions: {
      ...(verified !== undefined && { verified }),
      ...(signed !== undefined && { signed }),
    },
    verifiedWith: verified,
    symmetricKeyDigest: json.symmetricKeyDigest,
    direction: json.direction,
    outbound: json.outbound && {
      ...json.outbound,
      rule: json.outbound.rule,
      attempt: json.attempt ?? 1,
      nextAttemptAt: json.nextAttemptAt,
    },
    milliseconds: json.milliseconds,
  };
};

type ScriptedJson = NonNullable<z.infer<typeof exchangeJson>['scripted']>;

/** Ids of faults are those of the version that wrote the file; unknown ones do no harm. */
const toScripted = (json: ScriptedJson): JournalEntry['scripted'] => {
  const { rule, fault, phase = 'after-commit', security, delayMs = 0 } = json;
  const delivery = {
    delayMs,
    signed: true,
    ...(fault !== undefined && { fault: { id: fault, phase, parameters: {} } }),
    ...(security !== undefined && { security: { id: security, parameters: {} } }),
  };
  return { rule, delivery } as unknown as JournalEntry['scripted'];
};
