/**
 * `alipayhk-mock/jest/setup`: jest's `globalSetup` that starts one simulator for the whole run;
 * `alipayhk-mock/jest/teardown` ends it. Settings are in the jest config: `globals: {
 * alipayhkMock: { ordering: { stale: 'refuse' } } }`.
 * @packageDocumentation
 */
import { createMockServer, type MockServer, type MockServerSettings } from './index.ts';
import { simulatorVariable } from './simulator.ts';

interface JestConfig {
  readonly globals?: { readonly alipayhkMock?: MockServerSettings };
}

let running: MockServer | undefined;

/** Starts the run's simulator. */
export const setup = async (_global: unknown, { globals = {} }: JestConfig): Promise<void> => {
  running = await createMockServer(globals.alipayhkMock);
  process.env[simulatorVariable] = JSON.stringify(running.address);
};

/** Ends it. */
export const teardown = async (): Promise<void> => {
  await running?.close();
};
