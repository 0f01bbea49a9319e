/**
 * The package's public face: `createMockServer()` starts a simulator in this process, `connectMockServer()` steers one that runs elsewhere.
 * @packageDocumentation
 */
export * from './embedded/connect.ts';
export { createMockServer, MockServer } from './embedded/create-mock-server.ts';
export type { MockServerSettings } from './embedded/embedded-settings.ts';
export { ListenError } from './problems/listen-error.ts';
export { type Problem, StartupError } from './problems/problem.ts';
