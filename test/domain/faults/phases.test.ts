import { describe, expect, onTestFinished, test } from 'vitest';
import { wireFaults } from '../../../server/domain/faults/catalogue.ts';
import { type Phase, phaseTable } from '../../../server/domain/faults/fault.ts';
import { merchantAt } from '../../merchant.ts';
import { entryNumber, onceThen, serverWith } from './faulty-server.ts';
import { newOrder, signOrder, traces, worldOfDemo } from './orders.ts';
import { lastOf, receiveRaw } from './raw-socket.ts';

/** Short enough for a test; the bytes are proved elsewhere. */
const parameters: Readonly<Record<string, string>> = {
  hang: ', forMs: 50',
  'headers-only': ', forMs: 50',
  'slow-drip': ', bytesPerSecond: 5000',
  'length-too-long': ', forMs: 50',
  'huge-body': ', bytes: 2000',
};

const pairs = Object.entries(wireFaults).flatMap(([id, { phases }]) =>
  phases.map((phase): [string, Phase] => [id, phase]),
);

/**
 * What the first call leaves behind, `[orders, request ids]`, and what the retry with the same body
 * is then reported.
 */
const consequences: Readonly<
  Record<Phase, { traces: [number, number]; retry: readonly string[] }>
> = {
  'before-verify': { traces: [0, 0], retry: [] },
  'after-verify': { traces: [0, 0], retry: [] },
  'before-commit': { traces: [0, 0], retry: [] },
  'after-commit': { traces: [1, 1], retry: ['duplicate'] },
  'during-answer': { traces: [1, 1], retry: ['duplicate'] },
};

describe('what a fault leaves behind follows from its phase alone', () => {
  test.concurrent.each(pairs)('%s %s', async (id, phase) => {
    const server = await serverWith([
      onceThen(`fault: { id: ${id}, phase: ${phase}${parameters[id] ?? ''} }`),
    ]);
    try {
      const { body, request } = newOrder(server);
      const received = receiveRaw(server.url, request);
      const entry = await entryNumber(server, 1);
      expect(await traces(server)).toEqual(consequences[phase].traces);
      expect(entry.tags).toContain(`fault:${id}@${phase}`);
      expect(entry.verdict).toMatchObject(
        phaseTable[phase].isDecided
          ? { step: 'decide', code: 'SUCCESS' }
          : { code: 'NO_ANSWER', status: 'U' },
      );

      const retry = await merchantAt(server).send('syncOrder', body);
      expect(retry).toMatchObject({
        code: 'SUCCESS',
        signature: 'verified',
        tags: consequences[phase].retry,
      });
      expect(await traces(server)).toEqual([1, 1]);
      expect([...(await worldOfDemo(server)).orders.values()][0]?.updates).toBe(1);
      await server.close(0);
      await received;
    } finally {
      await server.close(0);
    }
  });
});

describe('before-verify', () => {
  test('strikes a badly signed request too, and says where', async () => {
    const server = await serverWith([onceThen('fault: { id: reset, phase: before-verify }')]);
    onTestFinished(() => server.close());
    const { request } = newOrder(server);
    const forged = { ...request, headers: { ...request.headers, Signature: 'nonsense' } };
    expect(await receiveRaw(server.url, forged)).toMatchObject({ ending: 'reset' });
    expect((await entryNumber(server, 1)).verdict).toMatchObject({
      step: 'early-fault',
      code: 'NO_ANSWER',
    });
    expect((await receiveRaw(server.url, lastOf(forged))).bytes.toString()).toContain(
      'PARAM_ILLEGAL',
    );
  });

  test('a Client-Id that is not known gets no world by claiming one', async () => {
    const server = await serverWith([
      '{ when: { operation: syncOrder }, then: { fault: { id: reset, phase: before-verify } } }',
    ]);
    onTestFinished(() => server.close());
    const { request } = newOrder(server);
    const unknown = { ...request, headers: { ...request.headers, 'Client-Id': 'NOBODY' } };
    expect((await receiveRaw(server.url, lastOf(unknown))).bytes.toString()).toContain(
      'INVALID_CLIENT',
    );
  });

  test('a rule for another client, or for another operation, does not strike', async () => {
    const server = await serverWith([
      '{ when: { operation: syncOrder, client: SOMEBODY }, then: { fault: { id: reset, phase: before-verify } } }',
      '{ when: { operation: syncPaymentInfo }, then: { fault: { id: reset, phase: before-verify } } }',
    ]);
    onTestFinished(() => server.close());
    expect((await merchantAt(server).call('syncOrder')).code).toBe('SUCCESS');
  });

  test('counts each call once', async () => {
    const server = await serverWith([
      '{ when: { operation: syncOrder, call: { nth: 2 } }, then: { fault: { id: close, phase: before-verify } } }',
    ]);
    onTestFinished(() => server.close());
    const lengths = [];
    for (let call = 0; call < 3; call++)
      lengths.push(
        (await receiveRaw(server.url, lastOf(newOrder(server).request))).bytes.length > 0,
      );
    expect(lengths).toEqual([true, false, true]);
  });

  test('later rules go on counting only what reaches them', async () => {
    const server = await serverWith([
      '{ when: { operation: syncOrder, call: { first: 1 } }, then: { result: PARAM_ILLEGAL } }',
      '{ when: { operation: syncOrder, call: { first: 2 } }, then: { fault: { id: close, phase: before-verify } } }',
    ]);
    onTestFinished(() => server.close());
    const endings = [];
    for (let call = 0; call < 2; call++)
      endings.push((await receiveRaw(server.url, newOrder(server).request, 300)).bytes.length);
    expect(endings).toEqual([0, 0]);
    const codes = [
      await merchantAt(server).call('syncOrder'),
      await merchantAt(server).call('syncOrder'),
    ].map(({ code }) => code);
    expect(codes).toEqual(['PARAM_ILLEGAL', 'SUCCESS']);
  });
});

test('after-verify leaves refusals alone: a badly signed request is refused, and not counted', async () => {
  const server = await serverWith([onceThen('fault: { id: reset, phase: after-verify }')]);
  onTestFinished(() => server.close());
  const { body, request } = newOrder(server);
  const forged = { ...request, body: Buffer.from(request.body.toString().replace('HKD', 'USD')) };
  expect((await receiveRaw(server.url, lastOf(forged))).bytes.toString()).toContain(
    'INVALID_SIGNATURE',
  );
  expect(await receiveRaw(server.url, signOrder(server, body))).toMatchObject({ ending: 'reset' });
});

test('body conditions choose among orders in every phase but before-verify', async () => {
  const rule = (prefix: string, phase: string) =>
    `{ when: { operation: syncOrder, body: { merchantBizNo: { prefix: ${prefix} } } }, then: { fault: { id: reset, phase: ${phase} } } }`;
  const server = await serverWith([
    rule('A', 'after-verify'),
    rule('B', 'before-commit'),
    rule('C', 'after-commit'),
  ]);
  onTestFinished(() => server.close());
  for (const merchantBizNo of ['A-1', 'B-1', 'C-1'])
    expect(await receiveRaw(server.url, newOrder(server, { merchantBizNo }).request)).toMatchObject(
      {
        ending: 'reset',
        bytes: Buffer.alloc(0),
      },
    );
  expect([...(await worldOfDemo(server)).orders.keys()]).toEqual(['["C-1"]']);
  expect((await merchantAt(server).call('syncOrder', { merchantBizNo: 'D-1' })).code).toBe(
    'SUCCESS',
  );
});

test('with a scripted failure after-commit means after whatever the failure leaves: nothing, unless the change is kept', async () => {
  const server = await serverWith([
    '{ when: { operation: syncOrder, call: { nth: 1 } }, then: { result: PARAM_ILLEGAL, fault: cut-body } }',
    '{ when: { operation: syncOrder, call: { nth: 1 } }, then: { result: PARAM_ILLEGAL, change: keep, fault: cut-body } }',
    '{ when: { operation: syncOrder, call: { nth: 1 } }, then: { result: SUCCESS, fault: { id: cut-body, phase: before-commit } } }',
  ]);
  onTestFinished(() => server.close());
  const { request } = newOrder(server);
  await receiveRaw(server.url, request);
  expect(await traces(server)).toEqual([0, 0]);
  await receiveRaw(server.url, request);
  expect(await traces(server)).toEqual([1, 1]);
  await receiveRaw(server.url, newOrder(server).request);
  expect(await traces(server)).toEqual([1, 1]);
});

test('each step of a sequence has its own fault', async () => {
  const server = await serverWith([
    '{ when: { operation: syncOrder }, then: { sequence: [{ fault: reset }, { fault: { id: close, phase: after-verify } }, { security: unsigned }] } }',
  ]);
  onTestFinished(() => server.close());
  const { body, request } = newOrder(server);
  expect((await receiveRaw(server.url, request)).ending).toBe('reset');
  expect((await receiveRaw(server.url, request)).ending).toBe('ended');
  expect(await merchantAt(server).send('syncOrder', body)).toMatchObject({
    signature: 'unsigned',
    tags: ['duplicate', 'security:unsigned'],
  });
  expect(await merchantAt(server).send('syncOrder', body)).toMatchObject({
    signature: 'verified',
    tags: ['duplicate'],
  });
});
