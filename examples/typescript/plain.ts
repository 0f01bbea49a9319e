// With no types but the package's own: nothing of Node, no option of the compiler. Nothing here is
// run.
import { createMockServer } from 'alipayhk-mock';
import { AlipayHKClient, UnknownOutcomeError } from 'alipayhk-mock/client';
import { connectMockServer } from 'alipayhk-mock/connect';

export const use = async (): Promise<number> => {
  const server = await createMockServer({ scenario: ['net-reset'] });
  const merchant = new AlipayHKClient(await server.clients.create());
  try {
    await merchant.updateMembershipCard({ merchantId: '1', openId: '1', passId: '1', status: 'CLOSED' });
  } catch (error) {
    if (error instanceof UnknownOutcomeError) return error.body.length;
  }
  await connectMockServer({ url: server.url }).reset();
  await server.close();
  return 0;
};
