import { expect, test } from 'vitest';
import { AlipayHKClient, OperationFailedError } from '../../../sdk/client/client.ts';
import { connectMockServer, createMockServer, StartupError } from '../../../sdk/testing/index.ts';
import { order } from './order.ts';

test('starts on a free port with settings as a config file holds them, and closes at the end of the block', async () => {
  let url: string;
  {
    await using server = await createMockServer({
      ordering: { stale: 'refuse' },
      'idempotency.mismatch': 'replay',
      scenario: ['net-reset'],
    });
    url = server.url;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d+$/);
    expect((await server.scenarios.list()).active).toEqual(['net-reset']);
    expect(await server.admin('GET', '/health')).toMatchObject({ status: 'ready' });
  }
  await expect(fetch(url)).rejects.toThrow();
});

test('what is wrong with the settings is told at once, where and with a suggestion', async () => {
  const wrong = { ordering: { stal: 'refuse' }, port: -1, scenario: ['no-such'] };
  const error: unknown = await createMockServer(wrong as never).catch((thrown: unknown) => thrown);
  if (!(error instanceof StartupError)) throw new Error(`no StartupError: ${String(error)}`);
  expect(error.problems.map(({ where }) => where)).toEqual([
    'createMockServer: ordering.stal',
    'createMockServer: port',
  ]);
  expect(error.message).toContain('Did you mean "ordering.stale"?');
});

test('variables of the surroundings have no say', async () => {
  process.env['ALIPAYHK_MOCK_PORT'] = 'rubbish';
  const server = await createMockServer();
  delete process.env['ALIPAYHK_MOCK_PORT'];
  await server.close();
});

test('a client of its own in one line, with a world, a queue and a clock of its own', async () => {
  await using server = await createMockServer();
  const one = await server.clients.create();
  const two = await server.clients.create({ clientId: 'TWO' });
  await one.next({ when: { operation: 'syncOrder' }, then: { result: 'PARAM_ILLEGAL' } });
  await expect(new AlipayHKClient(one).syncOrder(order())).rejects.toBeInstanceOf(
    OperationFailedError,
  );
  expect((await new AlipayHKClient(two).syncOrder(order())).orderStatus).toBe('TICKETED');
  expect((await new AlipayHKClient({ ...one, seal: true }).syncOrder(order())).orderStatus).toBe(
    'TICKETED',
  );
  await two.clock.freeze(1_767_225_600_000);
  expect(await two.clock.read()).toMatchObject({ now: 1_767_225_600_000, rate: 0 });
  expect((await one.clock.read()).rate).toBe(1);
  expect((await server.clients.list()).map(({ clientId }) => clientId)).toContain('TWO');
  await two.drop();
  expect((await server.clients.list()).map(({ clientId }) => clientId)).not.toContain('TWO');
});

test('ECC224 clients too; and the variables that a program under test reads make a client as well', async () => {
  await using server = await createMockServer();
  const client = await server.clients.create({ algorithm: 'ECC224' });
  expect((await new AlipayHKClient(client).syncOrder(order())).orderStatus).toBe('TICKETED');
  const { env } = await server.clients.create();
  const fromVariables = new AlipayHKClient({
    baseUrl: env['ALIPAYHK_BASE_URL'] ?? '',
    clientId: env['ALIPAYHK_CLIENT_ID'] ?? '',
    privateKey: env['ALIPAYHK_PRIVATE_KEY'] ?? '',
    platformKey: env['ALIPAYHK_PLATFORM_KEY'] ?? '',
  });
  expect((await fromVariables.syncOrder(order())).orderStatus).toBe('TICKETED');
});

test('one that runs elsewhere is steered by its address', async () => {
  await using server = await createMockServer({ adminToken: 'secret' });
  const elsewhere = connectMockServer({ url: server.url, adminToken: 'secret' });
  expect((await elsewhere.clients.create()).clientId).toMatch(/./);
  await expect(connectMockServer({ url: server.url }).clients.create()).rejects.toThrow(
    'admin token',
  );
  await expect(connectMockServer({ url: 'http://127.0.0.1:9' }).clients.list()).rejects.toThrow(
    'Start the simulator',
  );
});

test('the admin API may have a listener of its own', async () => {
  await using server = await createMockServer({ adminPort: 0 });
  expect(server.adminUrl).not.toBe(server.url);
  await new AlipayHKClient(await server.clients.create()).syncOrder(order());
});

test('clients share a pair of keys, told apart by their Client-Id; one may have its own', async () => {
  await using server = await createMockServer();
  const [one, two, other] = await Promise.all([
    server.clients.create(),
    server.clients.create(),
    server.clients.create({ ownKeys: true }),
  ]);
  expect(one.privateKey).toBe(two.privateKey);
  expect(other.privateKey).not.toBe(one.privateKey);
  expect(other.privateKey).toContain('BEGIN PRIVATE KEY');
  await new AlipayHKClient(one).syncOrder(order());
  expect(await two.journal.exchanges()).toEqual([]);
  await new AlipayHKClient(other).syncOrder(order());
});
