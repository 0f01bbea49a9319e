import type { components } from '../../server/domain/contract/types.gen.ts';
import { wireOperations } from './operations.gen.ts';

type Schemas = components['schemas'];

/** The name of an operation, as the contract has it. */
export type OperationId = keyof typeof wireOperations;

/** What a caller needs to know of an operation. */
export interface WireOperation {
  readonly path: string;
  readonly resultField: 'result' | 'resultInfo';
  /** Whether requests have a requestId. */
  readonly hasRequestId: boolean;
}

export const operationMetadata: Readonly<Record<OperationId, WireOperation>> = wireOperations;

/** Request bodies by operation. */
export interface Requests {
  syncAdditionalInfo: Schemas['SyncAdditionalInfoRequest'];
  syncAccountLinkage: Schemas['SyncAccountLinkageRequest'];
  syncPaymentInfo: Schemas['SyncPaymentInfoRequest'];
  syncOrder: Schemas['SyncOrderRequest'];
  updateMembershipCard: Schemas['UpdateMembershipCardRequest'];
}

/** Response bodies of success by operation. */
export interface Responses {
  syncAdditionalInfo: Schemas['SyncAdditionalInfoResponse'];
  syncAccountLinkage: Schemas['SyncAccountLinkageResponse'];
  syncPaymentInfo: Schemas['SyncPaymentInfoResponse'];
  syncOrder: Schemas['SyncOrderResponse'];
  updateMembershipCard: Schemas['UpdateMembershipCardResponse'];
}

/** With an optional `requestId`. Distributes over unions. */
type WithOptionalId<R> = R extends { requestId: string }
  ? Omit<R, 'requestId'> & { readonly requestId?: string }
  : R;

/** The body of a call. A missing requestId is generated. */
export type RequestOf<K extends OperationId> = WithOptionalId<Requests[K]>;
/** The response body of a successful call. */
export type ResponseOf<K extends OperationId> = Responses[K];
