/**
 * `alipayhk-mock/client`: the merchant's client of the five operations, for Node, without
 * dependencies.
 * @packageDocumentation
 */
export {
  AlipayHKClient,
  type AlipayHKClientOptions,
  type Attempt,
  type CallSettings,
  type Success,
} from './alipayhk-client.ts';
export type { CallOutcome, Result, Unsettled, Unsettling } from './call-outcome.ts';
export { OperationFailedError, SetupError, UnknownOutcomeError } from './client-errors.ts';
export type { KeyInput, KeysInput, VersionedKey } from './key-provider.ts';
export type {
  HeldKey,
  KeyProvider,
  MerchantResponse,
  SignedRequest,
} from './merchant-messages.ts';
export type { OperationId, RequestOf, ResponseOf } from './operations.ts';
export {
  folderStore,
  type OpenMessage,
  Outbox,
  type OutboxAttempt,
  type OutboxOptions,
  type OutboxStore,
} from './outbox.ts';
export type { RetryPlan } from './retry.ts';
