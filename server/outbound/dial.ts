import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import type { Problem } from '../problems/problem.ts';
import {
  AnswerTooLargeError,
  headersByName,
  type SendRawOptions,
  sendRaw,
} from '../protocol/send-raw.ts';

/** Which addresses may be called, and how long an answer may take. */
export interface DialRules {
  /** Host names and addresses outside this machine and private networks that the user allows. */
  readonly allowHosts: readonly string[];
  readonly timeoutMs: number;
  /** Certificates, PEM, to trust instead of the system's. */
  readonly ca?: Buffer | undefined;
  /** Resolves names; the system's when absent. */
  readonly lookup?: typeof systemLookup | undefined;
}

/** How the bytes leave: `cut` ends in the middle of the body, `slow` takes a second for it. */
export type SendStyle = 'whole' | 'cut' | 'slow';

export interface DialedRequest {
  /** POST when absent. */
  readonly method?: 'GET';
  readonly url: URL;
  /** Names and values in turns. */
  readonly headerLines: readonly string[];
  readonly body: Buffer;
  readonly style: SendStyle;
}

export interface DialedAnswer {
  readonly httpStatus: number;
  /** By lower-case name; repeated headers joined. */
  readonly headers: Readonly<Record<string, string>>;
  readonly headerLines: readonly string[];
  readonly body: Buffer;
}

/** Why there is no answer. `NOT_ALLOWED` and `UNREACHABLE`: nothing of the request was sent. */
export type DialFailure =
  | 'NOT_ALLOWED'
  | 'UNREACHABLE'
  | 'TLS_NOT_TRUSTED'
  | 'TIMEOUT'
  | 'BROKEN_OFF'
  | 'TOO_LARGE'
  | 'CUT';

/** Monotonic microseconds of what happened; undefined: it did not. */
export interface DialTimes {
  readonly startedUs: number;
  readonly sentUs: number | undefined;
  readonly firstByteUs: number | undefined;
  readonly endedUs: number;
}

export type Dialed = { readonly times: DialTimes } & (
  | { readonly answer: DialedAnswer }
  | { readonly failure: DialFailure; readonly reason: string }
);

/** More of an answer is neither read nor kept. */
const maxAnswerBytes = 1024 * 1024;

const slowPieces = 10;
const slowPauseMs = 100;

const localNetworks = new BlockList();
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  localNetworks.addSubnet(network, bits);
localNetworks.addAddress('::1', 'ipv6');
localNetworks.addSubnet('fc00::', 7, 'ipv6');

/** Never dialled because of a name: link-local (cloud metadata), unspecified, multicast. */
const specialNetworks = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 3],
] as const)
  specialNetworks.addSubnet(network, bits);
specialNetworks.addAddress('::', 'ipv6');
specialNetworks.addSubnet('fe80::', 10, 'ipv6');
specialNetworks.addSubnet('ff00::', 8, 'ipv6');

const isIn = (list: BlockList, address: string): boolean => {
  const plain = withoutMapping(address);
  return list.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
};

/** `::ffff:7f00:1` and `::ffff:127.0.0.1` are 127.0.0.1. */
const withoutMapping = (address: string): string => {
  const dotted = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (dotted !== undefined) return dotted;
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/i.exec(address) ?? [];
  if (high === undefined || low === undefined) return address;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join('.');
};

const plainHost = (host: string): string =>
  host
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();

/** Why an address may not be dialled; undefined when it may. */
export const addressProblem = (
  host: string,
  address: string,
  allowHosts: readonly string[],
): string | undefined => {
  const name = plainHost(host);
  const isNamed = allowHosts.some((one) => plainHost(one) === name);
  const shown = name === address ? name : `${name} is ${address}, which`;
  if (isIn(specialNetworks, address) && !(isNamed && isIP(name) !== 0))
    return `${shown} is a link-local or special address`;
  if (isNamed || isIn(localNetworks, address)) return undefined;
  return `${shown} is neither this machine nor a private network`;
};

/** What is wrong with the address of a target, as far as it can be seen without dialling. */
export const targetProblem = (
  where: string,
  target: string,
  allowHosts: readonly string[],
): Problem | undefined => {
  const url = URL.canParse(target) ? new URL(target) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    return {
      where,
      message: `"${target}" is not an address of a server`,
      remedy: 'Write e.g. http://127.0.0.1:3000/points/bill/notify.',
    };
  if (url.username !== '' || url.password !== '' || url.hash !== '')
    return {
      where,
      message: 'an address of a merchant has neither credentials nor a fragment',
      remedy: 'Leave out what is before @ and after #.',
    };
  const host = plainHost(url.hostname);
  const problem = isIP(host) === 0 ? undefined : addressProblem(host, host, allowHosts);
  return problem === undefined ? undefined : { where, message: problem, remedy: allowRemedy(host) };
};

export const allowRemedy = (host: string): string =>
  `If it is yours, add --allow-host ${plainHost(host)} (setting outbound.allowHosts).`;

/** Thrown by the lookup, so that the connection is never begun. */
class NotAllowedError extends Error {
  override readonly name = 'NotAllowedError';
  readonly code = 'NOT_ALLOWED';
}

/**
 * Resolves a name and passes on only what may be dialled: the check and the connection use the
 * same answer of the name server, so a name that changes in between gains nothing.
 */
const checkedLookup =
  ({ allowHosts, lookup = systemLookup }: DialRules): LookupFunction =>
  (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      const addresses: readonly LookupAddress[] = Array.isArray(found) ? found : [];
      for (const { address } of addresses) {
        const problem = addressProblem(host, address, allowHosts);
        if (problem !== undefined) return callback(new NotAllowedError(problem), []);
      }
      const [first] = addresses;
      if (first === undefined) return callback(new Error(`${host} has no address`), []);
      if (options.all === true) callback(null, [...addresses]);
      else callback(null, first.address, first.family);
    });
  };

const nowUs = (): number => performance.now() * 1000;

/**
 * Sends a request once and reads the answer, over a connection of its own. Redirects are not
 * followed, proxies of the environment are not used. Never rejects.
 */
export const dial = async (request: DialedRequest, rules: DialRules): Promise<Dialed> => {
  const { url, headerLines, body, style, method = 'POST' } = request;
  const { allowHosts, timeoutMs, ca } = rules;
  const moments: { -readonly [K in keyof DialTimes]: DialTimes[K] } = {
    ...{ startedUs: nowUs(), endedUs: 0, sentUs: undefined, firstByteUs: undefined },
  };
  const ending = new AbortController();
  let known: { readonly failure: DialFailure; readonly reason: string } | undefined;
  const fail = (failure: DialFailure, reason: string): void => {
    known ??= { failure, reason };
    ending.abort();
  };
  let timer: NodeJS.Timeout | undefined;
  const startTimer = (): void => {
    clearTimeout(timer);
    timer = setTimeout(
      () => fail('TIMEOUT', `no complete answer within ${timeoutMs} ms`),
      timeoutMs,
    );
  };
  const host = plainHost(url.hostname);
  const literalProblem = isIP(host) === 0 ? undefined : addressProblem(host, host, allowHosts);
  if (literalProblem !== undefined)
    return {
      times: { ...moments, endedUs: nowUs() },
      ...{ failure: 'NOT_ALLOWED', reason: literalProblem },
    };
  let isConnected = false;
  startTimer();
  try {
    const answer = await sendRaw(
      url,
      { method, rawHeaders: headerLines, body },
      {
        ...{ ca, maxAnswerBytes, signal: ending.signal, lookup: checkedLookup(rules) },
        onConnect: ({ remoteAddress = '::' }) => {
          isConnected = true;
          // What was checked is what is dialled; this would show that it is not.
          const problem = addressProblem(host, remoteAddress, allowHosts);
          if (problem !== undefined) return new NotAllowedError(problem);
          startTimer();
          return undefined;
        },
        write: bodyWriters(fail)[style],
        onSent: () => {
          moments.sentUs = nowUs();
          // The merchant's time begins when it has the request.
          startTimer();
        },
        onFirstByte: () => {
          moments.firstByteUs = nowUs();
        },
      },
    );
    return {
      times: { ...moments, endedUs: nowUs() },
      answer: {
        ...{ httpStatus: answer.httpStatus, body: answer.body, headerLines: answer.rawHeaders },
        headers: headersByName(answer.rawHeaders),
      },
    };
  } catch (error) {
    const times = { ...moments, endedUs: nowUs() };
    return { times, ...(known ?? describeDialError(error, isConnected)) };
  } finally {
    clearTimeout(timer);
  }
};

type BodyWriter = NonNullable<SendRawOptions['write']>;

/** How the body leaves; absent: whole and at once. */
const bodyWriters = (
  fail: (failure: DialFailure, reason: string) => void,
): Readonly<Record<SendStyle, BodyWriter | undefined>> => ({
  whole: undefined,
  cut: (outgoing, body) =>
    void outgoing.write(body.subarray(0, body.length >> 1), () =>
      fail('CUT', 'the connection was ended in the middle of the body, on purpose'),
    ),
  slow: sendSlowly,
});

const sendSlowly: BodyWriter = (outgoing, body) => {
  const size = Math.max(1, Math.ceil(body.length / slowPieces));
  const next = (from: number): void => {
    if (outgoing.destroyed) return;
    if (from >= body.length) outgoing.end();
    else {
      outgoing.write(body.subarray(from, from + size));
      setTimeout(() => next(from + size), slowPauseMs);
    }
  };
  next(0);
};

/** Codes of a certificate that does not verify: `CERT_HAS_EXPIRED`, `DEPTH_ZERO_SELF_SIGNED_CERT`. */
const isTlsError = (code: string): boolean =>
  /CERT|SSL|TLS|^UNABLE_TO_|HOSTNAME_MISMATCH/.test(code);

const describeDialError = (
  thrown: unknown,
  isConnected: boolean,
): { readonly failure: DialFailure; readonly reason: string } => {
  const error: NodeJS.ErrnoException = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { code = '' } = error;
  if (error instanceof AnswerTooLargeError) return { failure: 'TOO_LARGE', reason: error.message };
  // Several addresses were tried, each with an error of its own.
  const [inner] = error instanceof AggregateError ? (error.errors as readonly Error[]) : [];
  const reason = inner?.message ?? (error.message || code);
  if (error instanceof NotAllowedError) return { failure: 'NOT_ALLOWED', reason };
  if (isTlsError(code)) return { failure: 'TLS_NOT_TRUSTED', reason };
  return isConnected ? { failure: 'BROKEN_OFF', reason } : { failure: 'UNREACHABLE', reason };
};
