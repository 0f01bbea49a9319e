import type { Command } from 'commander';
import { AdminClient } from '../../sdk/admin/admin-client.ts';
import type { Settings } from '../domain/settings/settings-table.ts';
import { adminUrl } from './commands/health.ts';
import { usageError } from './input-output.ts';
import { addSettingOptions, parseServerUrl } from './options.ts';

/** Where a running simulator's admin API is, and the token for it. */
export interface AdminOptions {
  readonly url?: string;
  readonly token?: string;
}

/**
 * Settings that say where a simulator's admin API is; flags of the others would only fill the help.
 */
const adminSettings = ['host', 'port', 'adminHost', 'adminPort', 'adminToken', 'language'] as const;

/** Adds the options that a command needs to reach a running simulator. */
export const addAdminOptions = (command: Command): Command =>
  addSettingOptions(command, adminSettings)
    .option(
      '--url <url>',
      'where the admin API listens; default: from host and port',
      parseServerUrl,
    )
    .option('--token <token>', 'the admin token; the same as --admin-token');

/**
 * The admin API of a running simulator. Its errors need no handling: `run` prints their problems.
 * @throws StartupError when the settings give no usable address
 */
export const connectAdmin = (options: AdminOptions, settings: Settings): AdminClient => {
  const url = options.url ?? adminUrl(settings);
  if (URL.canParse(url))
    return new AdminClient(url, (options.token ?? settings.adminToken) || undefined);
  throw usageError('--url', `"${url}" is not an address`, 'Write e.g. http://127.0.0.1:8852.');
};
