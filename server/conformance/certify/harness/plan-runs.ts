import type { Contract, Operation, OperationId } from '../../../domain/contract/contract.ts';
import { fillSample } from '../../../domain/operations/fill-sample.ts';
import type { Rule } from '../../../domain/scenarios/scenario-file.ts';
import { valueAt } from '../../../domain/scenarios/select-rule.ts';
import type { JsonObject } from '../../../domain/state/state.ts';
import { isRecord, omitUndefined } from '../../../problems/plain-object.ts';
import type { SignatureAlgorithm } from '../../../protocol/signatures.ts';
import type {
  CasePlan,
  CaseRun,
  DriveMode,
  MessageTemplate,
  PlayStep,
  Separation,
} from '../types.ts';

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

export interface PlanRunsOptions<Plan extends CasePlan> {
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
}: Omit<PlanRunsOptions<Plan>, 'every'>): readonly PlannedCase<Plan>[] =>
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
}: PlanRunsOptions<Plan>): readonly PlannedCase<Plan>[] =>
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

/** The contract's example that the messages of an operation are made of. */
const samples: Readonly<Record<OperationId, string>> = {
  syncAdditionalInfo: 'full',
  syncAccountLinkage: 'bind',
  syncPaymentInfo: 'full',
  syncOrder: 'MOVIE_TICKET',
  updateMembershipCard: 'update',
};

/** Fields of an identity that name the one thing; the others say of what kind it is. */
export const tokenFields: Readonly<Record<OperationId, string>> = {
  syncAdditionalInfo: 'accountId',
  syncAccountLinkage: 'externalIdentityValue',
  syncPaymentInfo: 'accountId',
  syncOrder: 'merchantBizNo',
  updateMembershipCard: 'passId',
};

export interface MessageOptions {
  readonly operation: Operation;
  readonly plan: CasePlan;
  /** At most 16 characters, letters and digits. */
  readonly token: string;
  /** The moment of the business event, milliseconds since 1970. */
  readonly time: number;
  /** The merchant's own fields, laid over the sample. */
  readonly fields?: JsonObject | undefined;
}

/** Business data as a driver gets it: everything but the requestId. */
export const composeMessages = (options: MessageOptions): readonly JsonObject[] => {
  const templates: readonly MessageTemplate[] = options.plan.messages ?? [{}];
  return templates.map((template, index) => composeMessage(options, template, index));
};

const composeMessage = (
  { operation, token, time, fields = {} }: MessageOptions,
  { fields: changes = {}, isSameThing = false, eventTimeOffsetMs = 0 }: MessageTemplate,
  index: number,
): JsonObject => {
  const message = fillSample(operation, {
    example: samples[operation.id],
    requestId: '',
    time: time + eventTimeOffsetMs,
    fields: {
      ...(operation.id === 'syncOrder' && { orderCreateTime: time - 1000 }),
      ...fields,
      ...changes[operation.id],
      [tokenFields[operation.id]]: isSameThing || index === 0 ? token : `${token}${index + 1}`,
      // The application's own.
      requestId: undefined,
    },
  });
  return operation.id === 'updateMembershipCard' ? withDataToken(message, token, index) : message;
};

/**
 * A card has no requestId: two messages are two only if their bodies differ, so each carries its
 * number in dataInfo.
 */
const withDataToken = (message: JsonObject, token: string, index: number): JsonObject => {
  const { dataInfo } = message;
  if (!isRecord(dataInfo)) return message;
  return { ...message, dataInfo: { ...dataInfo, billNo: `${token}${index + 1}` } };
};

/** Fields that are no sign of which message a request carries: the application may set them. */
const applicationFields = new Set(['requestId', 'requestTime', 'bizTime', 'orderModifyTime']);

/**
 * Conditions of a rule that only requests with the nth message meet; undefined when nothing but the
 * event time distinguishes it.
 */
export const messageConditions = (
  messages: readonly JsonObject[],
  index: number,
): Readonly<Record<string, string | number>> | undefined => {
  const message = messages[index] ?? {};
  const others = messages.filter((_, other) => other !== index);
  const found: Record<string, string | number> = {};
  let left = others;
  for (const [path, value] of scalars(message)) {
    if (left.length === 0) break;
    const same = left.filter((other) => valueAt(other, path) === value);
    if (same.length === left.length || applicationFields.has(path)) continue;
    found[path] = value;
    left = same;
  }
  return left.length > 0 ? undefined : found;
};

const scalars = (fields: JsonObject, before = ''): [string, string | number][] =>
  Object.entries(fields).flatMap(([name, value]): [string, string | number][] => {
    // A dot in a condition reads a field of an object, so a name must not have one.
    if (name.includes('.') || name.includes('$')) return [];
    const path = `${before}${name}`;
    if (typeof value === 'string' || typeof value === 'number') return [[path, value]];
    return isRecord(value) ? scalars(value as JsonObject, `${path}.`) : [];
  });
