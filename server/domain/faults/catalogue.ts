import * as z from 'zod';
import {
  type Chunk,
  type Fault,
  headBytes,
  immediately,
  longestDelayMs,
  maxHoldMs,
  type WireMessage,
  wireFault,
} from './fault.ts';
import { missingParts, tampering, wrongSealing, wrongSigning } from './security-faults.ts';

const phasesWithHead = ['during-answer', 'after-commit', 'before-commit'] as const;
const bytesOff = z
  .int()
  .min(1)
  .max(100_000)
  .default(10)
  .describe('by how many bytes Content-Length is wrong');

const openMs = z
  .int()
  .min(1)
  .max(600_000)
  .default(maxHoldMs)
  .describe('how long the connection stays open');

/** The answer begins and does not end as it should. */
export const truncatedResponses = {
  'partial-status': wireFault({
    sentence: 'The connection is closed in the middle of the status line.',
    expectedClientBehaviour:
      'Treats the outcome as unknown, whatever digits have arrived, and sends the same request again.',
    phases: ['during-answer', 'before-verify', 'after-verify', 'before-commit', 'after-commit'],
    carriesAnswer: false,
    parameters: {
      atByte: z
        .int()
        .min(1)
        .max(12)
        .default(10)
        .describe('how many bytes of "HTTP/1.1 200" arrive'),
    },
    hooks: ({ atByte }) => ({
      plan: () => ({
        chunks: immediately(Buffer.from('HTTP/1.1 200').subarray(0, atByte)),
        holdMs: 0,
        close: 'close',
      }),
    }),
  }),
  'headers-only': wireFault({
    sentence:
      'Status and headers arrive, the body never does; the connection stays open until the ' +
      'client gives up, or for `forMs`.',
    expectedClientBehaviour:
      'Has a deadline for the whole response, not only for its beginning. 200 and a ' +
      'Signature header are not yet a success.',
    phases: phasesWithHead,
    carriesAnswer: true,
    parameters: {
      forMs: openMs,
    },
    hooks: ({ forMs }) => ({
      plan: (message) => ({
        chunks: immediately(headBytes(message)),
        holdMs: forMs,
        close: 'close',
      }),
    }),
  }),
  'cut-body': wireFault({
    sentence: 'The body is cut off, in the middle or at `atByte`, and the connection is closed.',
    expectedClientBehaviour:
      'Compares with Content-Length, trusts nothing of what arrived, and sends the same request again.',
    phases: phasesWithHead,
    carriesAnswer: true,
    parameters: {
      atByte: z
        .int()
        .min(0)
        .max(1_000_000)
        .optional()
        .describe('how many bytes of the body arrive; half of it when absent'),
    },
    hooks: ({ atByte }) => ({
      plan: (message) => ({
        chunks: immediately(headBytes(message), cutBody(message, atByte)),
        holdMs: 0,
        close: 'close',
      }),
    }),
  }),
  'slow-drip': wireFault({
    sentence:
      'The body arrives at `bytesPerSecond`, complete and in order unless that takes more than ten minutes.',
    expectedClientBehaviour:
      'Has a deadline for the whole exchange: a timeout between two bytes never fires. A ' +
      'client that waits until the end has a valid response.',
    phases: phasesWithHead,
    carriesAnswer: true,
    parameters: {
      bytesPerSecond: z.int().min(1).max(100_000).default(50).describe('how fast the body arrives'),
    },
    hooks: ({ bytesPerSecond }) => ({
      plan: (message) => ({
        chunks: [...immediately(headBytes(message)), ...drops(message.body, bytesPerSecond)],
        holdMs: 0,
        close: 'close',
      }),
    }),
  }),
  'length-too-long': wireFault({
    sentence: 'Content-Length is `bytes` larger than the body; then the connection is closed.',
    expectedClientBehaviour:
      'Treats the response as incomplete, although its JSON may look complete, and sends the same request again.',
    phases: phasesWithHead,
    carriesAnswer: true,
    parameters: {
      bytes: bytesOff,
      forMs: z
        .int()
        .min(0)
        .max(600_000)
        .default(1000)
        .describe('how long the client waits for the rest'),
    },
    hooks: ({ bytes, forMs }) => ({
      plan: (message) => ({
        chunks: immediately(headBytes(withLength(message, bytes)), message.body),
        holdMs: forMs,
        close: 'close',
      }),
    }),
  }),
  'length-too-short': wireFault({
    sentence: 'Content-Length is `bytes` smaller than the body.',
    expectedClientBehaviour:
      'Reads as many bytes as Content-Length says, finds that the signature does not ' +
      'verify, and sends the same request again on another connection.',
    phases: phasesWithHead,
    carriesAnswer: true,
    parameters: { bytes: bytesOff },
    hooks: ({ bytes }) => ({
      plan: (message) => ({
        chunks: immediately(headBytes(withLength(message, -bytes)), message.body),
        holdMs: 0,
        close: 'close',
      }),
    }),
  }),
} as const;

/** At least one byte is missing, else nothing would be cut. */
const cutBody = ({ body }: WireMessage, atByte: number | undefined): Buffer =>
  body.subarray(0, Math.min(atByte ?? Math.floor(body.length / 2), body.length - 1));

const withLength = (message: WireMessage, bytesMore: number): WireMessage => ({
  ...message,
  headers: {
    ...message.headers,
    'content-length': String(Math.max(0, message.body.length + bytesMore)),
  },
});

/**
 * At most twenty pieces a second, so that a fast drip does not drown the event loop; whatever takes
 * too long never arrives.
 */
const drops = (body: Buffer, bytesPerSecond: number): Chunk[] => {
  const size = Math.ceil(bytesPerSecond / 20);
  const afterMs = (1000 * size) / bytesPerSecond;
  const count = Math.min(Math.ceil(body.length / size), Math.floor(longestDelayMs / afterMs));
  return Array.from({ length: count }, (_, n) => ({
    afterMs,
    bytes: body.subarray(n * size, (n + 1) * size),
  }));
};

const anyPhaseSilent = ['after-commit', 'before-verify', 'after-verify', 'before-commit'] as const;

/** Nothing at all comes back. */
export const noResponses = {
  hang: wireFault({
    sentence:
      'The request is read and never answered; the connection stays open until the client gives up, or for `forMs`.',
    expectedClientBehaviour:
      'Has its own timeout. Then treats the outcome as unknown, not as failed, and sends ' +
      'the same requestId with the same body again.',
    phases: anyPhaseSilent,
    carriesAnswer: false,
    parameters: {
      forMs: openMs,
    },
    hooks: ({ forMs }) => ({ plan: () => ({ chunks: [], holdMs: forMs, close: 'close' }) }),
  }),
  reset: wireFault({
    sentence: 'The connection is reset instead of a response.',
    expectedClientBehaviour:
      'Treats the outcome as unknown and sends the same requestId with the same body ' +
      'again. A new requestId could do it twice.',
    phases: anyPhaseSilent,
    carriesAnswer: false,
    hooks: () => ({ plan: () => ({ chunks: [], holdMs: 0, close: 'reset' }) }),
  }),
  close: wireFault({
    sentence: 'The connection is closed without a byte.',
    expectedClientBehaviour:
      'Treats the outcome as unknown and sends the same requestId with the same body ' +
      'again. If the HTTP library retries by itself, the bytes must be the same.',
    phases: anyPhaseSilent,
    carriesAnswer: false,
    hooks: () => ({ plan: () => ({ chunks: [], holdMs: 0, close: 'close' }) }),
  }),
} as const;

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

/** What can go wrong on the wire, by id. */
export const wireFaults = {
  ...noResponses,
  ...truncatedResponses,
  ...malformedResponses,
} as const satisfies Record<string, Fault>;
export type WireFaultId = keyof typeof wireFaults;

/** How an answer can fail to prove whose it is, by id. */
export const securityFaults = {
  ...missingParts,
  ...tampering,
  ...wrongSigning,
  ...wrongSealing,
} as const satisfies Record<string, Fault>;
export type SecurityFaultId = keyof typeof securityFaults;

const prefixes = { wire: 'net', signature: 'sig', sealing: 'enc' } as const;

/** The shipped scenario that shows the fault. */
export const scenarioFor = (id: string, { concerns }: Fault): string =>
  `${prefixes[concerns ?? 'wire']}-${id}`;
