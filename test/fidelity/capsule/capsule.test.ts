import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MockServer, startPlayback } from '../../../server/app/create-server.ts';
import { settingsWith } from '../../../server/app/settings/resolve-settings.ts';
import type { Settings } from '../../../server/domain/settings/settings-table.ts';
import {
  type Capsule,
  readCapsule,
  sealCapsule,
  writeCapsule,
} from '../../../server/fidelity/capsule/capsule-file.ts';
import {
  type CapsuleSource,
  type ExportCapsuleOptions,
  exportCapsule,
} from '../../../server/fidelity/capsule/export-capsule.ts';
import { replayCapsule } from '../../../server/fidelity/capsule/replay-capsule.ts';
import { diagnosePending } from '../../../server/journal/diagnosis-queue.ts';
import type { JournalEntry } from '../../../server/journal/journal-entry.ts';
import { packageRoot } from '../../../server/package-root.ts';
import { StartupError } from '../../../server/problems/problem.ts';
import { merchantAt } from '../../merchant.ts';
import { demoClient, startServer } from '../../start-server.ts';

let server: MockServer;

beforeAll(async () => {
  server = await startServer({ 'ordering.stale': 'refuse' });
});
afterAll(() => server.close(0));

const source = (settings: Partial<Settings> = {}): CapsuleSource => ({
  version: '0.0.0',
  settings: settingsWith({ 'ordering.stale': 'refuse', ...settings }),
  contract: server.contract,
  scenarios: server.scenarios.known,
  packageScenarios: join(packageRoot, 'scenarios'),
  isTestClient: (id) => id === demoClient,
  start: startPlayback,
});

/** What a run adds to the journal, diagnosed. */
const record = async (run: () => Promise<unknown>, at = server): Promise<JournalEntry[]> => {
  const since = at.journal.newest;
  await run();
  const entries = at.journal.entries.filter(({ number }) => number > since);
  await diagnosePending(entries);
  return entries;
};

const pack = async (
  entries: readonly JournalEntry[],
  options: ExportCapsuleOptions = { keepData: true, open: true },
): Promise<Capsule> => exportCapsule(entries, source(), options);

const replay = async (capsule: Capsule) => {
  const read = readCapsule(Buffer.from(writeCapsule(capsule)), 'a.capsule.json');
  expect(read.isIntact).toBe(true);
  return replayCapsule(read, { start: startPlayback });
};

const allSame = (capsule: Capsule) =>
  capsule.exchanges.map(({ number, operation }) =>
    expect.objectContaining({ number, operation, result: 'same' }),
  );

test('one exchange replays byte for byte, and a changed byte is reported at its offset', async () => {
  const entries = await record(() => merchantAt(server).call('syncOrder'));
  const { integrity: _, ...capsule } = await pack(entries);
  expect(await replay(sealCapsule(capsule))).toEqual(allSame(sealCapsule(capsule)));
  const [exchange] = capsule.exchanges;
  if (exchange === undefined) throw new Error('no exchange');
  const changed = { ...exchange, reply: { ...exchange.reply, status: 201 } };
  expect(await replay(sealCapsule({ ...capsule, exchanges: [changed] }))).toMatchObject([
    { result: 'differs', difference: { part: 'head', offset: 11 } },
  ]);
});

test('one plain exchange takes at most 4 kB', async () => {
  await server.resets.state();
  const merchant = merchantAt(server);
  const entries = await record(async () => {
    for (const { id, examples } of server.contract.operations.values())
      for (const example of examples.keys()) await merchant.call(id, {}, example);
  });
  const sizes = await Promise.all(
    entries.map(async (entry) => Buffer.byteLength(writeCapsule(await pack([entry])))),
  );
  expect(Math.max(...sizes)).toBeLessThanOrEqual(4096);
});

const refused = (text: string | Buffer): readonly string[] => {
  try {
    readCapsule(Buffer.from(text), 'a.capsule.json');
  } catch (error) {
    if (error instanceof StartupError)
      return error.problems.map(({ where, message, remedy }) => `${where}: ${message} | ${remedy}`);
  }
  return [];
};

test('a file that is no capsule is refused with its place, the problem and a remedy', async () => {
  const entries = await record(() => merchantAt(server).call('syncOrder'));
  const text = writeCapsule(await pack(entries));
  const cases: readonly (readonly [string, RegExp])[] = [
    [text.slice(0, 500), /a\.capsule\.json: is not JSON: it ends too soon.*\| Export/],
    [text.replace('capsule/v1', 'capsule/v2'), /is of the version alipayhk-mock\/capsule\/v2/],
    ['{"log":{}}', /is not a capsule: its member "format"/],
    [text.replace('"syncOrder"', '"orderSync"'), /operation: unknown operation "orderSync"/],
    [text.replace('"settings":{', '"settings":{"port":1,'), /settings\.port: is no setting/],
    [text.replace('"stale":"refuse"', '"stale":"x"').replace('"refuse"', '"never"'), /settings/],
    [text.replace('"format"', '"format":"x","format"'), /has the member format twice/],
    [text.replace('"settings":{', '"settings":{"__proto__":{},'), /__proto__/],
    [`${'['.repeat(10_000)}${']'.repeat(10_000)}`, /nested deeper than/],
    [text.replace('"method":"POST"', '"method":"P T"'), /method: must be a method of HTTP/],
    [text.replace(/"host","[^"]*"/, '"host","a\\r\\nb: c"'), /must not contain line breaks/],
  ];
  for (const [changed, sentence] of cases) expect(refused(changed).join('\n')).toMatch(sentence);
  expect(refused(Buffer.alloc(33 * 1024 * 1024, ' ')).join()).toMatch(/is longer than/);
});

test('the admin API exports a selection, and says what it cannot', async () => {
  const since = server.journal.newest;
  await merchantAt(server).call('syncPaymentInfo');
  const get = async (query: string) => {
    const response = await fetch(`${server.url}/__admin/capsule?${query}`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const found = await get(`since=${since}&operation=syncPaymentInfo&last=5&note=hello`);
  expect(found).toMatchObject({ status: 200, body: { format: 'alipayhk-mock/capsule/v1' } });
  expect(found.body['exchanges']).toHaveLength(1);
  expect(found.body['made']).toMatchObject({ note: 'hello' });
  expect(await get('id=999999')).toMatchObject({ status: 404 });
  expect(await get('operation=none')).toMatchObject({
    status: 422,
    body: { problems: [{ message: 'no exchange is selected' }] },
  });
  expect(await get('keepData=true&open=true')).toMatchObject({
    status: 422,
    body: { problems: [{ where: 'open' }] },
  });
});
