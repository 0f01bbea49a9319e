/**
 * `alipayhk-mock/jest/setup`: jest's `globalSetup` that starts one simulator for the whole run;
 * `alipayhk-mock/jest/teardown` ends it. Settings are in the jest config: `globals: {
 * alipayhkMock: { ordering: { stale: 'refuse' } } }`. With `globals: { alipayhkCoverage: {
 * minHandled: 60 } }` the run fails when it covers too little.
 * @packageDocumentation
 */
import { createMockServer, type MockServer, type MockServerSettings } from './index.ts';
import { type CoverageRunOptions, finishRun, isLintStrict } from './run-end.ts';
import { simulatorVariable } from './simulator.ts';

interface JestConfig {
  readonly globals?: {
    readonly alipayhkMock?: MockServerSettings;
    readonly alipayhkCoverage?: CoverageRunOptions;
  };
}

let running: MockServer | undefined;
let coverage: CoverageRunOptions | undefined;
let isStrict = false;

/** Starts the run's simulator. */
export const setup = async (_global: unknown, { globals = {} }: JestConfig): Promise<void> => {
  coverage = globals.alipayhkCoverage;
  isStrict = isLintStrict(globals.alipayhkMock);
  running = await createMockServer(globals.alipayhkMock);
  process.env[simulatorVariable] = JSON.stringify(running.address);
};

/** Ends it, and prints what lint has found, once for each rule. */
export const teardown = async (): Promise<void> => {
  if (running === undefined) return;
  await finishRun(running, { isStrict, coverage });
};
