/**
 * `alipayhk-mock/jest`: gives each test a client of its own on the run's one simulator. As `preset`
 * in the jest config it also starts the simulator.
 * @packageDocumentation
 */
import { AlipayHKClient } from '../client/client.ts';
import {
  connectMockServer,
  type MockClient,
  type Simulator,
  type SimulatorAddress,
} from './connect.ts';
import { simulatorVariable } from './simulator.ts';

/** What `withAlipayHK` passes to a test. */
export interface AlipayHKTools {
  /** The run's simulator. Changes for all clients affect tests that run at the same time. */
  readonly simulator: Simulator;
  /** A client of this test alone. After the test, unexpected exchanges of it are an error. */
  readonly alipayhk: MockClient;
  /** A merchant that signs as this client. */
  readonly merchant: AlipayHKClient;
}

/**
 * Wraps a test body of jest, also of `test.concurrent` and `test.each`.
 * @throws Error `NO_SIMULATOR` when the jest config lacks the preset
 *
 * @example
 * test('an order succeeds', withAlipayHK(async ({ alipayhk, merchant }) => {
 *   await merchant.syncOrder(order);
 *   await alipayhk.verify({ exchanges: [{ exchange: { code: 'SUCCESS' } }] });
 * }));
 */
export const withAlipayHK =
  <A extends readonly unknown[]>(body: (tools: AlipayHKTools, ...row: A) => unknown) =>
  async (...row: A): Promise<void> => {
    const simulator = connectMockServer(readRunAddress());
    await simulator.withClient(async (alipayhk) => {
      await body({ simulator, alipayhk, merchant: new AlipayHKClient(alipayhk) }, ...row);
    });
  };

const readRunAddress = (): SimulatorAddress => {
  const text = process.env[simulatorVariable];
  if (text === undefined)
    throw Object.assign(
      new Error(
        'no simulator was started for this run. Add preset: "alipayhk-mock/jest" to the jest config.',
      ),
      { code: 'NO_SIMULATOR' },
    );
  return JSON.parse(text);
};
