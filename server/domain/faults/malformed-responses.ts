import * as z from 'zod';
import { headBytes, immediately, type WireMessage, wireFault } from './fault.ts';

const decidedPhases = ['after-commit', 'before-commit'] as const;
const anyPhase = [...decidedPhases, 'before-verify', 'after-verify'] as const;

/** An orderly HTTP message arrives, but not the one that was to be expected. */
export const malformedResponses = {
  'not-json': wireFault({
    sentence: 'A signed 200 whose body contains SUCCESS, but is not JSON.',
    expectedClientBehaviour:
      'Does not search for words in the body: a response without a readable result is an unknown outcome.',
    phases: decidedPhases,
    carriesAnswer: true,
    hooks: () => ({ plain: () => Buffer.from('resultCode=SUCCESS&resultStatus=S') }),
  }),
  'gateway-html': wireFault({
    sentence:
      'An HTML page of a proxy, with `httpStatus` 502, 503 or 504 and none of the platform’s headers.',
    expectedClientBehaviour:
      'Neither parses the page nor treats it as a refusal: the request may have been ' +
      'handled. Sends the same request again, later.',
    phases: anyPhase,
    carriesAnswer: false,
    parameters: {
      httpStatus: z
        .union([z.literal(502), z.literal(503), z.literal(504)])
        .default(502)
        .describe('the page’s status'),
    },
    hooks: ({ httpStatus }) => ({ rewrite: () => htmlPage(httpStatus) }),
  }),
  'empty-200': wireFault({
    sentence: 'A 200 with an empty body and none of the platform’s headers.',
    expectedClientBehaviour:
      'Does not use the HTTP status as the result: the response is empty, so the outcome is unknown.',
    phases: anyPhase,
    carriesAnswer: false,
    hooks: () => ({
      rewrite: () => ({
        httpStatus: 200,
        headers: { 'content-length': '0' },
        body: Buffer.alloc(0),
      }),
    }),
  }),
  'wrong-charset': wireFault({
    sentence:
      'The body is signed UTF-8, but Content-Type names the charset `label`; or, with ' +
      '`bytes`, the bytes are in that charset and Content-Type says UTF-8.',
    expectedClientBehaviour:
      'Verifies the raw bytes before decoding them, and decodes JSON as UTF-8 whatever the ' +
      'label says. Bytes that are not UTF-8 are an unknown outcome.',
    phases: decidedPhases,
    carriesAnswer: true,
    parameters: {
      label: z
        .enum(['GBK', 'Big5', 'ISO-8859-1', 'UTF-16'])
        .optional()
        .describe('the charset in Content-Type; GBK by default'),
      bytes: z
        .enum(['utf-16le', 'latin1'])
        .optional()
        .describe('the real charset of the bytes, while Content-Type says UTF-8'),
    },
    hooks: ({ label, bytes }) => ({
      plain: (plain) => (bytes === undefined ? plain : Buffer.from(plain.toString('utf8'), bytes)),
      rewrite: (message) =>
        bytes !== undefined && label === undefined ? message : withLabel(message, label ?? 'GBK'),
    }),
  }),
  'duplicate-headers': wireFault({
    sentence: 'Client-Id, Response-Time and Signature are each sent twice, with the same value.',
    expectedClientBehaviour:
      'Does not choose one of them: a header that must be unique and is sent twice verifies nothing.',
    phases: decidedPhases,
    carriesAnswer: true,
    hooks: () => ({
      plan: (message) => ({
        chunks: immediately(headBytes(message, pickProtocolHeaders(message)), message.body),
        holdMs: 0,
        close: 'close',
      }),
    }),
  }),
  'huge-body': wireFault({
    sentence: 'The response is correct and signed, but spaces after its JSON make it `bytes` long.',
    expectedClientBehaviour:
      'Reads no more than its own limit, and treats the outcome as unknown if that is too little.',
    phases: decidedPhases,
    carriesAnswer: true,
    parameters: {
      bytes: z
        .int()
        .min(1000)
        .max(67_108_864)
        .default(8_388_608)
        .describe('length of the body before encryption'),
    },
    hooks: ({ bytes }) => ({
      plain: (plain) =>
        Buffer.concat([plain, Buffer.alloc(Math.max(0, bytes - plain.length), ' ')]),
    }),
  }),
} as const;

const htmlPage = (httpStatus: 502 | 503 | 504): WireMessage => {
  const title = {
    502: 'Bad Gateway',
    503: 'Service Temporarily Unavailable',
    504: 'Gateway Time-out',
  }[httpStatus];
  const body = Buffer.from(
    `<html>\r\n<head><title>${httpStatus} ` +
      `${title}</title></head>\r\n<body>\r\n<center><h1>${httpStatus} ` +
      `${title}</h1></center>\r\n</body>\r\n</html>\r\n`,
  );
  return {
    httpStatus,
    headers: { 'content-type': 'text/html', 'content-length': String(body.length) },
    body,
  };
};

const withLabel = (message: WireMessage, charset: string): WireMessage => ({
  ...message,
  headers: {
    ...message.headers,
    'content-type': (message.headers['content-type'] ?? '').replace('UTF-8', charset),
  },
});

const pickProtocolHeaders = ({ headers }: WireMessage): [string, string][] =>
  Object.entries(headers).filter(([name]) =>
    ['client-id', 'response-time', 'signature'].includes(name),
  );
