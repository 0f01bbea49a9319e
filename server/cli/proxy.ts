import type { AddressInfo } from 'node:net';
import { toKeyProvider } from '../../sdk/client/held-keys.ts';
import { refusalOfAdmin } from '../admin/guard.ts';
import { type Settings, sealingScheme } from '../domain/settings/settings-table.ts';

import { ListenError } from '../problems/listen-error.ts';
import { exitCodes } from './exit-codes.ts';
import { createSigningProxy } from './merchant/signing-proxy.ts';
import { merchantKeys } from './merchant-of.ts';
import type { MerchantOptions } from './merchant-options.ts';
import { stopSignal } from './stop-signal.ts';

export interface ProxyOptions extends MerchantOptions {
  readonly target: string;
  readonly listen: number;
  readonly encrypt?: boolean;
  readonly timeout: number;
}

/** Signs for everyone on this machine who asks, until it is told to stop. */
export const proxy = async (options: ProxyOptions, settings: Settings): Promise<number> => {
  const { privateKey, platformKey } = merchantKeys(options, settings);
  const server = createSigningProxy({
    merchant: {
      clientId: options.client,
      keyring: toKeyProvider('--private-key', 'private', privateKey),
      platform: toKeyProvider('--platform-key', 'public', platformKey),
    },
    target: new URL(options.target),
    call: {
      algorithm: options.algorithm,
      seal: options.encrypt === true,
      ecc224: settings.ecc224,
      scheme: sealingScheme(settings),
      timeoutMs: options.timeout,
      maxAnswerBytes: settings['limits.bodyBytes'],
    },
    maxBodyBytes: settings['limits.bodyBytes'],
    refuse: (req) =>
      refusalOfAdmin(req, { onLoopback: true, token: undefined })?.replace(
        'the admin API',
        'this proxy',
      ),
    onExchange: (line) => process.stdout.write(`${line}\n`),
  });
  const stopped = stopSignal();
  const listening = await new Promise<Error | undefined>((resolve) => {
    server.once('error', resolve);
    server.listen(options.listen, '127.0.0.1', () => resolve(undefined));
  });
  if (listening !== undefined) {
    const attempt = { host: '127.0.0.1', port: options.listen, hostSetting: '', portSetting: '' };
    const sentence = new ListenError(listening, attempt).sentence(() => '--listen');
    process.stderr.write(`alipayhk-mock: ${sentence}\n`);
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
