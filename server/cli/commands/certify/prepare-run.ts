import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { demoClientId } from '../../../clients/key-folder/key-folder.ts';
import type { ProfileId } from '../../../conformance/certify/catalogue/case.ts';
import { caseAliases, catalogue } from '../../../conformance/certify/catalogue/index.ts';
import { receiverCatalogue } from '../../../conformance/certify/catalogue/receiver.ts';
import {
  type CertifyFile,
  type ExpectedFailures,
  readCertifyFile,
  readExpectedFailures,
} from '../../../conformance/certify/certify-files.ts';
import { isLoopbackUrl } from '../../../conformance/certify/harness/running-drivers.ts';
import type { HarnessSettings, Sandbox } from '../../../conformance/certify/harness/sandbox.ts';
import { listChecks } from '../../../conformance/certify/judge-case.ts';
import { defaultJudgeLimits, type JudgeOptions } from '../../../conformance/certify/judge-run.ts';
import type { CaseResult, CertifyResult, FailLevel } from '../../../conformance/certify/result.ts';
import { isReceiverCase } from '../../../conformance/certify/to-test-report.ts';
import { lintRules } from '../../../conformance/lint/lint-rules.ts';
import { operationIds } from '../../../domain/contract/contract.ts';
import { endpoints } from '../../../domain/operations/index.ts';
import {
  type OutboundCallId,
  type OutboundContract,
  outboundCallIds,
  readOutboundContract,
} from '../../../domain/outbound/outbound-calls.ts';
import type { Settings } from '../../../domain/settings/settings-table.ts';
import type { JsonObject } from '../../../domain/state/state.ts';
import { certifyReceiver, type PlayedCase } from '../../../outbound/certify-receiver.ts';
import { type DialRules, dial, targetProblem } from '../../../outbound/dial.ts';
import { OutboundValidator } from '../../../outbound/judge-answer.ts';
import { findTarget, timeoutFor } from '../../../outbound/outbound-service.ts';
import { shippedOutbound } from '../../../package-root.ts';
import { readLocatedYaml } from '../../../problems/located-yaml.ts';
import { StartupError } from '../../../problems/problem.ts';
import { usageError } from '../../input-output.ts';
import type { ReportFileOptions } from '../../reports.ts';
import { readParties, readTrustedAuthority } from '../send-outbound.ts';
import { findCase } from './show-catalogue.ts';

/** `certify` as it was called. */
export interface CertifyCommandOptions extends ReportFileOptions {
  readonly stream?: boolean;
  readonly hook?: string;
  readonly hookRemote?: boolean;
  readonly passive?: boolean;
  readonly client?: string;
  readonly serial?: boolean;
  /** Address of the merchant's own server. */
  readonly receiver?: string;
  readonly call?: readonly OutboundCallId[];
  readonly applied?: string;
  readonly list?: boolean;
  readonly explain?: string;
  readonly json?: boolean;
  readonly case: readonly string[];
  readonly operation: readonly string[];
  readonly profile?: ProfileId;
  readonly every?: 'primary' | 'operation';
  readonly jobs?: number;
  readonly patience?: number;
  readonly realPauses?: boolean;
  readonly reveal?: boolean;
  readonly expected?: string;
  readonly writeExpected?: string;
  readonly failOn?: FailLevel;
  readonly config?: string;
  /** Empty: nothing is kept. */
  readonly out: string;
  /** Given when the flag was. */
  readonly port?: readonly string[];
  readonly store?: readonly string[];
  readonly advertiseUrl?: string;
  readonly sarifLocation?: string;
}

/** `certify judge` as it was called. */
export type JudgeCommandOptions = Pick<
  CertifyCommandOptions,
  'profile' | 'expected' | 'failOn' | 'report'
>;

/** `outbound certify` as it was called. */
export interface CertifyOutboundOptions
  extends Pick<CertifyCommandOptions, 'report' | 'case' | 'call' | 'applied' | 'json'> {
  readonly to: string;
  readonly client: string;
}

/** What a run is made of: `certify.yaml`, with the command line laid over it. */
export interface PreparedRun {
  readonly file: CertifyFile;
  readonly harness: HarnessSettings;
  readonly chosen: ReadonlySet<string> | undefined;
  readonly expected: ExpectedFailures;
  readonly failOn: NonNullable<CertifyFile['failOn']>;
  readonly profile: CertifyFile['profile'];
  readonly subject: CertifyResult['subject'];
  readonly receiver: NamedReceiver | undefined;
}

const settingsFile = 'certify.yaml';

/** @throws StartupError with everything that is wrong with files and flags */
export const readCertifyRun = (
  words: readonly string[],
  options: CertifyCommandOptions,
  settings: Settings,
): PreparedRun => {
  const named = options.config ?? (existsSync(settingsFile) ? settingsFile : undefined);
  const { value: file, problems } =
    named === undefined ? { value: {}, problems: [] } : readCertifyFile(readLocatedYaml(named));
  if (problems.length > 0) throw new StartupError(problems);
  const receiver = nameReceiver(options, file);
  rejectModes(words, options, receiver);
  const cases = options.case.map(findCase);
  const unplayed = cases.find((one) => isReceiverCase(one) && receiver === undefined);
  if (unplayed !== undefined)
    throw usageError(
      '--case',
      `${unplayed.id} calls the merchant's own server`,
      'Name it with --receiver http://127.0.0.1:3000.',
    );
  const expectedFile =
    options.expected ??
    (file.expectedFailures === undefined
      ? undefined
      : join(dirname(named ?? '.'), file.expectedFailures));
  return {
    file,
    receiver,
    harness: harnessSettings(file, options, settings),
    chosen: cases.length === 0 ? undefined : new Set(cases.map(({ id }) => id)),
    expected: readExpected(expectedFile),
    failOn: options.failOn ?? file.failOn ?? 'major',
    profile: options.profile ?? file.profile,
    subject: {
      name: file.name ?? basename(resolve('.')),
      commit: process.env['GITHUB_SHA'] ?? process.env['CI_COMMIT_SHA'],
    },
  };
};

/** @throws StartupError for modes that exclude each other, or none */
const rejectModes = (
  words: readonly string[],
  options: CertifyCommandOptions,
  receiver: NamedReceiver | undefined,
): void => {
  const { stream = false, hook, hookRemote = false, passive = false, client } = options;
  const { serial = false } = options;
  const isDriverless = hook !== undefined || passive;
  const problems: readonly (readonly [isWrong: boolean, where: string, ...text: string[]])[] = [
    [
      words.length === 0 && !isDriverless && receiver === undefined,
      'certify',
      'no driver is named',
      'Write its command after --, or have one written with --init.',
    ],
    [
      words.length > 0 && isDriverless,
      passive ? '--passive' : '--hook',
      'the application runs already, so no command is run',
      'Leave out the command, or the option.',
    ],
    [
      [stream, hook !== undefined, passive].filter(Boolean).length > 1,
      'certify',
      '--stream, --hook and --passive exclude each other',
      'Keep one of them.',
    ],
    [
      hook !== undefined && !hookRemote && !isLoopbackUrl(new URL(hook)),
      '--hook',
      'is not on this machine, and private keys would be sent there',
      'Allow it with --hook-remote.',
    ],
    [
      client !== undefined && !isDriverless && receiver === undefined,
      '--client',
      'is for an application that runs already: a command gets a client for each case',
      'Leave it out, or use --hook or --passive.',
    ],
    [
      serial && client === undefined && !passive,
      '--serial',
      'is for an application with a fixed identity',
      'Name its Client-Id with --client.',
    ],
  ];
  const found = problems.filter(([isWrong]) => isWrong);
  if (found.length > 0)
    throw new StartupError(
      found.map(([, where, message = '', remedy = '']) => ({ where, message, remedy })),
    );
};

const harnessSettings = (
  file: CertifyFile,
  options: CertifyCommandOptions,
  _settings: Settings,
): HarnessSettings => {
  const { retry = {}, timeouts = {} } = file;
  const isPassive = options.passive === true;
  // Nothing scales the pauses of an application that is not driven.
  const realPauses = isPassive || (options.realPauses ?? retry.realPauses ?? false);
  const named = operationIds.filter((id) => options.operation.includes(id));
  return {
    operations: named.length > 0 ? named : (file.operations ?? primaryFirst),
    modes: file.modes ?? [{ algorithm: 'RSA256', sealed: false }],
    every: options.every ?? file.every ?? 'primary',
    // Checked to be JSON by the file's schema.
    messages: (file.messages ?? {}) as Readonly<Record<string, JsonObject>>,
    pauseFactor: realPauses ? 1 : (retry.pauseFactor ?? 0.05),
    realPauses,
    patienceMs: options.patience ?? retry.patienceMs ?? 30_000,
    ceilingMs: timeouts.ceilingMs ?? defaultJudgeLimits.ceilingMs,
    // 2.5 times the pause of the printed plan, until the client has shown its own.
    quietMs: realPauses ? 5000 : 2000,
    jobs: isPassive ? 1 : (options.jobs ?? defaultJobs(options)),
    isRevealed: options.reveal === true,
    // A command gets a client for each case; what is named is then the receiver's.
    client: isPassive ? (options.client ?? demoClientId) : options.hook && options.client,
    isSerial: options.serial === true || isPassive,
  };
};

/** A process for every job takes a core at its start; an application that runs on mostly waits. */
const defaultJobs = ({ hook, stream = false }: CertifyCommandOptions): number =>
  hook !== undefined || stream
    ? 4
    : Math.max(2, Math.min(4, Math.floor(availableParallelism() / 2)));

/** Orders first: most merchants begin with them. */
const primaryFirst = ['syncOrder', ...operationIds.filter((id) => id !== 'syncOrder')] as const;

export const readExpected = (file: string | undefined): ExpectedFailures => {
  if (file === undefined) return { entries: [], warnings: [] };
  const { value, problems } = readExpectedFailures(readLocatedYaml(file), {
    cases: new Map<string, readonly string[]>([
      ...catalogue.map((one) => [one.id, listChecks(one).map(({ id }) => id)] as const),
      ...receiverCatalogue.map((one) => [one.id, one.checks] as const),
    ]),
    lintRules: Object.keys(lintRules),
    renamed: new Map(Object.entries(caseAliases)),
    operations: [...operationIds, ...outboundCallIds],
  });
  if (problems.length > 0) throw new StartupError(problems);
  return value;
};

export const judgeOptions = (
  { file, profile, harness }: PreparedRun,
  settings: Settings,
): JudgeOptions => ({
  reading: readingOptions(settings),
  limits: {
    recommendedMs: file.timeouts?.recommendedMs ?? defaultJudgeLimits.recommendedMs,
    ceilingMs: harness.ceilingMs,
  },
  profile,
  ...(file.accept && { accept: file.accept }),
});

export const readingOptions = (settings: Settings): JudgeOptions['reading'] => ({
  endpoints: new Map(endpoints.map((endpoint) => [endpoint.operationId, endpoint])),
  policies: settings,
});

/** The merchant's own server, as the command line and `certify.yaml` name it. */
interface NamedReceiver {
  readonly url: string | undefined;
  readonly client: string;
  /** Absent: the calls that are documented completely, and those with an address of their own. */
  readonly calls: readonly OutboundCallId[] | undefined;
  readonly applied: string | undefined;
}

/** @returns undefined: no server was named, and the family OUT is not played */
const nameReceiver = (
  { receiver: url, client, call = [], applied }: CertifyCommandOptions,
  file: CertifyFile,
): NamedReceiver | undefined => {
  if (url === undefined && file.receiver === undefined) {
    const flag = call.length > 0 ? '--call' : applied === undefined ? undefined : '--applied';
    if (flag !== undefined)
      throw usageError(flag, 'has an effect with --receiver only', 'Name the server with it.');
    return undefined;
  }
  const { calls, ...named } = file.receiver ?? {};
  return {
    url: url ?? named.url,
    client: client ?? named.client ?? demoClientId,
    calls: call.length > 0 ? call : calls,
    applied: applied ?? named.applied,
  };
};

interface PlayReceiverDeps {
  readonly settings: Settings;
  readonly sandbox: Sandbox;
  /** Whether the merchant can know where the sandbox is. */
  readonly isSandboxKnown: boolean;
  readonly chosen: ReadonlySet<string> | undefined;
  readonly crypto: CaseResult['crypto'];
  readonly sealed: boolean;
  readonly stop: AbortSignal;
  readonly againCommand: (result: CaseResult) => string;
  readonly onCase: (played: PlayedCase) => void;
}

/**
 * Prepares the family OUT. Addresses come from the command line and the configuration alone.
 * @throws StartupError for an address that may not be called, or an unknown client
 */
export const prepareReceiver = (
  receiver: NamedReceiver,
  deps: PlayReceiverDeps,
): (() => Promise<readonly PlayedCase[]>) => {
  const { settings, sandbox, isSandboxKnown, crypto, sealed, ...rest } = deps;
  const contract = readOutboundContract(shippedOutbound);
  const allowHosts = settings['outbound.allowHosts'];
  const problems = [receiver.url, receiver.applied].flatMap((url) =>
    url === undefined ? [] : (targetProblem('--receiver', url, allowHosts) ?? []),
  );
  if (problems.length > 0) throw new StartupError(problems);
  const ca = readTrustedAuthority(settings);
  const parties = readParties(receiver.client, settings);
  const rules = (timeoutMs: number): DialRules => ({ allowHosts, ca, timeoutMs });
  const { applied } = receiver;
  return () =>
    certifyReceiver({
      ...{ ...rest, contract, parties, validator: new OutboundValidator(contract) },
      crypto: { algorithm: crypto, sealed },
      targetFor: (call) => findAddress(receiver, call, { settings, contract }),
      rulesFor: (id) => {
        const call = contract.calls.get(id);
        return rules(call === undefined ? 0 : timeoutFor(settings, call));
      },
      readEffects:
        applied === undefined ? undefined : (event) => readApplied(applied, event, rules(5000)),
      findUpdate: isSandboxKnown ? watchUpdates(sandbox, receiver.client) : undefined,
    });
};

const findAddress = (
  { url, client, calls }: NamedReceiver,
  id: OutboundCallId,
  { settings, contract }: { readonly settings: Settings; readonly contract: OutboundContract },
): URL | undefined => {
  if (calls?.includes(id) === false) return undefined;
  const configured = findTarget(settings, client, id);
  if (configured !== undefined) return new URL(configured);
  const call = contract.calls.get(id);
  if (url === undefined || (calls === undefined && call?.isComplete !== true)) return undefined;
  const path = call?.path?.replace('/{tag}', '') ?? `/${id}`;
  return new URL(`${url.replace(/\/+$/, '')}${path}`);
};

/** @returns a number, or why the merchant says none */
const readApplied = async (
  address: string,
  event: string,
  rules: DialRules,
): Promise<number | string> => {
  const url = new URL(address);
  url.searchParams.set('event', event);
  const dialed = await dial(
    { method: 'GET', url, headerLines: [], body: Buffer.alloc(0), style: 'whole' },
    rules,
  );
  if ('failure' in dialed) return `${url.origin}${url.pathname}: ${dialed.reason}`;
  const text = dialed.answer.body.toString().trim();
  return /^\d{1,9}$/.test(text)
    ? Number(text)
    : `${url.origin}${url.pathname} does not answer ?event= with a number`;
};

/** How soon "at once" is. */
const updateWithinMs = 5000;

/** Waits for an updatePass that the merchant sends to the sandbox. */
const watchUpdates = (
  sandbox: Sandbox,
  clientId: string,
): ((sinceUs: number) => Promise<boolean>) => {
  const seen: number[] = [];
  const waiting = new Set<() => void>();
  sandbox.listen({
    onClose: ({ clientId: client, operation, arrival }) => {
      if (client !== clientId || operation !== 'updateMembershipCard') return;
      seen.push(arrival.atUs);
      for (const wake of waiting) wake();
    },
  });
  return (sinceUs) =>
    new Promise((resolve) => {
      const isSeen = (): boolean => seen.some((atUs) => atUs >= sinceUs);
      const end = (): void => {
        clearTimeout(timer);
        waiting.delete(check);
        resolve(isSeen());
      };
      const check = (): void => {
        if (isSeen()) end();
      };
      const timer = setTimeout(end, updateWithinMs);
      waiting.add(check);
      check();
    });
};
