import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { MockServer } from '../../../server/app/create-server.ts';
import { neededCommands } from '../../../server/storage/redis/scripts.ts';
import { merchantAt } from '../../merchant.ts';
import { runBundle } from '../../run-bundle.ts';
import { demoClient, startServer } from '../../start-server.ts';
import { engineProgram, freePort, startCluster, startEngine, type TestEngine } from './engines.ts';

const engineWith = async (...options: string[]): Promise<TestEngine> => {
  const engine = await startEngine(options);
  onTestFinished(() => engine.stop());
  return engine;
};

const start = async (store: string, overrides: Parameters<typeof startServer>[0] = {}) => {
  const server = await startServer({ store, ...overrides });
  onTestFinished(() => server.close(0));
  return server;
};

const pay = (server: MockServer) => merchantAt(server).call('syncPaymentInfo');

/** An authority of its own, and a certificate for 127.0.0.1 that it has signed. */
const makeCertificates = (): { readonly folder: string; readonly authority: string } => {
  const folder = mkdtempSync(join(tmpdir(), 'alipayhk-mock-authority-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const openssl = (...args: string[]): unknown =>
    execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=own CA');
  openssl('req', ...newKey, '-keyout', 'redis.key', '-out', 'redis.csr', '-subj', '/CN=engine');
  writeFileSync(join(folder, 'names'), 'subjectAltName=IP:127.0.0.1');
  const signing = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names'];
  openssl('x509', '-req', '-in', 'redis.csr', ...signing, '-out', 'redis.crt', '-days', '2');
  return { folder, authority: join(folder, 'ca.crt') };
};

describe.skipIf(engineProgram === undefined)('with an engine', () => {
  test('that speaks TLS with the certificate of a private authority: rediss:// and NODE_EXTRA_CA_CERTS reach it, and without either the message says so', async () => {
    const { folder, authority } = makeCertificates();
    const port = await freePort();
    const engine = await engineWith(
      ...['--tls-port', String(port), '--tls-cert-file', join(folder, 'redis.crt')],
      ...['--tls-key-file', join(folder, 'redis.key'), '--tls-ca-cert-file', authority],
      ...['--tls-auth-clients', 'no'],
    );
    const serve = ['serve', '--port', '0', '--log-level', 'info', '--store'];
    const url = `rediss://127.0.0.1:${port}`;
    const env = { NODE_EXTRA_CA_CERTS: authority };
    const [first, second] = [0, 1].map(() => runBundle([...serve, url], { env }));
    const made = await fetch(`${await first?.url}/__admin/clients`, { method: 'POST' });
    const { clientId } = (await made.json()) as { clientId: string };
    const found = await fetch(`${await second?.url}/__admin/clients/${clientId}`);
    expect(found.status).toBe(200);
    for (const one of [first, second]) one?.child.kill();
    await Promise.all([first?.finished, second?.finished]);
    const stranger = await runBundle([...serve, url]).finished;
    expect(stranger.code).toBe(5);
    expect(stranger.stderr).toMatch(/Name the authority .* with NODE_EXTRA_CA_CERTS/);
    await expect(startServer({ store: `redis://127.0.0.1:${port}` })).rejects.toThrow(
      /Write rediss:\/\/ where it speaks TLS/,
    );
    await expect(startServer({ store: `rediss://127.0.0.1:${engine.port}` })).rejects.toThrow(
      /redis:\/\/ where it does not speak TLS/,
    );
    expect(readFileSync(authority, 'utf8')).toContain('BEGIN CERTIFICATE');
  });

  test('with databases and prefixes: what differs in either is another simulator', async () => {
    const engine = await engineWith();
    const first = await start(`${engine.url}/3`);
    const same = await start(`${engine.url}/3`);
    const otherDatabase = await start(`${engine.url}/4`);
    const otherPrefix = await start(`${engine.url}/3`, { 'store.prefix': 'other' });
    expect(await pay(first)).toMatchObject({ status: 'S' });
    const counts = [first, same, otherDatabase, otherPrefix].map(({ store }) =>
      store.count(demoClient),
    );
    const payments = (await Promise.all(counts)).map((count) => count.payments);
    expect(payments).toEqual([1, 1, 0, 0]);
    const keys = (await engine.cli('-n', '3', 'keys', '*')).split('\n');
    expect(keys.every((key) => /^(alipayhk-mock|other):\{/.test(key))).toBe(true);
    await expect(startServer({ store: `${engine.url}/99` })).rejects.toThrow(
      /DB index is out of range\. Choose a database that it has/,
    );
    await expect(startServer({ store: `${engine.url}?cluster=true` })).rejects.toThrow(
      /cluster support disabled\. It is no cluster: leave out cluster=true/,
    );
    await engine.cli('-n', '5', 'set', 'taken:{fleet}:control', 'of another program');
    await expect(
      startServer({ store: `${engine.url}/5`, 'store.prefix': 'taken' }),
    ).rejects.toThrow(/choose another store\.prefix/);
  });

  test('whose user may do too little: the start is refused with the rights it needs, and these are enough', async () => {
    const engine = await engineWith();
    const places = ['resetkeys', '~alipayhk-mock:*', 'resetchannels', '&alipayhk-mock:*'];
    const rights = [...places, 'nocommands', ...neededCommands.map((name) => `+${name}`)];
    const lacking: Readonly<Record<string, readonly string[]>> = {
      reader: ['~*', '&*', '+@read', '+info'],
      halfway: [...rights, '-zadd'],
      elsewhere: [...rights, 'resetkeys', '~other:*'],
      silent: [...rights, 'resetchannels'],
    };
    for (const [user, some] of Object.entries(lacking)) {
      await engine.cli('acl', 'setuser', user, 'on', '>secret', ...some);
      const store = engine.url.replace('//', `//${user}:secret@`);
      const refusal: unknown = await startServer({ store }).catch((error: unknown) => error);
      const { message } = refusal as Error;
      expect(message).toContain(
        `ACL SETUSER ${user} resetkeys '~alipayhk-mock:*' resetchannels '&alipayhk-mock:*' `,
      );
      expect(message).not.toContain('secret');
      expect(message).not.toContain('Start it');
      await engine.cli('acl', 'setuser', user, ...rights);
      const server = await start(store);
      expect(await pay(server)).toMatchObject({ status: 'S' });
      await server.close(0);
    }
    // Those that were refused are not connected any more.
    await expect
      .poll(async () => (await engine.cli('client', 'list')).match(/user=(?!default)/g))
      .toBe(null);
    await expect(startServer({ store: engine.url.replace('//', '//u:p@') })).rejects.toThrow(
      /WRONGPASS.*disabled\. Give a user and password that it knows/,
    );
  });

  test('that is a cluster, with the same rights on every node, and no others', async () => {
    const cluster = await startCluster();
    onTestFinished(() => cluster.stop());
    const rights = ['nocommands', ...neededCommands.map((name) => `+${name}`)];
    const places = ['resetkeys', '~own:*', 'resetchannels', '&own:*'];
    for (const node of cluster.nodes)
      await node.cli('acl', 'setuser', 'user', 'on', '>secret', ...places, ...rights, '-zadd');
    for (const { url } of cluster.nodes)
      await expect(startServer({ store: url })).rejects.toThrow(/Add \?cluster=true/);
    const store = cluster.url.replace('//', '//user:secret@');
    const refusal: unknown = await startServer({ store, 'store.prefix': 'own' }).catch(
      (error: unknown) => error,
    );
    expect((refusal as Error).message).toContain('Run on every node redis-cli ACL SETUSER user');
    for (const node of cluster.nodes) await node.cli('acl', 'setuser', 'user', ...rights);
    const [a, b] = [0, 1].map(() => start(store, { 'store.prefix': 'own' }));
    const server = (await a) as MockServer;
    expect(await pay(server)).toMatchObject({ status: 'S' });
    const made = await fetch(`${server.url}/__admin/clients`, { method: 'POST' });
    const { clientId } = (await made.json()) as { readonly clientId: string };
    const found = await fetch(`${(await b)?.url}/__admin/clients/${clientId}`);
    expect(found.status).toBe(200);
    const journal = await fetch(`${(await b)?.url}/__admin/journal`);
    expect(await journal.text()).toContain('syncPaymentInfo');
    // Nothing was refused once the rights were given.
    await Promise.all(cluster.nodes.map((node) => node.cli('acl', 'log', 'reset')));
    const reset = await fetch(`${server.url}/__admin/reset/everything`, { method: 'POST' });
    expect(reset.status).toBe(204);
    const logs = await Promise.all(cluster.nodes.map((node) => node.cli('acl', 'log')));
    expect(logs).toEqual(['', '', '']);
  });
});
