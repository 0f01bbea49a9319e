/**
 * `alipayhk-mock/jest`: gives tests a client of their own on the run's one simulator. As `preset`
 * in the jest config it also starts that one.
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

export interface AlipayHKTools {
  /**
   * The run's simulator. What is changed for everyone here is changed for tests that run at the
   * same time too.
   */
  readonly simulator: Simulator;
  /**
   * A client of the simulator that no other test has; when the test ends, nothing unexpected may
   * have happened to it.
   */
  readonly alipayhk: MockClient;
  /** A merchant that calls as this client. */
  readonly merchant: AlipayHKClient;
}

/**
 * `test('pays', withAlipayHK(async ({ alipayhk, merchant }) => { … }))`, for `test.concurrent` and
 * `test.each` too.
 */
export const withAlipayHK =
  <A extends readonly unknown[]>(body: (tools: AlipayHKTools, ...row: A) => unknown) =>
  async (...row: A): Promise<void> => {
    const simulator = connectMockServer(runAddress());
    await simulator.withClient(async (alipayhk) => {
      await body({ simulator, alipayhk, merchant: new AlipayHKClient(alipayhk) }, ...row);
    });
  };

const runAddress = (): SimulatorAddress => {
  const text = process.env[simulatorVariable];
  if (text === undefined)
    throw new Error(
      'no simulator was started for this run: write preset: "alipayhk-mock/jest" into the jest config',
    );
  return JSON.parse(text);
};
