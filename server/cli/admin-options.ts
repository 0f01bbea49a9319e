import type { Command } from 'commander';
import { serverUrl } from './option-values.ts';
import { addSettingOptions } from './setting-options.ts';

/**
 * Settings that say where a simulator's admin API is; flags of the others would only fill the help.
 */
const settingsInUse = ['host', 'port', 'adminHost', 'adminPort', 'adminToken'] as const;

/** Gives a command what it takes to reach a running simulator. */
export const withAdmin = (command: Command): Command =>
  addSettingOptions(command, settingsInUse)
    .option('--url <url>', 'where the admin API listens; default: from host and port', serverUrl)
    .option('--token <token>', 'the admin token; the same as --admin-token');
