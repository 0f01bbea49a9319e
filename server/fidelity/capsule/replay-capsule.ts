import type { Settings } from '../../domain/settings/settings-table.ts';
import type { JournalEntry } from '../../journal/journal-entry.ts';
import { decodeBase64, decodeHeaderBytes, readHeaderPairs } from '../../protocol/headers.ts';
import type { Keyring } from '../../protocol/keys/keyring.ts';
import {
  algorithmParamsFor,
  type Ecc224Variant,
  verifyContent,
} from '../../protocol/signatures.ts';
import { readTimestamp } from '../../protocol/timestamps.ts';
import { type CapsuleExchange, headerValue, unpackBody } from './capsule-exchange.ts';
import {
  type Capsule,
  clientIdOf,
  discardedKey,
  type ExpectedResult,
  type ReadCapsule,
  unpackKeys,
} from './capsule-file.ts';
import {
  type PlayedExchange,
  packVerdict,
  playCapsule,
  type StartPlayback,
  type Tape,
} from './play-capsule.ts';

export interface ReplayOptions {
  readonly start: StartPlayback;
  readonly expect?: ExpectedResult | undefined;
  /** Settings that win over those of the capsule. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
}

export interface ReplayDifference {
  /** `head` and `body` of the answer, or a member of the verdict. */
  readonly part: string;
  /** Of the first byte that differs, in the answer as it was sent. */
  readonly offset?: number;
  readonly recorded: string;
  readonly replayed: string;
}

export interface ReplayedExchange {
  readonly number: number;
  readonly operation: string | undefined;
  readonly result: 'same' | 'as far as decryption' | 'not compared' | 'differs';
  /** Why it was not compared. */
  readonly reason?: string;
  readonly difference?: ReplayDifference;
  /** Entries of the register that both decisions rest on. */
  readonly references: readonly string[];
}

/** Plays a capsule in a simulator of its own, and compares. */
export const replayCapsule = async (
  { capsule, settings: carried }: Pick<ReadCapsule, 'capsule' | 'settings'>,
  { start, expect = 'bytes', settings }: ReplayOptions,
): Promise<readonly ReplayedExchange[]> => {
  const played = await playRecorded(capsule, { ...carried, ...settings }, start);
  const byNumber = new Map(played.map((one) => [one.exchange.number, one]));
  return capsule.exchanges.map((exchange) => {
    const { number, operation, notCompared } = exchange;
    const one = byNumber.get(number);
    const references = new Set([
      ...exchange.verdict.references,
      ...(one?.entry?.verdict.basis ?? []),
    ]);
    const base = { number, operation, references: [...references] };
    if (one === undefined) return { ...base, result: 'not compared', reason: notCompared ?? '' };
    if (exchange.opening?.fault === discardedKey && one.entry?.verdict.step === 'decrypt-body')
      return { ...base, result: 'as far as decryption' };
    const difference = compareExchange(one, expect);
    return difference === undefined
      ? { ...base, result: 'same' }
      : { ...base, result: 'differs', difference };
  });
};

/** With public keys alone: what was drawn and signed is taken from the capsule. */
const playRecorded = (
  capsule: Capsule,
  settings: Partial<Settings>,
  start: StartPlayback,
): Promise<readonly PlayedExchange[]> => {
  const keyrings = readKeyrings(capsule);
  return playCapsule(capsule, {
    settings,
    keyrings,
    start,
    supply: (tape) => ({
      bytes: (count) => tape.draw(count),
      sign: (content) =>
        supplySignature(content, tape, {
          keyring: keyrings.platformFor(clientIdOf(tape.exchange)),
          ecc224: settings.ecc224 ?? 'sha256',
        }),
    }),
  });
};

/**
 * The exchanges of a capsule as entries of a journal, for those who judge the client; those that
 * cannot be played or opened are left out. Times are by the client's clock, and an answer counts as
 * delivered as late as it can have been.
 */
export const readRecorded = async (
  { capsule, settings }: Pick<ReadCapsule, 'capsule' | 'settings'>,
  start: StartPlayback,
): Promise<readonly JournalEntry[]> => {
  const played = await playRecorded(capsule, settings, start);
  return played.flatMap(({ exchange, entry }, at) => {
    if (entry === undefined || exchange.opening?.fault === discardedKey) return [];
    const { step, code, status } = exchange.verdict;
    const atUs = exchange.receivedAt * 1000;
    const lastByteUs = answeredAt(exchange, entry) * 1000;
    const isCut = exchange.reply?.isCut === true;
    const recorded: JournalEntry = {
      ...entry,
      number: exchange.number,
      receivedAt: exchange.receivedAt,
      arrival: { order: at, atUs },
      requestCompleteUs: atUs,
      connection: { ordinal: at, position: 1, tls: false },
      delivery: {
        ...entry.delivery,
        ...{ firstByteUs: atUs, lastByteUs, endedUs: lastByteUs },
        ...(isCut && ({ complete: false, endedBy: 'client' } as const)),
      },
      verdict: { ...entry.verdict, step, code, status },
    };
    return [recorded];
  });
};

/** When the answer left at the latest, by the client's clock. */
const answeredAt = (
  { receivedAt, clockSteps = [], reply }: CapsuleExchange,
  { scripted }: JournalEntry,
): number => {
  const signedAt = readTimestamp(headerValue(reply?.headers, 'response-time') ?? '')?.epochMs ?? 0;
  const lastReading = receivedAt + (clockSteps.at(-1) ?? 0);
  // What a fault writes there is no time of this exchange.
  const isPlausible = signedAt - receivedAt < 600_000 && scripted?.delivery.security === undefined;
  const lastMs = Math.max(receivedAt, lastReading, isPlausible ? signedAt : 0);
  return lastMs + (scripted?.delivery.delayMs ?? 0);
};

const readKeyrings = (capsule: Capsule) => {
  const platform = unpackKeys(capsule.platform, 'platform');
  const platforms = new Map<string, Keyring>();
  const clients = new Map(
    capsule.clients.map(({ clientId, keys, platform: own }) => {
      if (own !== undefined) platforms.set(clientId, unpackKeys(own, `platform for ${clientId}`));
      return [clientId, unpackKeys(keys, `client ${clientId}`)] as const;
    }),
  );
  return {
    platform,
    clients,
    platformFor: (clientId: string) => platforms.get(clientId) ?? platform,
  };
};

/**
 * The recorded signature, if it verifies over what the replay would sign: it does if and only if
 * that is the same bytes (with RSA), so that a private key is not needed. What a scripted fault
 * signed with an unrelated key cannot be verified, and is taken as it is.
 */
const supplySignature = (
  content: Buffer,
  tape: Tape,
  { keyring, ecc224 }: { readonly keyring: Keyring; readonly ecc224: Ecc224Variant },
): Buffer => {
  const { verdict } = tape.exchange;
  const recorded = recordedSignature(tape.exchange);
  if (recorded === undefined) return unknownSignature;
  const withoutTampering = Buffer.from(recorded);
  withoutTampering[recorded.length - 1] = (recorded.at(-1) ?? 0) ^ 1;
  for (const signature of [recorded, withoutTampering])
    for (const { family, publicKey } of keyring.versions) {
      const params = algorithmParamsFor(family === 'RSA' ? 'RSA256' : 'ECC224', ecc224);
      if (verifyContent(content, signature, publicKey, params)) return signature;
    }
  const isUnprovable = (verdict.tags ?? []).some((tag) => unprovableFaults.includes(tag));
  return isUnprovable ? recorded : unknownSignature;
};

const unprovableFaults = ['security:wrong-key', 'security:retired-key'];
const unknownSignature = Buffer.alloc(8);

const recordedSignature = ({ reply }: CapsuleExchange): Buffer | undefined => {
  const written = reply?.writtenBase64;
  const line =
    written === undefined
      ? headerValue(reply?.headers, 'signature')
      : /^signature: (.*)$/im.exec(Buffer.from(written, 'base64').toString('latin1'))?.[1];
  const value = readHeaderPairs(line?.trim() ?? '').pairs.get('signature');
  if (value === undefined) return undefined;
  const bytes = decodeHeaderBytes(value);
  return Buffer.isBuffer(bytes) ? bytes : decodeBase64(value);
};

const compareExchange = (
  { exchange, received, entry }: PlayedExchange,
  expect: ExpectedResult,
): ReplayDifference | undefined => {
  if (entry === undefined)
    return { part: 'answer', recorded: exchange.verdict.code, replayed: 'no answer' };
  if (expect === 'bytes') {
    const difference = compareBytes(exchange, received);
    if (difference !== undefined) return difference;
  }
  if (expect === 'answer') {
    const difference = compareAnswers(exchange, received);
    if (difference !== undefined) return difference;
  }
  return compareVerdicts(exchange, packVerdict(entry), expect);
};

/** Headers that Node adds for the connection. */
const connectionHeaders = ['connection', 'keep-alive', 'transfer-encoding'];

/** An answer as one text of bytes: that of the connection is left out. */
const canonicalAnswer = (received: Buffer): string => {
  const text = received.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return text;
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const kept = lines.filter(
    (line) => !connectionHeaders.includes(line.slice(0, line.indexOf(':')).toLowerCase()),
  );
  const status = /^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? statusLine;
  return [`HTTP/1.1 ${status}`, ...kept, '', ''].join('\r\n') + text.slice(end + 4);
};

const recordedAnswer = ({ reply }: CapsuleExchange): string => {
  if (reply === undefined) return '';
  if (reply.writtenBase64 !== undefined)
    return Buffer.from(reply.writtenBase64, 'base64').toString('latin1');
  const lines = (reply.headers ?? []).map(([name, value]) => `${name}: ${value}`);
  return (
    [`HTTP/1.1 ${reply.status ?? 0}`, ...lines, '', ''].join('\r\n') +
    unpackBody(reply).toString('latin1')
  );
};

const compareBytes = (
  exchange: CapsuleExchange,
  received: Buffer,
): ReplayDifference | undefined => {
  const recorded = recordedAnswer(exchange);
  if (recorded === '' && received.length === 0) return undefined;
  const isRaw = exchange.reply?.writtenBase64 !== undefined;
  let replayed = isRaw ? received.toString('latin1') : canonicalAnswer(received);
  if (exchange.reply?.isCut === true) replayed = replayed.slice(0, recorded.length);
  for (const place of unrepeatable(exchange, recorded, replayed))
    replayed = adopt(place, recorded, replayed);
  if (recorded === replayed) return undefined;
  // A signature that does not verify is the consequence of another difference, if there is one.
  const withSignature = adopt(signatureValue, recorded, replayed);
  return describeDifference(recorded, recorded === withSignature ? replayed : withSignature);
};

const signatureValue = /^signature: [^\r\n]*/im;
const findingLine = /^x-mock-finding: [^\r\n]*\r\n/im;
const dateLine = /^date: [^\r\n]*\r\n/im;
const encryptLine = /^encrypt: [^\r\n]*/im;

/** The replayed answer with what the recorded one has at a place. */
const adopt = (place: RegExp, recorded: string, replayed: string): string => {
  const found = place.exec(recorded)?.[0];
  return found === undefined ? replayed.replace(place, '') : replayed.replace(place, () => found);
};

/**
 * What no replay can make again: the words on a diagnosis that was still to be made, or that needs
 * the platform's private key, and a symmetric key that was wrapped for an unrelated key.
 */
const unrepeatable = (
  { verdict }: CapsuleExchange,
  recorded: string,
  replayed: string,
): readonly RegExp[] => {
  const isPending = [recorded, replayed].some((text) => /^x-mock-finding: PENDING/im.test(text));
  return [
    // Node adds one where a fault has removed it.
    ...(/^date: /im.test(recorded) ? [] : [dateLine]),
    ...(isPending || verdict.step === 'decrypt-body' ? [findingLine] : []),
    ...(verdict.tags?.includes('security:wrong-seal-key') === true ? [encryptLine] : []),
  ];
};

const shownBefore = 16;
const shownAfter = 24;

const describeDifference = (recorded: string, replayed: string): ReplayDifference => {
  let offset = 0;
  while (offset < recorded.length && recorded[offset] === replayed[offset]) offset++;
  const headEnd = recorded.indexOf('\r\n\r\n');
  const excerpt = (text: string): string =>
    JSON.stringify(text.slice(Math.max(0, offset - shownBefore), offset + shownAfter));
  return {
    part: headEnd >= 0 && offset >= headEnd + 4 ? 'body' : 'head',
    offset,
    recorded: excerpt(recorded),
    replayed: excerpt(replayed),
  };
};

const compareAnswers = (
  exchange: CapsuleExchange,
  received: Buffer,
): ReplayDifference | undefined => {
  const [recorded, replayed] = [recordedAnswer(exchange), canonicalAnswer(received)].map((text) => {
    const body = text.slice(text.indexOf('\r\n\r\n') + 4);
    try {
      return JSON.stringify(JSON.parse(Buffer.from(body, 'latin1').toString('utf8')));
    } catch {
      return body;
    }
  });
  return recorded === undefined || replayed === undefined || recorded === replayed
    ? undefined
    : { ...describeDifference(recorded, replayed), part: 'answer' };
};

const compareVerdicts = (
  { verdict }: CapsuleExchange,
  replayed: CapsuleExchange['verdict'],
  expect: ExpectedResult,
): ReplayDifference | undefined => {
  for (const name of expect === 'bytes' ? exactMembers : looseMembers) {
    if (
      name === 'diagnosis' &&
      (verdict.diagnosis === undefined || verdict.step === 'decrypt-body')
    )
      continue;
    const [one, other] = [JSON.stringify(verdict[name]), JSON.stringify(replayed[name])];
    if (one !== other) return { part: name, recorded: one ?? 'none', replayed: other ?? 'none' };
  }
  return undefined;
};

const looseMembers = ['step', 'code', 'status'] as const;
const exactMembers = [
  ...looseMembers,
  'references',
  'tags',
  'findings',
  'rule',
  'diagnosis',
  'changes',
] as const;
