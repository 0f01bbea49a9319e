import type { Contract, OperationId } from '../../../domain/contract/contract.ts';
import type { Rule } from '../../../domain/scenarios/scenario-file.ts';
import type { JsonObject } from '../../../domain/state/state.ts';
import type { SignatureAlgorithm } from '../../../protocol/algorithms.ts';
import { omitUndefined } from '../../../protocol/omit-undefined.ts';
import type { CasePlan, CaseRun, DriveMode, PlayStep, Separation } from '../types.ts';
import { composeMessages, messageConditions, tokenFields } from './compose-messages.ts';

/** The case that shows that anything can be judged on an operation. */
export const controlCase = 'C-PRE-01';

export interface CaseCrypto {
  readonly algorithm: SignatureAlgorithm;
  readonly sealed: boolean;
}

/** What of a case is to run, before messages and rules are made. */
export interface PlannedCase<Plan extends CasePlan = CasePlan> extends CaseCrypto {
  readonly plan: Plan;
  readonly variant: string | undefined;
  readonly operation: OperationId;
}

export interface PlanOptions<Plan extends CasePlan> {
  readonly cases: readonly Plan[];
  /** In the order of preference: with `primary`, a case runs on the first that it applies to. */
  readonly operations: readonly OperationId[];
  readonly modes: readonly CaseCrypto[];
  readonly every: 'primary' | 'operation';
}

/** First contact on every operation, in every mode. */
export const planControls = <Plan extends CasePlan>({
  cases,
  operations,
  modes,
}: Omit<PlanOptions<Plan>, 'every'>): readonly PlannedCase<Plan>[] =>
  cases
    .filter(({ id }) => id === controlCase)
    .flatMap((plan) =>
      operations.flatMap((operation) =>
        modes.map((mode) => ({ ...mode, plan, variant: undefined, operation })),
      ),
    );

/**
 * All other cases. In modes after the first one only those run that need them, unless every
 * operation is asked for.
 */
export const planCases = <Plan extends CasePlan>({
  cases,
  operations,
  modes,
  every,
}: PlanOptions<Plan>): readonly PlannedCase<Plan>[] =>
  cases
    .filter(({ id }) => id !== controlCase)
    .flatMap((plan) => {
      const fitting = modes.filter(({ sealed }) => plan.needsSealed !== true || sealed);
      const chosen = every === 'operation' ? fitting : fitting.slice(0, 1);
      return variantsFor(plan).flatMap(([variant, applies]) => {
        const possible = operations.filter(applies);
        const used = every === 'operation' ? possible : possible.slice(0, 1);
        return used.flatMap((operation) =>
          chosen.map((mode) => ({ ...mode, plan, variant, operation })),
        );
      });
    });

type Applies = (operation: OperationId) => boolean;

const variantsFor = ({
  operations,
  variants,
}: CasePlan): readonly (readonly [name: string | undefined, applies: Applies])[] => {
  const applies: Applies = (operation) => operations === 'all' || operations.includes(operation);
  if (variants === undefined) return [[undefined, applies]];
  return Object.entries(variants).map(([name, { operations: own }]) => [
    name,
    (operation) => applies(operation) && (own === undefined || own.includes(operation)),
  ]);
};

/** Whether a case can be shown in this mode. */
export const runsIn = ({ modes }: CasePlan, mode: DriveMode): boolean =>
  modes === undefined || modes.includes(mode);

export interface RunOptions {
  readonly contract: Contract;
  readonly clientId: string;
  readonly separation: Separation;
  readonly token: string;
  readonly time: number;
  /** The merchant's own fields, by operation. */
  readonly messages: Partial<Readonly<Record<OperationId, JsonObject>>>;
}

/** Makes messages and rules of a planned case. @throws Error for a case that cannot be played */
export const toCaseRun = <Plan extends CasePlan>(
  { plan, variant, operation, algorithm, sealed }: PlannedCase<Plan>,
  options: RunOptions,
): CaseRun<Plan> => {
  const { contract, token, time } = options;
  const known = contract.operations.get(operation);
  if (known === undefined) throw new Error(`the contract has no operation ${operation}`);
  const fields = options.messages[operation];
  const messages = composeMessages({ operation: known, plan, token, time, fields });
  const rules = plan.play.map((step) =>
    toRule(step, { plan, variant, operation, messages }, options),
  );
  return { plan, variant, operation, algorithm, sealed, token, messages, rules };
};

interface Played {
  readonly plan: CasePlan;
  readonly variant: string | undefined;
  readonly operation: OperationId;
  readonly messages: readonly JsonObject[];
}

const toRule = (
  { then, vary, times = 1, message, connection }: PlayStep,
  { plan, variant, operation, messages }: Played,
  { clientId, separation, token }: RunOptions,
): Rule => {
  const varied = vary === true ? plan.variants?.[variant ?? '']?.then : undefined;
  const isOneOfSeveral = message !== undefined && messages.length > 1;
  const conditions = {
    ...(separation === 'token' && { [tokenFields[operation]]: { prefix: token } }),
    ...(isOneOfSeveral && messageConditions(messages, message - 1)),
  };
  const body = Object.keys(conditions).length === 0 ? undefined : conditions;
  const call = times === 'always' ? undefined : { first: times };
  return {
    when: omitUndefined({ operation, client: clientId, body, connection, call }),
    then: { ...then, ...varied },
  };
};
