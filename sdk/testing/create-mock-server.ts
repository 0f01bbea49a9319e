import { createMockServer as listen } from '../../server/app/create-server.ts';
import { Simulator } from './connect.ts';
import { embeddedSettings, type MockServerSettings } from './embedded-settings.ts';

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
