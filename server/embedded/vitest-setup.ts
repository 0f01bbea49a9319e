/**
 * `alipayhk-mock/vitest/setup`: vitest's `globalSetup` that starts one simulator for the whole run.
 * With settings of your own, a file that says `export default setupWith({ … })` takes its place.
 * @packageDocumentation
 */
import type { TestProject } from 'vitest/node';
import { createMockServer, type MockServerSettings } from '../index.ts';

export const setupWith =
  (settings: MockServerSettings) =>
  async (project: TestProject): Promise<() => Promise<void>> => {
    const { url, adminToken, close } = await startFor(settings);
    project.provide('alipayhkMock', { url, adminToken });
    return close;
  };

const startFor = async (settings: MockServerSettings) => {
  const server = await createMockServer(settings);
  return { url: server.url, adminToken: server.adminToken, close: () => server.close() };
};

export default setupWith({});
