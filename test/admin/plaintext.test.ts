import { expect, test } from 'vitest';
import { demoClient, startServer } from '../start-server.ts';
import { adminCaller } from './admin-caller.ts';

test.each([
  [false, { redacted: true }],
  [
    true,
    { redacted: false, text: expect.stringContaining('SEALED-1'), bodyBase64: expect.any(String) },
  ],
])('journal.plaintext %s decides what is seen of sealed bodies', async (plaintext, opened) => {
  const server = await startServer({ 'journal.plaintext': plaintext });
  const { call } = adminCaller(server);
  const sent = await call('send', {
    body: {
      clientId: demoClient,
      operation: 'syncOrder',
      seal: true,
      fields: { merchantBizNo: 'SEALED-1' },
    },
  });
  const { json, text } = await call('journalEntry', { path: { id: sent.json.exchange.id } });
  expect(json.request.opened).toEqual(opened);
  expect(json.reply.opened.redacted).toBe(!plaintext);
  expect(json.changes[0]).toMatchObject({
    collection: 'orders',
    kind: 'added',
    ...(plaintext ? { before: null } : { redacted: true }),
  });
  // The field of the sealed body that nothing else speaks of.
  expect(text.includes('orderModifyTime')).toBe(plaintext);
  await server.close();
});
