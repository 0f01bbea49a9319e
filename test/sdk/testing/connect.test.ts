import { describe, expect, test } from 'vitest';
import { connectMockServer } from '../../../sdk/testing/connect.ts';

describe('the address of a simulator that runs elsewhere', () => {
  test.each(['127.0.0.1:8852', 'localhost:8852', 'not a url', '', 'http://', 'ftp://127.0.0.1'])(
    'refuses %j by its name',
    (address) => {
      const remedy = 'is not an http or https URL. Write it like "http://127.0.0.1:8852".';
      const errorAt = (name: string): TypeError =>
        Object.assign(new TypeError(`${name}: ${JSON.stringify(address)} ${remedy}`), {
          code: 'INVALID_ADDRESS',
        });
      expect(() => connectMockServer({ url: address })).toThrow(errorAt('url'));
      expect(() => connectMockServer({ url: 'http://127.0.0.1:8852', adminUrl: address })).toThrow(
        errorAt('adminUrl'),
      );
    },
  );

  test('takes http and https', () => {
    expect(connectMockServer({ url: 'http://127.0.0.1:8852' }).adminUrl).toBe(
      'http://127.0.0.1:8852',
    );
    expect(connectMockServer({ url: 'https://mock.example' }).url).toBe('https://mock.example');
  });
});
