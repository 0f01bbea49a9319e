import { Ajv2020 } from 'ajv/dist/2020.js';
import { candidateKeys, type Diagnosis, defaultLimits } from '../doctor/diagnosis.ts';
import { diagnoseSignature } from '../doctor/signature/diagnose-signature.ts';
import type { Finding } from '../domain/contract/contract.ts';
import { describeError } from '../domain/contract/describe-faults.ts';
import type { OutboundCall, OutboundContract } from '../domain/outbound/outbound-calls.ts';
import type { OutboundFaultId } from '../domain/outbound/outbound-faults.ts';
import type { JsonObject, ResultStatus } from '../domain/state/state.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';
import { clipText } from '../problems/display-text.ts';
import { omitUndefined } from '../problems/plain-object.ts';
import { decodeHeaderBytes, readHeaderPairs } from '../protocol/headers.ts';
import { openBody } from '../protocol/sealing.ts';
import {
  algorithmParamsFor,
  readAlgorithm,
  signingContent,
  verifyContent,
} from '../protocol/signatures.ts';
import { readTimestamp, timestampProblem } from '../protocol/timestamps.ts';
import type { CallParties, ComposedCall } from './compose-call.ts';
import type { Dialed, DialedAnswer, DialFailure } from './dial.ts';

/** What the platform makes of a merchant's answer. */
interface Judgement {
  /** SUCCESS, signed, in time, in the form of the contract. */
  readonly acknowledged: boolean;
  /** The result code, or why the answer has no result: `TIMEOUT`, `UNREACHABLE`, `NO_RESULT`, … */
  readonly code: string;
  readonly status: ResultStatus;
  /** Whether the answer can be trusted and has a result. */
  readonly hasResult: boolean;
  /** Everything that is wrong; the first is the reason. */
  readonly problems: readonly Finding[];
  readonly signature: 'verified' | 'unsigned' | 'bad';
  /** The merchant's version that the signature verified with. */
  readonly keyVersion?: number;
  /** The decrypted body of an encrypted answer. */
  readonly plain?: Buffer;
  readonly json?: unknown;
  /** Why the signature does not verify. */
  readonly diagnosis?: Diagnosis;
}

/** Checks the schemas of `openapi/outbound.yaml`; each is compiled on first use. */
export class OutboundValidator {
  readonly #contract: OutboundContract;
  #ajv: Ajv2020 | undefined;

  constructor(contract: OutboundContract) {
    this.#contract = contract;
  }

  /** What of the business fields contradicts the contract, in sentences. */
  checkFields(call: OutboundCall, fields: JsonObject): readonly string[] {
    return this.#check(call.requestPointer, fields);
  }

  checkAnswer(call: OutboundCall, answer: unknown): readonly string[] {
    return this.#check(call.answerPointer, answer);
  }

  #check(pointer: string, value: unknown): readonly string[] {
    this.#ajv ??= new Ajv2020({ strict: false, allErrors: true, validateFormats: false }).addSchema(
      { $id: 'outbound', ...this.#contract.document },
    );
    const validate = this.#ajv.getSchema(`outbound${pointer}`);
    if (validate === undefined) throw new Error(`the contract has no schema ${pointer}`);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(({ instancePath, message = '', keyword, params }) => {
      const missing = keyword === 'required' ? `/${String(params['missingProperty'])}` : '';
      const path = `${instancePath}${missing}`.slice(1).replaceAll('/', '.');
      const sentence = describeError(
        { path: instancePath, message, errorCode: keyword },
        undefined,
      );
      return path === '' ? sentence : `${path}: ${sentence}`;
    });
  }
}

interface JudgeDeps {
  readonly parties: CallParties;
  readonly validator: OutboundValidator;
}

/** @param target path and query that were called: the answer's signature covers them */
export const judgeDialed = (
  dialed: Dialed,
  call: OutboundCall,
  target: string,
  deps: JudgeDeps,
): Judgement => {
  if ('failure' in dialed) return judgeFailure(dialed.failure, dialed.reason, call);
  return judgeAnswer(dialed.answer, call, target, deps);
};

const judgeFailure = (failure: DialFailure, reason: string, call: OutboundCall): Judgement => ({
  acknowledged: false,
  code: failure,
  status: 'U',
  hasResult: false,
  problems: [
    {
      id: `OUT_${failure}`,
      sentence: reason,
      register: failure === 'TIMEOUT' ? 'OB-18' : call.register,
    },
  ],
  signature: 'unsigned',
});

const judgeAnswer = (
  answer: DialedAnswer,
  call: OutboundCall,
  target: string,
  { parties, validator }: JudgeDeps,
): Judgement => {
  const problems: Finding[] = headProblems(answer, parties.clientId);
  const verified = verifyAnswer(answer, target, parties);
  if ('problem' in verified) problems.push(verified.problem);
  const opened = openAnswer(answer, parties);
  if ('problem' in opened) problems.push(opened.problem);
  const plain = 'plain' in opened ? opened.plain : undefined;
  const json = plain === undefined ? undefined : parseUtf8Json(plain);
  const result = readAnswerResult(json, call);
  if (plain !== undefined && json === undefined)
    problems.push(problem('OUT_NOT_JSON', 'the answer is not JSON', 'OB-16'));
  else if (json !== undefined && result === undefined)
    problems.push(
      problem(
        'OUT_NO_RESULT',
        `the answer has no ${resultName(call)} with resultStatus S, F or U`,
        'OB-16',
      ),
    );
  const isSuccess = result?.status === 'S' && result.code === 'SUCCESS';
  if (result !== undefined && !isSuccess)
    problems.push(
      problem(
        'OUT_NOT_SUCCESS',
        `the result is ${clipText(result.code, 64)} (${result.status}), not SUCCESS (S)`,
        'OB-16',
      ),
    );
  if (isSuccess)
    for (const sentence of validator.checkAnswer(call, json))
      problems.push(problem('OUT_CONTRACT', sentence, call.register));
  const isTrusted = !('problem' in verified) && answer.httpStatus === 200;
  return {
    acknowledged: problems.length === 0,
    code: result?.code ?? 'NO_RESULT',
    status: result?.status ?? 'U',
    hasResult: isTrusted && result !== undefined,
    problems,
    signature:
      answer.headers['signature'] === undefined
        ? 'unsigned'
        : 'problem' in verified
          ? 'bad'
          : 'verified',
    ...omitUndefined({
      keyVersion: 'version' in verified ? verified.version : undefined,
      diagnosis: 'problem' in verified ? verified.diagnosis : undefined,
      plain: answer.headers['encrypt'] === undefined ? undefined : plain,
      json,
    }),
  };
};

const problem = (id: string, sentence: string, register: Finding['register']): Finding => ({
  ...{ id, sentence, register },
});

const headProblems = ({ httpStatus, headers }: DialedAnswer, clientId: string): Finding[] => {
  const problems: Finding[] = [];
  if (httpStatus !== 200)
    problems.push(
      problem(
        'OUT_HTTP_STATUS',
        `the HTTP status is ${httpStatus}, not 200` +
          `${httpStatus >= 300 && httpStatus < 400 ? '; redirects are not followed' : ''}`,
        'OB-16',
      ),
    );
  const type = headers['content-type'];
  if (type === undefined || !/^(application\/json|text\/plain)\b/i.test(type))
    problems.push(
      problem(
        'OUT_CONTENT_TYPE',
        type === undefined
          ? 'the answer has no Content-Type'
          : `the Content-Type is ${clipText(type, 60)}, not application/json`,
        'OB-19',
      ),
    );
  const named = headers['client-id'];
  if (named !== clientId)
    problems.push(
      problem(
        'OUT_CLIENT_ID',
        named === undefined
          ? 'the answer has no Client-Id'
          : `the answer is from Client-Id ${clipText(named, 64)}, not ${clientId}`,
        'OB-19',
      ),
    );
  const time = headers['response-time'];
  if (time === undefined)
    problems.push(problem('OUT_RESPONSE_TIME', 'the answer has no Response-Time', 'OB-19'));
  else if (readTimestamp(time) === undefined)
    problems.push(
      problem(
        'OUT_RESPONSE_TIME',
        `Response-Time "${clipText(time, 60)}" cannot be read: ${timestampProblem(time)}`,
        'OB-19',
      ),
    );
  return problems;
};

type AnswerVerification =
  | { readonly version: number }
  | { readonly problem: Finding; readonly diagnosis?: Diagnosis };

const verifyAnswer = (
  { headers, body }: DialedAnswer,
  target: string,
  { client, platform, clientId, ecc224 }: CallParties,
): AnswerVerification => {
  const { signature: header, 'response-time': time = '' } = headers;
  if (header === undefined)
    return { problem: problem('OUT_UNSIGNED', 'the answer has no Signature', 'OB-19') };
  const { pairs, faults } = readHeaderPairs(header);
  const algorithm = readAlgorithm(pairs.get('algorithm'));
  const params = algorithm && algorithmParamsFor(algorithm, ecc224);
  const version = pairs.get('keyVersion');
  const bytes = decodeHeaderBytes(pairs.get('signature') ?? '');
  const key =
    params && client.find(params.family, version === undefined ? undefined : Number(version));
  if (faults.length === 0 && params !== undefined && key !== undefined && Buffer.isBuffer(bytes)) {
    const content = signingContent({ target, clientId, time, body });
    if (verifyContent(content, bytes, key.publicKey, params)) return { version: key.version };
  }
  const reason =
    params !== undefined && key === undefined
      ? `the answer names key version ${version ?? '(newest)'}, which ${clientId} does not have`
      : 'the signature of the answer does not verify with the key of the client';
  return {
    problem: problem('OUT_SIGNATURE', reason, 'OB-19'),
    diagnosis: diagnoseSignature(
      {
        signer: 'client',
        method: 'POST',
        ...{ target, clientId, time, body, ecc224 },
        hosts: [],
        signatureHeader: header,
        keys: [...candidateKeys(client, 'client'), ...candidateKeys(platform, 'platform')],
      },
      defaultLimits,
      () => performance.now(),
    ),
  };
};

const openAnswer = (
  { headers, body }: DialedAnswer,
  { platform, scheme }: CallParties,
): { readonly plain: Buffer } | { readonly problem: Finding } => {
  const { encrypt } = headers;
  if (encrypt === undefined) return { plain: body };
  const { pairs } = readHeaderPairs(encrypt);
  const version = pairs.get('keyVersion');
  const key = platform.find('RSA', version === undefined ? undefined : Number(version));
  const opened =
    key?.privateKey === undefined
      ? {
          fault: `it is for key version ${version ?? '(newest)'}, which the platform does not have`,
        }
      : openBody(pairs.get('symmetricKey') ?? '', body, key.privateKey, scheme);
  return 'plain' in opened
    ? { plain: opened.plain }
    : {
        problem: problem(
          'OUT_NOT_DECRYPTED',
          `the answer cannot be decrypted: ${opened.fault}`,
          'OB-19',
        ),
      };
};

const parseUtf8Json = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
};

const resultName = ({ envelope }: OutboundCall): string =>
  envelope === 'plain' ? 'result' : 'body.resultInfo';

export const readMember = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

const readAnswerResult = (
  json: unknown,
  { envelope }: OutboundCall,
): { readonly code: string; readonly status: ResultStatus } | undefined => {
  const body = readMember(readMember(json, 'response') ?? json, 'body');
  const result = envelope === 'plain' ? readMember(json, 'result') : readMember(body, 'resultInfo');
  const status = readMember(result, 'resultStatus');
  const code = readMember(result, 'resultCode');
  return typeof code === 'string' && (status === 'S' || status === 'F' || status === 'U')
    ? { code, status }
    : undefined;
};

/** One request that was sent, and what came of it. */
export interface SentCopy {
  readonly composed: ComposedCall;
  readonly fields: JsonObject;
  readonly dialed: Dialed;
  readonly judgement: Judgement;
}

/** What the journal records of a sending besides the exchange itself. */
interface RecordOptions {
  readonly number: number;
  readonly clientId: string;
  readonly messageId: string;
  /** Where several replicas send: each numbers by itself. */
  readonly replica?: string | undefined;
  readonly call: OutboundCall;
  readonly url: URL;
  readonly fault: OutboundFaultId | undefined;
  readonly rule: string | undefined;
  /** By the client's clock. */
  readonly sentAt: number;
  /** From 1. */
  readonly attempt: number;
  readonly nextAttemptAt: number | undefined;
}

/** An exchange in the other direction as an entry of the journal. */
export const toJournalEntry = (
  { composed, fields, dialed, judgement }: SentCopy,
  options: RecordOptions,
): JournalEntry => {
  const { number, call, url, fault, sentAt } = options;
  const { times } = dialed;
  const answer = 'answer' in dialed ? dialed.answer : undefined;
  const [first] = judgement.problems;
  const identity = call.idField === undefined ? undefined : fields[call.idField];
  return {
    number,
    id: [options.messageId, options.replica ?? [], number].flat().join('-'),
    direction: 'outbound',
    receivedAt: sentAt,
    arrival: { order: number, atUs: Math.round(times.startedUs) },
    requestCompleteUs: times.sentUs === undefined ? undefined : Math.round(times.sentUs),
    connection: { ordinal: 0, position: 1, tls: url.protocol === 'https:' },
    delivery: {
      firstByteUs: times.firstByteUs,
      lastByteUs: answer === undefined ? undefined : times.endedUs,
      endedUs: times.endedUs,
      bytes: answer?.body.length ?? 0,
      complete: answer !== undefined,
      endedBy: answer === undefined && judgement.code !== 'BROKEN_OFF' ? 'server' : 'client',
    },
    method: 'POST',
    target: composed.target,
    clientId: options.clientId,
    identity: identity === undefined ? undefined : JSON.stringify([identity]),
    diagnosis: judgement.diagnosis,
    steps: [
      {
        name: 'send',
        microseconds: Math.round((times.sentUs ?? times.endedUs) - times.startedUs),
        refused: answer === undefined,
      },
      ...(answer === undefined
        ? []
        : [
            {
              name: 'judge-answer',
              microseconds: Math.round(times.endedUs - (times.sentUs ?? times.startedUs)),
              refused: !judgement.acknowledged,
            },
          ]),
    ],
    verdict: {
      step: answer === undefined ? 'send' : 'judge-answer',
      code: judgement.code,
      status: judgement.status,
      basis: [call.register, 'OB-16', 'OB-19'],
      reason: first?.sentence ?? 'acknowledged: SUCCESS, signed, in time',
    },
    tags: [
      judgement.acknowledged ? 'acknowledged' : 'not-acknowledged',
      ...(fault === undefined ? [] : [fault]),
    ],
    findings: judgement.problems,
    request: {
      headers: Object.fromEntries(
        splitHeaderLines(composed.headerLines).map(([name, value]) => [name.toLowerCase(), value]),
      ),
      headerLines: composed.headerLines,
      body: composed.body,
      plain: composed.plain,
    },
    reply: {
      httpStatus: answer?.httpStatus ?? 0,
      headers: answer?.headers ?? {},
      body: answer?.body ?? Buffer.alloc(0),
      plain: judgement.plain,
    },
    sealed: composed.plain !== undefined,
    changes: [],
    keyVersions: {
      ...composed.keyVersions,
      ...omitUndefined({ verified: judgement.keyVersion }),
    },
    verifiedWith: judgement.keyVersion,
    milliseconds: Math.round((times.endedUs - times.startedUs) / 1000),
    outbound: {
      messageId: options.messageId,
      call: call.id,
      url: url.href,
      acknowledged: judgement.acknowledged,
      attempt: options.attempt,
      nextAttemptAt: options.nextAttemptAt,
      rule: options.rule,
    },
  };
};

const splitHeaderLines = (lines: readonly string[]): (readonly [name: string, value: string])[] =>
  lines.flatMap((name, at) => (at % 2 === 0 ? [[name, lines[at + 1] ?? ''] as const] : []));
