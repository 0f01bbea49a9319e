/**
 * `alipayhk-mock/client`: a correct integration of the five operations, for Node, with nothing to
 * install beside it.
 * @packageDocumentation
 */
export {
  AlipayHKClient,
  type AlipayHKClientOptions,
  type Attempt,
  type CallSettings,
  type Success,
} from './alipayhk-client.ts';
export type { RetryPlan } from './backoff.ts';
export { OperationFailedError, UnknownOutcomeError } from './client-errors.ts';
export type { HeldKey, KeyInput, KeyProvider, KeysInput, VersionedKey } from './held-keys.ts';
export type { AnswerOf, OperationId, RequestOf } from './operations.ts';
export type { CallOutcome, Result, Unsettled, Unsettling } from './settle.ts';
export { SetupError } from './setup-error.ts';
export type { MerchantAnswer, SignedRequest } from './signed-call.ts';
