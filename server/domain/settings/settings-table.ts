import { isIP } from 'node:net';
import * as z from 'zod';
import { operationIds } from '../contract/contract.ts';
import { type OutboundCallId, outboundCallIds } from '../outbound/outbound-calls.ts';

/**
 * Every setting once. This table feeds --help, the checking of flags, variables and the config
 * file, the config file's JSON Schema and the README's table.
 */
export interface SettingRow<T = unknown> {
  readonly key: string;
  /** Checks the value as a config file holds it. */
  readonly schema: z.ZodType<T>;
  readonly initial: T;
  readonly help: string;
  /** Reads the text of a flag or variable; absent for settings that only a config file can hold. */
  readonly fromText?: (text: string) => unknown;
  /** The flag's value in --help: `<n>`; absent for switches. */
  readonly placeholder?: string;
  /** The flag's name where it is not the key in kebab-case. */
  readonly flag?: string;
  /** Further variables beside ALIPAYHK_MOCK_<KEY>. */
  readonly variables?: readonly string[];
  /**
   * Other programs use those further variables, too: whether a value of theirs can be meant for us.
   */
  readonly isMeant?: (text: string) => boolean;
  /** The value is a path: taken relative to the file or folder that names it. */
  readonly isPath?: boolean;
  /** A flag that may be given several times; a variable separates the values with commas. */
  readonly repeats?: boolean;
  /** The entry of the fidelity register that this setting changes. */
  readonly register?: string;
}

type Extra = Pick<SettingRow, 'flag' | 'variables' | 'isMeant' | 'register'>;

const text = (
  help: string,
  initial = '',
  extra: Extra & { placeholder?: string; isPath?: boolean } = {},
) => ({
  schema: z.string(),
  initial,
  help,
  fromText: (t: string) => t,
  placeholder: '<text>',
  ...extra,
});
const path = (help: string, initial = '', extra: Extra = {}) =>
  text(help, initial, { placeholder: '<path>', isPath: true, ...extra });
const paths = (help: string, initial: string[], extra: Extra = {}) => ({
  schema: z.array(z.string().min(1)),
  initial,
  help,
  fromText: splitList,
  placeholder: '<path>',
  isPath: true,
  repeats: true,
  ...extra,
});
const nameList = (help: string, extra: Extra = {}) => ({
  schema: z.array(z.string().min(1)),
  initial: [] as string[],
  help,
  fromText: splitList,
  placeholder: '<name>',
  repeats: true,
  ...extra,
});
const integer = (help: string, initial: number, min: number, max: number, extra: Extra = {}) => ({
  schema: wholeNumber(min, max),
  initial,
  help,
  fromText: readNumber,
  placeholder: '<n>',
  ...extra,
});
const onOff = (help: string, initial: boolean, extra: Extra = {}) => ({
  schema: z.boolean(),
  initial,
  help,
  fromText: readSwitch,
  ...extra,
});
const choice = <const C extends readonly [string, ...string[]]>(
  help: string,
  choices: C,
  initial: C[number],
  extra: Extra = {},
) => ({
  schema: z.enum(choices),
  initial: initial as C[number],
  help,
  fromText: (t: string) => t,
  placeholder: `<${choices.join('|')}>`,
  ...extra,
});
const choices = <const C extends readonly [string, ...string[]]>(
  help: string,
  known: C,
  extra: Extra = {},
) => ({
  schema: z.array(z.enum(known)),
  initial: [] as C[number][],
  help,
  fromText: splitList,
  placeholder: `<${known.join(',')}>`,
  repeats: true,
  ...extra,
});

const wholeNumber = (
  min: number,
  max: number,
  error = `must be a whole number from ${min} to ${max}`,
) => z.int({ error }).min(min, { error }).max(max, { error });

const portOr = <const W extends string>(word: W) => {
  const error = `must be ${word}, or a whole number from 0 to 65535`;
  return z.union([z.literal(word), wholeNumber(0, 65535, error)], { error });
};

const splitList = (t: string): string[] =>
  t
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
const readNumber = (t: string): unknown => (/^-?\d+$/.test(t.trim()) ? Number(t) : t);
const readSwitch = (t: string): unknown =>
  ({ true: true, '1': true, yes: true, on: true, false: false, '0': false, no: false, off: false })[
    t.trim().toLowerCase()
  ] ?? t;

const encryptionNeed = z.enum(['optional', 'required', 'forbidden']);

const clientSettings = z.strictObject({
  disabled: z.boolean().optional().describe('true: requests get INVALID_CLIENT'),
  operations: z
    .array(z.enum(operationIds))
    .optional()
    .describe('the only operations that this client may call; others get ACCESS_DENIED'),
  agentToken: z
    .string()
    .min(1)
    .optional()
    .describe('the Agent-Token that this client must send; another one gets ACCESS_DENIED'),
  requestsPerSecond: z
    .int()
    .min(1)
    .optional()
    .describe('more requests get REQUEST_TRAFFIC_EXCEED_LIMIT'),
  encryption: z
    .union([encryptionNeed, z.partialRecord(z.enum(operationIds), encryptionNeed)])
    .optional()
    .describe('whether bodies must be encrypted, for all operations or for each'),
});
export type ClientSettings = z.infer<typeof clientSettings>;

/** The exact address, as signed: no credentials, no fragment. */
const targetUrl = z
  .string()
  .regex(
    /^https?:\/\/[^\s/@#]+(\/[^\s#]*)?$/i,
    'must be an address like http://127.0.0.1:3000/path',
  );

const statusTable = z.record(z.string(), z.array(z.string()));

/** Shells put the machine's name into HOST, and compilers their target. */
const isAddress = (text: string): boolean => isIP(text) !== 0 || text === 'localhost';

/** Whether a language tag asks for Traditional Chinese. */
export const isChineseTag = (tag: string): boolean => /^zh[-_](hk|tw|mo|hant)/i.test(tag);

export const settingsTable = {
  host: text(
    'address to listen on; 0.0.0.0 lets other machines connect. HOST counts if it is an IP address or localhost',
    '127.0.0.1',
    {
      variables: ['HOST'],
      isMeant: isAddress,
      placeholder: '<address>',
    },
  ),
  port: integer('port to listen on; 0 takes a free one', 8852, 0, 65535, { variables: ['PORT'] }),
  httpsPort: {
    schema: portOr('off'),
    initial: 'off' as 'off' | number,
    help: 'port to listen on with TLS too; 0 takes a free one',
    fromText: readNumber,
    placeholder: '<n|off>',
    variables: ['HTTPS_PORT'],
  },
  'tls.cert': path(
    'certificate for httpsPort, PEM, with its chain; empty: one is generated, with an authority that signs it',
  ),
  'tls.key': path('private key of tls.cert, PEM'),
  'tls.ca': path(
    'with tls.cert: certificate of the authority that clients must trust, served at /__admin/tls-ca',
  ),
  'tls.names': {
    ...nameList('further host name or address for the generated certificate'),
    placeholder: '<name>',
  },
  'tls.clientCa': path(
    'certificates, PEM, that a client certificate must be or be signed by; if set, clients must send one (mutual TLS)',
  ),
  keys: path(
    'folder with platform/ and clients/ keys; empty: the demo keys that come with the package',
  ),
  data: path('folder to keep state in; empty: memory only'),
  durability: choice(
    'with --data: what an answered change survives: none (nothing is promised), os (a ' +
      'killed process), disk (a power cut)',
    ['none', 'os', 'disk'],
    'os',
  ),
  store: text(
    'where state is kept: memory, file (with --data), or Redis or Valkey, which several ' +
      'simulators can share: redis://[user:password@]host:port[/database], rediss:// with TLS, ' +
      '?cluster=true for a cluster',
    'memory',
    { placeholder: '<memory|file|address>' },
  ),
  'store.prefix': {
    ...text('how every key of the store begins; simulators with the same one are one simulator'),
    initial: 'alipayhk-mock',
    schema: z
      .string()
      .regex(/^[^{}\s]{1,64}$/, 'must be 1 to 64 characters without space and braces'),
  },
  'store.waitMs': integer(
    'how long a start waits for a store that is not reachable',
    0,
    0,
    600_000,
  ),
  'store.onLoss': choice(
    'after the store has lost data it had acknowledged: refuse (answer nothing until everything is ' +
      'reset), or startAgain with what is left',
    ['refuse', 'startAgain'],
    'refuse',
  ),
  contract: path('OpenAPI document to serve; empty: the one that comes with the package'),
  calibration: path(
    'calibration.json that `calibrate` wrote: its rows of the fidelity register count as observed',
  ),
  scenarios: paths('folder with scenario files, besides those of the package', [], {
    flag: 'scenarios-dir',
  }),
  scenario: nameList('scenario to activate; the first matching rule of the first scenario answers'),
  seed: integer(
    'any number except 0: ids and symmetric keys are the same in every run; random delays always are, by seed',
    0,
    0,
    4_294_967_295,
  ),
  watch: onOff('reload changed scenario files while running', false),
  logFormat: choice(
    'auto: readable on a terminal, JSON lines elsewhere',
    ['auto', 'json', 'pretty'],
    'auto',
  ),
  logLevel: choice('how much is logged', ['debug', 'info', 'warn', 'error', 'silent'], 'info'),
  basePath: {
    ...text('prefix in front of every path', '', { placeholder: '<path>', register: 'P-01' }),
    schema: z
      .string()
      .regex(/^(\/[^/?#\s]+)*$/, 'must be empty or start with "/" and not end with one'),
  },
  'paths.syncAdditionalInfo': pathOfOperation('P-01'),
  'paths.syncAccountLinkage': pathOfOperation('P-02'),
  'paths.syncPaymentInfo': pathOfOperation('P-03'),
  'paths.syncOrder': pathOfOperation('P-04'),
  'paths.updateMembershipCard': pathOfOperation('P-05'),
  httpStatus: choice(
    'HTTP status of refusals: always 200, or 400, 401, 403, 404, 405, 413, 415, 429, 500',
    ['ok', 'semantic'],
    'ok',
    {
      register: 'G-03',
    },
  ),
  signRefusals: choice(
    'which refusals are signed',
    ['authenticated', 'always', 'never'],
    'authenticated',
    { register: 'G-04' },
  ),
  messages: choice(
    'what resultMessage says: the text of the result table and the detail in brackets, or the text alone',
    ['detailed', 'documented'],
    'detailed',
    { register: 'G-29' },
  ),
  'tracer.alias': choice(
    'a second header with the value of tracer-id',
    ['off', 'tracerId'],
    'off',
    { register: 'G-16' },
  ),
  'requestTime.formats': choice(
    'which formats of Request-Time are accepted',
    ['any', 'documented'],
    'any',
    { register: 'G-09' },
  ),
  'requestTime.code': choice(
    'code of the refusal of a Request-Time',
    ['PARAM_ILLEGAL', 'TIMESTAMP_INVALID'],
    'PARAM_ILLEGAL',
    {
      register: 'G-09',
    },
  ),
  'requestTime.window': {
    ...text('how far Request-Time may be from now, e.g. 5m; off: not checked', 'off', {
      placeholder: '<duration|off>',
      register: 'G-09',
    }),
    schema: z
      .string()
      .regex(/^(off|\d+(ms|s|m|h))$/, 'must be "off" or a duration like 90s, 5m, 1h')
      .refine(
        (duration) => isAtMost(duration, longestWindowMs),
        'must not be longer than 8784h, a year',
      ),
  },
  ecc224: choice(
    'how ECC224 signatures are verified and made',
    ['sha256', 'sha224', 'p1363'],
    'sha256',
    { register: 'G-12' },
  ),
  'encryption.mode': choice(
    'AES mode of encrypted bodies',
    ['ecb', 'cbc', 'cbc-zero-iv', 'gcm'],
    'ecb',
    { register: 'G-13' },
  ),
  'encryption.wrap': choice(
    'RSA padding of the symmetric key',
    ['pkcs1', 'oaep-sha1', 'oaep-sha256', 'oaep-sha256-mgf1-sha1'],
    'pkcs1',
    {
      register: 'G-13',
    },
  ),
  'encryption.keyForm': choice(
    'what is wrapped: the key bytes or their base64 text',
    ['bytes', 'base64'],
    'bytes',
    { register: 'G-13' },
  ),
  strict: choices(
    'further strictness by name',
    [
      'encryptAlgorithm',
      'unknownFields',
      'emptyStrings',
      'updateDetailType',
      'timestamps',
      'keyVersion',
    ],
    { register: 'G-10, G-14, G-17, G-27, E-12, E-17' },
  ),
  lenient: choices('leniency by name', ['rawBase64Signature', 'weakKeys'], { register: 'G-11' }),
  'idempotency.mismatch': choice(
    'a known requestId with another body',
    ['PARAM_ILLEGAL', 'REPEAT_REQ_INCONSISTENT', 'replay'],
    'PARAM_ILLEGAL',
    { register: 'I-03' },
  ),
  'idempotency.replay': choice(
    'fields next to the result of a repeated request, such as orderStatus: as they are now, or as they were first',
    ['current', 'first'],
    'current',
    { register: 'I-02' },
  ),
  'idempotency.compare': choice(
    'what makes two requests the same: the bytes of the body, the JSON value, or the JSON value without requestTime',
    ['body', 'content', 'key'],
    'body',
    { register: 'I-03' },
  ),
  'idempotency.max': integer(
    'request ids kept for each client; the oldest are evicted first',
    100_000,
    1,
    10_000_000,
    {
      register: 'I-05',
    },
  ),
  'ordering.stale': choice(
    'an update whose event time is not newer',
    ['ignore', 'refuse', 'apply'],
    'ignore',
    { register: 'O-01' },
  ),
  'order.identity': choice(
    'what identifies an order: merchantBizNo together with merchantAccountId, or merchantBizNo alone',
    ['account', 'merchantBizNo'],
    'account',
    { register: 'O-03' },
  ),
  'order.identityDrift': choice(
    'orderCreateTime or merchantBizType differs from the first message',
    ['refuse', 'ignore'],
    'refuse',
    {
      register: 'O-04',
    },
  ),
  'order.statusMachine': choice('whether status changes are checked', ['on', 'off'], 'on', {
    register: 'E-01',
  }),
  'order.statusMachines': {
    schema: z.record(z.string(), statusTable),
    initial: {} as Record<string, Record<string, string[]>>,
    help: 'replaces the table of a merchantBizType: status → statuses that may follow it',
    register: 'E-01',
  },
  'order.extraFields': choice(
    'extra fields that a business page marks required',
    ['enforce', 'note'],
    'enforce',
    { register: 'E-20' },
  ),
  'linkage.unknownUnbind': choice(
    'UNBIND of an unknown binding',
    ['SUCCESS', 'PARAM_ILLEGAL'],
    'SUCCESS',
    { register: 'E-08' },
  ),
  'membership.unknownPass': choice(
    'an update of an unknown pass',
    ['SUCCESS', 'PASS_HAS_NOT_EXIST'],
    'SUCCESS',
    {
      register: 'E-10',
    },
  ),
  'membership.closedPass': choice(
    'an update of a closed pass',
    ['PASS_UPDATE_FAIL', 'SUCCESS'],
    'PASS_UPDATE_FAIL',
    {
      register: 'E-11',
    },
  ),
  'membership.expiredPass': choice(
    'an update of a pass whose endDate has passed',
    ['SUCCESS', 'PASS_UPDATE_FAIL'],
    'SUCCESS',
    {
      register: 'E-23',
    },
  ),
  'membership.update': choice(
    'what an update does to fields that it does not contain: they stay, or are removed',
    ['merge', 'replace'],
    'merge',
    {
      register: 'E-24',
    },
  ),
  'membership.resultName': choice(
    'name of the result object on the membership path',
    ['resultInfo', 'result', 'both'],
    'resultInfo',
    {
      register: 'G-07',
    },
  ),
  accountTypes: {
    schema: z.record(z.string(), z.array(z.string())),
    initial: {} as Record<string, string[]>,
    help: 'the only account types accepted, each with its subtypes; empty: any text',
    register: 'E-15',
  },
  clients: {
    schema: z.record(z.string(), clientSettings),
    initial: {} as Record<string, ClientSettings>,
    help: 'per Client-Id: disabled, operations, agentToken, requestsPerSecond, encryption',
    register: 'G-15, G-19',
  },
  'outbound.targets': {
    schema: z.record(z.string().min(1), z.partialRecord(z.enum(outboundCallIds), targetUrl)),
    initial: {} as Record<string, Partial<Record<OutboundCallId, string>>>,
    help: 'where calls to the merchant go: Client-Id (or * for every client) → call → address; nothing else is ever called',
  },
  'outbound.allowHosts': {
    ...nameList(
      'host or address that may be called although it is outside this machine and private networks',
      { flag: 'allow-host' },
    ),
    placeholder: '<host>',
  },
  'outbound.ca': path(
    'certificates, PEM, to trust when a merchant is called by https; empty: those of Node',
  ),
  'outbound.retryOn': choice(
    'which answers have a notification sent again: notSuccess, all but SUCCESS; unknownOnly, U and anything unreadable',
    ['notSuccess', 'unknownOnly'],
    'notSuccess',
    { register: 'OB-16' },
  ),
  'outbound.schedule': {
    schema: z
      .array(
        z
          .string()
          .regex(/^\d+(ms|s|m|h)$/, 'must be a duration like 2m, 1h')
          .refine((pause) => isAtMost(pause, longestWindowMs), 'must not be longer than 8784h'),
      )
      .max(100),
    initial: ['2m', '10m', '10m', '1h', '2h', '6h', '15h'] as string[],
    help: 'pauses between the sends of a notification that is not acknowledged',
    fromText: splitList,
    placeholder: '<duration>',
    repeats: true,
    register: 'OB-16',
  },
  'outbound.timeoutMs': integer(
    'how long a merchant may take to answer; 0: 3000 for a query, 5000 for a notification',
    0,
    0,
    600_000,
    { register: 'OB-18' },
  ),
  'limits.bodyBytes': integer('largest body accepted', 1_048_576, 1024, 104_857_600, {
    register: 'G-24',
  }),
  'limits.depth': integer('how deep objects and lists of a body may be nested', 64, 8, 1000, {
    register: 'G-24',
  }),
  'limits.headerBytes': integer(
    'largest accepted request line and headers, in bytes',
    16_384,
    1024,
    1_048_576,
  ),
  'limits.headersTime': durationRow(
    'how long request line and headers may take to arrive, from the connection on',
    '10s',
  ),
  'limits.requestTime': durationRow('how long a whole request may take to arrive', '60s'),
  'limits.idleTime': durationRow('how long a connection is kept alive between two requests', '5s'),
  'limits.connections': integer(
    'open connections for each port; further ones are closed at once',
    10_000,
    1,
    1_000_000,
  ),
  'limits.stateBytes': integer(
    'approximate bytes of state in memory, all clients together; 0: half of Node’s memory ' +
      'limit; beyond it, new records are refused',
    0,
    0,
    2 ** 40,
  ),
  'journal.entries': integer('exchanges kept in the journal', 1000, 0, 1_000_000),
  'journal.bytes': integer('bytes of exchanges kept in the journal', 64 * 1024 * 1024, 0, 2 ** 40),
  'journal.plaintext': onOff('show decrypted bodies in the journal’s views', false),
  language: {
    ...choice(
      'language of what commands print for people: errors, warnings, diagnoses, lists and reports; ' +
        'help, log lines and JSON stay in English. zh-HK and zh-TW mean zh-hant',
      ['en', 'zh-hant'],
      'en',
      { flag: 'lang', variables: ['ALIPAYHK_MOCK_LANG'] },
    ),
    fromText: (t: string): string => (isChineseTag(t) ? 'zh-hant' : t),
  },
  mcp: onOff(
    'serve the Model Context Protocol, for coding agents, at /__admin/mcp, behind the admin guard',
    false,
  ),
  'otlp.endpoint': {
    ...text(
      'collector of OpenTelemetry traces, e.g. http://127.0.0.1:4318, over OTLP/HTTP as JSON; ' +
        'env: as the OTEL_ variables say; empty: nothing is exported',
      '',
      { placeholder: '<url|env>' },
    ),
    schema: z
      .string()
      .regex(/^(env|https?:\/\/[^\s@]+)?$/, 'must be "env", or an address that starts with http'),
  },
  'lint.mode': choice(
    'lint of ordinary traffic: report collects findings, strict also makes exec fail on errors, off',
    ['report', 'strict', 'off'],
    'report',
    { flag: 'lint' },
  ),
  'lint.allow': {
    schema: z.array(
      z.union([
        z.string().regex(/^L-[A-Z]+-\d\d$/, 'must be the id of a rule, like L-RTY-04'),
        z.strictObject({
          rule: z.string().regex(/^L-[A-Z]+-\d\d$/, 'must be the id of a rule, like L-RTY-04'),
          clientId: z.string().min(1).optional().describe('the only client that it is allowed for'),
          reason: z.string().min(1).describe('why it is expected'),
        }),
      ]),
    ),
    initial: [] as (
      | string
      | { readonly rule: string; readonly clientId?: string; readonly reason: string }
    )[],
    help: 'lint rules whose findings are expected: ids, or in the config file { rule, clientId, reason }',
    fromText: splitList,
    placeholder: '<rule>',
    repeats: true,
  },
  'lint.pauseFactor': {
    schema: z
      .number({ error: 'must be a number above 0, at most 1' })
      .gt(0, 'must be above 0')
      .max(1, 'must be at most 1'),
    initial: 1,
    help: 'by which factor pauses between attempts are shorter than in production, e.g. 0.05',
    fromText: (t: string): unknown => (/^\d+(\.\d+)?$/.test(t.trim()) ? Number(t) : t),
    placeholder: '<n>',
  },
  'lint.abandonedAfter': durationRow(
    'how long a message without a final answer may rest before it counts as abandoned',
    '60s',
  ),
  admin: onOff(
    'serve the admin API and its pages; --no-admin removes them; GET /health stays',
    true,
  ),
  adminPort: {
    schema: portOr('same'),
    initial: 'same' as 'same' | number,
    help: 'port of the admin API, on its own listener; 0 takes a free one; same: the port of the operations',
    fromText: readNumber,
    placeholder: '<n|same>',
  },
  adminHost: text('address that the admin API listens on with adminPort; empty: that of host', '', {
    placeholder: '<address>',
  }),
  adminToken: text(
    'token that the admin API requires; generated and printed once when other machines can reach the address',
    '',
    {
      placeholder: '<token>',
    },
  ),
  steering: choice(
    'whether x-mock-* request headers and magic values have a meaning',
    ['on', 'off'],
    'on',
    { register: 'G-25' },
  ),
  wirePure: onOff(
    'omit the x-mock-* headers and the details of resultMessage, which the real gateway does not send',
    false,
  ),
  validateAnswers: onOff('check every response against the contract and log mismatches', false),
} as const satisfies Record<string, Omit<SettingRow, 'key'>>;

/** Node's timers take no more than 24 days, longer than any request takes. */
const longestLimitMs = 24 * 3_600_000;
const longestWindowMs = 366 * 24 * 3_600_000;

function isAtMost(duration: string, milliseconds: number): boolean {
  return (durationMs(duration) ?? 0) <= milliseconds;
}

function durationRow(help: string, initial: string) {
  return {
    ...text(help, initial, { placeholder: '<duration>' }),
    schema: z
      .string()
      .regex(/^[1-9]\d*(ms|s|m|h)$/, 'must be a duration like 90s, 5m, 1h')
      .refine((duration) => isAtMost(duration, longestLimitMs), 'must not be longer than 24h'),
  };
}

/** One path or several: written as a text, or in a config file as a list too. */
function pathOfOperation(register: string) {
  const onePath = z
    .string()
    .regex(
      /^$|^\/(?!\/)[^?#\s\\]*$/,
      'must start with one "/" and hold no "?", "#", "\\" or space',
    );
  return {
    schema: z.union([onePath, z.array(onePath)]),
    initial: '' as string | string[],
    help: 'path of this operation, or several: all are served, and `send` uses the first; empty: the contract’s',
    fromText: splitList,
    placeholder: '<path>',
    repeats: true,
    register,
  };
}

export type SettingKey = keyof typeof settingsTable;
export type Settings = { readonly [K in SettingKey]: z.infer<(typeof settingsTable)[K]['schema']> };

export const settingRows: readonly SettingRow[] = Object.entries(settingsTable).map(
  ([key, row]) => ({ key, ...row }),
);

export const flagName = (row: SettingRow): string =>
  row.flag ?? row.key.replaceAll('.', '-').replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);

export const variableNames = (row: SettingRow): readonly string[] => [
  `ALIPAYHK_MOCK_${row.key
    .replaceAll('.', '_')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toUpperCase()}`,
  ...(row.variables ?? []),
];

/** How a duration is written → milliseconds of its unit. */
const durationUnits = [
  [/^\d+ms$/, 1],
  [/^\d+s$/, 1000],
  [/^\d+m$/, 60_000],
  [/^\d+h$/, 3_600_000],
] as const;

/** @returns milliseconds, or undefined for `off`. */
export const durationMs = (duration: string): number | undefined => {
  const unit = durationUnits.find(([form]) => form.test(duration));
  return unit && Number.parseInt(duration, 10) * unit[1];
};

/** How bodies are sealed, as the settings have it. */
export const sealingScheme = (settings: Settings) => ({
  cipher: settings['encryption.mode'],
  wrap: settings['encryption.wrap'],
  keyForm: settings['encryption.keyForm'],
});

/** An address without its password, for messages. */
export const hidePassword = (address: string): string =>
  address.replace(/^(\w+:\/\/[^/@]*?):[^/@]*@/, '$1:…@');
