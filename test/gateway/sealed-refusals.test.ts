import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkResponse, signRequest } from '../../sdk/client/signed-call.ts';
import type { MockServer } from '../../server/app/create-server.ts';
import { rawCall } from '../raw-call.ts';
import { demoMerchant, startServer } from '../start-server.ts';

let server: MockServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const orderPath = '/api/open/alipay/v1/merchant/order/sync';

const refusalOf = async (body: string, seal: boolean) => {
  const merchant = demoMerchant();
  const request = signRequest(merchant, orderPath, Buffer.from(body), { seal });
  const answer = await rawCall(server.url, {
    target: request.target,
    headers: request.headers,
    body: request.body,
  });
  const checked = checkResponse(
    { target: orderPath, headers: answer.headers, body: answer.body },
    merchant,
    {},
  );
  return { answer, checked, step: server.journal.entries.at(-1)?.verdict.step };
};

// docs/decisions/sealed-answers.md: once the body was opened, the refusal is sealed like any other
// answer.
test.each([
  ['parse-body', '{"requestId"'],
  ['validate-request', '{}'],
])('a refusal at %s, after the body was opened, comes sealed and signed', async (step, body) => {
  const { answer, checked, step: refusedAt } = await refusalOf(body, true);
  expect(refusedAt).toBe(step);
  expect(answer.headers['encrypt']).toMatch(/^algorithm=RSA_AES,keyVersion=1,symmetricKey=/);
  expect(answer.headers['content-type']).toBe('text/plain; charset=UTF-8');
  expect(answer.body.toString('utf8')).not.toContain('PARAM_ILLEGAL');
  expect(checked).toMatchObject({
    signature: 'verified',
    json: { result: { resultCode: 'PARAM_ILLEGAL', resultStatus: 'F' } },
  });
});

test('a refusal of a request in the clear comes in the clear', async () => {
  const { answer, checked } = await refusalOf('{}', false);
  expect(answer.headers['encrypt']).toBeUndefined();
  expect(answer.json).toMatchObject({ result: { resultCode: 'PARAM_ILLEGAL' } });
  expect(checked.signature).toBe('verified');
});
