import type { AddressInfo } from 'node:net';
import { refusalOfAdmin } from '../admin/guard.ts';
import { sealingScheme } from '../config/sealing-scheme.ts';
import type { Settings } from '../config/settings-table.ts';
import { holdKeys } from '../merchant/held-keys.ts';
import { createSigningProxy } from '../merchant/signing-proxy.ts';
import { StartupError } from '../problems/problem.ts';
import { exitCodes } from './exit-codes.ts';
import { merchantKeys } from './merchant-of.ts';
import type { MerchantOptions } from './merchant-options.ts';
import { stopSignal } from './stop-signal.ts';

export interface ProxyOptions extends MerchantOptions {
  readonly target: string;
  readonly listen: string;
  readonly encrypt?: boolean;
  readonly timeout: string;
}

/** Signs for everyone on this machine who asks, until it is told to stop. */
export const proxy = async (options: ProxyOptions, settings: Settings): Promise<number> => {
  if (!/^https?:\/\//.test(options.target) || !URL.canParse(options.target))
    throw new StartupError([
      { where: '--target', message: `"${options.target}" is no address`, remedy: 'Write e.g. http://127.0.0.1:8852.' },
    ]);
  const { privateKey, platformKey } = merchantKeys(options, settings);
  const server = createSigningProxy({
    merchant: {
      clientId: options.client,
      keyring: holdKeys('--private-key', 'private', privateKey),
      platform: holdKeys('--platform-key', 'public', platformKey),
    },
    target: new URL(options.target),
    call: {
      algorithm: options.algorithm,
      seal: options.encrypt === true,
      ecc224: settings.ecc224,
      scheme: sealingScheme(settings),
      timeoutMs: Number(options.timeout),
      maxAnswerBytes: settings['limits.bodyBytes'],
    },
    maxBodyBytes: settings['limits.bodyBytes'],
    refuse: (req) => refusalOfAdmin(req, { onLoopback: true, token: undefined })?.replace('the admin API', 'this proxy'),
    onExchange: (line) => process.stdout.write(`${line}\n`),
  });
  const stopped = stopSignal();
  const listening = await new Promise<Error | undefined>((resolve) => {
    server.once('error', resolve);
    server.listen(Number(options.listen), '127.0.0.1', () => resolve(undefined));
  });
  if (listening !== undefined) {
    process.stderr.write(
      `cannot listen on 127.0.0.1:${options.listen}: ${listening.message}. Choose another port with --listen (0 takes a free one).\n`,
    );
    return exitCodes.cannotListen;
  }
  process.stdout.write(
    `signing as ${options.client} for ${options.target}; proxy ready on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`,
  );
  await stopped;
  server.close();
  server.closeAllConnections();
  return exitCodes.ok;
};
