import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { MockServer } from '../../../server/app/create-server.ts';
import { merchantAt } from '../../merchant.ts';
import { demoClient, startServer } from '../../start-server.ts';
import { engineProgram, freePort, startEngine, type TestEngine } from './engines.ts';

const start = async (
  engine: TestEngine,
  overrides: Parameters<typeof startServer>[0] = {},
  warnings: string[] = [],
): Promise<MockServer> => {
  const server = await startServer(
    { store: engine.url, ...overrides },
    { onExchange: () => {}, onWarning: (sentence) => warnings.push(sentence) },
  );
  onTestFinished(() => server.close(0).catch(() => {}));
  return server;
};

const engineWith = async (...options: string[]): Promise<TestEngine> => {
  const engine = await startEngine(options);
  onTestFinished(() => engine.stop());
  return engine;
};

const readiness = async (server: MockServer) => {
  const response = await fetch(`${server.url}/__admin/ready`);
  return { status: response.status, ...((await response.json()) as { reason?: string }) };
};
const untilReadiness = async (server: MockServer, status: number): Promise<number> => {
  const startedAt = performance.now();
  await vi.waitUntil(async () => (await readiness(server)).status === status, {
    timeout: 8000,
    interval: 10,
  });
  return performance.now() - startedAt;
};

/** A network between the simulator and the engine that can be cut, slowed down and turned. */
const networkTo = async (engine: TestEngine) => {
  const state = { to: engine.port, delayMs: 0, losesReplies: false, isCut: false };
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    if (state.isCut) return void near.destroy();
    const far = connect(state.to, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.on('data', (chunk) => {
      const pass = (): void => {
        if (!state.losesReplies && !near.destroyed) near.write(chunk);
      };
      if (state.delayMs === 0) pass();
      else setTimeout(pass, state.delayMs);
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const cut = (): void => {
    state.isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    cut();
    server.close();
  });
  return { state, cut, url: `redis://127.0.0.1:${port}` };
};

const all = [
  'syncAdditionalInfo',
  'syncAccountLinkage',
  'syncPaymentInfo',
  'syncOrder',
  'updateMembershipCard',
] as const;

describe.skipIf(engineProgram === undefined)('with an engine', () => {
  test('that is not reachable, every operation answers U, /ready is 503 within a second, and 200 within two of its return', async () => {
    const engine = await engineWith('--appendonly', 'yes');
    const server = await start(engine);
    const merchant = merchantAt(server);
    expect(await merchant.call('syncPaymentInfo', { accountId: 'a' })).toMatchObject({
      status: 'S',
    });
    engine.kill('SIGKILL');
    expect(await untilReadiness(server, 503)).toBeLessThan(1000);
    for (const operation of all) {
      const sentAt = performance.now();
      expect(await merchant.call(operation)).toMatchObject({
        code: 'UNKNOWN_EXCEPTION',
        status: 'U',
      });
      expect(performance.now() - sentAt).toBeLessThan(1500);
    }
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    await engine.restart();
    expect(await untilReadiness(server, 200)).toBeLessThan(2000);
    for (const operation of all) {
      const reported = await merchant.call(operation);
      expect(reported.status).toBe('S');
    }
    expect(await server.store.count(demoClient)).toMatchObject({ payments: 2, orders: 1 });
  });

  test('that is frozen after a change was sent, the connection is closed without an answer, in time', async () => {
    const engine = await engineWith();
    const server = await start(engine);
    const merchant = merchantAt(server);
    await merchant.call('syncPaymentInfo', { accountId: 'a' });
    engine.kill('SIGSTOP');
    const sentAt = performance.now();
    await expect(merchant.call('syncPaymentInfo', { accountId: 'b' })).rejects.toBeDefined();
    expect(performance.now() - sentAt).toBeLessThan(1500);
    expect((await readiness(server)).status).toBe(503);
    engine.kill('SIGCONT');
    expect(await untilReadiness(server, 200)).toBeLessThan(2000);
    const readJournal = async () => (await fetch(`${server.url}/__admin/journal`)).text();
    await expect.poll(readJournal).toContain('NO_ANSWER');
  });

  test('whose memory is full, all five answer U and nothing is changed, while /ready stays 200', async () => {
    const engine = await engineWith();
    const warnings: string[] = [];
    const server = await start(engine, {}, warnings);
    const merchant = merchantAt(server);
    await merchant.call('syncPaymentInfo', { accountId: 'a' });
    await engine.cli('config', 'set', 'maxmemory', '1');
    const before = await server.store.count(demoClient);
    for (const operation of all)
      expect(await merchant.call(operation)).toMatchObject({ status: 'U' });
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect((await readiness(server)).status).toBe(200);
    expect(await server.store.count(demoClient)).toEqual(before);
    expect(warnings.filter((one) => one.includes('no memory left'))).toHaveLength(1);
    await engine.cli('config', 'set', 'maxmemory', '0');
    expect(await merchant.call('syncOrder', {}, 'PASS_TICKET')).toMatchObject({ status: 'S' });
  });

  test('over a network that is cut before anything was sent: U within a second and a half, and S once it is mended', async () => {
    const engine = await engineWith();
    const network = await networkTo(engine);
    const server = await start({ ...engine, url: network.url });
    const merchant = merchantAt(server);
    await merchant.call('syncPaymentInfo', { accountId: 'a' });
    network.cut();
    expect(await untilReadiness(server, 503)).toBeLessThan(1000);
    const sentAt = performance.now();
    expect(await merchant.call('syncPaymentInfo', { accountId: 'b' })).toMatchObject({
      code: 'UNKNOWN_EXCEPTION',
      status: 'U',
    });
    expect(performance.now() - sentAt).toBeLessThan(1500);
    expect((await server.store.count(demoClient).catch(() => undefined))?.payments).toBeUndefined();
    network.state.isCut = false;
    expect(await untilReadiness(server, 200)).toBeLessThan(2000);
    expect(await merchant.call('syncPaymentInfo', { accountId: 'b' })).toMatchObject({
      status: 'S',
    });
    expect(await server.store.count(demoClient)).toMatchObject({ payments: 2, requests: 2 });
  });

  test('whose reply is lost with the connection after the change was made: the change is found, and answered S once', async () => {
    const engine = await engineWith();
    const network = await networkTo(engine);
    const server = await start({ ...engine, url: network.url });
    const merchant = merchantAt(server);
    await merchant.call('syncPaymentInfo', { accountId: 'a' });
    network.state.losesReplies = true;
    const calling = merchant.call('syncPaymentInfo', { accountId: 'b', requestId: 'lost reply' });
    const field = '*lost reply*';
    await expect
      .poll(() =>
        engine.cli('hscan', `alipayhk-mock:{${demoClient}}:requests`, '0', 'match', field),
      )
      .toContain('lost reply');
    network.cut();
    Object.assign(network.state, { losesReplies: false, isCut: false });
    expect(await calling).toMatchObject({ status: 'S' });
    await untilReadiness(server, 200);
    expect(await server.store.count(demoClient)).toMatchObject({ payments: 2, requests: 2 });
  });

  test('that is slow but answers in time: all succeed, and /ready stays 200', async () => {
    const engine = await engineWith();
    const network = await networkTo(engine);
    const server = await start({ ...engine, url: network.url });
    const merchant = merchantAt(server);
    network.state.delayMs = 80;
    for (const operation of all) {
      const reported = await merchant.call(operation);
      expect(reported.status, operation).toBe('S');
    }
    expect((await readiness(server)).status).toBe(200);
  });

  test('that is replaced by its replica: nothing that it had is lost, and the simulator goes on', async () => {
    const [engine, successor] = [await engineWith(), await engineWith()];
    const network = await networkTo(engine);
    const server = await start({ ...engine, url: network.url });
    const merchant = merchantAt(server);
    await successor.cli('replicaof', '127.0.0.1', String(engine.port));
    await expect
      .poll(() => successor.cli('info', 'replication'))
      .toContain('master_link_status:up');
    for (const accountId of ['a', 'b', 'c'])
      expect(await merchant.call('syncPaymentInfo', { accountId })).toMatchObject({ status: 'S' });
    await expect
      .poll(() => successor.cli('hlen', `alipayhk-mock:{${demoClient}}:payments`))
      .toBe('3');
    network.cut();
    engine.kill('SIGKILL');
    await untilReadiness(server, 503);
    await successor.cli('replicaof', 'no', 'one');
    Object.assign(network.state, { to: successor.port, isCut: false });
    expect(await untilReadiness(server, 200)).toBeLessThan(2000);
    expect(await merchant.call('syncPaymentInfo', { accountId: 'd' })).toMatchObject({
      status: 'S',
    });
    expect(await server.store.count(demoClient)).toMatchObject({ payments: 4 });
  });

  test('without an append-only file, the start warns and names the remedy; with one it does not', async () => {
    for (const [option, expected] of [
      ['no', /no append-only file.*CONFIG SET appendonly yes/],
      ['yes', /^$/],
    ] as const) {
      const warnings: string[] = [];
      await start(await engineWith('--appendonly', option), {}, warnings);
      expect(warnings.join()).toMatch(expected);
    }
  });

  test('that has lost its data, nothing is answered S until everything is reset', async () => {
    const engine = await engineWith();
    const warnings: string[] = [];
    const server = await start(engine, {}, warnings);
    const merchant = merchantAt(server);
    await merchant.call('syncPaymentInfo', { accountId: 'a' });
    engine.kill('SIGKILL');
    await engine.restart();
    await expect.poll(() => warnings.join()).toContain('has lost data');
    expect((await readiness(server)).reason).toContain('lost data');
    expect(await merchant.call('syncOrder', {}, 'PASS_TICKET')).toMatchObject({ status: 'U' });
    const reset = await fetch(`${server.url}/__admin/reset/everything`, { method: 'POST' });
    expect(reset.status).toBeLessThan(300);
    await untilReadiness(server, 200);
    expect(await merchant.call('syncOrder', {}, 'PASS_TICKET')).toMatchObject({ status: 'S' });
  });

  test('that has lost its data, startAgain continues with a warning', async () => {
    const engine = await engineWith();
    const warnings: string[] = [];
    const server = await start(engine, { 'store.onLoss': 'startAgain' }, warnings);
    const merchant = merchantAt(server);
    await merchant.call('syncPaymentInfo', { accountId: 'a' });
    engine.kill('SIGKILL');
    await engine.restart();
    await expect.poll(() => warnings.join()).toContain('has lost data');
    await untilReadiness(server, 200);
    expect(await merchant.call('syncOrder', {}, 'PASS_TICKET')).toMatchObject({ status: 'S' });
  });

  test('that deletes records when its memory is full, the start is refused with the remedy, and it stops answering when the policy changes', async () => {
    const engine = await engineWith('--maxmemory-policy', 'allkeys-lru');
    await expect(startServer({ store: engine.url })).rejects.toThrow(
      /policy is allkeys-lru.*CONFIG SET maxmemory-policy noeviction/,
    );
    await engine.cli('config', 'set', 'maxmemory-policy', 'noeviction');
    const server = await start(engine);
    await engine.cli('config', 'set', 'maxmemory-policy', 'volatile-lru');
    await untilReadiness(server, 503);
    expect((await readiness(server)).reason).toContain('volatile-lru');
  });

  test('that needs a user and a password, they are used and never shown', async () => {
    const engine = await engineWith();
    await engine.cli('acl', 'setuser', 'sim', 'on', '>top-secret', '~*', '&*', '+@all');
    await engine.cli('config', 'set', 'requirepass', 'other');
    const url = engine.url.replace('//', '//sim:top-secret@');
    const server = await start({ ...engine, url });
    expect(await merchantAt(server).call('syncPaymentInfo')).toMatchObject({ status: 'S' });
    const settings = await (await fetch(`${server.url}/__admin/settings`)).text();
    expect(settings).toContain('sim:…@127.0.0.1');
    expect(settings).not.toContain('top-secret');
    await expect(
      startServer({ store: engine.url.replace('//', '//sim:wrong-secret@') }),
    ).rejects.toThrow(/^(?!.*wrong-secret).*redis:\/\/sim@127.*WRONGPASS/);
  });
});

test('a store that is not reachable: the message has the address without the password', async () => {
  const port = await freePort();
  await expect(startServer({ store: `redis://u:secret@127.0.0.1:${port}` })).rejects.toThrow(
    new RegExp(`^the store redis://u@127.0.0.1:${port} cannot be used: .*ECONNREFUSED`),
  );
});
