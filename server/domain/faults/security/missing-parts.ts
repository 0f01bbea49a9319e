import { securityFault } from '../fault.ts';
import type { WireMessage } from '../wire-message.ts';

const without =
  (...names: readonly string[]) =>
  (message: WireMessage): WireMessage => ({
    ...message,
    headers: Object.fromEntries(
      Object.entries(message.headers).filter(([name]) => !names.includes(name)),
    ),
  });

const distrust =
  'Nothing vouches for it: never acts on it as a success; holds the outcome for unknown and sends the same request again.';

/** Some or all of the signature is not there. */
export const missingParts = {
  unsigned: securityFault('signature', {
    sentence: 'Neither Signature nor Response-Time.',
    expectedClientBehaviour: `Rejects an unsigned S, always. An unsigned F or U may be a refusal from before the signature check, and changes nothing either.`,
    hooks: () => ({ rewrite: without('signature', 'response-time') }),
  }),
  'signature-without-time': securityFault('signature', {
    sentence: 'A Signature without the Response-Time that it covers.',
    expectedClientBehaviour: distrust,
    hooks: () => ({ rewrite: without('response-time') }),
  }),
  'time-without-signature': securityFault('signature', {
    sentence: 'A Response-Time without a Signature.',
    expectedClientBehaviour: distrust,
    hooks: () => ({ rewrite: without('signature') }),
  }),
} as const;
