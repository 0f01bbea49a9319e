import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdminClient } from '../../../sdk/admin/admin-client.ts';
import {
  type MockServerSettings,
  resolveEmbeddedSettings,
} from '../../../sdk/testing/create-mock-server.ts';
import { createMcpServer, loadSkills } from '../../admin/mcp/mcp-server.ts';
import type {
  AttachedSimulator,
  CertifyCase,
  CertifySession,
  McpDeps,
  MerchantEnvironment,
  StartOptions,
  ToolSet,
} from '../../admin/mcp/mcp-tool.ts';
import { serveStdio } from '../../admin/mcp/sdk.ts';
import { createMockServer, type MockServer } from '../../app/create-server.ts';
import { demoClientId } from '../../clients/key-folder/key-folder.ts';
import type { CaseResult } from '../../conformance/certify/result.ts';
import type { OperationId } from '../../domain/contract/contract.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { packageRoot, version } from '../../package-root.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import { adminUrl } from '../admin.ts';
import { exitCodes, formatJson, printWarning } from '../input-output.ts';
import { loadContract, merchantVariables } from '../merchant.ts';
import { runPassively } from './certify/run-certify-command.ts';
import { stopSignal } from './serve.ts';

export interface McpOptions {
  readonly url?: string;
  readonly token?: string;
  readonly tools: ToolSet;
}

/** Serves until the agent closes standard input, or a signal. On a terminal: how to configure it. */
export const serveMcp = async (options: McpOptions, settings: Settings): Promise<number> => {
  if (process.stdin.isTTY === true) {
    process.stdout.write(configurationHelp);
    return exitCodes.ok;
  }
  const host = new SimulatorHost(settings, await findRunning(options, settings));
  const certifier = new Certifier(settings);
  const deps: McpDeps = {
    version,
    skills: await loadSkills(),
    contract: loadContract(settings),
    simulator: () => host.attached,
    start: (start) => host.start(start),
    stop: () => host.stop(),
    certify: certifier,
    savePrivateKey: (clientId, pem) => host.savePrivateKey(clientId, pem),
  };
  const handle = serveStdio(() => createMcpServer(deps, options.tools));
  const ended = new Promise<void>((resolve) => process.stdin.once('close', resolve));
  await Promise.race([stopSignal(), ended]);
  await handle.close();
  certifier.stop();
  await host.close();
  return exitCodes.ok;
};

const configurationHelp = `A coding agent starts this command itself. Give it this configuration:

${formatJson({
  mcpServers: { 'alipayhk-mock': { command: 'npx', args: ['alipayhk-mock', 'mcp'] } },
})}
"npx alipayhk-mock init --agents" writes it to .mcp.json, with instructions for agents.
`;

/** The simulator that is named, or one that answers where the settings say. */
const findRunning = async (
  { url, token }: McpOptions,
  settings: Settings,
): Promise<AttachedSimulator | undefined> => {
  const address = url ?? adminUrl(settings);
  const admin = new AdminClient(address, (token ?? settings.adminToken) || undefined);
  const attached = { admin, url: address, isOwn: false };
  if (url !== undefined) return attached;
  const signal = AbortSignal.timeout(1000);
  return admin.get('/health', { signal }).then(
    () => attached,
    () => undefined,
  );
};

/** The simulator that the tools use: one that runs elsewhere, or one in this process. */
class SimulatorHost {
  readonly #settings: Settings;
  #attached: AttachedSimulator | undefined;
  #own: MockServer | undefined;
  #keyFolder: string | undefined;

  constructor(settings: Settings, running: AttachedSimulator | undefined) {
    this.#settings = settings;
    this.#attached = running;
  }

  get attached(): AttachedSimulator | undefined {
    return this.#attached;
  }

  async start({ scenario, seed, holdClockAt, settings }: StartOptions) {
    const wanted = omitUndefined({ ...settings, scenario, seed, ...localSettings });
    const server = await createMockServer({
      settings: resolveEmbeddedSettings(wanted as MockServerSettings, process.cwd()),
      onWarning: printWarning,
    });
    const { url, adminToken } = server;
    const attached = { admin: new AdminClient(url, adminToken), url, isOwn: true };
    if (holdClockAt !== undefined)
      await attached.admin
        .put('/clock', { body: { freeze: Date.parse(holdClockAt) } })
        .catch(async (error: unknown) => {
          await server.close(0);
          throw error;
        });
    this.#own = server;
    this.#attached = attached;
    return { ...attached, merchant: demoEnvironment(url, this.#settings) };
  }

  async stop(): Promise<void> {
    const own = this.#own;
    if (own === undefined) return;
    this.#own = undefined;
    this.#attached = undefined;
    await own.close(0);
  }

  savePrivateKey(clientId: string, pem: string): string {
    this.#keyFolder ??= mkdtempSync(join(tmpdir(), 'alipayhk-mcp-'));
    const file = join(this.#keyFolder, `${clientId}.private.pem`);
    writeFileSync(file, pem, { mode: 0o600 });
    return file;
  }

  async close(): Promise<void> {
    await this.stop();
    if (this.#keyFolder !== undefined) rmSync(this.#keyFolder, { recursive: true, force: true });
  }
}

/** Whatever a caller asks for: in memory, on this machine, with the demo keys. */
const localSettings = { host: '127.0.0.1', port: 0, data: '', keys: '', admin: true } as const;

/** The demo merchant's variables; its private key, which comes with the package, by file. */
const demoEnvironment = (url: string, settings: Settings): MerchantEnvironment => {
  const demoSettings = { ...settings, keys: '' };
  const merchant = { client: demoClientId, url, algorithm: 'RSA256', keyVersion: 1 } as const;
  const { ALIPAYHK_PRIVATE_KEY: _key, ...env } = merchantVariables(merchant, demoSettings);
  const privateKeyFile = join(packageRoot, 'keys', 'clients', demoClientId, 'v1.private.pem');
  return {
    clientId: demoClientId,
    env: { ...env, ALIPAYHK_PRIVATE_KEY_FILE: privateKeyFile },
    privateKeyFile,
  };
};

/** One certification, filled while it runs. */
class AgentCertification {
  readonly handle = randomUUID();
  readonly stop = new AbortController();
  readonly cases: CertifyCase[] = [];
  url = '';
  step = 0;
  instruction = '';
  isDone = false;
}

/** Certification runs, one at a time; the programs under test are run by the agent. */
class Certifier {
  readonly #settings: Settings;
  #run: AgentCertification | undefined;

  constructor(settings: Settings) {
    this.#settings = { ...settings, keys: '', data: '' };
  }

  /**
   * Resolves with the first instruction, or when no case needs any.
   * @throws StartupError when a case does not exist
   */
  begin(cases: readonly string[], operation: OperationId): Promise<string> {
    this.stop();
    const run = new AgentCertification();
    this.#run = run;
    return new Promise((resolve, reject) => {
      const ended = runPassively(
        {
          cases,
          operation,
          stop: run.stop.signal,
          onStart: (url) => {
            run.url = url;
          },
          ask: (text) => {
            run.step++;
            run.instruction = text;
            resolve(run.handle);
          },
          onCase: (one) => run.cases.push(toCertifyCase(one)),
        },
        this.#settings,
      );
      ended
        .finally(() => {
          run.isDone = true;
        })
        .then(() => resolve(run.handle), reject);
    });
  }

  read(handle: string): CertifySession | undefined {
    const run = this.#run;
    if (run?.handle !== handle) return undefined;
    const { url, step, instruction, isDone, cases } = run;
    const merchant = demoEnvironment(url, this.#settings);
    return { url, step, instruction, isDone, cases, merchant };
  }

  stop(): void {
    this.#run?.stop.abort();
  }
}

const toCertifyCase = ({ id, operation, verdict, checks, wire = [] }: CaseResult): CertifyCase => ({
  id,
  operation,
  verdict,
  failedChecks: checks.filter((one) => one.verdict === 'fail').map((one) => one.id),
  exchanges: wire.map(({ number }) => number),
});
