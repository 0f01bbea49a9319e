import * as z from 'zod';
import { operationIds } from '../../domain/contract/contract.ts';
import { collections } from '../../domain/state/state.ts';
import { suggest } from '../../problems/did-you-mean.ts';

const milliseconds = z.number().min(0).max(8.64e15);
const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/, 'must be base64');
export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex');
const headerLine = z.string().regex(/^[^\r\n\0]*$/, 'must not contain line breaks');
const headerLines = z.array(z.tuple([headerLine, headerLine])).max(2000);
const bodyMembers = {
  json: z.json().optional().describe('the body, if it is this JSON without spaces'),
  body: z.string().optional().describe('the body as text, where it is UTF-8'),
  bodyBase64: base64.optional().describe('the body, where it is not'),
  encrypted: z
    .literal(true)
    .optional()
    .describe('what was sent is this body, encrypted with the symmetric key'),
};

export const keySchema = z.strictObject({
  version: z.int().min(0),
  family: z.enum(['RSA', 'EC']),
  publicKey: base64.describe(
    'SubjectPublicKeyInfo, DER; of an RSA key with the exponent 65537 the modulus alone',
  ),
  from: milliseconds.optional(),
  until: milliseconds.optional(),
});

/** A record where the exchange found it, if the exchanges before it did not leave it so. */
const foundRecord = z.tuple([z.string(), z.enum(collections), z.string(), z.json()]);

export const exchangeSchema = z.strictObject({
  number: z.int().min(1).describe('in the journal it comes from'),
  operation: z.enum(operationIds, { error: ({ input }) => unknownOperation(input) }).optional(),
  receivedAt: milliseconds.describe('by the client’s clock, since 1970'),
  clockSteps: z
    .array(z.int())
    .optional()
    .describe('when the clock moved on: number of the reading, milliseconds since receivedAt, …'),
  place: z
    .int()
    .min(2)
    .optional()
    .describe('which request it was on its connection, where it was not the first'),
  scenarios: z
    .strictObject({ all: z.array(z.string()), client: z.array(z.string()) })
    .optional()
    .describe('names of those that were active, for all and for this client alone'),
  asSent: z
    .literal(true)
    .optional()
    .describe('a header that was sent contains ~; none is shortened'),
  before: z
    .array(foundRecord)
    .optional()
    .describe('records it found: Client-Id, collection, id, value; null: no record'),
  request: z.strictObject({
    method: z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/, 'must be a method of HTTP'),
    target: z.string().regex(/^[^\s]{1,65536}$/, 'must be a path without spaces'),
    headers: headerLines.describe(
      'symmetricKey=sha256-… is in the place of a wrapped key that follows from the rest; ' +
        '~ is in front of bytes as base64url, which were sent as URL-encoded base64, and alone in ' +
        'the place of an answer’s Client-Id, Date or x-mock-request-id that follows',
    ),
    ...bodyMembers,
  }),
  opening: z
    .strictObject({
      key: base64.optional().describe('the symmetric key of this request alone'),
      fault: z.string().optional().describe('why there was none'),
    })
    .optional(),
  random: z
    .strictObject({
      tracerId: z.string().max(200).optional().describe('absent: the reply’s Tracer-Id'),
      bytes: base64.optional().describe('drawn for the encrypted answer'),
    })
    .optional()
    .describe('what the simulator drew'),
  reply: z
    .strictObject({
      status: z.int().optional(),
      headers: headerLines.optional(),
      ...bodyMembers,
      writtenBase64: base64.optional().describe('a faulty answer as it was written, head included'),
      isCut: z.boolean().optional().describe('the client left before the end'),
    })
    .optional()
    .describe('absent: nothing was answered'),
  notCompared: z.string().optional().describe('why a replay says nothing of this exchange'),
  verdict: z.strictObject({
    step: z.string(),
    code: z.string(),
    status: z.enum(['S', 'F', 'U']),
    references: z.array(z.string()),
    tags: z.array(z.string()).optional(),
    findings: z.array(z.string()).optional(),
    rule: z.string().optional(),
    diagnosis: z.string().optional(),
    changes: z.string().optional().describe('SHA-256 of the records it left, first 16 digits'),
  }),
});

/** One exchange of a capsule, as the file has it. */
export type CapsuleExchange = z.infer<typeof exchangeSchema>;

const unknownOperation = (input: unknown): string =>
  `unknown operation "${String(input)}". ${suggest(String(input), operationIds)}`;
