import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { type AdminClient, queryText } from '../../../sdk/admin/admin-client.ts';
import { type Language, languages } from '../../doctor/catalogue/remedies.ts';
import { type Contract, operationIds } from '../../domain/contract/contract.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import { signatureAlgorithms } from '../../protocol/signatures.ts';
import type { Exchange, ExchangeSummary, Sent } from '../types.gen.ts';
import {
  defaultLanguage,
  defineTool,
  type McpDeps,
  requireSimulator,
  ToolError,
} from './mcp-tool.ts';

const operation = z.enum(operationIds);
const statusChoice = z.enum(['S', 'F', 'U']);
const nameInput = z.string().max(200);

/** What is known of an exchange without a word of a request. */
const exchangeFacts = z.object({
  number: z.number(),
  id: z.string(),
  operation: operation.optional(),
  code: z.string(),
  status: statusChoice,
  step: z.string(),
  httpStatus: z.number(),
  findings: z.array(z.string()),
  tags: z.array(z.string()),
  signed: z.boolean(),
  encrypted: z.boolean(),
  delivered: z.boolean(),
});

/** A code of the result tables, or `other`: a scenario file can answer with any text. */
const knownCode = (code: string, { operations, gatewayResults }: Contract): string =>
  code === 'NO_ANSWER' ||
  code === 'none' ||
  gatewayResults.has(code) ||
  [...operations.values()].some(({ results }) => results.has(code))
    ? code
    : 'other';

const toFacts = (exchange: ExchangeSummary, contract: Contract) =>
  omitUndefined({
    number: exchange.number,
    id: exchange.id,
    operation: operationIds.find((id) => id === exchange.operation),
    code: knownCode(exchange.code, contract),
    status: exchange.status,
    step: exchange.step,
    httpStatus: exchange.httpStatus,
    findings: exchange.findings,
    tags: exchange.tags,
    signed: exchange.signed,
    encrypted: exchange.sealed,
    delivered: exchange.delivery.complete,
  });

/** What requests and scenario files have put into an exchange. */
const toUntrusted = (exchange: ExchangeSummary) => ({
  clientId: exchange.clientId,
  target: exchange.target,
  method: exchange.method,
  identity: exchange.identity,
  reason: exchange.reason,
  rule: exchange.rule,
  code: exchange.code,
});

export const listExchangesTool = defineTool({
  name: 'list_exchanges',
  description:
    'Lists requests that the simulator received, newest first, with result code, deciding step ' +
    'and the ids of what was found. Use explain_exchange for one.',
  effect: 'read',
  isIdempotent: true,
  input: z.object({
    client: nameInput.optional(),
    operation: operation.optional(),
    code: nameInput.optional(),
    status: statusChoice.optional(),
    step: nameInput.optional(),
    finding: nameInput.optional(),
    tag: nameInput.optional(),
    identity: nameInput.optional(),
    since: z.int().min(0).optional().describe('only greater numbers'),
    limit: z.int().min(1).max(100).default(20),
    cursor: z.int().min(1).optional().describe('next of the page before'),
  }),
  output: z.object({
    exchanges: z.array(exchangeFacts),
    next: z.number().optional(),
    newest: z.number(),
    evicted: z.number(),
  }),
  run: async ({ client, tag, cursor, ...query }, deps) => {
    const { admin } = requireSimulator(deps);
    const page = await admin.get('/journal', {
      query: { ...query, clientId: client, tag, before: cursor },
    });
    const { next, newest, evicted } = page;
    return {
      facts: {
        exchanges: page.entries.map((exchange) => toFacts(exchange, deps.contract)),
        ...omitUndefined({ next }),
        newest,
        evicted,
      },
      untrusted: page.entries.map((exchange) => ({
        number: exchange.number,
        ...toUntrusted(exchange),
      })),
    };
  },
});

const finding = z.object({
  id: z.string(),
  sentence: z.string(),
  remedy: z.string().optional().describe('code in the language that was asked for'),
});

const explanation = {
  verdict: z.enum(['success', 'refused', 'unknown']),
  cause: finding.optional(),
  alsoCause: finding.optional(),
  isExhausted: z.boolean().optional().describe('false: the search stopped at its limit'),
};

type ShownDiagnosis = NonNullable<Exchange['diagnosis']>;

const toCause = (cause: ShownDiagnosis['cause'], language: Language) =>
  cause && {
    id: cause.id,
    sentence: cause.sentence,
    ...omitUndefined({ remedy: remedyText(cause.remedy, language) }),
  };

/** @returns undefined when another version of the simulator has no text for the language */
const remedyText = (remedy: unknown, language: Language): string | undefined => {
  const value = (remedy as Readonly<Record<string, unknown>> | undefined)?.[language];
  return typeof value === 'string' ? value : undefined;
};

const diagnosisFacts = (diagnosis: ShownDiagnosis | undefined, language: Language) =>
  diagnosis === undefined
    ? {}
    : omitUndefined({
        cause: toCause(diagnosis.cause, language),
        alsoCause: toCause(diagnosis.alsoCause, language),
        isExhausted: diagnosis.exhausted,
      });

/** Evidence quotes what was sent. */
const diagnosisQuotes = (diagnosis: ShownDiagnosis | undefined) =>
  diagnosis && {
    causeDetail: diagnosis.cause?.detail,
    evidence: diagnosis.evidence,
    difference: diagnosis.difference,
  };

const verdicts = { S: 'success', F: 'refused', U: 'unknown' } as const;

export const explainExchange = defineTool({
  name: 'explain_exchange',
  description:
    'Explains one exchange: what decided, why, and how to mend the request, with code for one ' +
    'language.',
  effect: 'read',
  isIdempotent: true,
  input: z.object({
    id: z.string().max(64).optional().describe('number or id; absent: the latest refused'),
    client: nameInput.optional(),
    language: z.enum(languages).default(defaultLanguage),
    detail: z.enum(['concise', 'full']).default('concise'),
  }),
  output: z.object({
    ...exchangeFacts.shape,
    ...explanation,
    codeMeaning: z.string().optional(),
    steps: z.array(z.string()),
    register: z.array(z.string()).describe('ids for look_up: what the verdict rests on'),
    notes: z.array(z.string()),
    changed: z.array(z.object({ collection: z.string(), kind: z.string() })),
  }),
  run: async ({ id, client, language, detail }, deps) => {
    const { admin } = requireSimulator(deps);
    const exchange = await admin.get('/journal/{id}', {
      path: { id: id ?? (await findLatestRefused(admin, client)) },
    });
    const { request, reply, diagnosis, changes } = exchange;
    return {
      facts: {
        ...toFacts(exchange, deps.contract),
        verdict: verdicts[exchange.status],
        ...omitUndefined({ codeMeaning: findMeaning(exchange, deps) }),
        ...diagnosisFacts(diagnosis, language),
        steps: exchange.steps.map(({ name, refused }) => (refused ? `${name} (refused)` : name)),
        register: exchange.basis,
        notes: exchange.notes.map((note) => note.id),
        changed: changes.map(({ collection, kind }) => ({ collection, kind })),
      },
      untrusted: {
        ...toUntrusted(exchange),
        ...diagnosisQuotes(diagnosis),
        notes: exchange.notes.map(({ sentence }) => sentence),
        changed: changes.map((change) => change.id),
        ...(detail === 'full'
          ? {
              requestHeaders: request.headerLines,
              requestBody: request.bodyText,
              requestDecrypted: request.opened,
              responseHeaders: reply.headerLines,
              responseBody: reply.bodyText,
            }
          : {}),
      },
      detail,
    };
  },
});

/** @throws ToolError when none was refused */
const findLatestRefused = async (
  admin: AdminClient,
  clientId: string | undefined,
): Promise<string> => {
  const query = { clientId, status: ['F', 'U'] as const, limit: 1 };
  const { entries } = await admin.get('/journal', { query });
  const [latest] = entries;
  if (latest === undefined)
    throw new ToolError('no request was refused', 'Call list_exchanges to see all requests.');
  return latest.id;
};

const findMeaning = (
  { operation: id, code }: ExchangeSummary,
  { contract }: McpDeps,
): string | undefined => {
  const known = operationIds.find((one) => one === id);
  const row =
    (known === undefined ? undefined : contract.operations.get(known)?.results.get(code)) ??
    contract.gatewayResults.get(code);
  return row?.meaning;
};

export const diagnoseMessageTool = defineTool({
  name: 'diagnose_message',
  description:
    'Finds out why the signature of a copied HTTP message does not verify, or its body cannot be ' +
    'decrypted. Sends nothing.',
  effect: 'read',
  isIdempotent: true,
  input: z.object({
    message: z.string().max(1_048_576).describe('raw HTTP, a curl command line, curl -v output'),
    target: z.string().max(2000).optional().describe('path of the request, for a response'),
    clientId: nameInput.optional(),
    language: z.enum(languages).default(defaultLanguage),
  }),
  output: z.object({
    isValid: z.boolean(),
    diagnoses: z.array(
      z.object({
        subject: z.enum(['signature', 'sealing']),
        verdict: z.enum(['valid', 'mistake', 'unexplained']),
        cause: finding.optional(),
        alsoCause: finding.optional(),
        isExhausted: z.boolean().optional(),
      }),
    ),
  }),
  run: async ({ message, target, clientId, language }, deps) => {
    const { admin } = requireSimulator(deps);
    const { valid, diagnoses } = await admin.request<{
      readonly valid: boolean;
      readonly diagnoses: readonly ShownDiagnosis[];
    }>('POST', `/doctor${queryText({ target, clientId })}`, {
      text: { type: 'text/plain', value: message },
    });
    return {
      facts: {
        isValid: valid,
        diagnoses: diagnoses.map((one) => ({
          subject: one.subject,
          verdict: one.verdict,
          ...diagnosisFacts(one, language),
        })),
      },
      untrusted: diagnoses.map(diagnosisQuotes),
    };
  },
});

const transportNames = ['complete', 'reset', 'closed', 'malformed', 'timeout'] as const;

export const sendRequestTool = defineTool({
  name: 'send_request',
  description:
    'Signs and sends a sample request as a merchant would, and verifies the response: tries an ' +
    'operation or a scenario without the merchant’s program.',
  effect: 'change',
  isIdempotent: false,
  input: z.object({
    operation,
    example: nameInput.optional().describe('name of an example of the contract'),
    fields: z.record(z.string(), z.unknown()).optional().describe('replace those of the example'),
    encrypt: z.boolean().default(false),
    algorithm: z.enum(signatureAlgorithms).default('RSA256'),
    clientId: nameInput.optional().describe('default: the demo client'),
  }),
  output: z.object({
    code: z.string(),
    status: statusChoice.optional(),
    signature: z.enum(['verified', 'unsigned', 'bad']).optional(),
    transport: z.enum(transportNames),
    exchangeId: z.string().optional(),
  }),
  run: async ({ operation: id, example, fields, encrypt, algorithm, clientId }, deps) => {
    const { admin } = requireSimulator(deps);
    const { exchange, answer } = await admin.request<Sent>('POST', '/send', {
      body: {
        clientId: clientId ?? (await findDefaultClient(admin)),
        operation: id,
        seal: encrypt,
        algorithm,
        ...omitUndefined({ example, fields }),
      },
    });
    return {
      facts: omitUndefined({
        code: exchange === undefined ? 'none' : knownCode(exchange.code, deps.contract),
        status: exchange?.status,
        signature: answer.signature,
        transport: answer.transport ?? 'complete',
        exchangeId: exchange?.id,
      }),
      untrusted: { response: answer.json },
    };
  },
});

const findDefaultClient = async (admin: AdminClient): Promise<string> => {
  const { clients } = await admin.get('/clients');
  const [first] = clients;
  if (first === undefined)
    throw new ToolError('the simulator knows no client', 'Name one with clientId.');
  return first.clientId;
};

export const verifyExchangesTool = defineTool({
  name: 'verify_exchanges',
  description:
    'Whether the expected requests arrived, in number and order, and nothing else. Failures show ' +
    'the nearest exchanges and what differs.',
  effect: 'read',
  isIdempotent: true,
  input: z.object({
    verification: z
      .record(z.string(), z.unknown())
      .describe(
        'as POST /__admin/verify: {clientId?, since?, inOrder?, nothingElse?, nothingUnsigned?, ' +
          'exchanges: [{exchange: {operation?, code?, status?, body?…}, exactly?|atLeast?|atMost?}]}',
      ),
    waitMs: z.int().min(0).max(10_000).default(0).describe('how long it may take to become true'),
  }),
  output: z.object({
    passed: z.boolean(),
    considered: z.number(),
    evicted: z.boolean(),
    failures: z.array(
      z.object({
        kind: z.string(),
        expectation: z.number().optional(),
        exchanges: z.array(z.string()),
        nearest: z.array(z.object({ number: z.number(), differs: z.array(z.string()) })),
      }),
    ),
  }),
  run: async ({ verification, waitMs }, deps) => {
    const { admin } = requireSimulator(deps);
    const verify = () =>
      admin.post('/verify', { body: verification as { readonly exchanges: [] } });
    const end = performance.now() + waitMs;
    let result = await verify();
    while (!result.passed && performance.now() < end) {
      await pause(Math.min(200, Math.max(1, end - performance.now())));
      result = await verify();
    }
    const { passed, considered, evicted, failures } = result;
    return {
      facts: {
        passed,
        considered,
        evicted,
        failures: failures.map(({ kind, expectation, exchanges, nearMisses }) => ({
          kind,
          ...omitUndefined({ expectation }),
          exchanges,
          nearest: nearMisses.map(({ exchange, differences }) => ({
            number: exchange.number,
            differs: differences.map(({ field }) => knownField(field)),
          })),
        })),
      },
      untrusted: failures.map(({ message, nearMisses }) => ({
        message,
        differences: nearMisses.map(({ differences }) => differences),
      })),
    };
  },
});

/** A path that the caller wrote; shown only in the form that the contract's fields have. */
const knownField = (field: string): string =>
  /^[A-Za-z0-9_.[\]-]{1,100}$/.test(field) ? field : 'other';
