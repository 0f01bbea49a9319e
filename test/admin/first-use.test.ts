import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MockServer } from '../../server/app/create-server.ts';
import { merchantAt } from '../merchant.ts';
import { startServer } from '../start-server.ts';

let server: MockServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const read = async (path: string): Promise<Record<string, unknown>> =>
  (await (await fetch(`${server.adminUrl}/__admin${path}`)).json()) as Record<string, unknown>;
const firstUseOf = async (id: string | undefined): Promise<unknown> =>
  (await read(`/journal/${id}`))['firstUse'];

test('a request id that is used again, with another body or the same, names its first use', async () => {
  const merchant = merchantAt(server);
  const body = merchant.sample('syncOrder', { requestId: 'TWICE-1', merchantBizNo: 'F-1' });
  const first = await merchant.send('syncOrder', body);
  const repeated = await merchant.send('syncOrder', body);
  const other = await merchant.send('syncOrder', { ...body, merchantBizNo: 'F-2' }, { seal: true });
  expect([first.tags, repeated.tags, other.tags]).toEqual([[], ['duplicate'], ['mismatch']]);
  expect(await firstUseOf(first.entry?.id)).toBeUndefined();
  expect(await firstUseOf(repeated.entry?.id)).toBe(first.entry?.id);
  expect(await firstUseOf(other.entry?.id)).toBe(first.entry?.id);
});

test('a first use that the journal no longer has is not named', async () => {
  const merchant = merchantAt(server);
  const body = merchant.sample('syncOrder', { requestId: 'TWICE-2', merchantBizNo: 'G-1' });
  await merchant.send('syncOrder', body);
  server.journal.deleteEntries();
  const again = await merchant.send('syncOrder', body);
  expect([again.tags, await firstUseOf(again.entry?.id)]).toEqual([['duplicate'], undefined]);
});

test('records are listed oldest first, or newest first when asked so, page by page', async () => {
  for (const n of [1, 2, 3])
    await merchantAt(server).call('syncOrder', { merchantBizNo: `P-${n}` });
  const client = server.clients.list()[0]?.clientId;
  const list = async (query: string): Promise<unknown> => {
    const { records, next } = await read(
      `/clients/${client}/state/orders?limit=2&search=P-${query}`,
    );
    return [(records as { id: string }[]).map(({ id }) => id), next];
  };
  expect(await list('')).toEqual([['["P-1"]', '["P-2"]'], '["P-2"]']);
  expect(await list('&order=newest')).toEqual([['["P-3"]', '["P-2"]'], '["P-2"]']);
  expect(await list(`&order=newest&after=${encodeURIComponent('["P-2"]')}`)).toEqual([
    ['["P-1"]'],
    undefined,
  ]);
});
