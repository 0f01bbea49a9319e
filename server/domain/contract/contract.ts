import type { JsonObject, ResultStatus } from '../state/state.ts';
import type { Basis, RegisterId } from './basis.ts';

export const operationIds = [
  'syncAdditionalInfo',
  'syncAccountLinkage',
  'syncPaymentInfo',
  'syncOrder',
  'updateMembershipCard',
] as const;
export type OperationId = (typeof operationIds)[number];

export type ResultField = 'result' | 'resultInfo';

/** A row of an operation's result table, or of the gateway's common one. */
export interface ResultRow {
  readonly code: string;
  readonly status: ResultStatus;
  readonly message: string;
  readonly basis: Basis;
  readonly meaning: string;
}

export interface GatewayRow extends ResultRow {
  /** Sent when `httpStatus` is `semantic` (register G-03). */
  readonly httpStatus: number;
}

/** Allowed status changes of an order: status → what may follow (register E-01). */
export type StatusMachine = ReadonlyMap<string, StatusRule>;

export interface StatusRule {
  readonly next: readonly string[];
  /** Named only by an older page of the documents. */
  readonly legacy: boolean;
}

/** One operation of the contract, as configured. */
export interface Operation {
  readonly id: OperationId;
  readonly summary: string;
  /** The one to send to: of samples, collections and the client. */
  readonly path: string;
  /** All that the operation is served at, `path` first (register P-01 to P-05). */
  readonly paths: readonly string[];
  readonly pathBasis: Basis;
  readonly pathRegister: string;
  /**
   * Names of the result object in the answer, the contract's own first; more than one only by a
   * setting (register G-07).
   */
  readonly resultFields: readonly [ResultField, ...ResultField[]];
  /** Its own table first, then the gateway's codes that it does not list. */
  readonly results: ReadonlyMap<string, ResultRow>;
  readonly ownResultCodes: readonly string[];
  /** Names of the fields in milliseconds since 1970. */
  readonly timestamps: readonly string[];
  /** Fields that take any text, with the most characters they take. */
  readonly freeText: ReadonlyMap<string, number>;
  /**
   * Every field the contract knows for a request, by merchantBizType where that matters (`''`: all
   * requests).
   */
  readonly knownFields: ReadonlyMap<string, ReadonlySet<string>>;
  /** What null and the empty string mean in each field, by merchantBizType like knownFields. */
  readonly fields: ReadonlyMap<string, FieldTree>;
  /**
   * Required extra fields by merchantBizType, kept here when they are noted instead of enforced.
   */
  readonly notedFields: ReadonlyMap<string, readonly string[]>;
  /** Request examples by name; the first one is the sample. */
  readonly examples: ReadonlyMap<string, JsonObject>;
}

/**
 * What the contract says of a field, as far as null and the empty string are concerned (register
 * G-27).
 */
export interface Field {
  readonly isRequired: boolean;
  readonly isNullable: boolean;
  readonly isText: boolean;
  /** The fields of an object, or of the objects in a list. */
  readonly children: FieldTree;
}
export type FieldTree = ReadonlyMap<string, Field>;

/** The OpenAPI document, read, with the settings applied to it. */
export interface Contract {
  readonly document: Readonly<Record<string, unknown>>;
  readonly version: string;
  readonly operations: ReadonlyMap<OperationId, Operation>;
  readonly gatewayResults: ReadonlyMap<string, GatewayRow>;
  readonly statusMachines: ReadonlyMap<string, StatusMachine>;
}

/** Something odd that was let pass, in one sentence. */
export interface Finding {
  readonly id: string;
  readonly sentence: string;
  readonly register: RegisterId;
}
