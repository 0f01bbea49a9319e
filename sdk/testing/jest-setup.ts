/**
 * `alipayhk-mock/jest/setup`: jest's `globalSetup` that starts one simulator for the whole run;
 * `alipayhk-mock/jest/teardown` ends it. Settings are in the jest config: `globals: {
 * alipayhkMock: { ordering: { stale: 'refuse' } } }`. With `globals: { alipayhkCoverage: {
 * minHandled: 60 } }` the run fails when it covers too little.
 * @packageDocumentation
 */
import { type CoverageRunOptions, finishCoverage } from './coverage-run.ts';
import { createMockServer, type MockServer, type MockServerSettings } from './index.ts';
import { simulatorVariable } from './simulator.ts';

interface JestConfig {
  readonly globals?: {
    readonly alipayhkMock?: MockServerSettings;
    readonly alipayhkCoverage?: CoverageRunOptions;
  };
}

let running: MockServer | undefined;
let coverage: CoverageRunOptions | undefined;

/** Starts the run's simulator. */
export const setup = async (_global: unknown, { globals = {} }: JestConfig): Promise<void> => {
  coverage = globals.alipayhkCoverage;
  running = await createMockServer(globals.alipayhkMock);
  process.env[simulatorVariable] = JSON.stringify(running.address);
};

/** Ends it. */
export const teardown = async (): Promise<void> => {
  try {
    if (running !== undefined && coverage !== undefined) await finishCoverage(running, coverage);
  } finally {
    await running?.close();
  }
};
