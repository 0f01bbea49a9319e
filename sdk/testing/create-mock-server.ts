import { createMockServer as listen } from '../../server/app/create-server.ts';
import { type ConfigFile, notASetting, settingsIn } from '../../server/app/settings/config-file.ts';
import { resolveSettings } from '../../server/app/settings/resolve-settings.ts';
import { type Settings, settingRows } from '../../server/domain/settings/settings-table.ts';
import { suggest } from '../../server/problems/did-you-mean.ts';
import { StartupError } from '../../server/problems/problem.ts';
import { omitUndefined } from '../../server/protocol/omit-undefined.ts';
import { Simulator } from './connect.ts';
import type { components } from './settings.gen.ts';

/** What a handle needs to know of the simulator behind it. */
interface Running {
  readonly url: string;
  readonly httpsUrl?: string;
  readonly adminUrl?: string;
  readonly adminToken?: string;
  readonly tlsAuthority?: { readonly certificate: string };
  readonly close: (graceMs?: number) => Promise<void>;
}

/** A simulator in this process. `await using` closes it at the end of the block. */
export class MockServer extends Simulator implements AsyncDisposable {
  /** Where it listens with TLS, when `httpsPort` is set. */
  readonly httpsUrl: string | undefined;
  /** The authority that clients of `httpsUrl` must trust, as PEM. */
  readonly tlsAuthority: string | undefined;
  readonly #close: (graceMs?: number) => Promise<void>;

  /** Made by createMockServer. */
  constructor(running: Running) {
    super({ url: running.url, adminUrl: running.adminUrl, adminToken: running.adminToken });
    this.httpsUrl = running.httpsUrl;
    this.tlsAuthority = running.tlsAuthority?.certificate;
    this.#close = running.close;
  }

  /** Answers what is under way, for at most `graceMs`, then ends. */
  close(graceMs?: number): Promise<void> {
    return this.#close(graceMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/**
 * Starts a simulator in this process, on a free port unless `port` says otherwise. Paths are
 * relative to the working directory.
 * @throws StartupError with every problem of the settings and files at once
 * @throws ListenError with code EADDRINUSE when the port is in use; it is a StartupError too
 */
export const createMockServer = async (settings: MockServerSettings = {}): Promise<MockServer> =>
  new MockServer(await listen({ settings: embeddedSettings(settings, process.cwd()) }));

/**
 * The settings that differ from the defaults, as a config file holds them: nested (`ordering:
 * {stale: 'refuse'}`) or dotted.
 */
export type MockServerSettings = Omit<components['schemas']['Settings'], '$schema'>;

/**
 * Settings for a simulator inside another program: a free port unless one is asked for; no variable
 * and no config file has a say.
 * @throws StartupError with everything that is wrong with them
 */
export const embeddedSettings = (given: MockServerSettings, folder: string): Settings => {
  const { values, unknown } = settingsIn({ port: 0, ...omitUndefined(given) });
  const problemAt: ConfigFile['problemAt'] = (key, _issue, message, remedy) => ({
    where: `createMockServer: ${key}`,
    message,
    remedy,
  });
  const problems = unknown.map((path) =>
    problemAt(
      path.join('.'),
      { path: [], isName: true },
      notASetting(path),
      suggest(
        path.join('.'),
        settingRows.map(({ key }) => key),
        'docs/reference/settings.md',
      ),
    ),
  );
  const resolved = resolveSettings({
    flags: new Map(),
    variables: {},
    file: { folder, values, problems, problemAt },
    folder,
  });
  if (resolved.problems.length > 0) throw new StartupError(resolved.problems);
  return resolved.value;
};
