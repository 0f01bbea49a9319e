/**
 * The package's public face: `createMockServer(settings)` starts a simulator in this process.
 * @packageDocumentation
 */
import { resolveSettings } from './config/resolve-settings.ts';
import type { Settings } from './config/settings-table.ts';

export type { Settings } from './config/settings-table.ts';
export type { JournalEntry } from './journal/journal-entry.ts';
export {
  type CallOptions,
  type MerchantAnswer,
  type MerchantIdentity,
  type SignedRequest,
  sendRequest,
  signRequest,
} from './merchant/signed-call.ts';
export { createMockServer, type MockServer, type MockServerOptions } from './mock-server.ts';
export { type Problem, StartupError } from './problems/problem.ts';

/** The default settings with yours laid over them, by their dotted names: `{port: 0, 'ordering.stale': 'refuse'}`. */
export const settingsWith = (overrides: Partial<Settings> = {}): Settings => ({ ...defaultSettings(), ...overrides });

const defaultSettings = (): Settings => {
  const { value } = resolveSettings({ flags: new Map(), variables: {}, file: undefined, folder: process.cwd() });
  return value;
};
