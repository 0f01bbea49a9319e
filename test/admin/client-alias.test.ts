import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { MockServer } from '../../server/app/create-server.ts';
import { merchantAt } from '../merchant.ts';
import { readWorld } from '../read-world.ts';
import { demoClient, startServer } from '../start-server.ts';
import { adminCaller } from './admin-caller.ts';

let server: MockServer;
let call: ReturnType<typeof adminCaller>['call'];

beforeAll(async () => {
  server = await startServer();
  call = adminCaller(server).call;
});
afterAll(() => server.close());

beforeEach(async () => {
  await call('resetEverything');
  await merchantAt(server).call('syncOrder', { merchantBizNo: 'A-1' });
});

const orders = async () => (await readWorld(server.store, demoClient)).orders.size;
const requests = async () => (await readWorld(server.store, demoClient)).requests.size;
const calls = async () => (await readWorld(server.store, demoClient)).calls.size;
const journal = () => server.journal.size;

describe.each(['clientId', 'client'])('a client is named by %s', (name) => {
  const mine = `?${name}=${demoClient}`;
  const others = `?${name}=OTHER`;

  test('when exchanges are listed and exported', async () => {
    expect((await call('listJournal', { query: `${mine}&limit=5` })).json.total).toBe(1);
    expect((await call('listJournal', { query: `?limit=5&${name}=OTHER` })).json.total).toBe(0);
    const sizeOf = async (query: string) =>
      (await call('journalAsHar', { query })).json.log.entries.length;
    expect([await sizeOf(mine), await sizeOf(others)]).toEqual([1, 0]);
  });

  test.each([
    ['deleteJournal', journal],
    ['resetJournal', journal],
    ['resetState', orders],
    ['resetRequestIds', requests],
  ] as const)('when %s forgets', async (operation, size) => {
    expect((await call(operation, { query: others })).status).toBe(204);
    expect(await size()).toBe(1);
    expect((await call(operation, { query: mine })).status).toBe(204);
    expect(await size()).toBe(0);
  });

  test('when scenarios begin anew', async () => {
    await call('activateScenarios', { body: { active: ['order-fails-twice-then-succeeds'] } });
    await merchantAt(server).call('syncOrder', { merchantBizNo: 'A-2' });
    await call('resetScenarios', { query: others });
    expect(await calls()).toBe(1);
    await call('resetScenarios', { query: mine });
    expect(await calls()).toBe(0);
  });

  test('when state is exported', async () => {
    const { worlds } = (await call('exportState', { query: mine })).json;
    expect(worlds).toMatchObject([{ clientId: demoClient }]);
    expect((await call('exportState', { query: others })).json.worlds).toEqual([]);
  });

  test('when state is imported', async () => {
    const { worlds, ...rest } = (await call('exportState')).json;
    const [{ clientId, ...world }] = worlds;
    await call('resetState');
    const body = { ...rest, worlds: [{ [name]: clientId, ...world }] };
    expect((await call('importState', { body })).status).toBe(200);
    expect(await orders()).toBe(1);
  });

  test('when exchanges are verified, of all and in each query', async () => {
    const passed = async (body: object) => (await call('verify', { body })).json.passed;
    const exchanges = [{ exchange: { operation: 'syncOrder' }, exactly: 1 }];
    expect(await passed({ [name]: demoClient, exchanges })).toBe(true);
    expect(await passed({ [name]: 'OTHER', exchanges })).toBe(false);
    expect(await passed({ exchanges: [{ exchange: { [name]: [demoClient, 'X'] } }] })).toBe(true);
    expect(await passed({ exchanges: [{ exchange: { [name]: 'OTHER' } }] })).toBe(false);
  });

  test('in a near miss, by its full name', async () => {
    const exchange = { operation: 'syncOrder', [name]: 'OTHER' };
    const { failures } = (await call('verify', { body: { exchanges: [{ exchange }] } })).json;
    expect(failures[0].nearMisses[0].differences).toEqual([
      { field: 'clientId', wanted: 'OTHER', got: demoClient },
    ]);
  });

  test('when exchanges are waited for', async () => {
    const arrived = async (body: object) =>
      (await call('waitFor', { body: { withinMs: 1, ...body } })).json.arrived;
    expect(await arrived({ exchange: {}, [name]: demoClient })).toBe(true);
    expect(await arrived({ exchange: {}, [name]: 'OTHER' })).toBe(false);
    expect(await arrived({ exchange: { [name]: demoClient } })).toBe(true);
    expect(await arrived({ exchange: { [name]: 'OTHER' } })).toBe(false);
  });

  test('when one is made, and when one sends', async () => {
    const made = await call('createClient', { body: { [name]: 'MADE' } });
    expect(made.json.clientId).toBe('MADE');
    const body = { [name]: 'MADE', operation: 'syncOrder' };
    expect((await call('send', { body })).json.exchange.clientId).toBe('MADE');
  });

  test('when the doctor is asked about a message without Client-Id', async () => {
    const id = server.journal.newest;
    const curl = (await call('journalEntryAsCurl', { path: { id } })).text;
    const body = curl.replace(/ -H '[Cc]lient-[Ii]d: [^']*'/, '');
    expect(body).not.toBe(curl);
    const headers = { 'content-type': 'text/plain' };
    const isValid = async (query: string) =>
      (await call('diagnose', { query, headers, body })).json.valid;
    expect([await isValid(mine), await isValid('')]).toEqual([true, false]);
  });

  test('when events are followed', async () => {
    const leaving = new AbortController();
    const url = `${server.adminUrl}/__admin/events${others}`;
    const stream = await fetch(url, { signal: leaving.signal });
    expect(stream.status).toBe(200);
    await merchantAt(server).call('syncOrder', { merchantBizNo: 'A-3' });
    await call('moveClock', { body: { freeze: true } });
    let text = '';
    for await (const chunk of stream.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('event: clock')) break;
    }
    leaving.abort();
    expect(text).toContain('event: hello');
    expect(text).not.toContain('event: exchange');
  });
});

describe('both names at once', () => {
  test('are accepted when they say the same', async () => {
    const query = `?client=${demoClient}&clientId=${demoClient}`;
    expect((await call('listJournal', { query })).json.total).toBe(1);
    const body = { client: demoClient, clientId: demoClient, exchanges: [{ exchange: {} }] };
    expect((await call('verify', { body })).json.passed).toBe(true);
  });

  test.each([
    ['resetJournal', { query: '?client=A&clientId=B' }, 'query.client'],
    ['createClient', { body: { client: 'A', clientId: 'B' } }, 'body.client'],
    ['verify', { body: { client: 'A', clientId: 'B', exchanges: [] } }, 'body.client'],
    [
      'verify',
      { body: { exchanges: [{ exchange: { client: 'A', clientId: 'B' } }] } },
      'body.exchanges.0.exchange.client',
    ],
    ['waitFor', { body: { exchange: { client: 'A', clientId: ['A'] } } }, 'body.exchange.client'],
  ])('%s refuses two values: %j', async (operation, asked, where) => {
    const { status, json } = await call(operation, asked);
    expect([status, json.problems]).toEqual([
      400,
      [
        {
          where,
          message: 'differs from clientId, which is its full name',
          remedy: 'Send clientId alone.',
        },
      ],
    ]);
    expect(journal()).toBe(1);
  });
});

describe('client stays an unknown name', () => {
  test('where nothing takes a clientId', async () => {
    const { status, json } = await call('resetEverything', { query: '?client=A' });
    expect([status, json.problems[0].where]).toEqual([400, 'query.client']);
    const activated = await call('activateScenarios', { body: { active: [], client: 'A' } });
    expect([activated.status, activated.json.problems[0].where]).toEqual([400, 'body.client']);
  });

  test('and a misspelt one is answered with the full name', async () => {
    const { json } = await call('listJournal', { query: '?clientID=A' });
    expect(json.problems).toMatchObject([
      { where: 'query.clientID', remedy: 'Did you mean "clientId"?' },
    ]);
  });
});
