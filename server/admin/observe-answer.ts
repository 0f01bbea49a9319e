import {
  type CallOptions,
  type MerchantIdentity,
  type MerchantResponse,
  type SignedRequest,
  sendRequest,
} from '../../sdk/client/signed-call.ts';
import type { ScenarioExpectation } from '../domain/scenarios/scenario-file.ts';

export type Transport = NonNullable<ScenarioExpectation['answer']['transport']>;

/** What a caller got: an answer, or in which way it got none. */
export type Observed = { readonly answer: MerchantResponse } | { readonly transport: Transport };

/**
 * Sends a request and waits for its response.
 * @throws connection errors such as ECONNREFUSED; resets and truncated responses are returned
 */
export const observeAnswer = async (
  baseUrl: string,
  merchant: MerchantIdentity,
  request: SignedRequest,
  { giveUpAfterMs, ...options }: CallOptions & { readonly giveUpAfterMs: number },
): Promise<Observed> => {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<Observed>((resolve) => {
    timer = setTimeout(() => resolve({ transport: 'timeout' }), giveUpAfterMs);
  });
  const answered = sendRequest(baseUrl, merchant, request, options).then(
    (answer): Observed => ({ answer }),
    (error: unknown): Observed => ({ transport: describeTransport(error) }),
  );
  const observed = await Promise.race([answered, tooLate]);
  clearTimeout(timer);
  return observed;
};

const transports: Readonly<Record<string, Transport>> = {
  ECONNRESET: 'reset',
  UND_ERR_SOCKET: 'closed',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'closed',
  HPE_INVALID_EOF_STATE: 'closed',
};

const describeTransport = (error: unknown): Transport => {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const transport = transports[code] ?? (code.startsWith('HPE_') ? 'malformed' : undefined);
  if (transport === undefined) throw error;
  return transport;
};
