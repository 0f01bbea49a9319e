import { BlockList, isIP } from 'node:net';

export interface HostRules {
  /** The host that the user says may be tested. */
  readonly mayTest?: string | undefined;
  /** The production host that the user names nevertheless. */
  readonly productionAnyway?: string | undefined;
}

export type HostVerdict =
  | { readonly kind: 'test host' }
  /** Only requests without an effect may be sent. */
  | { readonly kind: 'production, without effects' }
  | { readonly kind: 'refused'; readonly because: string; readonly remedy: string };

/** Parts of a label that test environments have in their names. */
const testParts = ['dev', 'sandbox', 'sit', 'uat', 'pre'];

/**
 * Decides whether a host may be calibrated. Loopback may; any other host must be repeated in words,
 * and a name that does not look like a test environment is refused.
 * @param host as in the URL
 * @param addresses what its name resolves to
 */
export const checkTargetHost = (
  host: string,
  addresses: readonly string[],
  rules: HostRules,
): HostVerdict => {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  const isLocal = addresses.length > 0 && addresses.every(isLoopback);
  if (isLocal) return { kind: 'test host' };
  const isNamedTwice = rules.mayTest?.toLowerCase() === name;
  const isTest = addresses.every(isPrivateAddress) || looksLikeTest(name);
  if (isTest)
    return isNamedTwice
      ? { kind: 'test host' }
      : {
          kind: 'refused',
          because: `${name} is not this machine`,
          remedy: `Ask AlipayHK first; then add --i-may-test-this ${name}.`,
        };
  if (rules.productionAnyway?.toLowerCase() === name && isNamedTwice)
    return { kind: 'production, without effects' };
  return {
    kind: 'refused',
    because: `${name} does not look like a test environment`,
    remedy:
      'Name the host of the DEV environment. If this is one, add ' +
      `--i-may-test-this ${name} --production-host-anyway ${name}; ` +
      'only requests without an effect are sent then.',
  };
};

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

const privateNetworks = new BlockList();
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['127.0.0.0', 8],
] as const)
  privateNetworks.addSubnet(network, bits);
privateNetworks.addSubnet('fc00::', 7, 'ipv6');
privateNetworks.addAddress('::1', 'ipv6');

const isIn = (list: BlockList, address: string): boolean =>
  list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
const isLoopback = (address: string): boolean => isIn(loopback, address);
const isPrivateAddress = (address: string): boolean => isIn(privateNetworks, address);

/** A label of the name holds such a part; `test` must be a whole word, because of `latest`. */
const looksLikeTest = (name: string): boolean =>
  isIP(name) === 0 &&
  name
    .split('.')
    .some(
      (label) =>
        testParts.some((part) => label.includes(part)) || /(^|[^a-z])test([^a-z]|$)/.test(label),
    );
