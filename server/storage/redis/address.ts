/** Where the engine is, as `store` names it. */
export interface EngineAddress {
  readonly seeds: readonly { readonly host: string; readonly port: number }[];
  readonly isCluster: boolean;
  readonly tls: boolean;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
  /** Without the password, for messages. */
  readonly shown: string;
}

const form = /^(rediss?):\/\/(?:([^/?#]*)@)?([^/?#@]+)(?:\/(\d{0,4}))?(?:\?([^#]*))?$/i;
const seedForm = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/i;

/** @returns a sentence on what is wrong with it, if anything is */
export const parseAddress = (text: string): EngineAddress | string => {
  const [, scheme, login, hosts = '', database = '', query = ''] = form.exec(text) ?? [];
  if (scheme === undefined) return usage;
  const options = new URLSearchParams(query);
  const unknown = [...options.keys()].find((name) => name !== 'cluster');
  if (unknown !== undefined) return `has an unknown option "${unknown}": cluster=true is known`;
  const cluster = options.get('cluster') ?? 'false';
  if (cluster !== 'true' && cluster !== 'false') return 'cluster is true or false';
  const isCluster = cluster === 'true';
  const seeds = hosts.split(',').map((seed) => {
    const [, host = '', port = '6379'] = seedForm.exec(seed.trim()) ?? [];
    return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
  });
  if (seeds.some(({ host, port }) => host === '' || port < 1 || port > 65_535)) return usage;
  if (seeds.length > 1 && !isCluster)
    return 'names several hosts, which is a cluster: add ?cluster=true';
  if (isCluster && Number(database) > 0) return 'names a database, which a cluster has none of';
  const [user, password] = readLogin(login);
  if (user instanceof Error) return 'has a user or password that is not percent-encoded';
  return {
    ...{ seeds, isCluster, user, password },
    tls: scheme.toLowerCase() === 'rediss',
    database: Number(database),
    shown: `${scheme.toLowerCase()}://${user === undefined ? '' : `${user}@`}${hosts}`,
  };
};

const usage =
  'is memory, file, or an address: redis://[user:password@]host:port[/database], rediss:// with ' +
  'TLS, and ?cluster=true for a cluster';

const readLogin = (
  login: string | undefined,
): readonly [user: string | undefined | Error, password: string | undefined] => {
  if (login === undefined || login === '') return [undefined, undefined];
  const colon = login.indexOf(':');
  try {
    const parts = colon < 0 ? [login, ''] : [login.slice(0, colon), login.slice(colon + 1)];
    const [user = '', password = ''] = parts.map(decodeURIComponent);
    return [user === '' ? undefined : user, password === '' ? undefined : password];
  } catch (error) {
    return [error as Error, undefined];
  }
};

const escapeBytes = (text: string): string =>
  Buffer.from(text).toString('hex').replace(/../g, '%$&');

/** A key's part that names a client: it must not end the hash tag, nor name the one of all. */
export const tagFor = (clientId: string): string =>
  `{${
    clientId === '' || clientId === 'fleet'
      ? `%${clientId}`
      : clientId.replace(/[^A-Za-z0-9_.-]/gu, escapeBytes)
  }}`;

/** Keys of the store, under a prefix. */
export const keysUnder = (prefix: string) => ({
  of: (clientId: string, name: string): string => `${prefix}:${tagFor(clientId)}:${name}`,
  sharedKey: (name: string): string => `${prefix}:{fleet}:${name}`,
});
export type Keys = ReturnType<typeof keysUnder>;
