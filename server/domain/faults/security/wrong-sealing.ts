import { securityFault } from '../fault.ts';
import { unrelatedKeyPair } from './foreign-keys.ts';

/** Of answers to sealed requests; others are left as they are. */
export const wrongSealing = {
  'wrong-seal-key': securityFault('sealing', {
    sentence:
      'Sealed for somebody else’s key, under the version number of the client’s, and well signed.',
    expectedClientBehaviour:
      'Holds the outcome for unknown when the body cannot be opened, although its signature verifies.',
    hooks: () => ({
      receiver: (own) => ({ ...own, publicKey: unrelatedKeyPair('RSA').publicKey }),
    }),
  }),
  unsealed: securityFault('sealing', {
    sentence: 'The request was sealed, the answer is not; it is well signed.',
    expectedClientBehaviour:
      'Notices that what had to be secret came in the clear, and reports it; does not try to open plain JSON.',
    hooks: () => ({ receiver: () => undefined }),
  }),
} as const;
