import { toKeyProvider } from '../../../sdk/client/key-provider.ts';
import { type MerchantIdentity, signRequest } from '../../../sdk/client/signed-call.ts';
import { type Settings, sealingScheme } from '../../domain/settings/settings-table.ts';
import type { RelayedExchange, RelaySigner } from '../../fidelity/compare/relay.ts';
import { openEncryptedBody } from '../../fidelity/read-answer.ts';
import { headersByName } from '../../protocol/send-raw.ts';
import { usageError } from '../input-output.ts';
import { merchantKeys } from '../load-merchant.ts';
import type { MerchantOptions } from '../options.ts';

export type SignerOptions = Omit<MerchantOptions, 'url'> & { readonly encrypt?: boolean };

/** Signs for the gateway, and for the simulator beside it, which has keys of its own. */
export interface ComparisonSigner {
  readonly gateway: RelaySigner;
  /** The same request for another platform, at another time. */
  readonly signFor: (
    platform: MerchantIdentity['platform'],
    exchange: RelayedExchange,
  ) => RelayedExchange;
}

/** Headers that are not signed, and that a backend may add. */
const passedOn = new Set(['agent-token', 'traceparent', 'tracestate']);

/** @throws StartupError when a key is missing */
export const createSigner = (options: SignerOptions, settings: Settings): ComparisonSigner => {
  const { privateKey, platformKey, weakKeys } = merchantKeys(options, settings);
  const keyring = toKeyProvider('--private-key', 'private', privateKey, { weakKeys });
  const platform = toKeyProvider('--platform-key', 'public', platformKey, { weakKeys });
  const { client: clientId, algorithm, encrypt: seal = false } = options;
  const family = algorithm === 'ECC224' ? 'EC' : 'RSA';
  if (keyring.find(family, undefined)?.privateKey === undefined)
    throw usageError('--private-key', `is no ${family} key`, `--algorithm ${algorithm} needs one.`);
  if (seal && platform.find('RSA', undefined) === undefined)
    throw usageError('--platform-key', 'is no RSA key', '--encrypt needs one.');
  const scheme = sealingScheme(settings);
  const call = { algorithm, seal, scheme, ecc224: settings.ecc224 };
  const signAs = (
    merchant: MerchantIdentity,
    [target, time]: readonly [target: string, time: number],
    { rawHeaders, body }: Pick<RelayedExchange, 'rawHeaders' | 'body'>,
  ): Pick<RelayedExchange, 'rawHeaders' | 'body'> => {
    const signed = signRequest(merchant, target, body, { ...call, time });
    const others = rawHeaders.filter((_, at) =>
      passedOn.has((rawHeaders[at - (at % 2)] ?? '').toLowerCase()),
    );
    return { rawHeaders: [...Object.entries(signed.headers).flat(), ...others], body: signed.body };
  };
  return {
    gateway: {
      sign: (target, request) =>
        signAs({ clientId, keyring, platform }, [target, Date.now()], request),
      open: (answer) => {
        const { encrypt } = headersByName(answer.rawHeaders);
        const key = keyring.find('RSA', undefined)?.privateKey;
        const plain =
          encrypt === undefined || key === undefined
            ? undefined
            : openEncryptedBody(encrypt, answer.body, key, scheme);
        if (plain === undefined) return answer;
        const kept = answer.rawHeaders.filter(
          (_, at) => !bodyHeaders.has((answer.rawHeaders[at - (at % 2)] ?? '').toLowerCase()),
        );
        const type = ['Content-Type', 'application/json; charset=UTF-8'];
        return { ...answer, rawHeaders: [...kept, ...type], body: plain };
      },
    },
    signFor: (own, exchange) => ({
      ...exchange,
      ...signAs(
        { clientId, keyring, platform: own },
        [exchange.target, exchange.receivedAt],
        exchange,
      ),
    }),
  };
};

/** Headers that belong to the encrypted body. */
const bodyHeaders = new Set(['content-type', 'content-length', 'encrypt', 'signature']);
