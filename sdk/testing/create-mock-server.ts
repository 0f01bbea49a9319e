import { startPlayback, createMockServer as startServer } from '../../server/app/create-server.ts';
import {
  type ConfigFile,
  notASetting,
  resolveSettings,
  settingsIn,
} from '../../server/app/settings/resolve-settings.ts';
import { type Settings, settingRows } from '../../server/domain/settings/settings-table.ts';
import { readCapsule } from '../../server/fidelity/capsule/capsule-file.ts';
import { replayCapsule as replayInside } from '../../server/fidelity/capsule/replay-capsule.ts';
import { suggest } from '../../server/problems/did-you-mean.ts';
import { omitUndefined } from '../../server/problems/plain-object.ts';
import { StartupError } from '../../server/problems/problem.ts';
import { readRegularFile } from '../../server/problems/read-file.ts';
import { Simulator } from './connect.ts';
import type { components } from './settings.gen.ts';

/** What a handle needs of the running simulator. */
interface RunningServer {
  readonly url: string;
  readonly httpsUrl?: string;
  readonly adminUrl?: string;
  readonly adminToken?: string;
  readonly tlsAuthority?: { readonly certificate: string };
  readonly close: (graceMs?: number) => Promise<void>;
}

/**
 * A simulator in this process, made by `createMockServer`. `await using` closes it at the end of the
 * block.
 *
 * @example
 * await using server: MockServer = await createMockServer();
 * const client = await server.clients.create();
 */
export class MockServer extends Simulator implements AsyncDisposable {
  /** Address with TLS, if `httpsPort` is set. */
  readonly httpsUrl: string | undefined;
  /** PEM of the authority that clients of `httpsUrl` must trust. */
  readonly tlsAuthority: string | undefined;
  readonly #close: (graceMs?: number) => Promise<void>;

  /** Made by createMockServer. */
  constructor(running: RunningServer) {
    super({ url: running.url, adminUrl: running.adminUrl, adminToken: running.adminToken });
    this.httpsUrl = running.httpsUrl;
    this.tlsAuthority = running.tlsAuthority?.certificate;
    this.#close = running.close;
  }

  /** Stops it. @param graceMs how long requests in progress may take; default 10 000 */
  close(graceMs?: number): Promise<void> {
    return this.#close(graceMs);
  }

  /** The same as `close`, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/**
 * Starts a simulator in this process, by default on a free port. Paths are relative to the working
 * directory; environment variables and config files are not read.
 * @throws StartupError `INVALID_CONFIGURATION` with all errors of the settings and files
 * @throws ListenError with Node's code, e.g. `EADDRINUSE`; it is a StartupError too
 *
 * @example
 * const server = await createMockServer({ ordering: { stale: 'refuse' } });
 * const client = await server.clients.create();
 * await server.close();
 */
export const createMockServer = async (settings: MockServerSettings = {}): Promise<MockServer> =>
  new MockServer(await startServer({ settings: resolveEmbeddedSettings(settings, process.cwd()) }));

/** How a capsule is replayed. */
export interface ReplayCapsuleOptions {
  /** What has to be the same; default `bytes`. */
  readonly expect?: 'bytes' | 'answer' | 'verdict';
}

/** One exchange of a capsule, replayed. */
export interface ReplayedCapsuleExchange {
  /** In the journal that it comes from. */
  readonly number: number;
  readonly operation: string | undefined;
  readonly result: 'same' | 'as far as decryption' | 'not compared' | 'differs';
  /** Why it was not compared. */
  readonly reason?: string;
  /** The first difference: where it is, and what is there. */
  readonly difference?: {
    readonly part: string;
    readonly offset?: number;
    readonly recorded: string;
    readonly replayed: string;
  };
  /** Entries of the fidelity register that both decisions rest on. */
  readonly references: readonly string[];
}

/**
 * Replays a capsule in a simulator of its own, which listens on loopback and ends afterwards.
 * @param capsule the path of a file, or what `capsule()` of a simulator returned
 * @throws StartupError `INVALID_CONFIGURATION` for what is no capsule, or was changed
 *
 * @example
 * const results = await replayCapsule('refused.capsule.json');
 * expect(results.every(({ result }) => result === 'same')).toBe(true);
 */
export const replayCapsule = async (
  capsule: string | object,
  { expect = 'bytes' }: ReplayCapsuleOptions = {},
): Promise<readonly ReplayedCapsuleExchange[]> => {
  const where = typeof capsule === 'string' ? capsule : 'capsule';
  const bytes =
    typeof capsule === 'string' ? readRegularFile(capsule) : Buffer.from(JSON.stringify(capsule));
  const read = readCapsule(bytes, where);
  if (!read.isIntact)
    throw new StartupError([
      { where, message: 'was changed after it was written', remedy: 'Export it again.' },
    ]);
  return replayInside(read, { start: startPlayback, expect });
};

/**
 * The settings that differ from the defaults, as in a config file: nested, e.g. `ordering: { stale:
 * 'refuse' }`, or dotted, e.g. `'ordering.stale': 'refuse'`.
 */
export type MockServerSettings = Omit<components['schemas']['Settings'], '$schema'>;

/**
 * Resolves the settings of a simulator inside another program: a free port by default, without
 * environment variables and config file.
 * @throws StartupError with all their errors
 */
export const resolveEmbeddedSettings = (given: MockServerSettings, folder: string): Settings => {
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
