import { hash } from 'node:crypto';
import { expect } from 'vitest';
import { settingsWith } from '../../server/app/settings/resolve-settings.ts';
import type { OperationId } from '../../server/domain/contract/contract.ts';
import type { SecurityFaultId, WireFaultId } from '../../server/domain/faults/catalogue.ts';
import { endpoints } from '../../server/domain/operations/index.ts';
import { ordinaryDelivery } from '../../server/domain/scenarios/select-rule.ts';
import type { JsonObject } from '../../server/domain/state/state.ts';
import type { JournalEntry, OpenExchange } from '../../server/journal/journal-entry.ts';
import { exchangeSample } from '../journal/exchange-sample.ts';

/** Where the clock of a test begins, milliseconds since 1970. */
export const startMs = 1_767_225_600_000;

export const attemptOptions = {
  endpoints: new Map(endpoints.map((endpoint) => [endpoint.operationId as string, endpoint])),
  policies: settingsWith({}),
};

/** One request and what came of it; what is left out is as usual. */
export interface Sent {
  /** When it arrived, milliseconds since the test began. */
  readonly ms: number;
  readonly client?: string;
  readonly operation?: OperationId;
  /** requestId; '' for a body without one. */
  readonly id?: string;
  /** Members laid over the usual ones. */
  readonly body?: JsonObject;
  /** The exact text of the body. */
  readonly text?: string;
  /** What the client could know. */
  readonly view?: 'S' | 'F' | 'U' | 'lost' | 'untrusted';
  readonly code?: string;
  readonly step?: string;
  readonly fault?: WireFaultId;
  readonly security?: SecurityFaultId;
  /** It was answered by a script. */
  readonly scripted?: boolean;
  readonly delayMs?: number;
  /** How long the exchange took. */
  readonly takesMs?: number;
  readonly endedBy?: 'server' | 'client' | 'keptAlive';
  readonly connection?: number;
  /** Request-Time; by the clock of the test when absent. */
  readonly time?: string;
  /** Signature; of time and body when absent. */
  readonly signature?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  readonly more?: Partial<JournalEntry>;
}

const bodies: Readonly<Record<OperationId, JsonObject>> = {
  syncOrder: {
    merchantBizNo: 'ORDER1',
    merchantBizType: 'MOVIE_TICKET',
    orderStatus: 'TICKETED',
    orderCreateTime: startMs,
    orderModifyTime: startMs,
  },
  syncAdditionalInfo: { openId: 'U1', accountId: 'A1', type: 'T', requestTime: startMs },
  syncPaymentInfo: { openId: 'U1', accountId: 'A1', type: 'T', requestTime: startMs },
  syncAccountLinkage: {
    externalIdentityType: 'MOBILE',
    externalIdentityValue: 'V1',
    userId: 'U1',
    operateType: 'BIND',
    bizTime: startMs,
  },
  updateMembershipCard: { merchantId: 'M1', passId: 'P1', status: 'UPDATE' },
};

const usualCodes = {
  S: 'SUCCESS',
  F: 'PARAM_ILLEGAL',
  U: 'UNKNOWN_EXCEPTION',
  lost: 'SUCCESS',
  untrusted: 'SUCCESS',
} as const;

export const isoTime = (ms: number): string => new Date(startMs + ms).toISOString();

/** Exchanges as the journal records them, numbered in the order of the list. */
export const record = (sent: readonly Sent[]): readonly JournalEntry[] =>
  sent.map((one, index) => recordOne(one, index + 1));

const recordOne = (sent: Sent, number: number): JournalEntry => {
  const { ms, client = 'SHOP', operation = 'syncOrder', id = 'R1', view = 'S' } = sent;
  const { takesMs = 2, step = 'decide', more = {} } = sent;
  const members =
    operation === 'updateMembershipCard' || id === ''
      ? bodies[operation]
      : { requestId: id, ...bodies[operation] };
  const body = sent.text ?? JSON.stringify({ ...members, ...sent.body });
  const requestTime = sent.time ?? isoTime(ms);
  const headers = {
    'client-id': client,
    'request-time': requestTime,
    signature: sent.signature ?? `signature=${hash('sha512', requestTime + body)}`,
    ...sent.headers,
  };
  const isLost = view === 'lost';
  const isScripted =
    sent.scripted ?? (sent.fault !== undefined || sent.security !== undefined || isLost);
  const fault = sent.fault ?? (isLost ? 'reset' : undefined);
  const [atUs, endedUs] = [(ms + 1000) * 1000, (ms + 1000 + takesMs) * 1000];
  return exchangeSample({
    number,
    id: `trace${number}`,
    receivedAt: startMs + ms,
    arrival: { order: number, atUs },
    requestCompleteUs: atUs + 100,
    connection: { ordinal: sent.connection ?? number, position: 1, tls: false },
    delivery: {
      firstByteUs: isLost ? undefined : endedUs,
      lastByteUs: isLost ? undefined : endedUs,
      endedUs,
      bytes: isLost ? 0 : 300,
      complete: !isLost,
      endedBy: sent.endedBy ?? (isLost ? 'server' : 'keptAlive'),
    },
    operation,
    clientId: client,
    verdict: {
      step,
      code: sent.code ?? usualCodes[view],
      status: view === 'F' || view === 'U' ? view : step === 'decide' ? 'S' : 'F',
      basis: [],
      reason: 'as the test says',
    },
    tags: sent.tags ?? [],
    request: {
      headers,
      headerLines: Object.entries(headers).flat(),
      body: Buffer.from(body),
    },
    reply: {
      httpStatus: isLost ? 0 : 200,
      headers:
        view === 'untrusted' && sent.security === undefined
          ? {}
          : { signature: 'signature=x', 'response-time': isoTime(ms) },
      body: Buffer.from('{"result":{}}'),
    },
    ...(isScripted && {
      scripted: {
        rule: 'test, rule 1',
        delivery: {
          ...ordinaryDelivery,
          delayMs: sent.delayMs ?? 0,
          ...(fault && { fault: { id: fault, phase: 'after-commit', parameters: {} } }),
          ...(sent.security && { security: { id: sent.security, parameters: {} } }),
        },
      },
    }),
    keyVersions: step === 'verify-signature' ? {} : { verified: 1, signed: 1 },
    ...more,
  });
};

/** The same request as it was shown while in flight. */
export const inFlight = (entry: JournalEntry | undefined): OpenExchange => {
  if (entry === undefined) expect.fail('there is no such exchange');
  const { number, id, receivedAt, arrival, connection, method, target } = entry;
  const { operation, clientId } = entry;
  return {
    ...{ number, id, receivedAt, arrival, connection, method, target },
    operation,
    clientId,
    steps: [],
  };
};
