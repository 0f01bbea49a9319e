import { securityFaults, wireFaults } from './catalogue.ts';
import type { ChosenFaults } from './choice.ts';
import { phaseTable } from './fault.ts';

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
