import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import {
  type SettingKey,
  type Settings,
  settingsTable,
} from '../../domain/settings/settings-table.ts';
import { suggest } from '../../problems/did-you-mean.ts';
import {
  describeJsonError,
  findJsonLosses,
  findReservedKey,
  isDeeperThan,
  reservedKeyProblem,
} from '../../problems/json-text.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import { type Gathered, type Problem, StartupError } from '../../problems/problem.ts';
import { checkValue } from '../../problems/schema-issues.ts';
import { keyFingerprint } from '../../protocol/keys/key-objects.ts';
import { Keyring, type KeyVersion } from '../../protocol/keys/keyring.ts';
import {
  type CapsuleExchange,
  completeExchange,
  exchangeSchema,
  headerValue,
  keySchema,
  type SealingFacts,
  sha256Hex,
  shortenExchange,
} from './capsule-exchange.ts';

export const capsuleFormat = 'alipayhk-mock/capsule/v1';

/** What a reader takes, and a writer makes, at most. */
export const maxCapsuleBytes = 32 * 1024 * 1024;
export const maxCapsuleExchanges = 10_000;
const maxDepth = 100;

/**
 * How much has to be the same: every byte, what the answer says, or how it was decided. The latter
 * two are for another version or other settings.
 */
export const expectations = ['bytes', 'answer', 'verdict'] as const;
export type ExpectedResult = (typeof expectations)[number];

const capsuleSchema = z.strictObject({
  format: z.literal(capsuleFormat),
  made: z.strictObject({
    by: z.string().describe('version of alipayhk-mock'),
    node: z.string(),
    at: z.string(),
    contract: z.string().describe('SHA-256 of the contract, first 16 digits'),
    note: z.string().max(1000).optional(),
  }),
  redaction: z.strictObject({
    level: z.enum(['none', 'pseudonyms']),
    fields: z.array(z.string()).describe('what was replaced'),
    signatures: z.enum(['original', 'made-again']),
  }),
  settings: z.record(z.string(), z.json()).describe('those that differ from the defaults'),
  platform: z.array(keySchema),
  clients: z.array(
    z.strictObject({
      clientId: z.string(),
      keys: z.array(keySchema),
      platform: z.array(keySchema).optional(),
    }),
  ),
  scenarios: z
    .array(
      z.strictObject({
        name: z.string(),
        sha256: z.string().describe('first 16 digits'),
        text: z.string().optional().describe('of one that the package does not have'),
      }),
    )
    .optional(),
  exchanges: z.array(exchangeSchema).min(1).max(maxCapsuleExchanges),
  integrity: sha256Hex.describe(
    'of everything above as JSON without spaces; shows damage, not a forger',
  ),
});

/** Exchanges that another machine replays byte for byte, with public keys alone. */
export type Capsule = z.infer<typeof capsuleSchema>;
export type CapsuleKey = z.infer<typeof keySchema>;

/** Marks a symmetric key that a capsule does not hold. */
export const discardedKey = 'discarded';

/** The JSON Schema for other programs. */
export const capsuleFileSchema = (): Record<string, unknown> => ({
  $id: capsuleFormat,
  title: 'alipayhk-mock capsule',
  ...z.toJSONSchema(capsuleSchema, { target: 'draft-7', io: 'input', unrepresentable: 'any' }),
});

/** Which settings an answer can depend on. All others name places, tokens, or limits of a host. */
const carriedSettings = {
  basePath: true,
  'paths.syncAdditionalInfo': true,
  'paths.syncAccountLinkage': true,
  'paths.syncPaymentInfo': true,
  'paths.syncOrder': true,
  'paths.updateMembershipCard': true,
  seed: true,
  httpStatus: true,
  signRefusals: true,
  messages: true,
  'tracer.alias': true,
  'requestTime.formats': true,
  'requestTime.code': true,
  'requestTime.window': true,
  ecc224: true,
  'encryption.mode': true,
  'encryption.wrap': true,
  'encryption.keyForm': true,
  strict: true,
  lenient: true,
  'idempotency.mismatch': true,
  'idempotency.replay': true,
  'idempotency.compare': true,
  'idempotency.max': true,
  'ordering.stale': true,
  'order.identity': true,
  'order.identityDrift': true,
  'order.statusMachine': true,
  'order.statusMachines': true,
  'order.extraFields': true,
  'linkage.unknownUnbind': true,
  'membership.unknownPass': true,
  'membership.closedPass': true,
  'membership.expiredPass': true,
  'membership.update': true,
  'membership.resultName': true,
  accountTypes: true,
  clients: true,
  'limits.bodyBytes': true,
  'limits.depth': true,
  'limits.headerBytes': true,
  steering: true,
  wirePure: true,
} as const satisfies Partial<Record<SettingKey, true>>;

/** Their names. */
export const carriedSettingKeys: readonly string[] = Object.keys(carriedSettings);

/** The settings that a capsule carries: those that differ from the defaults. */
export const carrySettings = (settings: Settings): Capsule['settings'] =>
  Object.fromEntries(
    (Object.keys(carriedSettings) as (keyof typeof carriedSettings)[])
      .filter((key) => JSON.stringify(settings[key]) !== JSON.stringify(settingsTable[key].initial))
      .map((key) => [key, settings[key] as z.infer<ReturnType<typeof z.json>>]),
  );

/** @returns the settings of a capsule, or what is wrong with them */
const readCarried = (carried: Capsule['settings'], where: string): Gathered<Partial<Settings>> => {
  const problems: Problem[] = [];
  const value: Record<string, unknown> = {};
  for (const [key, given] of Object.entries(carried)) {
    if (!Object.hasOwn(carriedSettings, key)) {
      problems.push({
        where: `${where}: settings.${key}`,
        message: 'is no setting that a capsule carries',
        remedy: suggest(key, Object.keys(carriedSettings)),
      });
      continue;
    }
    const checked = checkValue<unknown>(
      settingsTable[key as keyof typeof carriedSettings].schema,
      given,
    );
    if ('data' in checked) value[key] = checked.data;
    else
      for (const { message } of checked.issues)
        problems.push({
          where: `${where}: settings.${key}`,
          message,
          remedy: 'docs/reference/settings.md lists the values.',
        });
  }
  return { value: value as Partial<Settings>, problems };
};

/** A capsule that was read. */
export interface ReadCapsule {
  readonly capsule: Capsule;
  readonly settings: Partial<Settings>;
  /** Whether the file is as it was written. */
  readonly isIntact: boolean;
}

const exportRemedy = 'Export the exchanges again: alipayhk-mock capsule export.';

/**
 * Reads a capsule from an unknown source: bounded, checked, nothing in it is executed or opened.
 * @param where how messages name the file
 * @throws StartupError with everything that is wrong
 */
export const readCapsule = (bytes: Buffer, where: string): ReadCapsule => {
  const refuse = (message: string, remedy = exportRemedy): never => {
    throw new StartupError([{ where, message, remedy }]);
  };
  if (bytes.length > maxCapsuleBytes)
    refuse(`is longer than ${maxCapsuleBytes} bytes`, 'Export fewer exchanges at once.');
  const text = bytes.toString('utf8');
  const value = parseJson(text, refuse);
  if (isDeeperThan(value, maxDepth)) refuse(`is nested deeper than ${maxDepth} levels`);
  const reserved = findReservedKey(value);
  if (reserved !== undefined) {
    const { message, remedy } = reservedKeyProblem(reserved);
    refuse(message, remedy);
  }
  const [duplicate] = findJsonLosses(bytes, value).duplicates;
  if (duplicate !== undefined) refuse(`has the member ${duplicate} twice`);
  checkFormat(value, refuse);
  const checked = checkValue(capsuleSchema, value);
  if ('issues' in checked)
    throw new StartupError(
      checked.issues.slice(0, 20).map(({ path, message, remedy }) => ({
        where: `${where}: ${path.map(String).join('.')}`,
        message,
        remedy: remedy ?? exportRemedy,
      })),
    );
  const settings = readCarried(checked.data.settings, where);
  if (settings.problems.length > 0) throw new StartupError(settings.problems);
  const facts = sealingFacts(checked.data);
  return {
    capsule: {
      ...checked.data,
      exchanges: checked.data.exchanges.map((exchange) => completeExchange(exchange, facts)),
    },
    settings: settings.value,
    isIntact: digestMembers(value as Capsule) === checked.data.integrity,
  };
};

const parseJson = (text: string, refuse: (message: string) => never): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    return refuse(`is not JSON: ${describeJsonError(text, error)}`);
  }
};

const checkFormat = (value: unknown, refuse: (message: string, remedy?: string) => never): void => {
  const format =
    typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  if (format === capsuleFormat) return;
  if (typeof format === 'string' && /^alipayhk-mock\/capsule\/v\d+$/.test(format))
    refuse(
      `is of the version ${format}; this program reads ${capsuleFormat}`,
      'Use the version of alipayhk-mock that made it, or export the exchanges again.',
    );
  refuse(
    `is not a capsule: its member "format" is not ${capsuleFormat}`,
    'Name a file that "alipayhk-mock capsule export" wrote.',
  );
};

/** Leaves out what follows from the rest, and adds the digest over it. */
export const sealCapsule = (capsule: Omit<Capsule, 'integrity'>): Capsule => {
  const facts = sealingFacts(capsule);
  const exchanges = capsule.exchanges.map((exchange) => shortenExchange(exchange, facts));
  const short = { ...capsule, exchanges };
  return { ...short, integrity: digestMembers(short) };
};

const sealingFacts = ({ settings, clients }: Omit<Capsule, 'integrity'>): SealingFacts => {
  const known = new Map<string, KeyObject>();
  for (const { clientId, keys } of clients)
    for (const { version, family, publicKey } of keys)
      if (family === 'RSA')
        known.set(
          `${clientId} ${version}`,
          readCapsuleKey(publicKey, family, `client ${clientId}`),
        );
  const chosen = { ...defaultSealing, ...settings } as typeof defaultSealing;
  return {
    scheme: {
      cipher: chosen['encryption.mode'],
      wrap: chosen['encryption.wrap'],
      keyForm: chosen['encryption.keyForm'],
    },
    receiver: (clientId, version) => known.get(`${clientId} ${version}`),
  };
};

const defaultSealing = {
  'encryption.mode': settingsTable['encryption.mode'].initial,
  'encryption.wrap': settingsTable['encryption.wrap'].initial,
  'encryption.keyForm': settingsTable['encryption.keyForm'].initial,
} satisfies Partial<Settings>;

const digestMembers = (capsule: Omit<Capsule, 'integrity'>): string => {
  const members = Object.entries(capsule).filter(([name]) => name !== 'integrity');
  return createHash('sha256')
    .update(JSON.stringify(Object.fromEntries(members)))
    .digest('hex');
};

/** A capsule as a file: a member a line, and those of each exchange too, so that it diffs well. */
export const writeCapsule = (capsule: Capsule): string => {
  const { exchanges, integrity, ...head } = capsule;
  const lines = Object.entries(head).map(([name, value]) => memberLine(name, value));
  const written = exchanges.map((exchange) =>
    Object.entries(exchange)
      .map(([name, value]) => memberLine(name, value))
      .join(',\n'),
  );
  return `{\n${lines.join(',\n')},\n"exchanges":[{\n${written.join('\n},{\n')}\n}],\n${memberLine('integrity', integrity)}\n}\n`;
};

const memberLine = (name: string, value: unknown): string =>
  `${JSON.stringify(name)}:${JSON.stringify(value)}`;

/** The public halves of a keyring. */
export const packKeys = ({ versions }: Keyring): CapsuleKey[] =>
  versions.map(({ version, family, publicKey, validity }) => ({
    version,
    family,
    publicKey: packPublicKey(publicKey),
    ...omitUndefined({ from: validity.from, until: validity.until }),
  }));

const usualExponent = 'AQAB';

const packPublicKey = (key: KeyObject): string => {
  const { n = '', e } = key.asymmetricKeyType === 'rsa' ? key.export({ format: 'jwk' }) : {};
  const modulus = Buffer.from(n, 'base64url');
  return e === usualExponent && isModulus(modulus)
    ? modulus.toString('base64')
    : key.export({ type: 'spki', format: 'der' }).toString('base64');
};

/**
 * A keyring whose private halves are only there to be present: a replay neither signs nor decrypts
 * with them. @throws StartupError for bytes that are no public key
 */
export const unpackKeys = (keys: readonly CapsuleKey[], where: string): Keyring =>
  new Keyring(
    keys.map(({ version, family, publicKey, from, until }): KeyVersion => {
      const key = readCapsuleKey(publicKey, family, `${where}: key version ${version}`);
      return {
        ...{ version, family, publicKey: key, privateKey: key },
        fingerprint: keyFingerprint(key),
        validity: omitUndefined({ from, until }),
      };
    }),
  );

/** DER begins with 0x30; the first bit of a modulus of whole bytes is set. */
const isModulus = (bytes: Buffer): boolean => (bytes[0] ?? 0) >= 0x80;
/** A longer one would only make a reader slow. */
const maxModulusBits = 16_384;

const readCapsuleKey = (text: string, family: CapsuleKey['family'], where: string): KeyObject => {
  const bytes = Buffer.from(text, 'base64');
  try {
    const key =
      family === 'RSA' && isModulus(bytes)
        ? createPublicKey({
            key: { kty: 'RSA', n: bytes.toString('base64url'), e: usualExponent },
            format: 'jwk',
          })
        : createPublicKey({ key: bytes, format: 'der', type: 'spki' });
    const isUsable = (key.asymmetricKeyDetails?.modulusLength ?? 0) <= maxModulusBits;
    if (isUsable && key.asymmetricKeyType === (family === 'RSA' ? 'rsa' : 'ec')) return key;
  } catch {
    // Said below, as for a key of another family.
  }
  throw new StartupError([
    { where, message: `is not an ${family} public key`, remedy: exportRemedy },
  ]);
};

/** The client that a request states, and the Tracer-Id of its answer. */
export const clientIdOf = ({ request }: CapsuleExchange): string =>
  headerValue(request.headers, 'client-id') ?? '';
export const tracerIdOf = ({ random, reply }: CapsuleExchange): string =>
  random?.tracerId ?? headerValue(reply?.headers, 'tracer-id') ?? '';
