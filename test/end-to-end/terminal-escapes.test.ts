import { afterAll, beforeAll, expect, test } from 'vitest';
import { signRequest } from '../../sdk/client/signed-call.ts';
import type { MockServer } from '../../server/app/create-server.ts';
import { answered, attack, bytesOf, orderPath } from '../abuse/raw-attack.ts';
import { runBundle } from '../run-bundle.ts';
import { demoMerchant, startServer } from '../start-server.ts';

let server: MockServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/;

/** C1 controls may be in a header, as bytes; ESC and OSC only in a body. */
const sendHostile = async (): Promise<string> => {
  const body = Buffer.from('{"note":"\u001b[2J\u001b]0;title\u0007\u009b31m\u202e"}');
  const signed = signRequest(demoMerchant(), orderPath, body);
  const bytes = bytesOf({
    ...signed,
    headers: { ...signed.headers, 'X-Evil': '\u009b2J\u009d0;title\u009c' },
  });
  const text = Buffer.from(bytes.toString('utf8'), 'utf8');
  const { text: answer } = await attack(server, text, { until: answered });
  return /x-mock-request-id: (\S+)/i.exec(answer)?.[1] ?? expect.fail(answer);
};

test.each([
  ['journal show', (id: string) => ['journal', 'show', id], /X-Evil: .*2J.*title/i],
  ['journal show --curl', (id: string) => ['journal', 'show', id, '--curl'], /X-Evil/],
  ['journal show --json', (id: string) => ['journal', 'show', id, '--json'], /X-Evil/i],
  ['journal list', () => ['journal', 'list'], /PARAM_ILLEGAL/],
])('%s prints no control character of a header or body', async (_, words, shown) => {
  const id = await sendHostile();
  const { finished } = runBundle([...words(id), '--url', server.url]);
  const { code, stdout, stderr } = await finished;
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(shown);
  expect(stdout).not.toMatch(controls);
});
