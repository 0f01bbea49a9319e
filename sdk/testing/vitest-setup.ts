/**
 * `alipayhk-mock/vitest/setup`: vitest's `globalSetup` that starts one simulator for the whole run.
 * With settings of your own, a file that says `export default setupWith({ … })` takes its place.
 * @packageDocumentation
 */
import type { TestProject } from 'vitest/node';
import { createMockServer, type MockServerSettings } from './index.ts';

export const setupWith =
  (settings: MockServerSettings) =>
  async (project: TestProject): Promise<() => Promise<void>> => {
    const server = await createMockServer(settings);
    project.provide('alipayhkMock', server.address);
    return () => server.close();
  };

export default setupWith({});
