import * as z from 'zod';
import type { LocatedYaml } from '../../problems/located-yaml.ts';
import type { Problem } from '../../problems/problem.ts';
import { operationIds } from '../contract/contract.ts';
import { delayChoice, securityChoice, type WireChoice, wireChoice } from '../faults/choice.ts';
import { outboundCallIds } from '../outbound/outbound-calls.ts';
import { outboundFaultIds } from '../outbound/outbound-faults.ts';
import { jsonValue, layoutChoice } from './layout.ts';
import { maxPatternLength, patternProblem } from './pattern.ts';

const stateName = z.string().regex(/^[\w-]{1,40}$/, 'must be a word');
const moment = z.iso.datetime({ offset: true });
const status = z.enum(['S', 'F', 'U']);
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const patternText = z
  .string()
  .max(maxPatternLength, { abort: true, error: `is longer than ${maxPatternLength} characters` })
  .superRefine((source, context) => {
    const problem = patternProblem(source);
    if (problem !== undefined)
      context.addIssue({ code: 'custom', message: problem.message, params: problem });
  });

const fieldCondition = z
  .union([
    scalar,
    z.strictObject({
      equals: scalar.optional().describe('the value itself'),
      prefix: z.string().min(1).optional().describe('text that the value starts with'),
      regex: patternText
        .optional()
        .describe(
          'a regular expression, without look-arounds and back-references, that matches somewhere in the value',
        ),
      present: z.boolean().optional().describe('true: the field exists; false: it does not'),
      min: z.number().optional().describe('smallest number that matches'),
      max: z.number().optional().describe('largest number that matches'),
    }),
  ])
  .describe('a value, or conditions that must all hold');

const callCondition = z
  .strictObject({
    first: z.int().min(1).optional().describe('the first N calls'),
    nth: z.int().min(1).optional().describe('only call N'),
    every: z.int().min(2).optional().describe('calls N, 2N, 3N, …'),
    per: z
      .enum(['client', 'identity'])
      .optional()
      .describe('count calls of the client (default) or of each order, account, binding, card'),
  })
  .refine(
    (call) => [call.first, call.nth, call.every].filter((given) => given !== undefined).length <= 1,
    'first, nth and every exclude each other',
  )
  .describe('which of the calls that reach this rule it answers; all of them when absent');

const notification = z
  .strictObject({
    call: z.enum(outboundCallIds).describe('the call, as openapi/outbound.yaml names it'),
    after: z
      .string()
      .regex(/^\d+(ms|s|m|h)$/, 'must be a duration like 2s, 10m')
      .optional()
      .describe("how long after the decision, by the client's clock; at once when absent"),
    fields: z
      .record(z.string(), jsonValue)
      .optional()
      .describe('fields over those of the example; null removes one; {{held.FIELD}} is filled in'),
    fault: z
      .enum(outboundFaultIds)
      .optional()
      .describe('what goes wrong with the first sending; docs/reference/outbound.md has the list'),
  })
  .describe(
    'a call to the merchant, once the change is committed; its address is in outbound.targets',
  );

const outcome = {
  result: z
    .string()
    .min(1)
    .optional()
    .describe("a result code of the operation's table, or of the gateway's"),
  status: status.optional().describe("overrides the table's status"),
  unlisted: z
    .literal(true)
    .optional()
    .describe('allows a code that no table has, and any status with any code'),
  message: z.string().max(1000).optional().describe("overrides the table's message"),
  body: z
    .record(z.string(), jsonValue)
    .optional()
    .describe("fields that replace or extend the response's own, next to the result"),
  change: z
    .enum(['keep', 'drop'])
    .optional()
    .describe('whether the change is committed; by default only when the result is S'),
  signed: z
    .boolean()
    .optional()
    .describe(
      'whether the response is signed, also a refusal, whatever signRefusals says; default: true',
    ),
  keyVersion: z
    .int()
    .min(0)
    .optional()
    .describe("the version of the platform's key that signs the response; default: the newest"),
  layout: layoutChoice.optional(),
  notify: notification.optional(),
  goTo: stateName.optional().describe('the next state of the story'),
  delayMs: delayChoice
    .optional()
    .describe('delay before the response; a random one depends on the setting seed'),
  fault: wireChoice
    .optional()
    .describe('the fault on the wire and its phase; docs/faults.md has the list'),
  security: securityChoice
    .optional()
    .describe('the fault of the signature or the encryption; docs/faults.md has the list'),
};

const sequenceStep = z.union([z.string().min(1), z.strictObject(outcome)]);

/** One rule of a file, a queue or a header. */
export const rule = z.strictObject({
  when: z
    .strictObject({
      operation: z.enum(operationIds).describe('the operation called'),
      client: z.string().min(1).optional().describe('only this Client-Id'),
      body: z
        .record(z.string(), fieldCondition)
        .optional()
        .describe(
          'conditions on request fields; a dot reads a field of an object: merchant.merchantAccountId',
        ),
      call: callCondition.optional(),
      connection: z
        .enum(['first', 'reused'])
        .optional()
        .describe('whether the call is the first on its connection, or a later one'),
      state: z
        .union([stateName, z.array(stateName).min(1)])
        .optional()
        .describe(
          'the story state of this order, account, binding or card; every story begins in "start"',
        ),
      held: z
        .union([z.literal('nothing'), z.record(z.string(), fieldCondition)])
        .optional()
        .describe(
          'conditions on the fields of the stored record before this call; nothing: there is no record yet',
        ),
      from: moment.optional().describe("from this moment on, by the client's clock"),
      until: moment.optional().describe("until this moment, by the client's clock"),
    })
    .describe('the conditions of the rule'),
  then: z
    .strictObject({
      ...outcome,
      sequence: z
        .array(sequenceStep)
        .min(1)
        .max(1000)
        .optional()
        .describe(
          'one step a call: a result code, an object, or "behave"; after the last one the rule no longer matches',
        ),
      repeat: z
        .boolean()
        .optional()
        .describe('true: after the last step of the sequence comes the first again'),
    })
    .describe('the response'),
});

const expectation = z.strictObject({
  send: z.enum(operationIds).describe('the operation to call'),
  example: z
    .string()
    .optional()
    .describe("name of the contract's example to send; the first one when absent"),
  with: z
    .record(z.string(), jsonValue)
    .optional()
    .describe('fields that replace those of the example; null removes a field'),
  repeat: z.boolean().optional().describe('true: send the previous body again, byte for byte'),
  seal: z.boolean().optional().describe('true: encrypt the body'),
  giveUpMs: z
    .int()
    .min(1)
    .max(600_000)
    .optional()
    .describe('how long the caller waits for the response; 30 seconds when absent'),
  answer: z
    .strictObject({
      result: z.string().optional(),
      status: status.optional(),
      message: z.string().optional(),
      fields: z.record(z.string(), jsonValue).optional(),
      signature: z
        .enum(['verified', 'unsigned', 'bad'])
        .optional()
        .describe('verified when absent'),
      sealed: z.boolean().optional().describe('whether the response is encrypted'),
      transport: z
        .enum(['reset', 'closed', 'timeout', 'malformed'])
        .optional()
        .describe(
          'instead of a result: the connection was reset or ended too soon, the caller ' +
            'gave up, or the response has no readable result',
        ),
      httpStatus: z.int().min(100).max(599).optional(),
    })
    .refine(
      ({ result: code, status: letter, transport }) =>
        transport === undefined
          ? code !== undefined && letter !== undefined
          : code === undefined && letter === undefined,
      'needs either result and status, or transport',
    )
    .describe('the expected response'),
  atLeastMs: z.int().min(1).optional().describe('the minimum duration until the response'),
});

/** A scenario file: one story. */
export const scenarioFile = z.strictObject({
  $schema: z.string().optional(),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,79}$/, 'must be lower-case words joined by hyphens')
    .describe('the name for --scenario'),
  id: z
    .string()
    .regex(/^[A-Z]{2,8}-\d{2,3}$/, 'must be a family and a number: NET-07')
    .optional()
    .describe('a stable id for tickets and reports'),
  description: z.string().min(1).describe('the purpose, in a sentence or two'),
  integration: z
    .string()
    .min(1)
    .optional()
    .describe('what a correct integration does in this case'),
  rules: z.array(rule).max(1000).describe('tried in this order; the first match wins'),
  include: z
    .array(z.string())
    .max(100)
    .optional()
    .describe('scenarios whose rules come after its own'),
  expect: z
    .array(expectation)
    .optional()
    .describe('calls and their expected responses; played by scenarios run'),
});

export type ScenarioFile = z.infer<typeof scenarioFile>;
export type Rule = ScenarioFile['rules'][number];
export type Notification = z.infer<typeof notification>;
export type FieldCondition = z.infer<typeof fieldCondition>;
export type ScenarioExpectation = NonNullable<ScenarioFile['expect']>[number];

/** The JSON Schema for editors. */
export const scenarioFileSchema = (): Record<string, unknown> => ({
  // Counts up when a file that was right would no longer be.
  $id: 'alipayhk-mock/scenario/v1',
  title: 'alipayhk-mock scenario',
  ...z.toJSONSchema(scenarioFile, { target: 'draft-7', io: 'input' }),
});

interface FaultyRuleOutcome {
  readonly fault?: WireChoice | undefined;
  readonly notify?: unknown;
}

const appliesBeforeVerify = ({ fault }: FaultyRuleOutcome): boolean =>
  fault?.phase === 'before-verify';

/**
 * Whether a rule is asked before anything is checked, apart from the others. @param outcomes of
 * each of its steps
 */
export const isEarly = (outcomes: readonly FaultyRuleOutcome[]): boolean =>
  outcomes.some(appliesBeforeVerify);

/**
 * What a rule may not say when it is asked before anything is checked: it knows the operation and
 * the claimed client only.
 */
export const earlyProblems = (
  { when }: Rule,
  outcomes: readonly FaultyRuleOutcome[],
  path: readonly PropertyKey[],
  source: LocatedYaml,
): Problem[] => {
  if (!isEarly(outcomes)) return [];
  const problems: [boolean, PropertyKey[], string, string][] = [
    [
      when.body !== undefined,
      ['when', 'body'],
      'nothing has been read of the body in the phase before-verify',
      'Take the conditions away, or say phase: after-verify.',
    ],
    [
      when.call?.per === 'identity',
      ['when', 'call', 'per'],
      'nothing is known of the order, account or card in the phase before-verify',
      'Count the calls of the client, or say phase: after-verify.',
    ],
    [
      outcomes.some(({ notify }) => notify !== undefined),
      ['then', 'notify'],
      'nothing is decided in the phase before-verify, so nothing can be notified',
      'Leave notify out, or say phase: after-verify.',
    ],
    [
      !outcomes.every(appliesBeforeVerify),
      ['then', 'sequence'],
      'a rule is asked either before-verify or later, and this sequence holds both',
      'Give the early fault a rule of its own, with call: { first: 1 }.',
    ],
  ];
  return problems
    .filter(([holds]) => holds)
    .map(([, at, message, remedy]) => source.problemAt([...path, ...at], message, remedy));
};
