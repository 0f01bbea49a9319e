import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MockServer } from '../../server/app/create-server.ts';
import { merchantAt } from '../merchant.ts';
import { readWorld } from '../read-world.ts';
import { runBundle } from '../run-bundle.ts';
import { demoClient, startServer } from '../start-server.ts';

let server: MockServer;
const folder = mkdtempSync(join(tmpdir(), 'admin-commands-'));
beforeAll(async () => {
  server = await startServer({ adminToken: 'sesame' });
});
afterAll(() => server.close());

const run = (...args: string[]) =>
  runBundle([...args, '--url', server.url, '--token', 'sesame'], { cwd: folder }).finished;

describe('journal', () => {
  test('list and show tell what came, as text and as JSON', async () => {
    const { entry } = await merchantAt(server).call('syncOrder', { merchantBizNo: 'CLI-1' });
    await merchantAt(server).call('syncOrder', { merchantBizNo: 'MOCK_PARAM_ILLEGAL_CLI' });
    const listed = await run('journal', 'list', '--code', 'SUCCESS', '--identity', 'CLI-1');
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    expect(listed.stdout).toMatch(
      new RegExp(
        `^\\d\\d:\\d\\d:\\d\\d\\.\\d{3}  #${entry?.number}  ${demoClient}  syncOrder  \\["CLI-1"\\]  SUCCESS \\(S\\)`,
      ),
    );
    expect(listed.stdout.trim().split('\n')).toHaveLength(1);
    const shown = await run('journal', 'show', String(entry?.number));
    for (const part of [
      entry?.id ?? '',
      'verify-signature',
      'added orders ["CLI-1"]',
      'before null',
      'client-id: ',
    ])
      expect(shown.stdout.toLowerCase()).toContain(part.toLowerCase());
    const json = JSON.parse((await run('journal', 'show', entry?.id ?? '', '--json')).stdout);
    writeFileSync(join(folder, 'entry.json'), JSON.stringify(json));
    expect((await runBundle(['doctor', 'entry.json'], { cwd: folder }).finished).code).toBe(0);
    expect((await run('journal', 'show', String(entry?.number), '--curl')).stdout).toMatch(
      /^curl /,
    );
  });

  test('list and show tell what has left of an answer, when, and who closed the connection', async () => {
    const merchant = merchantAt(server);
    const { entry } = await merchant.call('syncOrder', { merchantBizNo: 'WHOLE' });
    const complete = await run('journal', 'show', String(entry?.number));
    expect(complete.stdout).toMatch(
      new RegExp(
        `Delivery\n  complete, ${entry?.delivery.bytes} bytes, connection \\d+, request \\d+ on it\n` +
          '  request complete +\\d+\\.\\d ms\n  first byte sent +\\d+\\.\\d ms\n' +
          '  last byte sent +\\d+\\.\\d ms\n  connection kept +\\d+\\.\\d ms\n',
      ),
    );
    await server.clients.queue(demoClient, {
      when: { operation: 'syncOrder' },
      then: { delayMs: 20_000 },
    });
    const left = new AbortController();
    const call = merchant.call('syncOrder', { merchantBizNo: 'LEFT' }, undefined, {
      signal: left.signal,
    });
    const isDecided = async () =>
      (await readWorld(server.store, demoClient)).orders.has('["LEFT"]');
    const rejected = expect(call).rejects.toThrow();
    await expect.poll(isDecided).toBe(true);
    left.abort();
    await rejected;
    await expect.poll(() => server.journal.entries.at(-1)?.tags).toContain('client-left');
    const listed = await run('journal', 'list', '--tag', 'client-left');
    expect(listed.stdout).toMatch(/NO_ANSWER \(U\).* {2}nothing sent, closed by the client {2}/);
    const shown = await run('journal', 'show', String(server.journal.entries.at(-1)?.number));
    expect(shown.stdout).toMatch(/Delivery\n {2}nothing sent, 0 bytes, connection/);
    expect(shown.stdout).toMatch(/first byte sent +never\n/);
    expect(shown.stdout).toMatch(/closed by the client +\d+\.\d ms\n/);
    expect(shown.stdout).toContain('G-35');
  });

  test('show says what there is not', async () => {
    const { code, stderr } = await run('journal', 'show', '999999');
    expect([code, stderr]).toEqual([2, expect.stringMatching(/999999: is not in the journal/)]);
  });

  test('tail prints what comes, a line each, until it is stopped', async () => {
    const tail = runBundle(
      ['journal', 'tail', '--json', '--url', server.url, '--token', 'sesame'],
      { cwd: folder },
    );
    const seen: string[] = [];
    tail.child.stdout?.on('data', (text: string) => seen.push(...text.trim().split('\n')));
    const called = async (): Promise<number> => {
      await merchantAt(server).call('syncOrder', { merchantBizNo: 'TAIL' });
      return seen.length;
    };
    await expect.poll(called, { timeout: 20_000, interval: 100 }).toBeGreaterThan(0);
    expect(JSON.parse(seen[0] ?? '{}')).toMatchObject({
      identity: '["TAIL"]',
      code: expect.any(String),
    });
    tail.child.kill('SIGINT');
    expect(await tail.finished).toMatchObject({ code: 0, stderr: '' });
  });

  test('export writes HTTP Archive', async () => {
    expect(await run('journal', 'export', '--har', '--out', 'all.har')).toMatchObject({
      code: 0,
      stdout: '',
    });
    expect(
      JSON.parse(readFileSync(join(folder, 'all.har'), 'utf8')).log.entries.length,
    ).toBeGreaterThan(1);
  });
});

describe('state', () => {
  test('list, show, export, reset, import: it comes back', async () => {
    await server.resets.everything();
    await merchantAt(server).call('syncOrder', { merchantBizNo: 'ST-1' });
    expect((await run('state', 'list')).stdout).toBe(`${demoClient}  1 orders, 1 requests\n`);
    expect((await run('state', 'show', demoClient, 'orders', 'ST-1')).stdout).toMatch(
      /^\["ST-1"\] {2}\{"fields":/,
    );
    expect((await run('state', 'show', demoClient, 'orders', 'NONE')).code).toBe(1);
    expect((await run('state', 'export', '--out', 'state.json')).code).toBe(0);
    expect((await run('state', 'reset')).stdout).toBe('state: reset\n');
    expect((await run('state', 'list', '--json')).stdout).toContain('"orders": 0');
    expect((await run('state', 'import', 'state.json')).stdout).toBe('2 records of 1 client\n');
    expect((await readWorld(server.store, demoClient)).orders.size).toBe(1);
    expect((await run('state', 'reset', '--what', 'everything')).code).toBe(0);
    expect((await run('state', 'list')).stdout).toBe('no state\n');
  });

  test.each([
    [['state', 'show', demoClient, 'things'], /collection/],
    [['state', 'import', 'nowhere.json'], /nowhere\.json: cannot be read/],
    [['state', 'reset', '--what', 'client'], /needs a Client-Id/],
    [['state', 'reset', '--what', 'everything', '--client', 'A'], /resets all clients/],
    [['state', 'reset', '--what', 'everithing'], /Allowed choices/],
  ])('%j is refused with what to do', async (args, message) => {
    const { code, stderr } = await run(...args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  test('without the token, or with nobody there: said, with what to do', async () => {
    const refused = await runBundle(['state', 'list', '--url', server.url], { cwd: folder })
      .finished;
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/admin token is missing or wrong/),
    ]);
    const nobody = await runBundle(['journal', 'tail', '--url', 'http://127.0.0.1:1'], {
      cwd: folder,
    }).finished;
    expect([nobody.code, nobody.stderr]).toEqual([
      2,
      expect.stringMatching(/no response.*\n.*Start the simulator/),
    ]);
  });
});

describe('the admin API by flags', () => {
  test('--no-admin removes it, and health still tells that somebody is there', async () => {
    const running = runBundle(['--port', '0', '--no-admin'], { cwd: folder });
    const url = await running.url;
    expect(await (await fetch(`${url}/__admin/health`)).text()).toContain('INVALID_API');
    expect(
      (await runBundle(['health', '--url', url, '--no-admin'], { cwd: folder }).finished).code,
    ).toBe(0);
    running.child.kill('SIGTERM');
    expect((await running.finished).stdout).not.toContain('platform-key');
  });

  test('--admin-port gives it an address of its own, which is told', async () => {
    const running = runBundle(['--port', '0', '--admin-port', '0', '--log-format', 'json'], {
      cwd: folder,
    });
    const url = await running.url;
    running.child.kill('SIGTERM');
    const { stdout } = await running.finished;
    expect(stdout).toMatch(/the admin API is on http:\/\/127\.0\.0\.1:\d+\/__admin/);
    expect(stdout).not.toContain(`${url}/__admin`);
  });
});
