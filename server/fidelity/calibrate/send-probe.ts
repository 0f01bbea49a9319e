import type { LookupAddress } from 'node:dns';
import { readTraceContext } from '../../journal/trace-context.ts';
import { algorithmParamsFor, readAlgorithm } from '../../protocol/algorithms.ts';
import { decodeHeaderBytes } from '../../protocol/encodings.ts';
import { readHeaderPairs } from '../../protocol/headers.ts';
import { requestUrl } from '../../protocol/request-url.ts';
import type { SealingScheme } from '../../protocol/sealing.ts';
import { headersByName, type RawAnswer, sendRaw } from '../../protocol/send-raw.ts';
import { signingContent, verifyContent } from '../../protocol/signatures.ts';
import { openEncryptedBody, readAnswerContent } from '../read-answer.ts';
import type { BuiltRequest, CalibrationIdentity } from './build-request.ts';
import type { ProbeAnswer } from './probe.ts';

export interface ProbeTarget {
  readonly url: URL;
  /** The addresses that the host's name had at the begin; no other is ever dialled. */
  readonly addresses: readonly LookupAddress[];
  readonly timeoutMs: number;
  /** Certificates, PEM, to trust instead of the system's. */
  readonly ca?: Buffer | undefined;
  /** The trace that the run belongs to: the header is sent with each request, and never signed. */
  readonly traceparent?: string | undefined;
}

/** No complete answer: the reason in words. */
export interface LostAnswer {
  readonly lost: string;
}

const maxProbeAnswerBytes = 1024 * 1024;

/** Sends a request once and reads the answer. Redirects are not followed. Never rejects. */
export const sendProbe = async (
  target: ProbeTarget,
  built: BuiltRequest,
  identity: CalibrationIdentity,
  scheme: SealingScheme,
): Promise<ProbeAnswer | LostAnswer> => {
  try {
    const path = `${target.url.pathname.replace(/\/$/, '')}${built.path}`;
    const url = requestUrl(target.url, path);
    const received = await sendRaw(
      url,
      {
        method: built.method,
        rawHeaders: [...built.headers.flat(), ...traceHeaders(target)],
        body: built.body,
      },
      {
        timeoutMs: target.timeoutMs,
        maxAnswerBytes: maxProbeAnswerBytes,
        addresses: target.addresses,
        isAbsolute: built.isAbsolute,
        ca: target.ca,
      },
    );
    return readAnswer(received, built, identity, scheme);
  } catch (error) {
    return { lost: error instanceof Error ? error.message || error.name : String(error) };
  }
};

const traceHeaders = ({ traceparent = '' }: ProbeTarget): readonly string[] =>
  readTraceContext(['traceparent', traceparent]) === undefined ? [] : ['traceparent', traceparent];

const readAnswer = (
  received: RawAnswer,
  { path, headers: sent }: BuiltRequest,
  identity: CalibrationIdentity,
  scheme: SealingScheme,
): ProbeAnswer => {
  const headers = headersByName(received.rawHeaders);
  const encrypt = headers['encrypt'];
  const plain =
    encrypt === undefined
      ? received.body
      : openEncryptedBody(encrypt, received.body, identity.privateKey, scheme);
  return {
    httpStatus: received.httpStatus,
    ...readAnswerContent(plain),
    signature: checkSignature(
      { headers, body: received.body },
      {
        target: path,
        clientId: sent.find(([name]) => name === 'Client-Id')?.[1] ?? '',
        platformKey: identity.platformKey,
      },
    ),
    encrypted: encrypt !== undefined,
    rawHeaders: received.rawHeaders,
  };
};

const checkSignature = (
  { headers, body }: Pick<RawAnswer, 'body'> & { headers: Readonly<Record<string, string>> },
  {
    target,
    clientId,
    platformKey,
  }: Pick<CalibrationIdentity, 'clientId' | 'platformKey'> & { readonly target: string },
): ProbeAnswer['signature'] => {
  const header = headers['signature'];
  if (header === undefined) return 'none';
  if (platformKey === undefined) return 'unchecked';
  const { pairs } = readHeaderPairs(header);
  const algorithm = readAlgorithm(pairs.get('algorithm'));
  const bytes = decodeHeaderBytes(pairs.get('signature') ?? '');
  if (algorithm !== 'RSA256') return 'unchecked';
  if (typeof bytes === 'string') return 'bad';
  const content = signingContent({ target, clientId, time: headers['response-time'] ?? '', body });
  return verifyContent(content, bytes, platformKey, algorithmParamsFor(algorithm, 'sha256'))
    ? 'verified'
    : 'bad';
};
