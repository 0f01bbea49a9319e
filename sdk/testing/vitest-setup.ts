/**
 * `alipayhk-mock/vitest/setup`: vitest's `globalSetup` that starts one simulator for the whole run.
 * For other settings, write a file with `export default setupWith({ … })`.
 * @packageDocumentation
 */
import type { TestProject } from 'vitest/node';
import { type CoverageRunOptions, finishCoverage } from './coverage-run.ts';
import { createMockServer, type MockServerSettings } from './index.ts';

export type { CoverageRunOptions };

/**
 * A `globalSetup` with settings. With `coverage`, the run fails when it covers too little.
 * @throws StartupError `INVALID_CONFIGURATION`, when vitest runs it
 *
 * @example export default setupWith({ ordering: { stale: 'refuse' } });
 * @example export default setupWith({}, { file: 'coverage.json', minHandled: 60 });
 */
export const setupWith =
  (settings: MockServerSettings, coverage?: CoverageRunOptions) =>
  async (project: TestProject): Promise<() => Promise<void>> => {
    const server = await createMockServer(settings);
    project.provide('alipayhkMock', server.address);
    return async () => {
      try {
        if (coverage !== undefined) await finishCoverage(server, coverage);
      } finally {
        await server.close();
      }
    };
  };

export default setupWith({});
