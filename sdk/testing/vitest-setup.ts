/**
 * `alipayhk-mock/vitest/setup`: vitest's `globalSetup` that starts one simulator for the whole run.
 * For other settings, write a file with `export default setupWith({ … })`.
 * @packageDocumentation
 */
import type { TestProject } from 'vitest/node';
import { createMockServer, type MockServerSettings } from './index.ts';

/**
 * A `globalSetup` with settings.
 * @throws StartupError `INVALID_CONFIGURATION`, when vitest runs it
 *
 * @example export default setupWith({ ordering: { stale: 'refuse' } });
 */
export const setupWith =
  (settings: MockServerSettings) =>
  async (project: TestProject): Promise<() => Promise<void>> => {
    const server = await createMockServer(settings);
    project.provide('alipayhkMock', server.address);
    return () => server.close();
  };

export default setupWith({});
