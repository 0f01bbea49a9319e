import { expect, test } from 'vitest';
import { readCurl } from '../server/doctor/read-curl.ts';
import { readSignatureHeader } from '../server/doctor/signature/signature-header.ts';
import { suggestPath } from '../server/gateway/steps/receive.ts';
import { clipText } from '../server/problems/display-text.ts';
import { describeJsonError } from '../server/problems/json-text.ts';
import { requestUrl } from '../server/protocol/http-call.ts';

test.each([
  ['short', 5, 'short'],
  ['longer', 5, 'long…'],
  ['🍜🍜🍜', 3, '🍜🍜🍜'],
  ['🍜🍜🍜🍜', 3, '🍜🍜…'],
  ['a🍜🍜', 2, 'a…'],
  ['', 3, ''],
])('%s cut to %i characters is %s', (text, most, clipped) => {
  expect(clipText(text, most)).toBe(clipped);
});

test('half a character never passes', () => {
  expect(clipText('a\ud83c', 9)).toBe('a\ufffd');
  expect(clipText('\udf5cabcdef', 3)).toBe('\ufffda…');
});

/** What a call says, thrown or returned; JSON escapes nothing but half a character. */
const saidBy = (call: () => unknown): string => {
  try {
    return JSON.stringify(call());
  } catch (error) {
    return JSON.stringify(error instanceof Error ? error.message : error);
  }
};
const jsonError = (text: string): string => {
  try {
    return String(JSON.parse(text));
  } catch (error) {
    return describeJsonError(text, error);
  }
};
const order = '/api/open/alipay/v1/merchant/order/sync';

// Each puts the two halves of a character where the text is cut.
test.each<[string, string, () => unknown]>([
  [
    'a prefix of a path',
    'To serve a prefix set basePath: /xxx',
    () => suggestPath(`/${'x'.repeat(78)}😀x${order}`, [order]),
  ],
  [
    'a target',
    'could name another server',
    () => requestUrl('http://127.0.0.1', `${'x'.repeat(119)}😀`),
  ],
  ['JSON', 'unexpected', () => jsonError(`{"a":1 ${'x'.repeat(11)}😀}`)],
  [
    'a key of a header',
    'instead of \\"signature\\"',
    () => readSignatureHeader(`${'-'.repeat(30)}signature😀=AAAA`),
  ],
  [
    'the name of a file',
    'which cannot be read here',
    () => readCurl(`curl -d @${'x'.repeat(198)}😀 http://127.0.0.1/`),
  ],
])('%s is not cut in the middle of a character', (_what, reported, call) => {
  const said = saidBy(call);
  expect(said).toContain(reported);
  expect(said).not.toMatch(/\\ud[89a-f]|\uFFFD/i);
});
