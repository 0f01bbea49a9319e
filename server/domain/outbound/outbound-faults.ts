/** What goes wrong with a call to the merchant, and what a correct merchant does then. */
export interface OutboundFault {
  readonly sentence: string;
  readonly expectedMerchantBehaviour: string;
  /** Whether a correct merchant acknowledges what is sent. */
  readonly isAcknowledged: boolean;
}

export const outboundFaults = {
  duplicate: {
    sentence: 'The same message is sent twice, the second time after the first answer.',
    expectedMerchantBehaviour: 'Answers SUCCESS twice, and applies the message once.',
    isAcknowledged: true,
  },
  'parallel-duplicates': {
    sentence: 'The same message is sent twice at the same instant.',
    expectedMerchantBehaviour:
      'Answers SUCCESS twice, and applies the message once: it claims the id before it works.',
    isAcknowledged: true,
  },
  'out-of-order': {
    sentence: 'Of two messages, the one that happened later is sent first.',
    expectedMerchantBehaviour:
      'Answers SUCCESS to both, applies each once, and keeps what the later one said.',
    isAcknowledged: true,
  },
  'wrong-signature': {
    sentence: 'One bit of the signature is changed.',
    expectedMerchantBehaviour: 'Does not acknowledge, and changes nothing.',
    isAcknowledged: false,
  },
  'missing-signature': {
    sentence: 'The header Signature is missing.',
    expectedMerchantBehaviour: 'Does not acknowledge, and changes nothing.',
    isAcknowledged: false,
  },
  'foreign-signature': {
    sentence: 'It is signed with a key that is not the platform’s.',
    expectedMerchantBehaviour: 'Does not acknowledge, and changes nothing.',
    isAcknowledged: false,
  },
  'changed-body': {
    sentence: 'The body is changed after it was signed; its JSON is still valid.',
    expectedMerchantBehaviour:
      'Does not acknowledge, and changes nothing: it verifies the bytes that arrived.',
    isAcknowledged: false,
  },
  'old-request-time': {
    sentence: 'The Request-Time is a day old, and correctly signed.',
    expectedMerchantBehaviour:
      'Does not acknowledge, and changes nothing: a captured request could be sent again.',
    isAcknowledged: false,
  },
  'rotated-key': {
    sentence: 'It is signed with another version of the platform’s key, which the header names.',
    expectedMerchantBehaviour: 'Verifies with the version that the header names: SUCCESS.',
    isAcknowledged: true,
  },
  cut: {
    sentence: 'The connection ends in the middle of the body.',
    expectedMerchantBehaviour: 'Changes nothing, and takes the next sending as the first.',
    isAcknowledged: false,
  },
  slow: {
    sentence: 'The body arrives in small pieces over a second.',
    expectedMerchantBehaviour: 'Waits for all of it, and answers as usual.',
    isAcknowledged: true,
  },
  'extra-fields': {
    sentence: 'The body has fields that the contract does not know.',
    expectedMerchantBehaviour: 'Ignores them: SUCCESS.',
    isAcknowledged: true,
  },
} as const satisfies Readonly<Record<string, OutboundFault>>;

export type OutboundFaultId = keyof typeof outboundFaults;
export const outboundFaultIds = Object.keys(outboundFaults) as [
  OutboundFaultId,
  ...OutboundFaultId[],
];
