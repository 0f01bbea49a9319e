import type { RegisterId } from '../contract/basis.ts';
import type { Finding, OperationId, StatusMachine } from '../contract/contract.ts';

import type { SettingKey, Settings } from '../settings/settings-table.ts';
import type { Entity, EntityCollection, Json, JsonObject } from '../state/state.ts';

/** The settings that rules may look at. */
export type Policies = Pick<
  Settings,
  Extract<
    SettingKey,
    | `idempotency.${string}`
    | `ordering.${string}`
    | `order.${string}`
    | `linkage.${string}`
    | `membership.${string}`
  >
>;

export interface RuleContext {
  readonly clientId: string;
  /** What time it is for this client, milliseconds since 1970. */
  readonly now: number;
  readonly policies: Policies;
  /** By merchantBizType. */
  readonly statusMachines: ReadonlyMap<string, StatusMachine>;
}

/** A request that an endpoint's own rule accepts. */
export interface Accepted {
  readonly accepted: true;
  /** Answered as done, but what is held stays as it is. */
  readonly keepsHeld?: boolean;
  readonly reason: string;
  readonly basis: readonly RegisterId[];
  readonly findings?: readonly Finding[];
}

/** One that it refuses. */
export interface Refused {
  readonly accepted: false;
  readonly code: string;
  /** Text for the answer's message; absent: the table's own. */
  readonly detail?: string;
  readonly reason: string;
  readonly basis: readonly RegisterId[];
}

/** One of the five operations: data, and one pure rule. */
export interface Endpoint {
  readonly operationId: OperationId;
  readonly collection: EntityCollection;
  /**
   * The field that identifies a repeated request, or null where the operation has none (register I-01).
   */
  readonly idempotencyKey: string | null;
  /** The fields that together name the thing (register O-03). */
  readonly identity: readonly string[];
  /**
   * The values that name the thing, where they are not just those of the identity fields (register
   * O-03).
   */
  identify?(request: JsonObject, policies: Policies): readonly Json[];
  /** The field that orders its updates (register O-02). */
  readonly eventTime: string | null;
  /** The code of a stale update when `ordering.stale` is `refuse`. */
  readonly staleCode: string;
  /** Asked only when the request is new and not stale. No clock, no HTTP, no keys. */
  decide(request: JsonObject, held: Entity | undefined, context: RuleContext): Accepted | Refused;
  /** What is wrong with a request whatever is newer: a stale message reports it too. */
  flaws?(request: JsonObject, held: Entity | undefined, context: RuleContext): readonly Refused[];
  /** What is held from now on; absent: the request itself, as the last message about the thing. */
  fieldsToHold?(request: JsonObject, held: Entity | undefined, context: RuleContext): JsonObject;
  /** What the answer says beside the result, of the thing as it is held after the decision. */
  answerFields(held: Entity | undefined, context: RuleContext): JsonObject;
}

export const accept = (
  reason: string,
  basis: readonly RegisterId[],
  findings: readonly Finding[] = [],
): Accepted => ({
  accepted: true,
  reason,
  basis,
  findings,
});

export const refuseWith = (
  code: string,
  detail: string,
  basis: readonly RegisterId[],
): Refused => ({
  accepted: false,
  code,
  detail,
  reason: detail,
  basis,
});

/** Absent, null and the empty string are one value wherever they name a thing (register O-03). */
export const normalizeName = (value: Json | undefined): Json =>
  value === undefined || value === '' ? null : value;

/** Which of these fields both have, and differ in. */
export const changedFields = (
  request: JsonObject,
  held: Entity,
  names: readonly string[],
): readonly string[] =>
  names.filter(
    (name) =>
      ![null, request[name]].includes(normalizeName(held.fields[name])) &&
      normalizeName(request[name]) !== null,
  );

export const noFields = (): JsonObject => ({});
