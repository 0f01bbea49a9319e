import { demoClientId } from '../../../clients/key-folder/key-folder.ts';
import type { CertifyFile } from '../../../conformance/certify/certify-files.ts';
import type { Sandbox } from '../../../conformance/certify/harness/sandbox.ts';
import type { CaseResult } from '../../../conformance/certify/result.ts';
import {
  type OutboundCallId,
  type OutboundContract,
  readOutboundContract,
} from '../../../domain/outbound/outbound-calls.ts';
import type { Settings } from '../../../domain/settings/settings-table.ts';
import { certifyReceiver, type PlayedCase } from '../../../outbound/certify-receiver.ts';
import { type DialRules, dial, targetProblem } from '../../../outbound/dial.ts';
import { OutboundValidator } from '../../../outbound/judge-answer.ts';
import { findTarget, timeoutFor } from '../../../outbound/outbound-service.ts';
import { shippedOutbound } from '../../../package-root.ts';
import { StartupError } from '../../../problems/problem.ts';
import { usageError } from '../../input-output.ts';
import { readParties, readTrustedAuthority } from '../send-outbound.ts';
import type { CertifyCommandOptions } from './certify-options.ts';

/** The merchant's own server, as the command line and `certify.yaml` name it. */
export interface NamedReceiver {
  readonly url: string | undefined;
  readonly client: string;
  /** Absent: the calls that are documented completely, and those with an address of their own. */
  readonly calls: readonly OutboundCallId[] | undefined;
  readonly applied: string | undefined;
}

/** @returns undefined: no server was named, and the family OUT is not played */
export const nameReceiver = (
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

export interface PlayReceiverDeps {
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
