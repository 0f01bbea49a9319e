/**
 * `alipayhk-mock`: `createMockServer()` starts a simulator in this process, `connectMockServer()`
 * controls one that runs elsewhere.
 * @packageDocumentation
 */

export { ListenError, type Problem, StartupError } from '../../server/problems/problem.ts';
export * from './connect.ts';
export type {
  MockServerSettings,
  ReplayCapsuleOptions,
  ReplayedCapsuleExchange,
} from './create-mock-server.ts';
export { createMockServer, MockServer, replayCapsule } from './create-mock-server.ts';
