/**
 * `alipayhk-mock/vitest/setup`: vitest's `globalSetup` that starts one simulator for the whole run.
 * For other settings, write a file with `export default setupWith({ … })`.
 * @packageDocumentation
 */
import type { TestProject } from 'vitest/node';
import { createMockServer, type MockServerSettings } from './index.ts';
import { type CoverageRunOptions, finishRun, isLintStrict } from './run-end.ts';

export type { CoverageRunOptions };

/**
 * A `globalSetup` with settings. At the end of the run it prints what lint has found, once for each
 * rule. With `coverage`, the run fails when it covers too little.
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
    const isStrict = isLintStrict(settings);
    return () => finishRun(server, { isStrict, coverage });
  };

export default setupWith({});
