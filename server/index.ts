/**
 * The package's public face: `createMockServer()` starts a simulator in this process, `connectMockServer()` steers one that runs elsewhere.
 * @packageDocumentation
 */
export { AdminRefusal } from './embedded/admin-connection.ts';
export type * from './embedded/admin-words.ts';
export { NothingArrived, VerificationFailed } from './embedded/assertions.ts';
export { createMockServer, MockServer } from './embedded/create-mock-server.ts';
export type { MockServerSettings } from './embedded/embedded-settings.ts';
export { MockClient, type MockClientCredentials } from './embedded/mock-client.ts';
export { connectMockServer, type NewMockClient, Simulator } from './embedded/simulator.ts';
export { SomethingUnexpected } from './embedded/unexpected.ts';
export { type Problem, StartupError } from './problems/problem.ts';
