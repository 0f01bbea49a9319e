import { createHash, createHmac, randomBytes, sign } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Contract } from '../../domain/contract/contract.ts';
import { securityFaults, wireFaults } from '../../domain/faults/catalogue.ts';
import { contentFingerprint, hashFields } from '../../domain/operations/request-content.ts';
import { faultWord, magicPrefix } from '../../domain/scenarios/request-overrides.ts';
import { type Settings, sealingScheme } from '../../domain/settings/settings-table.ts';
import type { Json, JsonObject, RememberedRequest } from '../../domain/state/state.ts';
import type { JournalEntry } from '../../journal/journal-entry.ts';
import { tryParseJsonObject } from '../../problems/json-text.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import { StartupError } from '../../problems/problem.ts';
import { bodyFingerprint } from '../../protocol/body.ts';
import { encodeHeaderBytes, readHeaderPairs } from '../../protocol/headers.ts';
import { type KeyPair, keyFingerprint, makeKeyPair } from '../../protocol/keys/key-objects.ts';
import { Keyring, type KeyVersion } from '../../protocol/keys/keyring.ts';
import { encryptBody } from '../../protocol/sealing.ts';
import {
  algorithmParamsFor,
  readAlgorithm,
  signContent,
  signingContent,
} from '../../protocol/signatures.ts';
import {
  answerKey,
  type CapsuleExchange,
  fillerBytes,
  headerValue,
  packBody,
  unpackBody,
} from './capsule-exchange.ts';
import { type Capsule, type CapsuleKey, clientIdOf } from './capsule-file.ts';
import {
  type PlayedExchange,
  packRandom,
  packReply,
  packVerdict,
  playCapsule,
  type StartPlayback,
  type Tape,
} from './play-capsule.ts';

export interface PseudonymSource {
  readonly entries: readonly JournalEntry[];
  readonly settings: Settings;
  readonly contract: Contract;
  /** Texts of scenarios whose rules may name values. */
  readonly scenarioTexts: readonly string[];
  readonly isTestClient: (clientId: string) => boolean;
  readonly start: StartPlayback;
}

type UnsealedCapsule = Omit<Capsule, 'integrity'>;

/**
 * Replaces every value that the contract itself does not contain. Equal values get equal pseudonyms
 * of the same length and kind, in all exchanges and in the state. What was signed is signed again,
 * with keys whose private halves are thrown away, and the answers are made again by playing it.
 * @throws StartupError when an exchange would be decided differently
 */
export const pseudonymize = async (
  draft: UnsealedCapsule,
  source: PseudonymSource,
): Promise<UnsealedCapsule> => {
  const names = new Pseudonyms(readVocabulary(source), source);
  const changed = replaceValues(draft, names, source);
  const redaction = { level: 'pseudonyms', fields: names.fields } as const;
  // What is encrypted again is shorter: its padding follows from its symmetric key.
  const isEncrypted = draft.exchanges.some(({ opening }) => opening?.key !== undefined);
  if (names.fields.length === 0 && !isEncrypted)
    return { ...draft, redaction: { ...redaction, signatures: 'original' } };
  const keys = new ThrowawayKeys(draft);
  const attempts = draft.exchanges.map(() => 0);
  for (let attempt = 0; attempt < signingWays; attempt++) {
    const exchanges = await Promise.all(
      changed.exchanges.map((exchange, at) =>
        signAgain(exchange, draft.exchanges[at], {
          keys,
          names,
          source,
          at,
          way: attempts[at] ?? 0,
        }),
      ),
    );
    const made: UnsealedCapsule = {
      ...changed,
      redaction: { ...redaction, signatures: 'made-again' },
      ...(await keys.publicKeys(changed)),
      exchanges,
    };
    const answered = await answerAgain(made, keys, source);
    const different = draft.exchanges.flatMap((exchange, at) =>
      isDecidedAlike(exchange, answered.exchanges[at]) ? [] : [at],
    );
    if (different.length === 0) return answered;
    for (const at of different) attempts[at] = attempt + 1;
    if (attempt + 1 === signingWays)
      throw new StartupError(
        different.map((at) => ({
          where: `exchange ${draft.exchanges[at]?.number}`,
          message: 'would be decided differently with pseudonyms in place of its values',
          remedy: 'Export it with --keep-data, or leave it out.',
        })),
      );
  }
  return draft;
};

/** With the text that was signed, with another key, and as it was. */
const signingWays = 3;

const isDecidedAlike = (one: CapsuleExchange, other: CapsuleExchange | undefined): boolean => {
  if (one.notCompared !== undefined || other === undefined) return other !== undefined;
  const [wanted, got] = [comparedVerdict(one), comparedVerdict(other)];
  return isDeepStrictEqual(wanted, got);
};

/** Digests of records differ with their values, and drawn delays with the client's name. */
const comparedVerdict = ({ verdict }: CapsuleExchange) => {
  const { changes: _changes, diagnosis, tags = [], ...compared } = verdict;
  return {
    ...compared,
    tags: tags.filter((tag) => !tag.startsWith('delay:')),
    diagnosis: verdict.step === 'decrypt-body' ? undefined : diagnosis,
  };
};

/** Every text of the contract and of the scenarios: published, so no secret. */
const readVocabulary = ({ contract, scenarioTexts }: PseudonymSource): ReadonlySet<string> => {
  const words = new Set<string>(['true', 'false', 'null']);
  const add = (value: unknown): void => {
    if (typeof value === 'string') words.add(value);
    else if (Array.isArray(value)) value.forEach(add);
    else if (typeof value === 'object' && value !== null)
      for (const [name, one] of Object.entries(value)) {
        words.add(name);
        add(one);
      }
  };
  add(contract.document);
  for (const operation of contract.operations.values()) {
    for (const example of operation.examples.values()) add(example);
    for (const path of operation.paths) words.add(path);
  }
  for (const text of scenarioTexts)
    for (const word of text.match(/[\p{L}\p{N}_.@-]+/gu) ?? []) words.add(word);
  return words;
};

/** Gives each value its pseudonym. The salt is thrown away with it. */
class Pseudonyms {
  readonly #vocabulary: ReadonlySet<string>;
  readonly #words: ReadonlySet<string>;
  readonly #magic: readonly string[];
  readonly #isTestClient: PseudonymSource['isTestClient'];
  readonly #salt = randomBytes(32);
  readonly #given = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #fields = new Set<string>();

  constructor(
    vocabulary: ReadonlySet<string>,
    { contract: { operations }, isTestClient }: PseudonymSource,
  ) {
    this.#isTestClient = isTestClient;
    this.#vocabulary = vocabulary;
    this.#words = new Set([...vocabulary].flatMap((text) => text.match(wordPattern) ?? []));
    this.#magic = [
      ...new Set([...operations.values()].flatMap(({ results }) => [...results.keys()])),
      ...[...Object.keys(wireFaults), ...Object.keys(securityFaults)].map(faultWord),
    ].map((word) => magicPrefix + word);
  }

  /** Names of what was replaced. */
  get fields(): string[] {
    return [...this.#fields].sort();
  }

  /** Values with their pseudonyms, the longest first. */
  get all(): readonly (readonly [value: string, pseudonym: string])[] {
    return [...this.#given].sort(([a], [b]) => b.length - a.length);
  }

  replace(value: string, field: string): string {
    if (this.#vocabulary.has(value) || value === '' || timePattern.test(value)) return value;
    const magic = this.#magic
      .filter((word) => value === word || value.startsWith(`${word}_`))
      .sort((a, b) => b.length - a.length)[0];
    if (magic === value) return value;
    const kept = magic === undefined ? '' : `${magic}_`;
    const pseudonym = kept + this.#pseudonymFor(value.slice(kept.length));
    if (pseudonym !== value) this.#fields.add(field);
    return pseudonym;
  }

  replaceClientId(clientId: string): string {
    return this.#isTestClient(clientId) ? clientId : this.replace(clientId, 'Client-Id');
  }

  /** The same for each word of a text that is no JSON. */
  replaceWords(text: string, field: string): string {
    return text.replace(wordPattern, (word) =>
      this.#words.has(word) ? word : this.replace(word, field),
    );
  }

  /** A text that repeats values, such as one that was signed by mistake. */
  replaceKnown(text: string): string {
    let replaced = text;
    for (const [value, pseudonym] of this.all)
      if (value.length > 2) replaced = replaced.replaceAll(value, pseudonym);
    return replaced;
  }

  #pseudonymFor(value: string): string {
    const known = this.#given.get(value);
    if (known !== undefined) return known;
    let pseudonym = value;
    // Short values may meet: equal ones must stay equal, and different ones different.
    for (let turn = 0; turn < 100; turn++) {
      pseudonym = disguise(value, createHmac('sha512', this.#salt).update(`${turn} ${value}`));
      if (pseudonym !== value && !this.#taken.has(pseudonym)) break;
    }
    this.#taken.add(pseudonym);
    this.#given.set(value, pseudonym);
    return pseudonym;
  }
}

const wordPattern = /[\p{L}\p{N}]+/gu;
const timePattern = /^\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?$/;

/** Letters and digits become others of their kind; what separates them stays. */
const disguise = (value: string, hmac: ReturnType<typeof createHmac>): string => {
  let pool = hmac.digest();
  let at = 0;
  const next = (count: number): number => {
    if (at + 2 > pool.length) {
      pool = createHash('sha512').update(pool).digest();
      at = 0;
    }
    at += 2;
    return pool.readUInt16BE(at - 2) % count;
  };
  return value.replace(/[\p{L}\p{N}]|[^\p{ASCII}]/gu, (character, offset: number) => {
    const code = character.codePointAt(0) ?? 0;
    // A number keeps its first digit's kind: 0 is written by itself alone.
    if (character === '0' && offset === 0) return character;
    if (code >= 0x30 && code <= 0x39) return offset === 0 ? String(1 + next(9)) : String(next(10));
    if (code >= 0x61 && code <= 0x7a) return String.fromCharCode(0x61 + next(26));
    if (code >= 0x41 && code <= 0x5a) return String.fromCharCode(0x41 + next(26));
    if (code < 0x800) return String.fromCharCode(0x3b1 + next(17));
    if (code < 0x10000) return String.fromCharCode(0x4e00 + next(20000));
    return String.fromCodePoint(0x20000 + next(1024));
  });
};

const jsonString = /"((?:[^"\\]|\\.)*)"(\s*:)?/g;

/** The text of a body with its values replaced in place: its layout stays as it is. */
const replaceInJson = (text: string, names: Pseudonyms): string => {
  let field = 'body';
  return text.replace(jsonString, (whole, inner: string, colon: string | undefined) => {
    const value = JSON.parse(`"${inner}"`) as string;
    if (colon !== undefined) {
      field = value;
      return whole;
    }
    const pseudonym = names.replace(value, field);
    if (pseudonym === value) return whole;
    let unit = 0;
    const written = inner.replace(
      /\\u([0-9a-fA-F]{4})|\\.|./gs,
      (piece, hex: string | undefined) => {
        const code = pseudonym.charCodeAt(unit++);
        if (hex === undefined) return piece.startsWith('\\') ? piece : String.fromCharCode(code);
        const digits = code.toString(16).padStart(4, '0');
        return `\\u${hex === hex.toUpperCase() ? digits.toUpperCase() : digits}`;
      },
    );
    return `"${written}"`;
  });
};

const replaceInBody = (bytes: Buffer, names: Pseudonyms, where: string): Buffer => {
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes))
    throw new StartupError([
      {
        where,
        message: 'its body is not UTF-8, so its values cannot be recognised',
        remedy: 'Export it with --keep-data, or leave it out.',
      },
    ]);
  return Buffer.from(isJson(text) ? replaceInJson(text, names) : names.replaceWords(text, 'body'));
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const replaceDeep = (value: Json, names: Pseudonyms, field: string): Json => {
  if (typeof value === 'string') return names.replace(value, field);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => replaceDeep(one, names, field));
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, replaceDeep(one as Json, names, name)]),
  );
};

/** Those whose values say nothing of anybody. */
const plainHeaders = new Set([
  ...['accept', 'accept-encoding', 'accept-language', 'connection', 'content-type', 'expect'],
  ...['content-length', 'keep-alive', 'request-time', 'signature', 'encrypt', 'transfer-encoding'],
  ...['sec-fetch-mode', 'agent-token', 'authorization', 'proxy-authorization', 'cookie'],
  ...['x-mock-scenario', 'x-mock-result', 'x-mock-delay', 'x-mock-fault', 'x-mock-security'],
]);

/** The draft with pseudonyms; nothing is signed or answered yet. */
const replaceValues = (
  draft: UnsealedCapsule,
  names: Pseudonyms,
  { entries, settings, contract }: PseudonymSource,
): UnsealedCapsule => {
  const paths = new Set([...contract.operations.values()].flatMap((one) => one.paths));
  const bodies = draft.exchanges.map((exchange, at) => {
    const plain = entries[at]?.request.plain ?? unpackBody(exchange.request);
    const isClosed = headerValue(exchange.request.headers, 'encrypt') !== undefined;
    const isOpen = entries[at]?.request.plain !== undefined;
    return isClosed && !isOpen
      ? { plain, replaced: plain }
      : { plain, replaced: replaceInBody(plain, names, `exchange ${exchange.number}`) };
  });
  const pairs = new BodyPairs(bodies);
  const scheme = sealingScheme(settings);
  const exchanges = draft.exchanges.map((exchange, at): CapsuleExchange => {
    const { request, before } = exchange;
    const [path = '', ...query] = request.target.split('?');
    const body = bodies[at] ?? { plain: Buffer.alloc(0), replaced: Buffer.alloc(0) };
    const isChanged = !body.plain.equals(body.replaced);
    const sealedAgain =
      entries[at]?.request.plain !== undefined && exchange.opening?.key !== undefined
        ? sealAgain(exchange, body.replaced, scheme.cipher)
        : undefined;
    const { json: _json, body: _body, bodyBase64: _base64, ...rest } = request;
    const wire = sealedAgain?.body ?? (isChanged ? body.replaced : unpackBody(request));
    return omitUndefined({
      ...exchange,
      before: before?.map((record) => replaceRecord(record, names, pairs)),
      request: {
        ...rest,
        target: [
          paths.has(path) ? path : names.replaceWords(path, 'path'),
          ...(query.length === 0 ? [] : [names.replaceWords(query.join('?'), 'query')]),
        ].join('?'),
        headers: (sealedAgain?.headers ?? request.headers).map(
          ([name, value]): [string, string] => [name, replaceHeader(name, value, names)],
        ),
        ...packBody(wire),
      },
      opening: sealedAgain?.opening ?? exchange.opening,
    });
  });
  const { clients: own, ...others } = draft.settings;
  return {
    ...draft,
    settings:
      own === undefined
        ? others
        : {
            ...others,
            clients: Object.fromEntries(
              Object.entries(own as JsonObject).map(([id, one]) => [
                names.replaceClientId(id),
                one,
              ]),
            ) as never,
          },
    clients: draft.clients.map((client) => ({
      ...client,
      clientId: names.replaceClientId(client.clientId),
    })),
    exchanges,
  };
};

const replaceHeader = (name: string, value: string, names: Pseudonyms): string => {
  const lower = name.toLowerCase();
  if (lower === 'client-id') return names.replaceClientId(value);
  if (plainHeaders.has(lower)) return value;
  if (lower === 'host') return /^(127\.|localhost|\[::1\])/.test(value) ? value : 'localhost';
  return lower === 'user-agent' && /^(node|undici)$/.test(value)
    ? value
    : names.replaceWords(value, name);
};

const sealAgain = (
  { request, opening }: CapsuleExchange,
  plain: Buffer,
  cipher: ReturnType<typeof sealingScheme>['cipher'],
) => {
  const key = randomBytes(Buffer.from(opening?.key ?? '', 'base64').length || 32);
  return {
    opening: { key: key.toString('base64') },
    body: Buffer.from(encryptBody(plain, key, cipher).toString('base64')),
    // No key opens it: a replay takes the symmetric key from the capsule.
    headers: request.headers.map(([name, value]): [string, string] => [
      name,
      name.toLowerCase() === 'encrypt'
        ? value.replace(/(symmetricKey=)[^,]*/i, `$1${encodeHeaderBytes(fillerBytes(key, 256))}`)
        : value,
    ]),
  };
};

/** What was derived from a body is derived from its replacement again. */
class BodyPairs {
  readonly #digests = new Map<string, string>();
  readonly #fields = new Map<string, string>();

  constructor(bodies: readonly { readonly plain: Buffer; readonly replaced: Buffer }[]) {
    for (const { plain, replaced } of bodies) {
      this.#digests.set(bodyFingerprint(plain), bodyFingerprint(replaced));
      const [one, other] = [readBodyObject(plain), readBodyObject(replaced)];
      if (one === undefined || other === undefined) continue;
      for (const without of [[], ['requestTime']])
        this.#digests.set(contentFingerprint(one, without), contentFingerprint(other, without));
      const [before, after] = [hashFields(one), hashFields(other)];
      for (let at = 0; at < before.length; at += fieldHashLength)
        this.#fields.set(
          before.slice(at, at + fieldHashLength),
          after.slice(at, at + fieldHashLength),
        );
    }
  }

  /** Unknown ones, of other bodies, only have to stay different. */
  digest(digest: string): string {
    return (
      this.#digests.get(digest) ?? createHash('sha256').update(randomBytes(32)).digest('base64')
    );
  }

  fieldHashes(hashes: string): string {
    let replaced = '';
    for (let at = 0; at < hashes.length; at += fieldHashLength) {
      const one = hashes.slice(at, at + fieldHashLength);
      replaced +=
        this.#fields.get(one) ?? `${one.slice(0, 2)}${randomBytes(3).toString('base64url')}`;
    }
    return replaced;
  }
}

/** Two characters of a name's hash and four of a value's. */
const fieldHashLength = 6;

const readBodyObject = (bytes: Buffer): JsonObject | undefined =>
  tryParseJsonObject(bytes.toString('utf8')) as JsonObject | undefined;

type FoundRecord = NonNullable<CapsuleExchange['before']>[number];

const replaceRecord = (
  [clientId, collection, id, value]: FoundRecord,
  names: Pseudonyms,
  pairs: BodyPairs,
): FoundRecord => {
  const replacedId =
    collection === 'requests'
      ? id.replace(/ .*$/s, (rest) => ` ${names.replace(rest.slice(1), 'requestId')}`)
      : id.replace(/\[.*\]$/s, (identity) => replaceIdentity(identity, names));
  const client = names.replaceClientId(clientId);
  if (collection !== 'requests')
    return collection === 'stories' || collection === 'oneShots'
      ? [client, collection, replacedId, value]
      : [client, collection, replacedId, replaceDeep(value as Json, names, collection) as never];
  if (value === null) return [client, collection, replacedId, value];
  const remembered = value as unknown as RememberedRequest;
  const { fingerprint, content, fieldHashes, answer } = remembered;
  const { detail, ...said } = answer;
  const made: RememberedRequest = {
    fingerprint: pairs.digest(fingerprint),
    ...omitUndefined({
      content: content && pairs.digest(content),
      fieldHashes: fieldHashes && pairs.fieldHashes(fieldHashes),
    }),
    answer: {
      ...said,
      ...omitUndefined({ detail: detail && names.replaceKnown(detail) }),
      fields: replaceDeep(answer.fields, names, 'answer') as JsonObject,
    },
  };
  return [client, collection, replacedId, made as never];
};

const replaceIdentity = (identity: string, names: Pseudonyms): string => {
  try {
    return JSON.stringify(replaceDeep(JSON.parse(identity) as Json, names, 'identity'));
  } catch {
    return names.replaceWords(identity, 'identity');
  }
};

let made: Map<string, Promise<KeyPair>> | undefined;

/** Pairs of this process, made when they are first needed: a pair takes some 100 ms. */
const throwawayPair = (family: 'RSA' | 'EC', index: number): Promise<KeyPair> => {
  made ??= new Map();
  const name = `${family} ${index}`;
  const pair = made.get(name) ?? makeKeyPair(family, 2048);
  made.set(name, pair);
  return pair;
};

/** A pair for each version of each party, and one that no party has. */
class ThrowawayKeys {
  readonly #slots = new Map<string, number>();
  readonly #draft: UnsealedCapsule;

  constructor(draft: UnsealedCapsule) {
    this.#draft = draft;
    for (const key of draft.platform) this.#slot('platform', key);
    for (const [at, { keys, platform = [] }] of draft.clients.entries()) {
      for (const key of keys) this.#slot(`client ${at}`, key);
      for (const key of platform) this.#slot(`platform ${at}`, key);
    }
  }

  /** @param version undefined: the newest; unknown ones get the pair that no party has */
  clientPair(
    clientId: string,
    family: 'RSA' | 'EC',
    version: number | undefined,
  ): Promise<KeyPair> {
    const at = this.#draft.clients.findIndex((client) => client.clientId === clientId);
    const keys = this.#draft.clients[at]?.keys.filter((key) => key.family === family) ?? [];
    const newest = Math.max(...keys.map((key) => key.version));
    const slot = this.#slots.get(`client ${at} ${family} ${version ?? newest}`);
    return throwawayPair(family, slot ?? unknownSlot);
  }

  unknownPair(family: 'RSA' | 'EC'): Promise<KeyPair> {
    return throwawayPair(family, unknownSlot);
  }

  async publicKeys(
    changed: UnsealedCapsule,
  ): Promise<Pick<UnsealedCapsule, 'platform' | 'clients'>> {
    return {
      platform: await this.#pack('platform', changed.platform),
      clients: await Promise.all(
        changed.clients.map(async ({ clientId, keys, platform }, at) => ({
          clientId,
          keys: await this.#pack(`client ${at}`, keys),
          ...omitUndefined({
            platform: platform && (await this.#pack(`platform ${at}`, platform)),
          }),
        })),
      ),
    };
  }

  /** The keyrings with their private halves. */
  async keyrings({ platform, clients }: UnsealedCapsule) {
    return {
      platform: await this.#keyring('platform', platform),
      clients: new Map(
        await Promise.all(
          clients.map(
            async ({ clientId, keys }, at) =>
              [clientId, await this.#keyring(`client ${at}`, keys)] as const,
          ),
        ),
      ),
    };
  }

  #slot(owner: string, { family, version }: CapsuleKey): void {
    const name = `${owner} ${family} ${version}`;
    if (!this.#slots.has(name)) this.#slots.set(name, this.#slots.size + 1);
  }

  #pair(owner: string, { family, version }: CapsuleKey): Promise<KeyPair> {
    return throwawayPair(family, this.#slots.get(`${owner} ${family} ${version}`) ?? unknownSlot);
  }

  #pack(owner: string, keys: readonly CapsuleKey[]): Promise<CapsuleKey[]> {
    return Promise.all(
      keys.map(async (key) => {
        const { publicKey } = await this.#pair(owner, key);
        const der = publicKey.export({ type: 'spki', format: 'der' });
        return { ...key, publicKey: der.toString('base64') };
      }),
    );
  }

  async #keyring(owner: string, keys: readonly CapsuleKey[]): Promise<Keyring> {
    return new Keyring(
      await Promise.all(
        keys.map(async (key): Promise<KeyVersion> => {
          const pair = await this.#pair(owner, key);
          const { version, family, from, until } = key;
          const validity = omitUndefined({ from, until });
          return {
            version,
            family,
            ...pair,
            fingerprint: keyFingerprint(pair.publicKey),
            validity,
          };
        }),
      ),
    );
  }
}

const unknownSlot = 0;

interface SigningAgain {
  readonly keys: ThrowawayKeys;
  readonly names: Pseudonyms;
  readonly source: PseudonymSource;
  readonly at: number;
  readonly way: number;
}

/** The exchange with a signature over its new content, or over what was signed in its place. */
const signAgain = async (
  exchange: CapsuleExchange,
  original: CapsuleExchange | undefined,
  { keys, names, source, at, way }: SigningAgain,
): Promise<CapsuleExchange> => {
  const entry = source.entries[at];
  const header = headerValue(exchange.request.headers, 'signature') ?? '';
  const { pairs } = readHeaderPairs(header);
  const algorithm = readAlgorithm(pairs.get('algorithm'));
  if (algorithm === undefined || pairs.get('signature') === undefined || original === undefined)
    return exchange;
  const family = algorithm === 'RSA256' ? 'RSA' : 'EC';
  const version = /^\d+$/.test(pairs.get('keyVersion') ?? '')
    ? Number(pairs.get('keyVersion'))
    : undefined;
  const params = algorithmParamsFor(algorithm, source.settings.ecc224);
  const right = signingContent({
    target: exchange.request.target,
    clientId: clientIdOf(exchange),
    time: headerValue(exchange.request.headers, 'request-time') ?? '',
    body: unpackBody(exchange.request),
  });
  const verified = entry?.keyVersions.verified;
  const own = await keys.clientPair(
    clientIdOf(original),
    family,
    verified ?? (version === 0 ? undefined : version),
  );
  if (verified !== undefined)
    return withSignature(exchange, signContent(right, own.privateKey, params));
  const signed = entry?.diagnosis?.signed;
  if (signed?.content !== undefined && way === 0) {
    const content = Buffer.from(names.replaceKnown(signed.content.toString('utf8')));
    const value = sign(
      signed.hash?.toLowerCase() ?? params.hash,
      content,
      params.options(own.privateKey),
    );
    return withSignature(exchange, value);
  }
  if (way === 1) {
    const other = await keys.unknownPair(family);
    return withSignature(exchange, signContent(right, other.privateKey, params));
  }
  return exchange;
};

const withSignature = (exchange: CapsuleExchange, signature: Buffer): CapsuleExchange => ({
  ...exchange,
  request: {
    ...exchange.request,
    headers: exchange.request.headers.map(([name, value]) => [
      name,
      name.toLowerCase() === 'signature'
        ? value.replace(/((?:^|[,;\s])signature\s*=\s*)[^,]*/i, `$1${encodeHeaderBytes(signature)}`)
        : value,
    ]),
  },
});

/** Plays the exchanges with keys that can sign, and takes their answers. */
const answerAgain = async (
  draft: UnsealedCapsule,
  keys: ThrowawayKeys,
  { start }: PseudonymSource,
): Promise<UnsealedCapsule> => {
  const played = await playCapsule(draft, {
    settings: draft.settings as Partial<Settings>,
    keyrings: await keys.keyrings(draft),
    start,
    supply: (tape) => ({ bytes: drawShortly(tape), sign: undefined }),
  });
  const byNumber = new Map(played.map((one) => [one.exchange.number, one]));
  return {
    ...draft,
    exchanges: draft.exchanges.map((exchange) =>
      withAnswer(exchange, byNumber.get(exchange.number)),
    ),
  };
};

/** A symmetric key for each answer; all else that is drawn for it follows from that. */
const drawShortly = (tape: Tape): ((count: number) => Buffer) => {
  let exchange: CapsuleExchange | undefined;
  let key: Buffer = Buffer.alloc(0);
  let drawn = 0;
  return (count) => {
    if (exchange !== tape.exchange) {
      exchange = tape.exchange;
      drawn = 0;
      const derived = answerKey(exchange);
      key = derived?.length === count ? derived : randomBytes(count);
      return key;
    }
    drawn += count;
    return fillerBytes(key, count, drawn - count);
  };
};

const withAnswer = (
  { reply: _reply, random: _random, ...exchange }: CapsuleExchange,
  played: PlayedExchange | undefined,
): CapsuleExchange => {
  const entry = played?.entry;
  if (entry?.tape === undefined) return exchange;
  const { drawn } = entry.tape;
  const reply = packReply(entry, entry.tape);
  const random = packRandom(entry, drawn.length === 0 ? undefined : Buffer.concat(drawn));
  return { ...exchange, ...omitUndefined({ random, reply }), verdict: packVerdict(entry) };
};
