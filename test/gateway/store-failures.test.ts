import { renameSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { MockServer } from '../../server/app/create-server.ts';
import type { OperationId } from '../../server/domain/contract/contract.ts';
import type { JsonObject } from '../../server/domain/state/state.ts';
import { StoreError } from '../../server/storage/store.ts';
import { serverWith } from '../domain/faults/faulty-server.ts';
import { merchantAt } from '../merchant.ts';
import { readWorld } from '../read-world.ts';
import { demoClient, startServer } from '../start-server.ts';
import { newFolder } from '../storage/file/some-orders.ts';

const start = async (overrides: Parameters<typeof startServer>[0]): Promise<MockServer> => {
  const server = await startServer(overrides, { onExchange: () => {} });
  onTestFinished(() => server.close().catch(() => {}));
  return server;
};

/** An order that passes every check. */
const order = (merchantBizNo: string, more: JsonObject = {}): JsonObject => ({
  merchantBizNo,
  orderCreateTime: 1_700_000_000_000,
  ...more,
});

const operations: readonly OperationId[] = [
  'syncAdditionalInfo',
  'syncAccountLinkage',
  'syncPaymentInfo',
  'syncOrder',
  'updateMembershipCard',
];

describe('a change that cannot be kept', () => {
  test.each(operations)('%s is answered UNKNOWN_EXCEPTION with U, never F', async (operation) => {
    const server = await start({ 'limits.stateBytes': 1 });
    const merchant = merchantAt(server);
    await merchant.call('syncPaymentInfo', { accountId: 'held' });
    // The first record may pass the limit; nothing new after it.
    const answers = [await merchant.call(operation), await merchant.call(operation)];
    const refused = answers.find(({ code }) => code === 'UNKNOWN_EXCEPTION');
    expect(refused).toMatchObject({ code: 'UNKNOWN_EXCEPTION', status: 'U' });
    expect(refused?.entry?.verdict).toMatchObject({
      step: 'decide',
      basis: ['G-28'],
      reason: expect.stringContaining('limits.stateBytes'),
    });
  });

  test('an update of what is held is accepted all the same, and so is its repetition', async () => {
    const server = await start({ 'limits.stateBytes': 1 });
    const merchant = merchantAt(server);
    const time = 1_700_000_100_000;
    const sent = (requestId: string, at: number) =>
      merchant.call('syncOrder', order('A', { requestId, orderModifyTime: at }), 'PASS_TICKET');
    expect(await sent('r1', time)).toMatchObject({ code: 'SUCCESS' });
    expect(await merchant.call('syncOrder', order('B'), 'PASS_TICKET')).toMatchObject({
      code: 'UNKNOWN_EXCEPTION',
      status: 'U',
    });
    for (const [requestId, at] of [
      ['r2', time + 1],
      ['r3', time + 2],
      ['r3', time + 2],
    ] as const)
      expect(await sent(requestId, at)).toMatchObject({ code: 'SUCCESS', status: 'S' });
    const [held] = [...(await readWorld(server.store, demoClient)).orders.values()];
    expect(held).toMatchObject({ updates: 3, eventTime: time + 2 });
  });

  test('leaves nothing behind in a folder that was moved away, and is kept once the folder is back', async () => {
    const folder = newFolder();
    const server = await start({ data: folder });
    const merchant = merchantAt(server);
    renameSync(folder, `${folder}-elsewhere`);
    for (const id of ['A', 'B'])
      expect(await merchant.call('syncOrder', order(id), 'PASS_TICKET')).toMatchObject({
        code: 'UNKNOWN_EXCEPTION',
        status: 'U',
      });
    expect((await readWorld(server.store, demoClient)).orders.size).toBe(0);
    renameSync(`${folder}-elsewhere`, folder);
    expect(await merchant.call('syncOrder', order('A'), 'PASS_TICKET')).toMatchObject({
      code: 'SUCCESS',
    });
  });

  test('is not answered at all where a restart may find it', async () => {
    const server = await start({});
    const reason = 'whole lines may have reached the disk';
    Object.assign(server.store, {
      commit: () => Promise.reject(new StoreError(reason, { isOutcomeUnknown: true })),
    });
    await expect(merchantAt(server).call('syncOrder', order('A'), 'PASS_TICKET')).rejects.toThrow(
      'fetch failed',
    );
    expect(server.journal.entries.at(-1)).toMatchObject({
      verdict: { code: 'NO_ANSWER', status: 'U', basis: ['G-28'], reason },
      tags: [],
    });
  });
});

describe('a one-shot', () => {
  const oneShot = { when: { operation: 'syncOrder' }, then: { result: 'PROCESS_FAIL' } };

  test('is still queued after a commit that was refused', async () => {
    const folder = newFolder();
    const server = await start({ data: folder });
    const merchant = merchantAt(server);
    // One that fails without a change has nothing that must be written.
    expect(
      await server.clients.queue(demoClient, {
        ...oneShot,
        then: { result: 'PROCESS_FAIL', change: 'keep' },
      }),
    ).toEqual([]);
    renameSync(folder, `${folder}-elsewhere`);
    expect(await merchant.call('syncOrder', order('A'), 'PASS_TICKET')).toMatchObject({
      code: 'UNKNOWN_EXCEPTION',
    });
    expect(server.clients.controls(demoClient).oneShots.queue).toHaveLength(1);
    renameSync(`${folder}-elsewhere`, folder);
    expect(await merchant.call('syncOrder', order('A'), 'PASS_TICKET')).toMatchObject({
      code: 'PROCESS_FAIL',
    });
    expect(server.clients.controls(demoClient).oneShots.queue).toHaveLength(0);
    expect(await merchant.call('syncOrder', order('A'), 'PASS_TICKET')).toMatchObject({
      code: 'SUCCESS',
    });
  });

  test('answers exactly one of many requests that are sent at once', async () => {
    const server = await start({ data: newFolder(), durability: 'disk' });
    const merchant = merchantAt(server);
    await server.clients.queue(demoClient, { ...oneShot, times: 2 });
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        merchant.call('syncOrder', order(`A${index}`), 'PASS_TICKET'),
      ),
    );
    expect(answers.filter(({ code }) => code === 'PROCESS_FAIL')).toHaveLength(2);
    expect(answers.filter(({ code }) => code === 'SUCCESS')).toHaveLength(10);
    expect(server.clients.controls(demoClient).oneShots.queue).toHaveLength(0);
  });

  test('that acts before anything is checked leaves the queue once it has', async () => {
    const server = await start({});
    await server.clients.queue(demoClient, {
      when: { operation: 'syncOrder' },
      then: { fault: { id: 'close', phase: 'before-verify' } },
    });
    const merchant = merchantAt(server);
    await expect(merchant.call('syncOrder', order('A'), 'PASS_TICKET')).rejects.toThrow();
    expect(server.clients.controls(demoClient).oneShots.queue).toHaveLength(0);
    expect(await merchant.call('syncOrder', order('A'), 'PASS_TICKET')).toMatchObject({
      code: 'SUCCESS',
    });
  });
});

describe('requests with rules that are asked before anything is checked', () => {
  test('commit once each, though another request uses up the rule in between', async () => {
    const server = await start({});
    const merchant = merchantAt(server);
    await server.clients.queue(demoClient, {
      when: { operation: 'syncOrder' },
      then: { fault: { id: 'close', phase: 'before-verify' } },
      times: 2,
    });
    const { store } = server;
    const commit = store.commit.bind(store);
    const requests = 6;
    const counted: string[][] = [];
    let arrived = 0;
    let release = () => {};
    const allArrived = new Promise<void>((resolve) => {
      release = resolve;
    });
    Object.assign(store, {
      // All have read the same state, and found that the rule applies, before the first commits.
      commit: async (...[clientId, read, changes]: Parameters<typeof commit>) => {
        if (++arrived === requests) release();
        await allArrived;
        const result = await commit(clientId, read, changes);
        if ('evicted' in result && changes.length > 0)
          counted.push(changes.map(({ collection }) => collection));
        return result;
      },
    });
    const answers = await Promise.allSettled(
      Array.from({ length: requests }, (_, index) =>
        merchant.call('syncOrder', order(`A${index}`), 'PASS_TICKET'),
      ),
    );
    expect(answers.filter(({ status }) => status === 'rejected')).toHaveLength(2);
    expect(server.clients.controls(demoClient).oneShots.queue).toHaveLength(0);
    expect((await readWorld(store, demoClient)).orders.size).toBe(requests - 2);
    expect(counted).toHaveLength(requests);
    expect(counted.filter((collections) => collections.includes('oneShots'))).toEqual([
      ['oneShots'],
      ['oneShots'],
    ]);
  });

  test('count the calls of a scenario in the commit of the decision, or of the refusal', async () => {
    const server = await serverWith([
      '{ when: { operation: syncOrder, call: { nth: 9 } }, then: { fault: { id: close, phase: before-verify } } }',
    ]);
    onTestFinished(() => server.close());
    const { store } = server;
    const commit = store.commit.bind(store);
    const committed: string[][] = [];
    Object.assign(store, {
      commit: (...[clientId, read, changes]: Parameters<typeof commit>) => {
        committed.push(changes.map(({ collection }) => collection));
        return commit(clientId, read, changes);
      },
    });
    const merchant = merchantAt(server);
    await merchant.call('syncOrder', order('A'), 'PASS_TICKET');
    await merchant.send('syncOrder', {});
    expect(committed).toEqual([['orders', 'requests', 'calls'], ['calls']]);
  });
});
