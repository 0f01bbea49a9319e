import { expect, test } from 'vitest';
import { checkResponse } from '../../../sdk/client/signed-call.ts';
import { readKeyFolder } from '../../../server/clients/key-folder/key-folder.ts';
import { packageRoot } from '../../../server/package-root.ts';
import {
  algorithmParamsFor,
  signContent,
  signingContent,
  writeSignatureHeader,
} from '../../../server/protocol/signatures.ts';
import { demoClient, demoMerchant } from '../../start-server.ts';

const merchant = demoMerchant();
const { platform } = readKeyFolder(`${packageRoot}/keys`, { weakKeys: false }).value;
const [target, time, body] = ['/a', '2026-05-22T14:02:21+08:00', Buffer.from('{"a":1}')];

/** A response that is signed for the merchant. */
const signedResponse = () => {
  const recipe = algorithmParamsFor('RSA256', 'sha256');
  const key = platform.find('RSA')?.privateKey ?? expect.fail('no key of the platform');
  const content = signingContent({ target, clientId: demoClient, time, body });
  return {
    'client-id': demoClient,
    'response-time': time,
    signature: writeSignatureHeader('RSA256', 1, signContent(content, key, recipe)),
  };
};

const check = (headers: Readonly<Record<string, string>>) =>
  checkResponse({ target, headers, body }, merchant);

test('a response that is signed for the merchant is verified', () => {
  expect(check(signedResponse())).toEqual({ signature: 'verified', json: { a: 1 } });
});

test('one whose Client-Id header names another merchant is not, though its signature fits', () => {
  expect(check({ ...signedResponse(), 'client-id': 'OTHER' })).toMatchObject({
    signature: 'bad',
    distrust: `the response is for Client-Id OTHER, not ${demoClient}`,
  });
});

test('nor is one without a Client-Id header', () => {
  const { 'client-id': _clientId, ...headers } = signedResponse();
  expect(check(headers)).toMatchObject({
    signature: 'bad',
    distrust: `the response is for Client-Id (none), not ${demoClient}`,
  });
});
