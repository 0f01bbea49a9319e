import * as z from 'zod';
import { suggest } from '../../problems/did-you-mean.ts';
import { checkValue, type SchemaIssue } from '../../problems/schema-issues.ts';
import { type SecurityFaultId, securityFaults, type WireFaultId, wireFaults } from './catalogue.ts';
import {
  type Fault,
  type FaultHooks,
  longestDelayMs,
  type Phase,
  phases,
  phaseTable,
  type RawResponse,
  type WireMessage,
} from './fault.ts';

/** A fault as a scenario's rule chooses it. */
export interface WireChoice {
  readonly id: WireFaultId;
  readonly phase: Phase;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface SecurityChoice {
  readonly id: SecurityFaultId;
  readonly parameters: Readonly<Record<string, unknown>>;
}

type Shape = Record<string, z.ZodType>;
type GivenFault = { readonly id: string; readonly phase?: Phase } & Readonly<
  Record<string, unknown>
>;

/** The id alone, or the id with the parameters that this fault knows. */
const parseChoice = (
  faults: Readonly<Record<string, Fault>>,
  what: string,
  more: Shape,
): z.ZodType<GivenFault> => {
  const ids = Object.keys(faults);
  const [first, ...rest] = Object.entries(faults).map(([id, { parameters, sentence }]) =>
    z.strictObject({ id: z.literal(id), ...more, ...parameters.shape }).describe(sentence),
  );
  if (first === undefined) throw new Error(`the catalogue has no ${what}`);
  const withParameters = z.discriminatedUnion('id', [first, ...rest]);
  const error = ({ input }: { readonly input?: unknown }) =>
    describeMistake(input, ids, what, withParameters);
  // The strings are ids, the objects have one: the compiler cannot see that of
  // schemas built from tables.
  return z
    .union([z.enum(ids), withParameters], { error })
    .transform((given) =>
      typeof given === 'string' ? { id: given } : given,
    ) as z.ZodType<GivenFault>;
};

const describeMistake = (
  input: unknown,
  ids: readonly string[],
  what: string,
  withParameters: z.ZodType,
): string => {
  const id = typeof input === 'object' && input !== null && 'id' in input ? input.id : input;
  if (typeof id !== 'string') return `must be the id of a ${what}, or { id: …, … }`;
  if (!ids.includes(id)) return `"${id}" is not a ${what}. ${suggest(id, ids)}`;
  const checked = checkValue(withParameters, input);
  return ('issues' in checked ? checked.issues : []).map(issueSentence).join('; ');
};

const issueSentence = ({ path, message, remedy }: SchemaIssue): string =>
  [[...path.map(String), message].join(': '), ...(remedy === undefined ? [] : [remedy])].join('. ');

const phase = z.enum(phases).optional().describe('when it strikes');

export const wireChoice: z.ZodType<WireChoice> = parseChoice(wireFaults, 'fault', {
  phase,
}).transform(({ id, phase: at, ...parameters }) => {
  const known = id as WireFaultId;
  return { id: known, phase: at ?? wireFaults[known].phases[0], parameters };
});

export const securityChoice: z.ZodType<SecurityChoice> = parseChoice(
  securityFaults,
  'security fault',
  {},
).transform(({ id, ...parameters }) => ({
  id: id as SecurityFaultId,
  parameters,
}));

const delayMs = z.int().min(0).max(longestDelayMs);

export const delayChoice = z.union(
  [
    delayMs,
    z
      .strictObject({
        from: delayMs.describe('the shortest'),
        to: delayMs.describe('the longest'),
      })
      .refine(({ from, to }) => from <= to, 'from must not be greater than to'),
    z.strictObject({
      median: delayMs.describe('half of the answers are faster'),
      sigma: z
        .number()
        .min(0)
        .max(3)
        .describe(
          'how far they spread: 0 not at all, 0.5 as in a calm network, 1 and more with long tails',
        ),
    }),
  ],
  { error: 'must be a number of milliseconds, { from, to } or { median, sigma }' },
);

/** What goes wrong with one answer: on the wire, in its security, in both, or nothing. */
export interface ChosenFaults {
  readonly fault?: WireChoice;
  readonly security?: SecurityChoice;
}

/** Every hook, ready to be called; without a fault each leaves things as they are. */
export type CompleteHooks = Required<Omit<FaultHooks, 'plan'>> & {
  readonly plan: (message: WireMessage) => RawResponse | undefined;
};

export const hooksFor = ({ fault, security }: ChosenFaults): CompleteHooks => {
  if (security === undefined && fault === undefined) return noFaults;
  const hooks = [
    ...(security === undefined ? [] : [securityFaults[security.id].hooksFor(security.parameters)]),
    ...(fault === undefined ? [] : [wireFaults[fault.id].hooksFor(fault.parameters)]),
  ];
  return {
    plain: (plain) => hooks.reduce((body, hook) => hook.plain?.(body) ?? body, plain),
    receiver: (own) => (hooks.find((hook) => hook.receiver !== undefined)?.receiver ?? same)(own),
    signing: (own, keys) =>
      hooks.reduce((signing, hook) => hook.signing?.(signing, keys) ?? signing, own),
    rewrite: (message) =>
      hooks.reduce((finished, hook) => hook.rewrite?.(finished) ?? finished, message),
    plan: (message) => hooks.find((hook) => hook.plan !== undefined)?.plan?.(message),
  };
};

const same = <T>(value: T): T => value;

/** Nearly every answer's: nothing happens to it. */
const noFaults: CompleteHooks = {
  plain: same,
  receiver: same,
  signing: same,
  rewrite: same,
  plan: () => undefined,
};

/** For the journal: `fault:reset@after-commit`, `security:wrong-key`. */
export const faultTags = ({ fault, security }: ChosenFaults): string[] => [
  ...(fault === undefined ? [] : [`fault:${fault.id}@${fault.phase}`]),
  ...(security === undefined ? [] : [`security:${security.id}`]),
];

/** What a rule says of one call, as far as it can contradict a fault. */
export interface FaultyOutcome extends ChosenFaults {
  readonly result?: string | undefined;
  readonly status?: string | undefined;
  readonly message?: string | undefined;
  readonly body?: unknown;
  readonly change?: 'keep' | 'drop' | undefined;
  readonly signed?: boolean | undefined;
  readonly keyVersion?: number | undefined;
  readonly layout?:
    | { readonly headerNames?: string | undefined; readonly headerPairs?: string | undefined }
    | undefined;
}

export interface Contradiction {
  /** Its place in the outcome. */
  readonly at: readonly string[];
  readonly message: string;
  readonly remedy: string;
}

/** What of an outcome cannot be had together with its fault. */
export const faultContradictions = (outcome: FaultyOutcome): Contradiction[] => [
  ...wrongPhase(outcome),
  ...wrongChange(outcome),
  ...overridesWithoutResponse(outcome),
  ...conflictingSignature(outcome),
  ...rawHeaders(outcome),
];

const wrongPhase = ({ fault }: FaultyOutcome): Contradiction[] => {
  if (fault === undefined) return [];
  const { phases } = wireFaults[fault.id];
  if (phases.includes(fault.phase)) return [];
  const why = phaseTable[fault.phase].isDecided
    ? 'it is over before the answer begins'
    : 'there is no answer yet';
  return [
    {
      at: ['fault', 'phase'],
      message: `${fault.id} cannot strike ${fault.phase}: ${why}`,
      remedy: `Phases of ${fault.id}: ${phases.join(', ')}.`,
    },
  ];
};

const wrongChange = ({ fault, change }: FaultyOutcome): Contradiction[] => {
  if (fault === undefined || change === undefined) return [];
  const { keepsChange } = phaseTable[fault.phase];
  if (keepsChange === (change === 'keep')) return [];
  return [
    {
      at: ['change'],
      message:
        `change: ${change} contradicts the phase ${fault.phase}, after which the change is ` +
        `${keepsChange ? 'kept' : 'not there'}`,
      remedy: `Take change away, or say phase: ${keepsChange ? 'before-commit' : 'after-commit'}.`,
    },
  ];
};

const responseFields = [
  ...(['result', 'status', 'message', 'body'] as const),
  ...(['signed', 'security', 'keyVersion', 'layout'] as const),
] as const;

const overridesWithoutResponse = (outcome: FaultyOutcome): Contradiction[] => {
  const { fault } = outcome;
  if (fault === undefined || wireFaults[fault.id].carriesAnswer) return [];
  const telling = Object.entries(wireFaults).flatMap(([id, { carriesAnswer: tellsAnswer }]) =>
    tellsAnswer ? [id] : [],
  );
  return responseFields
    .filter((name) => outcome[name] !== undefined)
    .map((name) => ({
      at: [name],
      message: `${name} contradicts ${fault.id}, which does not set the answer`,
      remedy: `Take ${name} away, or choose a fault that sets the answer: ${telling.join(', ')}.`,
    }));
};

/** A fault on the wire writes the head itself. */
const rawHeaders = ({ fault, layout }: FaultyOutcome): Contradiction[] => {
  if (fault === undefined || !wireFaults[fault.id].carriesAnswer) return [];
  return (['headerNames', 'headerPairs'] as const)
    .filter((name) => layout?.[name] !== undefined)
    .map((name) => ({
      at: ['layout', name],
      message: `${name} contradicts the fault ${fault.id}, which writes the head itself`,
      remedy: 'Keep one of them.',
    }));
};

const conflictingSignature = ({ security, signed }: FaultyOutcome): Contradiction[] => {
  if (
    security === undefined ||
    signed === undefined ||
    securityFaults[security.id].concerns !== 'signature'
  )
    return [];
  return [
    {
      at: ['signed'],
      message: `signed: ${signed} contradicts security: ${security.id}, which says how the answer is signed`,
      remedy: 'Keep one of them.',
    },
  ];
};
