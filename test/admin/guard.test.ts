import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { adminAccessProblem } from '../../server/admin/middleware.ts';

const request = (headers: Record<string, string>) => ({ headers }) as unknown as IncomingMessage;
const local = { onLoopback: true, token: undefined };

describe('the admin API on loopback, without a token', () => {
  test.each([
    [{ host: '127.0.0.1:8852' }, true],
    [{ host: 'localhost:8852' }, true],
    [{ host: '[::1]:8852' }, true],
    [{ host: '127.1.2.3' }, true],
    [{ host: 'evil.example:8852' }, false],
    [{ host: '127.0.0.1.evil.example' }, false],
    [{ host: '10.0.0.1' }, false],
    [{}, false],
    [{ host: '127.0.0.1:8852', origin: 'http://127.0.0.1:8852' }, true],
    [{ host: '127.0.0.1:8852', origin: 'https://evil.example' }, false],
    [{ host: '127.0.0.1:8852', origin: 'http://127.0.0.1:3000' }, false],
    [{ host: '127.0.0.1:8852', origin: 'null' }, false],
    [{ host: 'localhost', 'sec-fetch-site': 'same-origin' }, true],
    [{ host: 'localhost', 'sec-fetch-site': 'none' }, true],
    [{ host: 'localhost', 'sec-fetch-site': 'cross-site' }, false],
    [{ host: 'localhost', 'sec-fetch-site': 'same-site' }, false],
  ])('%j: %s', (headers, letIn) => {
    expect(
      adminAccessProblem(request(headers as Record<string, string>), local) === undefined,
    ).toBe(letIn);
  });
});

describe('with a token', () => {
  const rules = { onLoopback: false, token: 'secret' };
  test.each([
    [{ authorization: 'Bearer secret', host: 'anything' }, true],
    [{ authorization: 'bearer secret' }, true],
    [{ authorization: 'Bearer secrets' }, false],
    [{ authorization: 'Basic secret' }, false],
    [{ host: '127.0.0.1' }, false],
  ])('%j: %s', (headers, letIn) => {
    expect(
      adminAccessProblem(request(headers as Record<string, string>), rules) === undefined,
    ).toBe(letIn);
  });
});

test('an address open to other machines, and no token: nobody is let in', () => {
  expect(
    adminAccessProblem(request({ host: '127.0.0.1' }), { onLoopback: false, token: undefined }),
  ).toMatch(/no admin token/);
});
