import { describe, expect, onTestFinished, test } from 'vitest';
import { type MerchantResponse, sendRequest } from '../../../sdk/client/signed-call.ts';
import type { MockServer } from '../../../server/app/create-server.ts';
import { type SecurityFaultId, securityFaults } from '../../../server/domain/faults/catalogue.ts';
import { readHeaderPairs } from '../../../server/protocol/headers.ts';
import { readTimestamp } from '../../../server/protocol/timestamps.ts';
import { demoClient, demoMerchant } from '../../start-server.ts';
import { serverWith } from './faulty-server.ts';
import { newOrder } from './orders.ts';

interface Proof {
  readonly signature: MerchantResponse['signature'];
  readonly sealed?: true;
  /** The result reported for a decided S, F, U; as decided when absent. */
  readonly reported?: Readonly<Record<string, string | undefined>>;
  readonly prove?: (answer: MerchantResponse) => void;
}

const day = 86_400_000;
const pairOf = ({ headers }: MerchantResponse, name: string): string =>
  readHeaderPairs(headers['signature'] ?? '').pairs.get(name) ?? '';
const hoursOff = ({ headers }: MerchantResponse): number =>
  Math.round(
    ((readTimestamp(headers['response-time'] ?? '')?.epochMs ?? 0) - Date.now()) / 3_600_000,
  );

const proofs: Readonly<Record<SecurityFaultId, Proof>> = {
  unsigned: {
    signature: 'unsigned',
    prove: ({ headers }) =>
      expect([headers['signature'], headers['response-time'], headers['client-id']]).toEqual([
        undefined,
        undefined,
        demoClient,
      ]),
  },
  'signature-without-time': {
    signature: 'bad',
    prove: ({ headers }) =>
      expect(['signature' in headers, 'response-time' in headers]).toEqual([true, false]),
  },
  'time-without-signature': {
    signature: 'bad',
    prove: ({ headers }) =>
      expect(['signature' in headers, 'response-time' in headers]).toEqual([false, true]),
  },
  'tampered-body': {
    signature: 'bad',
    reported: { S: 'PARAM_ILLEGAL F', F: 'SUCCESS S', U: 'SUCCESS S' },
  },
  'tampered-signature': {
    signature: 'bad',
    prove: (answer) =>
      expect(decodeURIComponent(pairOf(answer, 'signature'))).toMatch(/^[\w+/]{342}==$/),
  },
  'raw-signature': {
    signature: 'bad',
    prove: (answer) => expect(pairOf(answer, 'signature')).toMatch(/^[\w+/]{342}==$/),
  },
  'wrong-key': {
    signature: 'bad',
    prove: (answer) => expect(pairOf(answer, 'keyVersion')).toBe('1'),
  },
  'retired-key': {
    signature: 'bad',
    prove: (answer) => expect(pairOf(answer, 'keyVersion')).toBe('0'),
  },
  'unknown-version': {
    signature: 'bad',
    prove: (answer) => expect(pairOf(answer, 'keyVersion')).toBe('1001'),
  },
  'stale-time': { signature: 'verified', prove: (answer) => expect(hoursOff(answer)).toBe(-24) },
  'future-time': { signature: 'verified', prove: (answer) => expect(hoursOff(answer)).toBe(24) },
  'foreign-client-id': {
    signature: 'bad',
    prove: ({ headers }) => expect(headers['client-id']).toBe('4Q5Y8W0WSG45P907910'),
  },
  'wrong-seal-key': {
    signature: 'verified',
    sealed: true,
    reported: { S: undefined, F: undefined, U: undefined },
    prove: ({ headers }) => expect(headers['encrypt']).toContain('keyVersion=1,'),
  },
  unsealed: {
    signature: 'verified',
    sealed: true,
    prove: ({ headers }) => expect(headers['encrypt']).toBeUndefined(),
  },
};

const decided = {
  S: 'result: SUCCESS',
  F: 'result: PARAM_ILLEGAL',
  U: 'result: UNKNOWN_EXCEPTION, status: U',
} as const;
const usual: Readonly<Record<string, string>> = {
  S: 'SUCCESS S',
  F: 'PARAM_ILLEGAL F',
  U: 'UNKNOWN_EXCEPTION U',
};

const call = async (server: MockServer, seal: boolean): Promise<MerchantResponse> =>
  sendRequest(server.url, demoMerchant(), newOrder(server, {}, { seal }).request);

const toldIn = ({ json }: MerchantResponse): string | undefined => {
  const result = (json as { result?: Record<string, string> } | undefined)?.result;
  return result && `${result['resultCode']} ${result['resultStatus']}`;
};

describe.each(Object.entries(proofs))(
  '%s',
  (id, { signature, sealed = false, reported, prove }) => {
    test.each(Object.entries(decided))('of an answer that says %s', async (status, result) => {
      const server = await serverWith([
        `{ when: { operation: syncOrder }, then: { ${result}, security: ${id} } }`,
      ]);
      onTestFinished(() => server.close());
      const answer = await call(server, sealed);
      expect(answer.signature).toBe(signature);
      expect(toldIn(answer)).toBe(reported === undefined ? usual[status] : reported[status]);
      prove?.(answer);
      expect(server.journal.entries[0]?.tags).toEqual(['scripted', `security:${id}`]);
      expect(server.journal.entries[0]?.reply.body.equals(answer.body)).toBe(true);
    });
  },
);

test('every security fault is proved', () => {
  expect(Object.keys(proofs).sort()).toEqual(Object.keys(securityFaults).sort());
});

test('the faults of the signature strike sealed answers as well', async () => {
  const signatureFaults = Object.entries(proofs).filter(([, { sealed }]) => sealed !== true);
  const server = await serverWith(
    signatureFaults.map(
      ([id]) => `{ when: { operation: syncOrder, call: { first: 1 } }, then: { security: ${id} } }`,
    ),
  );
  onTestFinished(() => server.close());
  for (const [id, { signature }] of signatureFaults) {
    const answer = await call(server, true);
    expect([id, answer.signature, 'encrypt' in answer.headers]).toEqual([id, signature, true]);
    if (id !== 'tampered-body') expect([id, toldIn(answer)]).toEqual([id, 'SUCCESS S']);
  }
});

test('the sealing faults leave plain exchanges as they are', async () => {
  const server = await serverWith([
    '{ when: { operation: syncOrder }, then: { security: wrong-seal-key } }',
  ]);
  onTestFinished(() => server.close());
  expect(toldIn(await call(server, false))).toBe('SUCCESS S');
});

test('ECC224 answers are tampered with in their own way', async () => {
  const ids = ['wrong-key', 'tampered-signature', 'retired-key', 'unknown-version'];
  const server = await serverWith(
    ids.map(
      (id) => `{ when: { operation: syncOrder, call: { first: 1 } }, then: { security: ${id} } }`,
    ),
  );
  onTestFinished(() => server.close());
  for (const id of ids) {
    const answer = await sendRequest(
      server.url,
      demoMerchant(),
      newOrder(server, {}, { algorithm: 'ECC224' }).request,
    );
    expect([
      id,
      answer.headers['signature']?.startsWith('algorithm=ECC224'),
      answer.signature,
    ]).toEqual([id, true, 'bad']);
  }
});

test('how far Response-Time is off can be said', async () => {
  const server = await serverWith([
    `{ when: { operation: syncOrder }, then: { security: { id: stale-time, byMs: ${7 * day} } } }`,
  ]);
  onTestFinished(() => server.close());
  expect(hoursOff(await call(server, false))).toBe(-7 * 24);
});

test('a security fault and a fault on the wire go together', async () => {
  const server = await serverWith([
    '{ when: { operation: syncOrder }, then: { security: wrong-key, fault: { id: slow-drip, bytesPerSecond: 2000 } } }',
  ]);
  onTestFinished(() => server.close());
  expect((await call(server, false)).signature).toBe('bad');
  expect(server.journal.entries[0]?.tags).toEqual([
    'fault:slow-drip@during-answer',
    'security:wrong-key',
  ]);
});
