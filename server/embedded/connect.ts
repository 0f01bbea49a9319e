/**
 * `alipayhk-mock/connect`: steers a simulator that runs elsewhere, without loading one.
 * @packageDocumentation
 */
import { Simulator, type SimulatorAddress } from './simulator.ts';

export { AdminRefusal } from './admin-connection.ts';
export type * from './admin-words.ts';
export { NothingArrived, VerificationFailed } from './assertions.ts';
export { MockClient, type MockClientCredentials } from './mock-client.ts';
export type { ClientsControl, NewMockClient } from './simulator.ts';
export type { ClockControl, JournalReader, ScenarioControl } from './steering.ts';
export { SomethingUnexpected } from './unexpected.ts';
export { Simulator, type SimulatorAddress };

/** A simulator that runs elsewhere: another process, a container. */
export const connectMockServer = (address: SimulatorAddress): Simulator => new Simulator(address);
