import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { signRequest } from '../../sdk/client/signed-call.ts';
import { EventHub } from '../../server/admin/event-hub.ts';
import type { MockServer } from '../../server/app/create-server.ts';
import { Journal } from '../../server/journal/journal.ts';
import { orderPath } from '../abuse/raw-attack.ts';
import { type DrivenStep, driveCase } from '../conformance/mutants/inline-driver.ts';
import { addTo } from '../journal/exchange-sample.ts';
import { merchantAt } from '../merchant.ts';
import { rawCall } from '../raw-call.ts';
import { demoMerchant, startServer } from '../start-server.ts';

interface Event {
  readonly id: string;
  readonly name: string;
  readonly data: Record<string, unknown>;
}

const read = (text: string): Event[] =>
  [...text.matchAll(/id: (.+)\nevent: (.+)\ndata: (.+)\n\n/g)].map(
    ([, id = '', name = '', data = '']) => ({
      id,
      name,
      data: JSON.parse(data),
    }),
  );

/** A reader of the stream that keeps what it was told. */
const openStream = async (server: MockServer, query = '', headers: Record<string, string> = {}) => {
  const res = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${server.adminUrl}/__admin/events${query}`, { headers }, resolve)
      .on('error', reject)
      .end();
  });
  let text = '';
  res.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  res.on('error', () => {});
  const events = () => read(text);
  return {
    res,
    events,
    until: async (wanted: number | ((all: readonly Event[]) => boolean)): Promise<Event[]> => {
      const isEnough =
        typeof wanted === 'number' ? (all: readonly Event[]) => all.length >= wanted : wanted;
      await expect.poll(() => isEnough(events()), { timeout: 15_000 }).toBe(true);
      return events();
    },
    close: () => res.destroy(),
  };
};

let server: MockServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

const admin = (method: string, path: string, body?: object) =>
  fetch(`${server.adminUrl}/__admin${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

describe('a stream', () => {
  test('tells exchanges and what is changed here, as it happens', async () => {
    const stream = await openStream(server);
    await merchantAt(server).call('syncOrder', { merchantBizNo: 'E-1' });
    await admin('PUT', '/clock', { freeze: 1000 });
    await admin('POST', '/clients', { clientId: 'E' });
    await admin('PUT', '/scenarios', { active: ['net-reset'] });
    await admin('POST', '/reset/journal?clientId=E');
    const events = await stream.until(6);
    expect(
      events.map(({ name, data }) => [
        name,
        data['identity'] ?? data['change'] ?? data['what'] ?? data['active'] ?? data['now'] ?? '',
      ]),
    ).toEqual([
      ['hello', expect.any(Number)],
      ['exchange', '["E-1"]'],
      ['clock', 1000],
      ['clients', 'created'],
      ['scenarios', ['net-reset']],
      ['reset', 'journal'],
    ]);
    stream.close();
  });

  test('after a lost connection, what was missed is sent again, by header and by query', async () => {
    const first = await openStream(server);
    await merchantAt(server).call('syncOrder', { merchantBizNo: 'L-1' });
    const last = (await first.until(2)).at(-1)?.id ?? '';
    first.close();
    for (const n of [2, 3]) await merchantAt(server).call('syncOrder', { merchantBizNo: `L-${n}` });
    for (const [query, headers] of [
      ['', { 'last-event-id': last }],
      [`?lastEventId=${last}`, {}],
    ] as const) {
      const again = await openStream(server, query, headers);
      expect((await again.until(3)).slice(1).map(({ data }) => data['identity'])).toEqual([
        '["L-2"]',
        '["L-3"]',
      ]);
      again.close();
    }
  });

  test('an id of another run gets a gap: nobody can tell what was missed', async () => {
    const stream = await openStream(server, '', { 'last-event-id': 'deadbeef-7' });
    expect((await stream.until(2)).map(({ name }) => name)).toEqual(['hello', 'gap']);
    stream.close();
  });

  test('its first event names the run: the same for every reader, another one after a restart', async () => {
    const restarted = await startServer();
    const runOf = async (from: MockServer): Promise<unknown> => {
      const stream = await openStream(from);
      const [hello] = await stream.until(1);
      stream.close();
      return hello?.data['run'];
    };
    const run = await runOf(server);
    expect(run).toMatch(/^[0-9a-f]{8}$/);
    expect(await runOf(server)).toBe(run);
    expect(await runOf(restarted)).not.toBe(run);
    await restarted.close(0);
  });

  test('tells a diagnosis that was made later, with the row of its exchange', async () => {
    const stream = await openStream(server);
    const { target, headers } = signRequest(demoMerchant(), orderPath, Buffer.from('{"a":1}'));
    const refuse = async (n: number): Promise<Record<string, string>> =>
      (await rawCall(server.url, { target, headers, body: `{"a":${n}}` })).headers;
    const pending: (string | undefined)[] = [];
    for (let round = 0; round < 20 && pending.length === 0; round++) {
      const answers = await Promise.all(Array.from({ length: 60 }, (_, n) => refuse(n + 2)));
      pending.push(
        ...answers
          .filter((answer) => answer['x-mock-finding']?.startsWith('PENDING: '))
          .map((answer) => answer['x-mock-request-id']),
      );
    }
    expect(pending.length).toBeGreaterThan(0);
    const diagnosed = (all: readonly Event[]): readonly Event[] =>
      all.filter(({ name }) => name === 'diagnosis');
    const events = await stream.until((all) => diagnosed(all).length >= pending.length);
    expect(diagnosed(events).map(({ data }) => [data['id'], data['findings']])).toEqual(
      expect.arrayContaining(pending.map((id) => [id, ['BODY_CHANGED']])),
    );
    stream.close();
  });

  test('of one client leaves out what concerns others', async () => {
    await server.clients.create({ clientId: 'MINE' });
    const stream = await openStream(server, '?clientId=MINE');
    await merchantAt(server).call('syncOrder');
    await admin('PUT', '/clients/MINE/clock', { freeze: true });
    await admin('PUT', '/clock', { freeze: true });
    expect((await stream.until(3)).map(({ name, data }) => [name, data['clientId']])).toEqual([
      ['hello', undefined],
      ['clock', 'MINE'],
      ['clock', undefined],
    ]);
    stream.close();
  });

  test('a reader that takes nothing costs nothing, and is told what it missed', async () => {
    const slow = await openStream(server);
    await slow.until(1);
    slow.res.pause();
    slow.res.socket.pause();
    const fast = await openStream(server);
    const hasLast = (all: readonly Event[]) =>
      all.findLast(({ name }) => name === 'exchange')?.data['number'] === 3000;
    const note = 'x'.repeat(4000);
    for (let count = 0; count < 3000; count++)
      addTo(server.journal, { identity: JSON.stringify([note]) });
    // By the time another reader has everything, the server holds for this one at most a portion
    // and what the system's buffers took.
    await fast.until(hasLast);
    fast.close();
    slow.res.socket.resume();
    slow.res.resume();
    const events = await slow.until(hasLast);
    const numbers = events
      .filter(({ name }) => name === 'exchange')
      .map(({ data }) => Number(data['number']));
    const missed = events
      .filter(({ name }) => name === 'gap')
      .reduce((sum, { data }) => sum + Number(data['missed']), 0);
    expect(missed).toBeGreaterThan(0);
    expect(numbers.length + missed).toBe(3000);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(numbers.at(-1)).toBe(3000);
    slow.close();
  }, 30_000);

  test('so many readers and no more', async () => {
    const streams = await Promise.all(Array.from({ length: 50 }, () => openStream(server)));
    const refused = await fetch(`${server.adminUrl}/__admin/events`);
    expect([refused.status, ((await refused.json()) as { error: string }).error]).toEqual([
      503,
      expect.stringMatching(/50 subscribers already/),
    ]);
    for (const stream of streams) stream.close();
  });
});

describe('the ring behind it', () => {
  test('holds the latest, and says how many are gone', () => {
    const hub = new EventHub(new Journal({ entries: 10, bytes: 2 ** 30 }));
    for (let count = 1; count <= 2500; count++) hub.emit('clock', undefined, () => ({ count }));
    const places: number[] = [];
    let gap = 0;
    for (let place = 0; place < hub.newest; ) {
      const portion = hub.readAfter(place, undefined);
      for (const { name, data } of read(portion.text)) {
        if (name === 'gap') gap += Number(data['missed']);
        else places.push(Number(data['count']));
      }
      place = portion.reached;
    }
    expect([gap, places[0], places.length, places.at(-1)]).toEqual([500, 501, 2000, 2500]);
  });

  test('keeps no exchange alive: what has left the journal is a gap', () => {
    const journal = new Journal({ entries: 2, bytes: 2 ** 30 });
    const hub = new EventHub(journal);
    for (let count = 0; count < 5; count++) addTo(journal);
    const events = read(hub.readAfter(0, undefined).text);
    expect(events.map(({ name, data }) => [name, data['missed'] ?? data['number']])).toEqual([
      ['gap', 3],
      ['exchange', 4],
      ['exchange', 5],
    ]);
  });
});

describe('a case of certify that the caller drives', () => {
  const folder = mkdtempSync(join(tmpdir(), 'alipayhk-mock-verdict-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Does every job with the client of that mistake, until there is a verdict. */
  const drive = async (id: string, variant: string, mistake: string) => {
    const step = async (path: string, status: number, body: object): Promise<DrivenStep> => {
      const response = await admin('POST', `/certify/cases/${id}/${path}`, body);
      expect(response.status).toBe(status);
      return (await response.json()) as DrivenStep;
    };
    return driveCase({
      mutant: mistake,
      first: await step('start', 201, { variant, quietMs: 300 }),
      stateFolder: mkdtempSync(join(folder, 'state-')),
      report: (said) => step('finish', 200, said),
    });
  };

  test('ends with a verdict, which the stream tells too', async () => {
    const stream = await openStream(server);
    const results = await Promise.all(['', 'M20'].map((one) => drive('C-SEC-01', 'unsigned', one)));
    expect(results).toMatchObject([{ verdict: 'PASS' }, { verdict: 'FAIL' }]);
    const isVerdict = ({ name }: Event): boolean => name === 'verdict';
    const verdicts = (await stream.until((all) => all.filter(isVerdict).length > 1)).filter(
      isVerdict,
    );
    const common = { case: 'C-SEC-01', variant: 'unsigned', operation: 'syncOrder' };
    const own = { ...common, run: expect.any(String), clientId: expect.any(String) };
    expect(new Set(verdicts.map(({ data }) => data))).toEqual(
      new Set([
        { ...own, verdict: 'PASS' },
        { ...own, verdict: 'FAIL' },
      ]),
    );
    stream.close();
  });

  test('is refused when it does not exist, and a report when nothing waits for it', async () => {
    const unknown = await admin('POST', '/certify/cases/C-SEC-99/start', {});
    expect([unknown.status, await unknown.text()]).toEqual([
      404,
      expect.stringContaining('C-SEC-9'),
    ]);
    const late = await admin('POST', '/certify/cases/C-SEC-01/finish', {
      run: 'x',
      outcome: 'SUCCESS',
    });
    expect(late.status).toBe(404);
  });
});
