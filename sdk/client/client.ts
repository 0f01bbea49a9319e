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
export type {
  CallOutcome,
  OperationId,
  RequestOf,
  ResponseOf,
  Result,
  RetryPlan,
  Unsettled,
  Unsettling,
} from './calls.ts';
export { OperationFailedError, SetupError, UnknownOutcomeError } from './client-errors.ts';
export type { KeyInput, KeysInput, VersionedKey } from './key-provider.ts';
export {
  folderStore,
  type OpenMessage,
  Outbox,
  type OutboxAttempt,
  type OutboxOptions,
  type OutboxStore,
} from './outbox.ts';
export type {
  HeldKey,
  KeyProvider,
  MerchantResponse,
  SignedRequest,
} from './signed-call.ts';
