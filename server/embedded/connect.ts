/**
 * `alipayhk-mock/connect`: steers a simulator that runs elsewhere, without loading one.
 * @packageDocumentation
 */
import { Simulator } from './simulator.ts';

export { AdminRefusal } from './admin-connection.ts';
export type * from './admin-words.ts';
export { NothingArrived, VerificationFailed } from './assertions.ts';
export { MockClient, type MockClientCredentials } from './mock-client.ts';
export type { ClientsControl, NewMockClient } from './simulator.ts';
export type { ClockControl, JournalReader, ScenarioControl } from './steering.ts';
export { SomethingUnexpected } from './unexpected.ts';
export { Simulator };

/** Where a simulator listens, and what its admin API asks for when it asks for anything. */
export interface SimulatorAddress {
  readonly url: string;
  readonly adminToken?: string | undefined;
}

/** A simulator that runs elsewhere: another process, a container. */
export const connectMockServer = ({ url, adminToken }: SimulatorAddress): Simulator => new Simulator(url, adminToken);
