import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { AlipayHKClient, type Attempt } from '../../../sdk/client/alipayhk-client.ts';
import type { CallOutcome, RequestOf, Unsettled } from '../../../sdk/client/calls.ts';
import {
  folderStore,
  type OpenMessage,
  Outbox,
  type OutboxOptions,
} from '../../../sdk/client/client.ts';
import { OperationFailedError, UnknownOutcomeError } from '../../../sdk/client/client-errors.ts';
import type { MockServer } from '../../../server/app/create-server.ts';
import { demoClient, demoMerchant, startServer } from '../../start-server.ts';

let server: MockServer;
let folder: string;
const attempts: Attempt[] = [];

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alipayhk-mock-outbox-'));
  attempts.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

const outboxWith = (options: Partial<OutboxOptions> = {}): Outbox => {
  const { keyring, platform } = demoMerchant();
  const client = new AlipayHKClient({
    baseUrl: server.url,
    clientId: demoClient,
    privateKey: keyring,
    platformKey: platform,
    onAttempt: (attempt) => attempts.push(attempt),
    sleep: async () => undefined,
  });
  return new Outbox({ client, store: join(folder, 'outbox'), ...options });
};

const stayUnknown = (times: number) =>
  server.clients.queue(demoClient, {
    times,
    when: { operation: 'syncOrder' },
    then: { result: 'UNKNOWN_EXCEPTION', status: 'U' },
  });

let orders = 0;
const order = (): RequestOf<'syncOrder'> => ({
  merchantBizNo: `OUTBOX-${++orders}`,
  orderStatus: 'TICKETED',
  openId: '2160120074526881',
  merchantBizType: 'MOVIE_TICKET',
  orderCreateTime: Date.now(),
  orderModifyTime: Date.now(),
  amount: { value: '22000', currency: 'HKD' },
  extInfo: { cinema: { zh_HK: '星光戲院' } },
});

const stored = () => readdirSync(join(folder, 'outbox'));

describe('what is kept', () => {
  test('a message is stored before it is sent, and deleted after S', async () => {
    const store = folderStore(join(folder, 'outbox'));
    const steps: string[] = [];
    const outbox = outboxWith({
      store: {
        ...store,
        write: async (message) => {
          steps.push(`write ${attempts.length}`);
          await store.write(message);
        },
        delete: async (id) => {
          steps.push(`delete ${attempts.length}`);
          await store.delete(id);
        },
      },
    });
    expect((await outbox.send('syncOrder', order())).response.orderStatus).toBe('TICKETED');
    expect(steps).toEqual(['write 0', 'delete 1']);
    expect(stored()).toEqual([]);
  });

  test('a final F is deleted too', async () => {
    await server.clients.queue(demoClient, {
      when: { operation: 'syncOrder' },
      then: { result: 'PARAM_ILLEGAL' },
    });
    const outbox = outboxWith();
    await expect(outbox.send('syncOrder', order())).rejects.toBeInstanceOf(OperationFailedError);
    expect(await outbox.list()).toEqual([]);
  });

  test('an unknown outcome stays, due after ten minutes, and survives the process', async () => {
    await stayUnknown(4);
    const before = Date.now();
    await expect(outboxWith().send('syncOrder', order())).rejects.toBeInstanceOf(
      UnknownOutcomeError,
    );
    const [open] = await outboxWith().list();
    expect(open).toMatchObject({ operation: 'syncOrder', attempts: 4 });
    expect(open?.dueAt).toBeGreaterThanOrEqual(before + 600_000);
    expect(open?.dueAt).toBeLessThanOrEqual(Date.now() + 750_000);
    expect(open?.body).toBe(attempts[0]?.request.body.toString());
  });

  test('a message of a process that died while sending is sent by the next one', async () => {
    const crashed: OpenMessage = {
      id: '00000000000001-x',
      operation: 'syncOrder',
      body: JSON.stringify({ requestId: 'CRASHED', ...order() }),
      seal: false,
      attempts: 0,
    };
    await folderStore(join(folder, 'outbox')).write(crashed);
    // An unfinished write of the crash is no message.
    writeFileSync(join(folder, 'outbox', 'half.json.new'), '{');
    const [sent] = await outboxWith().sendOpen();
    expect(sent?.outcome).toMatchObject({ settled: 'S' });
    expect(attempts[0]?.request.body.toString()).toBe(crashed.body);
    expect(await outboxWith().list()).toEqual([]);
  });
});

describe('sendOpen', () => {
  test('sends the same bytes with a new signature, oldest first, one attempt each', async () => {
    await stayUnknown(8);
    const outbox = outboxWith();
    for (const one of [order(), order()])
      await outbox.send('syncOrder', one).catch(() => undefined);
    const [first, second] = await outbox.list();
    attempts.length = 0;
    const results = await outbox.sendOpen();
    expect(results.map(({ message }) => message.id)).toEqual([first?.id, second?.id]);
    expect(attempts.map(({ request }) => request.body.toString())).toEqual([
      first?.body,
      second?.body,
    ]);
    expect(attempts.map(({ number }) => number)).toEqual([5, 5]);
  });

  test('after the last planned attempt the message stays and a person is called', async () => {
    await stayUnknown(7);
    const exhausted: Unsettled[] = [];
    const settled: CallOutcome[] = [];
    const outbox = outboxWith({
      onExhausted: (_, reason) => exhausted.push(reason),
      onSettled: (_, outcome) => settled.push(outcome),
    });
    await outbox.send('syncOrder', order()).catch(() => undefined);
    await outbox.sendOpen();
    expect(exhausted).toEqual([]);
    await outbox.sendOpen();
    expect(exhausted).toMatchObject([{ unsettled: 'result-u' }]);
    expect((await outbox.list()).map(({ dueAt, ...open }) => [open.attempts, dueAt])).toEqual([
      [6, undefined],
    ]);
    await outbox.sendOpen();
    await outbox.sendOpen();
    expect(settled).toMatchObject([{ settled: 'S' }]);
    expect(await outbox.list()).toEqual([]);
  });
});

describe('the timer', () => {
  test('sends after 10 and after 30 minutes, then no more', async () => {
    await stayUnknown(6);
    const exhausted = vi.fn();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const outbox = outboxWith({ store: memoryStore(), onExhausted: exhausted });
    outbox.start();
    await outbox.send('syncOrder', order()).catch(() => undefined);
    await waitForTimer();
    expect(attempts).toHaveLength(4);
    await vi.advanceTimersByTimeAsync(599_000);
    expect(attempts).toHaveLength(4);
    await vi.advanceTimersByTimeAsync(152_000);
    await vi.waitFor(() => expect(attempts).toHaveLength(5));
    await waitForTimer();
    await vi.advanceTimersByTimeAsync(1_799_000);
    expect(attempts).toHaveLength(5);
    await vi.advanceTimersByTimeAsync(452_000);
    await vi.waitFor(() => expect(attempts).toHaveLength(6));
    await vi.waitFor(() => expect(exhausted).toHaveBeenCalledOnce());
    await vi.advanceTimersByTimeAsync(86_400_000);
    expect(attempts).toHaveLength(6);
    outbox.stop();
  });

  test('stop ends it, and a store that fails is tried again', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const store = memoryStore();
    const onError = vi.fn();
    let isBroken = true;
    const outbox = outboxWith({
      store: {
        ...store,
        readAll: async () => {
          if (isBroken) throw new Error('disk');
          return store.readAll();
        },
      },
      onError,
    });
    outbox.start();
    await vi.waitFor(() => expect(onError).toHaveBeenCalledOnce());
    await waitForTimer();
    isBroken = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(onError).toHaveBeenCalledOnce();
    outbox.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});

const memoryStore = () => {
  const messages = new Map<string, OpenMessage>();
  return {
    readAll: async () => [...messages.values()],
    write: async (message: OpenMessage) => void messages.set(message.id, message),
    delete: async (id: string) => void messages.delete(id),
  };
};

const waitForTimer = () => vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(0));
