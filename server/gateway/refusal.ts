import type { RegisterId } from '../domain/contract/contract.ts';

export type RefusalCode =
  | 'INVALID_API'
  | 'METHOD_NOT_SUPPORTED'
  | 'MEDIA_TYPE_NOT_ACCEPTABLE'
  | 'PARAM_ILLEGAL'
  | 'TIMESTAMP_INVALID'
  | 'INVALID_CLIENT'
  | 'KEY_NOT_FOUND'
  | 'INVALID_SIGNATURE'
  | 'ACCESS_DENIED'
  | 'REQUEST_TRAFFIC_EXCEED_LIMIT';

export interface RefusalDetails {
  readonly register: RegisterId;
  /** Why, for the log and the journal. */
  readonly reason: string;
  /**
   * Text of the answer's message; absent: the result table's. What must not be shown to the caller
   * stays out of it.
   */
  readonly message?: string;
  /** Where the code's own status would mislead, when `httpStatus` is `semantic`. */
  readonly httpStatus?: number;
}

/**
 * Thrown by a step that refuses: the one way a request leaves the pipeline early. It is answered
 * like everything else.
 */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly details: RefusalDetails;

  constructor(code: RefusalCode, details: RefusalDetails) {
    super(details.reason);
    this.name = 'Refusal';
    this.code = code;
    this.details = details;
  }
}

/** A refusal whose reason the caller may read as it is. */
export const refuseWithMessage = (
  code: RefusalCode,
  register: RegisterId,
  reason: string,
): Refusal => new Refusal(code, { register, reason, message: reason });
