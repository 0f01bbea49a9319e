import * as z from 'zod';
import { operationIds } from '../../domain/contract/contract.ts';
import { outboundCallIds } from '../../domain/outbound/outbound-calls.ts';
import { checkYaml, type LocatedYaml } from '../../problems/located-yaml.ts';
import type { Gathered } from '../../problems/problem.ts';
import { profileIds } from './catalogue/case.ts';
import { failLevels } from './summary.ts';

const json: z.ZodType<unknown> = z.json();
const millisecondsBetween = (least: number, most: number) => z.int().min(least).max(most);

const mode = z
  .strictObject({
    algorithm: z.enum(['RSA256', 'ECC224']).default('RSA256').describe('signature algorithm'),
    sealed: z.boolean().default(false).describe('whether the bodies are encrypted'),
  })
  .refine(({ algorithm, sealed }) => !sealed || algorithm === 'RSA256', {
    error: 'encrypted bodies need an RSA key: write algorithm: RSA256',
  });

/** `certify.yaml`: what is integrated, and how it is judged. */
export const certifyFile = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().min(1).max(100).optional().describe('what is judged, for the reports'),
  profile: z
    .enum(profileIds)
    .optional()
    .describe('frozen set of the cases that count; all count when absent'),
  operations: z
    .array(z.enum(operationIds))
    .min(1)
    .optional()
    .describe('the integrated ones, the most important first; all when absent'),
  modes: z
    .array(mode)
    .min(1)
    .optional()
    .describe('how the application signs and encrypts; RSA256 without encryption when absent'),
  messages: z
    .partialRecord(z.enum(operationIds), z.record(z.string(), json))
    .optional()
    .describe('fields that are laid over our samples, by operation; null removes one'),
  timeouts: z
    .strictObject({
      recommendedMs: millisecondsBetween(1, 600_000)
        .optional()
        .describe('how long a client should wait for an answer at most; default: 8000'),
      ceilingMs: millisecondsBetween(1, 600_000)
        .optional()
        .describe('how long it may wait at most; default: 30000'),
    })
    .optional(),
  retry: z
    .strictObject({
      pauseFactor: z
        .number()
        .min(0.0001)
        .max(1)
        .optional()
        .describe('the application multiplies its pauses by this; default: 0.05'),
      patienceMs: millisecondsBetween(100, 3_600_000)
        .optional()
        .describe('how long a job may take, and a case is watched, at most; default: 30000'),
      realPauses: z
        .boolean()
        .optional()
        .describe('true: pauses are not scaled, and the printed plan is judged in real time'),
    })
    .optional(),
  receiver: z
    .strictObject({
      url: z.url().optional().describe("address of the merchant's own server"),
      client: z.string().min(1).optional().describe('Client-Id that is called; the demo client'),
      calls: z
        .array(z.enum(outboundCallIds))
        .min(1)
        .optional()
        .describe('the integrated calls; those that are documented completely when absent'),
      applied: z
        .url()
        .optional()
        .describe('where the merchant says how often an event was applied'),
    })
    .optional()
    .describe('what AlipayHK calls: the family OUT is played against it'),
  every: z
    .enum(['primary', 'operation'])
    .optional()
    .describe('primary: each case on the first operation that it applies to; operation: on all'),
  accept: z
    .record(z.string(), z.string())
    .optional()
    .describe('decisions where several behaviours are right: C-FIN-04: retry'),
  failOn: z
    .enum(failLevels)
    .optional()
    .describe('from which severity on a failure ends the run with exit code 1; default: major'),
  expectedFailures: z
    .string()
    .min(1)
    .optional()
    .describe('file of failures that are expected, relative to this file'),
});

export type CertifyFile = z.infer<typeof certifyFile>;

/** Reads `certify.yaml`. */
export const readCertifyFile = (source: LocatedYaml): Gathered<CertifyFile> => {
  if (source.problems.length > 0) return { value: {}, problems: source.problems };
  // A file of comments alone is like none.
  if (source.value === null) return { value: {}, problems: [] };
  const checked = checkYaml(
    source,
    certifyFile,
    'docs/certify.schema.json describes every member.',
  );
  return 'problems' in checked
    ? { value: {}, problems: checked.problems }
    : { value: checked.data, problems: [] };
};

/** The JSON Schema for editors. */
export const certifyFileSchema = (): Record<string, unknown> => ({
  // Counts up when a file that was right would no longer be.
  $id: 'alipayhk-mock/certify/v1',
  title: 'alipayhk-mock certify',
  ...z.toJSONSchema(certifyFile, { target: 'draft-7', io: 'input' }),
});
