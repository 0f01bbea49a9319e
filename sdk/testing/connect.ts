/**
 * `alipayhk-mock/connect`: controls a simulator that runs elsewhere, without loading the server.
 * @packageDocumentation
 */
import { Simulator, type SimulatorAddress } from './simulator.ts';

export type {
  Client as ClientOverview,
  ClockState,
  Collection,
  Exchange,
  ExchangeQuery,
  ExchangeSummary,
  JournalPage,
  LintFinding,
  LintReport,
  Scenario as ScenarioOverview,
  StoredRecord,
  Verified,
  WaitResult,
} from '../../server/admin/types.gen.ts';
export { AdminApiError } from '../admin/admin-client.ts';
export {
  LintError,
  UnexpectedExchangesError,
  type Verification,
  VerificationError,
  type Wait,
  WaitTimeoutError,
} from './assertions.ts';
export {
  type CapsuleDocument,
  type CapsuleSelection,
  type ClientsControl,
  MockClient,
  type MockClientCredentials,
  type NewMockClient,
  type OneShotRule,
} from './simulator.ts';
export {
  type ClockControl,
  type ClockMove,
  type JournalFilter,
  type JournalReader,
  type OutboundCallId,
  type OutboundCallOptions,
  type OutboundControl,
  type OutboundFaultId,
  type OutboundMessage,
  OutboundTimeoutError,
  type ScenarioControl,
} from './steering.ts';
export { Simulator, type SimulatorAddress };

/**
 * Connects to a simulator that runs elsewhere: another process, a container. Sends nothing yet.
 * @throws TypeError `INVALID_ADDRESS` when an address is not an http or https URL
 *
 * @example
 * const simulator = connectMockServer({ url: 'http://127.0.0.1:8852' });
 * const client = await simulator.clients.create();
 */
export const connectMockServer = (address: SimulatorAddress): Simulator => {
  requireUrl('url', address.url);
  if (address.adminUrl !== undefined) requireUrl('adminUrl', address.adminUrl);
  return new Simulator(address);
};

const requireUrl = (name: string, value: unknown): void => {
  if (typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value)) return;
  const message = `${name}: ${JSON.stringify(value)} is not an http or https URL.`;
  const error = new TypeError(`${message} Write it like "http://127.0.0.1:8852".`);
  throw Object.assign(error, { code: 'INVALID_ADDRESS' });
};
