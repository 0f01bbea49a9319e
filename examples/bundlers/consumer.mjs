// A merchant's backend that is bundled into one file. Its environment comes from
//   alipayhk-mock exec -- node bundle.mjs
// Exit code 0 only if AlipayHK answers S and signs it.
import { AlipayHKClient } from 'alipayhk-mock/client';

const { env } = process;
const alipayhk = new AlipayHKClient({
  baseUrl: env.ALIPAYHK_BASE_URL,
  clientId: env.ALIPAYHK_CLIENT_ID,
  privateKey: env.ALIPAYHK_PRIVATE_KEY,
  platformKey: env.ALIPAYHK_PLATFORM_KEY,
  seal: true,
});
const { resultInfo } = await alipayhk.updateMembershipCard({
  merchantId: '218812000000',
  openId: '2160120074526881',
  passId: 'P-1',
  status: 'UPDATE',
  updateDetailType: 'UPDATE_MEMBER_CARD',
});
if (resultInfo.resultStatus !== 'S') process.exitCode = 1;
