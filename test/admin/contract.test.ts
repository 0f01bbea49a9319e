import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import supertest from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AlipayHKClient } from '../../sdk/client/client.ts';
import type { MockServer } from '../../server/app/create-server.ts';
import { merchantAt } from '../merchant.ts';
import { readWorld } from '../read-world.ts';
import { demoClient, startServer } from '../start-server.ts';
import { adminCaller, routes } from './admin-caller.ts';

let server: MockServer;
const exercised = new Set<string>();
let call: ReturnType<typeof adminCaller>['call'];

beforeAll(async () => {
  server = await startServer();
  call = adminCaller(server, exercised).call;
});
afterAll(() => server.close());

const statusOf = async (...asked: Parameters<typeof call>): Promise<number> =>
  (await call(...asked)).status;

describe('calls to merchants', () => {
  test('are planned, read, sent, cancelled and listed; none without a configured address', async () => {
    const target = 'http://127.0.0.1:9/points/bill/notify';
    const at = await startServer({ 'outbound.targets': { '*': { 'bill-notify': target } } });
    const { call: callAt } = adminCaller(at, exercised);
    const path = { clientId: demoClient };
    const planned = await callAt('sendOutbound', {
      path,
      body: { call: 'bill-notify', afterMs: 60_000 },
    });
    expect(planned.status).toBe(201);
    expect(planned.json).toMatchObject({ state: 'pending', register: 'OB-02', target });
    const at1 = { path: { ...path, messageId: planned.json.id } };
    expect((await callAt('sendOutboundNow', at1)).json.attempts).toMatchObject([
      { acknowledged: false, code: 'UNREACHABLE' },
    ]);
    expect((await callAt('cancelOutbound', at1)).json.state).toBe('cancelled');
    expect((await callAt('readOutbound', at1)).json.id).toBe(planned.json.id);
    expect((await callAt('listOutbound')).json).toMatchObject({ total: 1, busy: 0 });
    const { calls } = (await callAt('listOutboundCalls')).json;
    expect(calls).toHaveLength(15);
    const { entries } = (await callAt('listJournal', { query: '?direction=outbound' })).json;
    expect(entries).toMatchObject([{ direction: 'outbound', attempt: 1 }]);
    expect((await callAt('listJournal', { query: '?direction=inbound' })).json.entries).toEqual([]);
    const refusals: readonly [unknown, number][] = [
      [{ call: 'query-account' }, 409],
      [{ call: 'bill-notify', to: 'http://127.0.0.1:1/' }, 400],
      [{ call: 'bill-notify', fields: { userId: null } }, 422],
    ];
    for (const [body, status] of refusals)
      expect((await callAt('sendOutbound', { path, body })).status).toBe(status);
    expect((await callAt('readOutbound', { path: { ...path, messageId: 'x' } })).status).toBe(404);
    await at.close();
  });
});

describe('the simulator', () => {
  test('health, ready, keys, register, contracts', async () => {
    expect((await call('health')).json).toMatchObject({ status: 'ready', scenarios: [] });
    expect((await call('ready')).json).toEqual({ ready: true });
    expect((await call('platformKey')).text).toMatch(/^-----BEGIN PUBLIC KEY-----/);
    expect(await statusOf('platformKey', { query: '?version=99' })).toBe(404);
    const { keys } = (await call('platformKeys')).json;
    expect(
      keys.map(({ algorithm, state }: Record<string, string>) => `${algorithm} ${state}`).sort(),
    ).toEqual(['ECC224 active', 'RSA256 active']);
    expect(JSON.stringify(keys)).not.toContain('PRIVATE');
    expect(await statusOf('tlsAuthority')).toBe(404);
    expect((await call('llmsText')).text).toMatch(/^# alipayhk-mock\n/);
    // Without the setting, as an unknown path.
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
    expect(await statusOf('mcp', { body: message })).toBe(404);
    expect((await call('fidelity')).json.entries.length).toBeGreaterThan(50);
    expect((await call('adminContract')).json.info.title).toBe('alipayhk-mock admin API');
    expect(Object.keys((await call('contract')).json.paths)).toHaveLength(5);
  });

  test('docs are a page whose own files are all from here', async () => {
    const { headers } = await call('docs');
    const page = await fetch(
      new URL(headers.get('location') ?? '', `${server.adminUrl}/__admin/docs`),
    );
    const html = await page.text();
    expect(page.url).toMatch(/\/__admin\/docs\/$/);
    expect(html).not.toMatch(/https?:|<script>[^<]|style=|onload=/);
    for (const [, file] of html.matchAll(/(?:src|href)="([^":]+)"/g))
      expect((await fetch(new URL(file ?? '', page.url))).status).toBe(200);
  });

  test('settings tell what was changed, and no token', async () => {
    const at = await startServer({
      adminToken: 'very-secret',
      clients: { [demoClient]: { agentToken: 'very-secret-too' } },
    });
    const { json, text } = await adminCaller(at).call('settings', {
      headers: { authorization: 'Bearer very-secret' },
    });
    expect(text).not.toContain('very-secret');
    const of = (key: string) => json.settings.find((one: { key: string }) => one.key === key);
    expect(of('port')).toMatchObject({ value: 0, initial: 8852, changed: true });
    expect(of('adminToken')).toMatchObject({ value: '(redacted)', changed: true });
    expect(of('ordering.stale')).toMatchObject({ changed: false, register: 'O-01' });
    await at.close();
    expect(await statusOf('settings')).toBe(200);
  });

  test('metrics are well-formed and count', async () => {
    await merchantAt(server).call('syncOrder', { merchantBizNo: 'M-1' });
    const { text } = await call('metrics');
    for (const line of text.trimEnd().split(/\n+/))
      expect(line).toMatch(
        /^(# (HELP|TYPE) \w+ .+|(alipayhk_mock|process|nodejs)_\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? ([\d.e+-]+|Nan))$/,
      );
    expect(text).toMatch(
      /^alipayhk_mock_exchanges_total\{operation="syncOrder",code="SUCCESS"\} [1-9]\d*$/m,
    );
    const bucketsOf = [...text.matchAll(/_bucket\{le="[^"]+",operation="syncOrder"\} (\d+)/g)].map(
      ([, n]) => Number(n),
    );
    expect(bucketsOf).toEqual([...bucketsOf].sort((a, b) => a - b));
    expect(bucketsOf).toHaveLength(14);
    for (const name of ['process_cpu_user_seconds_total', 'nodejs_eventloop_lag_seconds'])
      expect(text).toMatch(new RegExp(`^${name} [\\d.]+`, 'm'));
    expect(bucketsOf.at(-1)).toBe(Number(/_count\{operation="syncOrder"\} (\d+)/.exec(text)?.[1]));
  });

  test('sends as a client: signed, sealed, verified', async () => {
    const asked = {
      clientId: demoClient,
      operation: 'syncOrder',
      seal: true,
      headers: { 'x-mock-result': 'PARAM_ILLEGAL' },
    };
    const { json } = await call('send', { body: asked });
    expect(json).toMatchObject({
      exchange: { code: 'PARAM_ILLEGAL', sealed: true, signed: true },
      answer: { signature: 'verified' },
    });
    expect(json.answer.json.result.resultCode).toBe('PARAM_ILLEGAL');
    expect(await statusOf('send', { body: { clientId: 'NOBODY', operation: 'syncOrder' } })).toBe(
      404,
    );
    expect(
      await statusOf('send', {
        body: { clientId: demoClient, operation: 'syncOrder', example: 'NONE' },
      }),
    ).toBe(404);
    expect(
      await statusOf('send', {
        body: { clientId: demoClient, operation: 'syncOrder', headers: { host: 'evil' } },
      }),
    ).toBe(400);
    const fault = {
      clientId: demoClient,
      operation: 'syncOrder',
      headers: { 'x-mock-fault': 'reset' },
    };
    expect((await call('send', { body: fault })).json.answer).toEqual({ transport: 'reset' });
  });
});

describe('the journal', () => {
  test('is listed by every filter, in pages', async () => {
    const bookmark = server.journal.newest;
    const merchant = merchantAt(server);
    for (const n of [1, 2, 3]) await merchant.call('syncOrder', { merchantBizNo: `J-${n}` });
    await merchant.call('syncOrder', { merchantBizNo: 'MOCK_PARAM_ILLEGAL_J' });
    const numbersOf = async (query: string): Promise<number[]> =>
      (await call('listJournal', { query: `?since=${bookmark}&${query}` })).json.entries.map(
        ({ number }: { number: number }) => number - bookmark,
      );
    expect(await numbersOf('')).toEqual([4, 3, 2, 1]);
    expect(await numbersOf('order=oldest&limit=2')).toEqual([1, 2]);
    expect(await numbersOf(`before=${bookmark + 3}`)).toEqual([2, 1]);
    expect(await numbersOf('code=PARAM_ILLEGAL&code=ACCESS_DENIED')).toEqual([4]);
    expect(await numbersOf('status=S')).toEqual([3, 2, 1]);
    expect(await numbersOf('tag=scripted')).toEqual([4]);
    expect(await numbersOf('identity=J-2')).toEqual([2]);
    expect(await numbersOf('search=j-3')).toEqual([3]);
    expect(await numbersOf('operation=syncPaymentInfo')).toEqual([]);
    expect(await numbersOf('client=OTHER')).toEqual([]);
    expect(await numbersOf('step=decide&finding=NONE')).toEqual([]);
    expect(await numbersOf('from=2020-01-01T00:00:00Z&to=9999999999999')).toEqual([4, 3, 2, 1]);
    expect(await numbersOf('to=2020-01-01')).toEqual([]);
    const page = (await call('listJournal', { query: `?since=${bookmark}&limit=3` })).json;
    expect([page.total, page.next - bookmark, page.evicted]).toEqual([4, 2, 0]);
    expect(await statusOf('listJournal', { query: '?limit=0' })).toBe(400);
    expect(await statusOf('listJournal', { query: '?from=yesterday' })).toBe(400);
    expect(await statusOf('listJournal', { query: '?colour=red' })).toBe(400);
  });

  test('one entry tells everything, by id and by number', async () => {
    const { entry } = await merchantAt(server).call('syncOrder', { merchantBizNo: 'ONE-1' });
    const { json } = await call('journalEntry', { path: { id: entry?.id ?? '' } });
    expect(json.steps.map(({ name }: { name: string }) => name)).toEqual([
      'receive',
      'early-fault',
      'read-headers',
      'identify-client',
      'verify-signature',
      'check-access',
      'decrypt-body',
      'parse-body',
      'validate-request',
      'decide',
      'reply',
    ]);
    expect(json.changes).toMatchObject([
      { collection: 'orders', id: '["ONE-1"]', kind: 'added', before: null, after: { updates: 1 } },
      { collection: 'requests', kind: 'added' },
    ]);
    expect(json.request.headerLines).toContainEqual(['Client-Id', demoClient]);
    expect(JSON.parse(json.request.bodyText).merchantBizNo).toBe('ONE-1');
    expect((await call('journalEntry', { path: { id: entry?.number ?? 0 } })).json.id).toBe(
      entry?.id,
    );
    expect(await statusOf('journalEntry', { path: { id: 'nothing' } })).toBe(404);
  });

  test('scripts and the doctor’s cause are told', async () => {
    const scripted = (
      await call('send', {
        body: {
          clientId: demoClient,
          operation: 'syncOrder',
          headers: { 'x-mock-delay-ms': '1', 'x-mock-fault': 'wrong-key' },
        },
      })
    ).json;
    expect(
      (await call('journalEntry', { path: { id: scripted.exchange.id } })).json.scripted,
    ).toEqual({
      rule: 'request header',
      security: 'wrong-key',
      delayMs: 1,
    });
    const { json } = await call('send', { body: { clientId: demoClient, operation: 'syncOrder' } });
    const { method, target, headers, bodyText } = json.request;
    await fetch(`${server.url}${target}`, { method, headers, body: `${bodyText}\n` });
    const refused = (await call('listJournal', { query: '?code=INVALID_SIGNATURE&limit=1' })).json
      .entries[0];
    expect(refused).toMatchObject({ step: 'verify-signature', signed: false });
    const { diagnosis } = (await call('journalEntry', { path: { id: refused.id } })).json;
    expect(refused.findings).toEqual([diagnosis.cause.id]);
    expect(diagnosis.difference).toEqual(expect.any(String));
  });

  test('goes out as HAR 1.2', async () => {
    const { id } = (await call('listJournal', { query: '?limit=1' })).json.entries[0];
    expect((await call('journalEntryAsHar', { path: { id } })).json.log.entries).toHaveLength(1);
    const { log } = (await call('journalAsHar', { query: '?operation=syncOrder' })).json;
    expect(log.version).toBe('1.2');
    for (const { startedDateTime, request } of log.entries) {
      expect(new Date(startedDateTime).toISOString()).toBe(startedDateTime);
      expect(new URL(request.url).origin).toBe(server.url);
    }
  });

  test.each([
    ['a plain call', { seal: false }, 'received'],
    ['a sealed call', { seal: true }, 'received'],
    ['a call signed anew', { seal: false }, 'again'],
    ['a sealed call signed anew', { seal: true }, 'again'],
    [
      'a call that was refused',
      { seal: false, headers: { 'x-mock-result': 'ORDER_STATUS_INVALID' } },
      'received',
    ],
  ])('the curl line of %s really runs, and gets the same code', async (_what, wish, sign) => {
    const { exchange } = (
      await call('send', { body: { clientId: demoClient, operation: 'syncOrder', ...wish } })
    ).json;
    const { text } = await call('journalEntryAsCurl', {
      path: { id: exchange.id },
      query: `?sign=${sign}`,
    });
    // In a process of its own: this one has to answer meanwhile.
    const { stdout: output } = await promisify(execFile)('sh', ['-c', text]);
    expect(output).toMatch(/^HTTP\/1.1 200/);
    const id = /^tracer-id: (\w+)/im.exec(output)?.[1] ?? '';
    expect((await call('journalEntry', { path: { id } })).json).toMatchObject({
      code: exchange.code,
      tags: sign === 'received' && exchange.code === 'SUCCESS' ? ['duplicate'] : expect.any(Array),
      sealed: wish.seal,
      signed: true,
    });
  });

  test('is sent again byte for byte', async () => {
    const { exchange } = (
      await call('send', {
        body: { clientId: demoClient, operation: 'syncPaymentInfo', seal: true },
      })
    ).json;
    const again = (await call('sendAgain', { path: { id: exchange.id } })).json;
    expect(again).toMatchObject({
      exchange: { code: exchange.code, tags: ['duplicate'] },
      answer: { signature: 'verified' },
    });
    await fetch(`${server.url}/no-such-path`);
    const { id } = (await call('listJournal', { query: '?code=INVALID_API&limit=1' })).json
      .entries[0];
    expect(await statusOf('sendAgain', { path: { id } })).toBe(422);
    expect(await statusOf('journalEntryAsCurl', { path: { id }, query: '?sign=again' })).toBe(404);
  });
});

describe('assertions', () => {
  test('verify: passes, or says what is wrong and what came near', async () => {
    const since = server.journal.newest;
    await merchantAt(server).call('syncOrder', { merchantBizNo: 'V-1' });
    const exchanges = (code: string) => [
      { exchange: { operation: 'syncOrder', code, body: { merchantBizNo: 'V-1' } } },
    ];
    expect(
      (
        await call('verify', {
          body: {
            since,
            exchanges: exchanges('SUCCESS'),
            nothingElse: true,
            nothingUnsigned: true,
          },
        })
      ).json,
    ).toMatchObject({
      passed: true,
      considered: 1,
    });
    const failed = (
      await call('verify', { body: { since, exchanges: exchanges('PARAM_ILLEGAL') } })
    ).json;
    expect(failed).toMatchObject({
      passed: false,
      failures: [
        {
          kind: 'count',
          nearMisses: [
            { differences: [{ field: 'code', wanted: 'PARAM_ILLEGAL', got: 'SUCCESS' }] },
          ],
        },
      ],
    });
    expect(
      await statusOf('verify', { body: { exchanges: [{ exchange: { colour: 'red' } }] } }),
    ).toBe(400);
    expect(
      await statusOf('verify', {
        body: { exchanges: [{ exchange: { body: { a: { regex: '(' } } } }] },
      }),
    ).toBe(400);
  });

  test('a near miss does not tell what stood in a sealed body', async () => {
    const since = server.journal.newest;
    await merchantAt(server).call('syncOrder', { merchantBizNo: 'SECRET-V' }, undefined, {
      seal: true,
    });
    const { json } = await call('verify', {
      body: { since, exchanges: [{ exchange: { code: 'SUCCESS', body: { userId: 'other' } } }] },
    });
    expect(json.failures[0].nearMisses[0].differences).toEqual([
      { field: 'body.userId', wanted: 'other', redacted: true },
    ]);
  });

  test('wait-for: answers when it comes, or when the time is over', async () => {
    const since = server.journal.newest;
    const exchange = { operation: 'syncOrder', body: { merchantBizNo: 'W-1' } };
    const waiting = call('waitFor', { body: { exchange, since } });
    await merchantAt(server).call('syncOrder', { merchantBizNo: 'W-1' });
    expect((await waiting).json).toMatchObject({
      arrived: true,
      exchanges: [{ identity: '["W-1"]' }],
    });
    expect(
      (
        await call('waitFor', {
          body: { exchange: { operation: 'updateMembershipCard', code: 'NEVER' }, withinMs: 20 },
        })
      ).json.arrived,
    ).toBe(false);
    expect(await statusOf('waitFor', { body: { exchange, withinMs: 60_000 } })).toBe(400);
  });

  test('over evicted exchanges both say so', async () => {
    const at = await startServer({ 'journal.entries': 1 });
    const { call: ask } = adminCaller(at);
    for (const n of [1, 2]) await merchantAt(at).call('syncOrder', { merchantBizNo: `E-${n}` });
    const body = { exchanges: [{ exchange: {}, atLeast: 1 }] };
    expect((await ask('verify', { body })).json).toMatchObject({
      passed: false,
      evicted: true,
      failures: [{ kind: 'evicted' }],
    });
    expect((await ask('verify', { body: { ...body, since: 1 } })).json).toMatchObject({
      passed: true,
      evicted: false,
    });
    expect(
      (await ask('waitFor', { body: { exchange: { code: 'X' }, withinMs: 1 } })).json,
    ).toMatchObject({
      arrived: false,
      evicted: true,
    });
    expect((await ask('listJournal')).json).toMatchObject({ evicted: 1, kept: 1 });
    expect((await ask('journalAsHar')).json.log.comment).toMatch(/1 earlier/);
    expect((await ask('journalEntry', { path: { id: 1 } })).json.error).toMatch(
      /1 older exchanges had to go/,
    );
    await at.close();
  });
});

describe('clients', () => {
  test('are made, shown, listed and dropped', async () => {
    expect((await call('createClient', { body: { clientId: 'C-1' } })).json.privateKey).toMatch(
      /PRIVATE KEY/,
    );
    expect(await statusOf('createClient', { body: { clientId: 'C-1' } })).toBe(409);
    expect(await statusOf('createClient', { body: { name: 'C-1' } })).toBe(400);
    const made = await call('createClient');
    expect(made.status).toBe(201);
    expect((await call('showClient', { path: { clientId: 'C-1' } })).json).toMatchObject({
      created: true,
      oneShots: 0,
    });
    expect((await call('showClient', { path: { clientId: 'C-2' } })).json.error).toMatch(
      /Did you mean "C-1"/,
    );
    expect((await call('listClients')).json.clients.length).toBeGreaterThan(2);
    for (const clientId of ['C-1', made.json.clientId])
      expect(await statusOf('dropClient', { path: { clientId } })).toBe(204);
    expect(await statusOf('dropClient', { path: { clientId: demoClient } })).toBe(404);
  });

  test('change keys: the old ones serve as long as was said', async () => {
    await call('createClient', { body: { clientId: 'K-1' } });
    const path = { clientId: 'K-1' };
    const sendCode = async (): Promise<string> =>
      (await call('send', { body: { clientId: 'K-1', operation: 'syncOrder' } })).json.exchange
        .code;
    await call('moveClientClock', { path, body: { freeze: true } });
    const rotated = (await call('rotateKeys', { path, body: { overlapMs: 1000 } })).json;
    expect(rotated).toMatchObject({
      key: { version: 2, state: 'active', privateKeyHeld: true },
      privateKey: expect.stringMatching(/PRIVATE/),
    });
    expect(await sendCode()).toBe('SUCCESS');
    await call('moveClientClock', { path, body: { advanceMs: 1000 } });
    const states = (await call('listKeys', { path })).json.keys.map(
      (key: { version: number; state: string }) => [key.version, key.state],
    );
    expect(states).toEqual([
      [1, 'retired'],
      [2, 'active'],
    ]);
    expect(
      await statusOf('retireKey', { path: { ...path, algorithm: 'RSA256', version: 2 } }),
    ).toBe(204);
    expect(await statusOf('send', { body: { clientId: 'K-1', operation: 'syncOrder' } })).toBe(422);
    expect(
      await statusOf('retireKey', { path: { ...path, algorithm: 'RSA256', version: 7 } }),
    ).toBe(404);
    expect(await statusOf('retireKey', { path: { ...path, algorithm: 'DSA', version: 7 } })).toBe(
      400,
    );
    expect(await statusOf('rotateKeys', { path, body: { publicKey: rotated.key.publicKey } })).toBe(
      422,
    );
    expect(
      await statusOf('rotateKeys', { path, body: { publicKey: (await call('platformKey')).text } }),
    ).toBe(422);
    await call('dropClient', { path });
  });

  test('of the key folder too, without touching it', async () => {
    const path = { clientId: demoClient };
    expect(
      (await call('rotateKeys', { path, body: { algorithm: 'ECC224' } })).json.key,
    ).toMatchObject({ algorithm: 'ECC224', version: 2 });
    expect((await call('showClient', { path })).json).toMatchObject({
      created: false,
      keys: { length: 3 },
    });
    expect(await merchantAt(server).call('syncOrder')).toMatchObject({ signature: 'verified' });
    expect(await statusOf('resetEverything')).toBe(204);
    expect((await call('listKeys', { path })).json.keys).toHaveLength(2);
  });
});

describe('scenarios', () => {
  const yaml =
    'name: all-fail\ndescription: Every order fails.\nrules:\n  - when: { operation: syncOrder }\n    then: { result: PARAM_ILLEGAL }\n';

  test('are listed, shown, activated for all and for one', async () => {
    expect((await call('listScenarios')).json.known.length).toBeGreaterThan(60);
    expect((await call('showScenario', { path: { name: 'net-reset' } })).json).toMatchObject({
      source: 'package',
      yaml: expect.stringContaining('NET-13'),
    });
    expect(await statusOf('showScenario', { path: { name: 'net-rest' } })).toBe(404);
    expect(await statusOf('activateScenarios', { body: { active: ['order-param-illegal'] } })).toBe(
      204,
    );
    expect((await merchantAt(server).call('syncOrder')).code).toBe('PARAM_ILLEGAL');
    expect(await statusOf('activateScenarios', { body: { active: ['nothing'] } })).toBe(422);
    expect(
      await statusOf('activateForClient', {
        path: { clientId: demoClient },
        body: { active: ['order-un-support-business'] },
      }),
    ).toBe(204);
    expect((await merchantAt(server).call('syncOrder')).code).toBe('UN_SUPPORT_BUSINESS');
    expect(await statusOf('resetScenarios')).toBe(204);
    expect((await merchantAt(server).call('syncOrder')).code).toBe('SUCCESS');
  });

  test('are checked with line and column, uploaded, replaced, taken away', async () => {
    expect((await call('checkScenario', { body: { yaml } })).json).toEqual({
      ok: true,
      name: 'all-fail',
      problems: [],
      warnings: [],
    });
    const wrong = (
      await call('checkScenario', { body: { yaml: yaml.replace('PARAM_ILLEGAL', 'PARAM_ILEGAL') } })
    ).json;
    expect(wrong.problems).toMatchObject([{ line: 5, remedy: 'Did you mean "PARAM_ILLEGAL"?' }]);
    const shadowed = `${yaml}${yaml.split('\n').slice(3).join('\n')}`;
    expect((await call('checkScenario', { body: { yaml: shadowed } })).json.warnings).toMatchObject(
      [{ line: 6 }],
    );
    expect(await statusOf('uploadScenario', { body: { yaml: 'name: [' } })).toBe(422);
    expect(
      await statusOf('uploadScenario', { body: { yaml: yaml.replace('all-fail', 'net-reset') } }),
    ).toBe(409);
    for (const text of [yaml, yaml.replace('PARAM_ILLEGAL', 'UN_SUPPORT_BUSINESS')])
      expect(await statusOf('uploadScenario', { body: { yaml: text } })).toBe(201);
    await call('activateForClient', {
      path: { clientId: demoClient },
      body: { active: ['all-fail'] },
    });
    expect((await merchantAt(server).call('syncOrder')).code).toBe('UN_SUPPORT_BUSINESS');
    expect((await call('showScenario', { path: { name: 'all-fail' } })).json).toMatchObject({
      source: 'uploaded',
    });
    expect(await statusOf('withdrawScenario', { path: { name: 'all-fail' } })).toBe(204);
    expect(await statusOf('withdrawScenario', { path: { name: 'net-reset' } })).toBe(404);
    expect((await merchantAt(server).call('syncOrder')).code).toBe('SUCCESS');
    expect((await call('showClient', { path: { clientId: demoClient } })).json.scenarios).toEqual(
      [],
    );
  });

  test('one-shots queue up and are cleared', async () => {
    const path = { clientId: demoClient };
    const rule = { when: { operation: 'syncOrder' }, then: { result: 'ACCESS_DENIED' } };
    expect((await call('queueOneShot', { path, body: { ...rule, times: 3 } })).json).toEqual({
      queued: 1,
    });
    expect((await call('listOneShots', { path })).json.oneShots).toEqual([
      { name: 'one-shot 1', times: 3, ...rule },
    ]);
    expect(
      await statusOf('queueOneShot', { path, body: { ...rule, then: { result: 'NOPE' } } }),
    ).toBe(422);
    expect(await statusOf('queueOneShot', { path, body: { ...rule, times: 0 } })).toBe(400);
    const second = { when: { operation: 'syncOrder' }, then: { fault: 'reset' } };
    await call('queueOneShot', { path, body: second });
    const one = { path: { ...path, name: 'one-shot 1' } };
    const other = { ...rule, then: { result: 'PARAM_ILLEGAL' }, times: 1 };
    expect(await statusOf('replaceOneShot', { ...one, body: other })).toBe(204);
    expect((await call('listOneShots', { path })).json.oneShots).toMatchObject([other, second]);
    expect(
      await statusOf('replaceOneShot', { ...one, body: { ...rule, then: { result: 'NOPE' } } }),
    ).toBe(422);
    expect((await merchantAt(server).call('syncOrder')).code).toBe('PARAM_ILLEGAL');
    expect(await statusOf('replaceOneShot', { ...one, body: other })).toBe(404);
    await call('removeOneShot', { path: { ...path, name: 'one-shot 2' } });
    expect((await call('listOneShots', { path })).json.oneShots).toEqual([]);
    expect(await statusOf('removeOneShot', one)).toBe(404);
    expect((await merchantAt(server).call('syncOrder')).code).toBe('SUCCESS');
    expect(await statusOf('clearOneShots', { path })).toBe(204);
    expect(await statusOf('listOneShots', { path: { clientId: 'NOBODY' } })).toBe(404);
  });
});

test('clocks and the seed', async () => {
  const path = { clientId: demoClient };
  expect((await call('moveClock', { body: { freeze: 1_767_225_600_000 } })).json).toEqual({
    now: 1_767_225_600_000,
    rate: 0,
  });
  expect((await call('readClock')).json.rate).toBe(0);
  expect((await call('moveClientClock', { path, body: { advanceMs: 5 } })).json.now).toBe(
    1_767_225_600_005,
  );
  expect((await call('readClientClock', { path })).json.now).toBe(1_767_225_600_005);
  expect(await statusOf('moveClock', { body: { freeze: true, reset: true } })).toBe(400);
  expect(await statusOf('moveClock', { body: {} })).toBe(400);
  const idOf = async (): Promise<string> => {
    expect((await call('setSeed', { body: { seed: 42 } })).json).toEqual({ seed: 42 });
    return (await merchantAt(server).call('syncOrder')).entry?.id ?? '';
  };
  expect(await idOf()).toBe(await idOf());
  await call('resetEverything');
  expect((await call('readSeed')).json).toEqual({ seed: 0 });
  expect((await call('readClock')).json.rate).toBe(1);
});

describe('the state', () => {
  const path = { clientId: demoClient };
  const record = (id: string) => ({ path: { ...path, collection: 'orders', recordId: id } });

  test('is looked at by collection and identity, in pages', async () => {
    await call('resetEverything');
    for (const n of [1, 2, 3])
      await merchantAt(server).call('syncOrder', { merchantBizNo: `P-${n}` });
    expect((await call('stateOverview')).json.worlds).toMatchObject([
      { clientId: demoClient, collections: { orders: 3, requests: 3 } },
    ]);
    const list = async (query: string) =>
      (await call('listRecords', { path: { ...path, collection: 'orders' }, query })).json;
    const first = await list('?limit=2');
    expect([first.records.length, first.total, first.next]).toEqual([2, 3, '["P-2"]']);
    const rest = await list(`?limit=2&after=${encodeURIComponent(first.next)}`);
    expect(rest.records.map(({ identity }: { identity: string[] }) => identity)).toEqual([['P-3']]);
    expect(rest).not.toHaveProperty('next');
    expect((await list('?identity=P-2')).total).toBe(1);
    expect((await list('?search=ticketed')).total).toBe(3);
    expect(await statusOf('listRecords', { path: { ...path, collection: 'things' } })).toBe(400);
  });

  test('one record is put, read, changed by a call, taken away', async () => {
    const [held] = (
      await call('listRecords', { path: { ...path, collection: 'orders' }, query: '?limit=1' })
    ).json.records;
    const value = { ...held.value, eventTime: 1 };
    expect(
      (await call('putRecord', { ...record('["S/1"]'), body: { value } })).json.identity,
    ).toEqual(['S/1']);
    expect((await call('readRecord', record('["S/1"]'))).json.value).toEqual(value);
    const { entry } = await merchantAt(server).call('syncOrder', { merchantBizNo: 'S/1' });
    expect(entry?.changes[0]?.before).toEqual(value);
    expect(await statusOf('deleteRecord', record('["S/1"]'))).toBe(204);
    expect(await statusOf('readRecord', record('["S/1"]'))).toBe(404);
    expect(await statusOf('deleteRecord', record('["S/1"]'))).toBe(404);
    expect(await statusOf('putRecord', { ...record('no-identity'), body: { value } })).toBe(400);
    expect(await statusOf('putRecord', { ...record('["S/1"]'), body: { value: 5 } })).toBe(400);
    expect(
      await statusOf('putRecord', { ...record('["S/1"]'), body: { value: { ...value, more: 1 } } }),
    ).toBe(400);
  });

  test('goes out, and comes back the same; what was there beside it goes or stays as asked', async () => {
    const before = (await call('exportState')).json;
    await merchantAt(server).call('syncOrder', { merchantBizNo: 'LATER' });
    expect((await call('importState', { body: before, query: '?mode=merge' })).json).toEqual({
      worlds: 1,
      records: 7,
    });
    expect((await readWorld(server.store, demoClient)).orders.has('["LATER"]')).toBe(true);
    expect(await statusOf('importState', { body: before })).toBe(200);
    expect((await call('exportState', { query: `?clientId=${demoClient}` })).json).toEqual(before);
    expect(
      (await merchantAt(server).call('syncOrder', { merchantBizNo: 'P-1' })).entry?.changes[0]
        ?.before,
    ).not.toBeNull();
    expect(await statusOf('importState', { body: { format: 'other', worlds: [] } })).toBe(400);
    const stray = {
      clientId: 'X',
      collections: { orders: { 'no-identity': { fields: {}, eventTime: 1, updates: 1 } } },
    };
    expect(await statusOf('importState', { body: { ...before, worlds: [stray] } })).toBe(400);
  });
});

describe('each reset does what its name says and no more', () => {
  const held = async () => {
    const { orders, requests, calls } = await readWorld(server.store, demoClient);
    return {
      orders: orders.size,
      requests: requests.size,
      calls: calls.size,
      journal: server.journal.size,
    };
  };
  const prepared = async () => {
    await call('resetEverything');
    await call('activateScenarios', { body: { active: ['order-fails-twice-then-succeeds'] } });
    for (let n = 0; n < 3; n++)
      await merchantAt(server).call('syncOrder', { merchantBizNo: 'R-1' });
    expect(await held()).toEqual({ orders: 1, requests: 1, calls: 1, journal: 3 });
  };
  test.each([
    ['resetJournal', {}, { orders: 1, requests: 1, calls: 1, journal: 0 }],
    ['deleteJournal', {}, { orders: 1, requests: 1, calls: 1, journal: 0 }],
    [
      'resetJournal',
      { query: '?clientId=OTHER' },
      { orders: 1, requests: 1, calls: 1, journal: 3 },
    ],
    ['resetState', {}, { orders: 0, requests: 1, calls: 1, journal: 3 }],
    ['resetRequestIds', {}, { orders: 1, requests: 0, calls: 1, journal: 3 }],
    [
      'resetRequestIds',
      { query: `?clientId=${demoClient}` },
      { orders: 1, requests: 0, calls: 1, journal: 3 },
    ],
    ['resetScenarios', {}, { orders: 1, requests: 1, calls: 0, journal: 3 }],
    [
      'resetClient',
      { path: { clientId: demoClient } },
      { orders: 0, requests: 0, calls: 0, journal: 0 },
    ],
    ['resetEverything', {}, { orders: 0, requests: 0, calls: 0, journal: 0 }],
  ])('%s %j', async (operation, asked, left) => {
    await prepared();
    expect(await statusOf(operation, asked)).toBe(204);
    expect(await held()).toEqual(left);
    const stays = !['resetScenarios', 'resetEverything'].includes(operation);
    expect(server.scenarios.activeNames).toEqual(stays ? ['order-fails-twice-then-succeeds'] : []);
  });
  test('everything takes made clients along', async () => {
    await call('createClient', { body: { clientId: 'GONE' } });
    await call('resetEverything');
    expect(await statusOf('resetClient', { path: { clientId: 'GONE' } })).toBe(404);
  });
});

describe('the doctor', () => {
  const headers = { 'content-type': 'text/plain' };
  test('reads raw requests, curl lines and the journal', async () => {
    const { exchange } = (
      await call('send', { body: { clientId: demoClient, operation: 'syncOrder' } })
    ).json;
    const curl = (await call('journalEntryAsCurl', { path: { id: exchange.id } })).text;
    expect((await call('diagnose', { body: curl, headers })).json).toMatchObject({ valid: true });
    const entry = (await call('journalEntry', { path: { id: exchange.id } })).json;
    expect((await call('diagnose', { body: entry })).json.valid).toBe(true);
    const spoilt = {
      ...entry,
      request: {
        ...entry.request,
        bodyBase64: Buffer.from(`${entry.request.bodyText}\n`).toString('base64'),
      },
    };
    const { json } = await call('diagnose', { body: spoilt, query: '?language=java' });
    expect(json).toMatchObject({
      valid: false,
      diagnoses: [{ verdict: 'mistake' }],
      text: expect.stringContaining('Java'),
    });
    expect(await statusOf('diagnose', { body: 'what?', headers })).toBe(422);
    expect(await statusOf('diagnose', { body: 'HTTP/1.1 200 OK\r\n\r\n{}', headers })).toBe(422);
  });
});

test('a capsule of the newest exchange, in the form of its schema', async () => {
  await merchantAt(server).call('syncOrder', { merchantBizNo: 'M-1' });
  expect(await statusOf('capsule', { query: '?last=1' })).toBe(200);
  expect(await statusOf('capsule', { query: '?last=none' })).toBe(400);
});

test('integration: lint, its allowances, and coverage', async () => {
  const { json } = await call('lint', { query: '?isEnd=true' });
  expect(json).toMatchObject({ findings: expect.any(Array), evicted: 0 });
  const body = { rule: 'L-RTY-04', reason: 'the test repeats on purpose' };
  expect(await statusOf('allowLint', { body })).toBe(204);
  expect(await statusOf('allowLint', { body: { ...body, rule: 'L-RTY-99' } })).toBe(404);
  expect((await call('lint')).json.allowances).toMatchObject([body]);
  expect((await call('coverage')).json.groups).toHaveLength(11);
  expect(await statusOf('clearLint')).toBe(204);
});

test('a case of certify is started, driven by the caller, and judged', async () => {
  const drive = async (isCareful: boolean) => {
    const started = await call('startCase', {
      path: { caseId: 'C-SEC-01' },
      body: { variant: 'unsigned', quietMs: 50 },
    });
    expect(started.status).toBe(201);
    const { run, job } = started.json;
    const merchant = new AlipayHKClient({
      baseUrl: job.connection.baseUrl,
      clientId: job.connection.clientId,
      privateKey: job.connection.privateKey,
      platformKey: job.connection.platformKeys['1'],
      retry: isCareful ? { pausesMs: [10] } : false,
    });
    const outcome = await merchant.syncOrder(job.message).then(
      () => 'SUCCESS',
      () => (isCareful ? 'UNKNOWN' : 'SUCCESS'),
    );
    let step = await call('finishCase', { path: { caseId: 'C-SEC-01' }, body: { run, outcome } });
    while (step.json.isDone === false)
      step = await call('finishCase', {
        path: { caseId: 'C-SEC-01' },
        body: { run, outcome, resent: 0 },
      });
    return step.json;
  };
  expect(await drive(true)).toMatchObject({ case: 'C-SEC-01', result: { verdict: 'PASS' } });
  const { run, result } = await drive(false);
  expect(result).toMatchObject({ verdict: 'FAIL', severity: 'critical' });
  const done = { run, outcome: 'SUCCESS' };
  const at = { caseId: 'C-SEC-01' };
  expect(await statusOf('finishCase', { path: at, body: done })).toBe(404);
  expect(await statusOf('startCase', { path: { caseId: 'C-SEC-99' }, body: {} })).toBe(404);
  expect(await statusOf('startCase', { path: { caseId: 'C-BOX-01' }, body: {} })).toBe(409);
  expect(await statusOf('startCase', { path: at, body: { variant: 'none' } })).toBe(409);
});

test('events: a stream', async () => {
  await supertest(`${server.adminUrl}/__admin`)
    .get('/events')
    .buffer(true)
    // The stream has no end: its first part is enough.
    .parse((response, done) => void response.once('data', () => done(null, '')))
    .expect(200)
    .expect('content-type', 'text/event-stream; charset=utf-8');
  exercised.add('events');
});

test('every operation of the contract has been exercised with supertest', () => {
  expect([...routes.keys()].filter((id) => !exercised.has(id))).toEqual([]);
});
