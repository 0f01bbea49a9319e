import { execFile, execFileSync } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { readCurl } from '../../server/doctor/read-curl.ts';
import { curlLine, exchangeToJson, toHar } from '../../server/journal/exchange-views.ts';
import { Journal } from '../../server/journal/journal.ts';
import type { JournalEntry } from '../../server/journal/journal-entry.ts';
import { isPrintable } from '../../server/problems/display-text.ts';
import { addTo } from './exchange-sample.ts';

const entryOf = (fields: Partial<JournalEntry> = {}) =>
  addTo(new Journal({ entries: 1, bytes: 2 ** 30 }), fields);

describe('what is sealed stays sealed', () => {
  const secret = 'only-for-the-receiver';
  const sealed = entryOf({
    sealed: true,
    request: {
      headers: { encrypt: 'algorithm=RSA_AES', 'agent-token': 'let-me-in' },
      headerLines: ['Encrypt', 'algorithm=RSA_AES', 'Agent-Token', 'let-me-in'],
      body: Buffer.from('c2VhbGVk'),
      plain: Buffer.from(JSON.stringify({ note: secret })),
    },
    reply: {
      httpStatus: 200,
      headers: {},
      body: Buffer.from('c2VhbGVk'),
      plain: Buffer.from(secret),
    },
    changes: [
      {
        collection: 'orders',
        id: '["T-1"]',
        before: null,
        after: { fields: { note: secret }, eventTime: 1, updates: 1 },
      },
    ],
    diagnosis: {
      subject: 'signature',
      verdict: 'mistake',
      notes: [],
      evidence: [],
      expected: { content: Buffer.from('c2VhbGVk'), digestHex: '00' },
      signed: { content: Buffer.from(secret) },
      spent: { hypotheses: 1, ms: 1 },
      exhausted: true,
    },
  });

  test('unless the setting says otherwise', () => {
    const json = JSON.stringify(exchangeToJson(sealed, { plaintext: true }));
    expect(json).toContain(secret);
    expect(json).toContain(Buffer.from(secret).toString('base64'));
  });
  test('no view shows it', () => {
    const shown = JSON.stringify(exchangeToJson(sealed, { plaintext: false }));
    const har = JSON.stringify(toHar([sealed], { version: '0', url: 'http://x', evicted: 0 }));
    for (const text of [shown, har]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(secret).toString('base64'));
      expect(text).not.toContain('let-me-in');
    }
    expect(exchangeToJson(sealed, { plaintext: false })).toMatchObject({
      request: { opened: { redacted: true } },
      changes: [{ collection: 'orders', id: '["T-1"]', kind: 'added', redacted: true }],
    });
  });
});

test('an HTTP Archive states what was sent of an answer that is not complete', () => {
  const responseOf = (entry: JournalEntry) =>
    toHar([entry], { version: '0', url: 'http://x', evicted: 0 }).log.entries[0]?.response;
  expect(responseOf(entryOf())).toMatchObject({ _transferSize: 300 });
  expect(responseOf(entryOf())).not.toHaveProperty('_error');
  const delivery = {
    ...{ firstByteUs: 1_002_000, lastByteUs: 1_003_000, endedUs: 1_004_000, bytes: 120 },
    ...{ complete: false, endedBy: 'client' as const },
  };
  expect(responseOf(entryOf({ delivery }))).toMatchObject({
    _transferSize: 120,
    _error: 'incomplete: closed by the client',
  });
});

test('changes tell what was before and what is after', () => {
  const entity = (status: string) => ({
    fields: { orderStatus: status },
    eventTime: 1,
    updates: 1,
  });
  const json = exchangeToJson(
    entryOf({
      changes: [
        { collection: 'orders', id: '["T-1"]', before: entity('PAID'), after: entity('TICKETED') },
      ],
    }),
    { plaintext: false },
  );
  expect(json.changes).toEqual([
    {
      collection: 'orders',
      id: '["T-1"]',
      kind: 'changed',
      before: entity('PAID'),
      after: entity('TICKETED'),
    },
  ]);
});

test('bytes that are no text are told as base64', () => {
  const bytes = Buffer.from([0xff, 0xfe, 0x00]);
  const entry = entryOf({ reply: { httpStatus: 200, headers: {}, body: bytes } });
  expect(exchangeToJson(entry, { plaintext: false }).reply).not.toHaveProperty('bodyText');
  expect(
    toHar([entry], { version: '0', url: 'http://x', evicted: 0 }).log.entries[0]?.response.content,
  ).toMatchObject({
    encoding: 'base64',
    text: bytes.toString('base64'),
  });
});

/** What a shell makes of a line: the words that curl would get, and what it would read. */
const wordsOf = (line: string): { readonly words: string[]; readonly input: string } => {
  const shown = `curl() { for word in "$@"; do printf '%s\\0' "$word"; done; if [ "$data" = - ]; then base64; fi; }\n`;
  // As a script: a line on sh's own command line may not be that long.
  const output = execFileSync('sh', {
    input: `${line.includes('@-') ? 'data=-\n' : ''}${shown}${line}`,
  }).toString('utf8');
  const parts = output.split('\0');
  return { words: parts.slice(0, -1), input: (parts.at(-1) ?? '').replace(/\s/g, '') };
};

describe('a curl line, read by a shell', () => {
  const base = {
    url: 'http://127.0.0.1:1/p?a=[1]&b=2',
    method: 'POST',
    headers: [['X-A', 'it\'s $HOME `id` "x" \\']] as const,
  };
  test.each(["it's", 'two\nlines\r\n', '$(touch /tmp/no)', '@file', '', '🎫 票', ' lead'])(
    'carries %j as it is',
    (text) => {
      const { words } = wordsOf(curlLine({ ...base, body: Buffer.from(text) }));
      expect(words[words.indexOf('--data-raw') + 1]).toBe(text);
      expect(words).toContain(base.url);
      expect(words).toContain('X-A: it\'s $HOME `id` "x" \\');
    },
  );
  test.each([Buffer.from([0xff, 0x00, 0x41]), Buffer.alloc(150_000, 'a')])(
    'pipes what is no word',
    (body) => {
      expect(wordsOf(curlLine({ ...base, body })).input).toBe(body.toString('base64'));
    },
  );
});

describe('a curl line, run by a shell', () => {
  /** The request line and headers that curl sends, byte for byte, and the body. */
  const sentBy = async (line: (url: string) => string): Promise<Buffer> => {
    const chunks: Buffer[] = [];
    const listener = createServer((socket) => {
      socket.on('data', (chunk) => {
        chunks.push(chunk);
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      });
      socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const { port } = listener.address() as AddressInfo;
    await promisify(execFile)('sh', ['-c', line(`http://127.0.0.1:${port}`)]);
    listener.close();
    return Buffer.concat(chunks);
  };

  test.each([
    '/a?b=c#d',
    '/#',
    '/a\xe4\xb8\xad?x=\xff',
    '/a\x9b31m',
    '//host/x',
    '/a/../b/./c',
    "/it's/%41%zz",
    '/[1]{2}?$(id)`id`!!',
    '/\\back',
    '*',
  ])('sends the target %j as it was', async (target) => {
    const sent = await sentBy((url) =>
      curlLine({ url, target, method: 'POST', headers: [], body: Buffer.from('{}') }),
    );
    expect(sent.toString('latin1').split(' HTTP/1.1')[0]).toBe(`POST ${target}`);
  });

  test('sends header values as they were', async () => {
    const headers = [['X-A', "\xe9\x9b2J'%s\\n!"]] as const;
    const line = curlLine({ url: 'http://x/', method: 'POST', headers, body: Buffer.from('{}') });
    expect(isPrintable(line)).toBe(true);
    const sent = await sentBy((url) =>
      curlLine({ url: `${url}/`, method: 'POST', headers, body: Buffer.from('{}') }),
    );
    expect(sent.toString('latin1')).toContain("\r\nX-A: \xe9\x9b2J'%s\\n!\r\n");
  });

  test('shows no control character, and a doctor reads the same request', () => {
    const body = Buffer.from('{"a":"\x1b[2J\u009b\u202e"}');
    const target = '/p?\xff#\x9b';
    const line = curlLine({
      url: 'http://x',
      target,
      method: 'POST',
      headers: [['X-A', '\xe9']],
      body,
    });
    expect(isPrintable(line)).toBe(true);
    const word = curlLine({
      url: 'http://x',
      target,
      method: 'POST',
      headers: [['X-A', '\xe9']],
      body: Buffer.from('{}'),
    });
    const read = readCurl(word);
    expect('message' in read && read.message).toMatchObject({
      target,
      headers: expect.arrayContaining([['X-A', '\xe9']]),
    });
  });
});

test('an exchange with very many small headers weighs what they cost', () => {
  const lines = Array.from({ length: 6000 }, (_, at) => (at % 2 === 0 ? `h${at}` : ''));
  const journal = new Journal({ entries: 10, bytes: 2 ** 30 });
  const few = addTo(journal, {});
  const before = journal.bytes;
  addTo(journal, { request: { ...few.request, headerLines: lines } });
  expect(journal.bytes - before).toBeGreaterThan(300_000);
});
