/**
 * `alipayhk-mock/vitest`: a `test` whose tests each get a client of their own on the run's one
 * simulator. Name `alipayhk-mock/vitest/setup` as a `globalSetup` in the vitest config.
 * @packageDocumentation
 */
import { test as base, inject } from 'vitest';
import { AlipayHKClient } from '../client/client.ts';
import {
  connectMockServer,
  type MockClient,
  type Simulator,
  type SimulatorAddress,
} from './connect.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    alipayhkMock: SimulatorAddress;
  }
}

export interface AlipayHKFixtures {
  /**
   * The run's simulator. What is changed for everyone here is changed for tests that run at the
   * same time too.
   */
  simulator: Simulator;
  /**
   * A client of the simulator that no other test has; when the test ends, nothing unexpected may
   * have happened to it.
   */
  alipayhk: MockClient;
  /** A merchant that calls as this client. */
  merchant: AlipayHKClient;
}

export const test = base.extend<AlipayHKFixtures>({
  simulator: async ({ task: _ }, use) => {
    await use(connectMockServer(inject('alipayhkMock')));
  },
  alipayhk: async ({ simulator }, use) => {
    await simulator.withClient(use);
  },
  merchant: async ({ alipayhk }, use) => {
    await use(new AlipayHKClient(alipayhk));
  },
});
