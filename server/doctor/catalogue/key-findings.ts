import type { FindingText } from './finding-text.ts';

/** Whose key signed, and what the signing call did to the content. */
export const keyFindings = {
  KEY_VERSION_UNKNOWN: {
    family: 'key',
    sentence: 'The keyVersion in the header is not registered.',
    remedy: 'statedVersion',
  },
  KEY_OTHER_VERSION: {
    family: 'key',
    sentence: 'The signature was made with another version of the key than the header states.',
    remedy: 'statedVersion',
  },
  KEY_OTHER_ALGORITHM: {
    family: 'key',
    sentence:
      'The header names one algorithm, but the signature was made with a key of the other one.',
    remedy: 'statedAlgorithm',
  },
  KEY_IS_PLATFORM: {
    family: 'key',
    sentence:
      "The signature was made with the platform's key; requests are signed with your own private key.",
    remedy: 'ownKey',
  },
  KEY_IS_CLIENT: {
    family: 'key',
    sentence:
      "This message should carry the platform's signature, but it was signed with a client's key.",
    remedy: 'ownKey',
  },
  KEY_OTHER_CLIENT: {
    family: 'key',
    sentence:
      'The signature was made with a key that is registered for another client than your Client-Id.',
    remedy: 'ownKey',
  },
  KEY_UNKNOWN: {
    family: 'key',
    sentence:
      'No key known here made this signature: its length is right, but it opens under none of them. Either your private key is not the pair of the registered public key, or the value was damaged on the way; the two cannot be told apart.',
    remedy: 'ownKey',
  },
  KEY_SIZE: {
    family: 'key',
    sentence: 'The signature has the length of a key of another size than the registered one.',
    remedy: 'key2048',
  },
  HASH_SHA1: {
    family: 'hash',
    sentence: 'You signed with SHA-1; SHA-256 is required.',
    remedy: 'signSha256',
  },
  HASH_SHA512: {
    family: 'hash',
    sentence: 'You signed with SHA-512; SHA-256 is required.',
    remedy: 'signSha256',
  },
  HASH_OTHER: {
    family: 'hash',
    sentence: 'You signed with another hash than SHA-256.',
    remedy: 'signSha256',
  },
  HASHED_TWICE: {
    family: 'hash',
    sentence:
      'You hashed the content yourself and then gave the hash to a signing call that hashes again.',
    remedy: 'signSha256',
  },
  HASHED_TWICE_HEX: {
    family: 'hash',
    sentence: 'You signed the text of the hash (hex or base64) instead of the content.',
    remedy: 'signSha256',
  },
  PADDING_PSS: {
    family: 'hash',
    sentence: 'You signed with RSA-PSS padding; RSA256 means PKCS#1 v1.5.',
    remedy: 'signSha256',
  },
  NO_DIGESTINFO: {
    family: 'hash',
    sentence:
      'The bare hash was encrypted with the private key; a signing call puts the name of the hash (DigestInfo) in front of it.',
    remedy: 'signSha256',
  },
} as const satisfies Record<string, FindingText>;
