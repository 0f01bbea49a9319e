/**
 * `alipayhk-mock/vitest`: a `test` that gives each test a client of its own on the run's one
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

/** Fixtures of `test`. */
export interface AlipayHKFixtures {
  /** The run's simulator. Changes for all clients affect tests that run at the same time. */
  simulator: Simulator;
  /** A client of this test alone. After the test, unexpected exchanges of it are an error. */
  alipayhk: MockClient;
  /** A merchant that signs as this client. */
  merchant: AlipayHKClient;
}

/**
 * Vitest's `test` with the fixtures `simulator`, `alipayhk` and `merchant`.
 *
 * @example
 * test('an order succeeds', async ({ alipayhk, merchant }) => {
 *   await merchant.syncOrder(order);
 *   await alipayhk.verify({ exchanges: [{ exchange: { code: 'SUCCESS' } }] });
 * });
 */
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
