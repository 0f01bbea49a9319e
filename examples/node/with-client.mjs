// The same call with the package's client, which signs, verifies and retries:
//   node examples/node/with-client.mjs
// Exit code 0 only if the response is signed by the platform and its status is S.
import { readFileSync } from 'node:fs';
import { AlipayHKClient, OperationFailedError, UnknownOutcomeError } from 'alipayhk-mock/client';

const clientId = process.env.CLIENT_ID || '4Q5Y8W0WSG45P907917';
const keys = new URL('../../keys/', import.meta.url);
const merchantKey =
  process.env.MERCHANT_KEY || new URL(`clients/${clientId}/v1.private.pem`, keys);
const platformKey = process.env.PLATFORM_KEY || new URL('platform/v1.public.pem', keys);
const alipayhk = new AlipayHKClient({
  baseUrl: process.env.BASE_URL || 'http://127.0.0.1:8852',
  clientId,
  privateKey: readFileSync(merchantKey, 'utf8'),
  platformKey: readFileSync(platformKey, 'utf8'),
  seal: process.argv.includes('--encrypt'),
});

const now = Date.now();
try {
  const { orderId, orderStatus } = await alipayhk.syncOrder({
    merchantBizNo: `MOV${now}`,
    orderStatus: 'TICKETED',
    openId: '2160120074526881',
    merchantBizType: 'MOVIE_TICKET',
    orderCreateTime: now,
    orderModifyTime: now,
    amount: { value: '22000', currency: 'HKD' },
    extInfo: { cinema: { zh_HK: '星光戲院', en_US: 'Starlight Cinema' } },
  });
  console.log(`order ${orderId} is ${orderStatus}`);
} catch (error) {
  // Final: the platform refused and signed it. It needs a person, or another request.
  if (error instanceof OperationFailedError) console.error(`failed: ${error.result.resultCode}`);
  // Unknown: keep error.body, and send it later with alipayhk.resend('syncOrder', error.body).
  else if (error instanceof UnknownOutcomeError) console.error(error.message);
  else throw error;
  process.exitCode = 1;
}
