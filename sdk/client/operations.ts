import type { components } from '../../server/domain/contract/types.gen.ts';
import { wireOperations } from './operations.gen.ts';

type Schemas = components['schemas'];

/** The name of an operation, as the contract has it. */
export type OperationId = keyof typeof wireOperations;

/** An operation as far as a caller must know it. */
export interface WireOperation {
  readonly path: string;
  readonly resultField: 'result' | 'resultInfo';
  /** Whether calls are told apart by a requestId. */
  readonly hasRequestId: boolean;
}

export const operationsOnTheWire: Readonly<Record<OperationId, WireOperation>> = wireOperations;

/** What each operation is sent, in full. */
export interface Requests {
  syncAdditionalInfo: Schemas['SyncAdditionalInfoRequest'];
  syncAccountLinkage: Schemas['SyncAccountLinkageRequest'];
  syncPaymentInfo: Schemas['SyncPaymentInfoRequest'];
  syncOrder: Schemas['SyncOrderRequest'];
  updateMembershipCard: Schemas['UpdateMembershipCardRequest'];
}

/** What each operation answers when it has succeeded. */
export interface Answers {
  syncAdditionalInfo: Schemas['SyncAdditionalInfoResponse'];
  syncAccountLinkage: Schemas['SyncAccountLinkageResponse'];
  syncPaymentInfo: Schemas['SyncPaymentInfoResponse'];
  syncOrder: Schemas['SyncOrderResponse'];
  updateMembershipCard: Schemas['UpdateMembershipCardResponse'];
}

/**
 * The same with `requestId` left to the client. Each member of a union for itself, so that unions
 * stay unions.
 */
type IdMayBeMadeUp<R> = R extends { requestId: string }
  ? Omit<R, 'requestId'> & { readonly requestId?: string }
  : R;

/** What a call takes: the contract's request; a requestId is made up when there is none. */
export type RequestOf<K extends OperationId> = IdMayBeMadeUp<Requests[K]>;
export type AnswerOf<K extends OperationId> = Answers[K];
