import type { MistakeText } from './remedies.ts';

/** What went wrong in encrypting the body or wrapping its key. */
export const sealingMistakes = {
  ENC_HEADER_NAME: {
    family: 'sealing',
    sentence:
      'The header that announces an encrypted body is called Encrypt; yours has another name ' +
      'and would be ignored.',
    remedy: 'encryptHeader',
  },
  ENC_KEY_MISSING: {
    family: 'sealing',
    sentence: 'The Encrypt header carries no symmetricKey.',
    remedy: 'encryptHeader',
  },
  ENC_HEADER_LIST: {
    family: 'sealing',
    sentence: 'The list in the Encrypt header is malformed, so a part of it is ignored.',
    remedy: 'encryptHeader',
  },
  ENC_SAMPLE_KEY: {
    family: 'sealing',
    sentence:
      'The symmetricKey is the sample that the documents print, a placeholder; send an AES key ' +
      "that you encrypted with the receiver's public RSA key.",
    remedy: 'wrapKey',
  },
  ENC_ALGORITHM: {
    family: 'sealing',
    sentence: 'The Encrypt header names another algorithm than RSA_AES.',
    remedy: 'encryptHeader',
  },
  ENC_KEY_NOT_URL_ENCODED: {
    family: 'sealing',
    sentence: 'The wrapped key is good, but its base64 text is not URL-encoded in the header.',
    remedy: 'urlEncodeKey',
  },
  ENC_KEY_ENCODING: {
    family: 'sealing',
    sentence:
      'The wrapped key is good, but written in another way than base64 on one line, ' +
      'URL-encoded once.',
    remedy: 'urlEncodeKey',
  },
  ENC_KEY_NOT_WRAPPED: {
    family: 'sealing',
    sentence:
      "The symmetricKey is the bare AES key; it must be encrypted with the receiver's public " +
      'RSA key first. Treat this AES key as disclosed.',
    remedy: 'wrapKey',
  },
  ENC_WRAPPED_FOR_WRONG_KEY: {
    family: 'sealing',
    sentence: "The AES key was wrapped with another public key than the receiver's.",
    remedy: 'wrapKey',
  },
  ENC_KEY_VERSION: {
    family: 'sealing',
    sentence:
      "The AES key was wrapped for another version of the receiver's key than the Encrypt " +
      'header states.',
    remedy: 'encryptHeader',
  },
  ENC_WRAP_OAEP: {
    family: 'sealing',
    sentence: 'The AES key was wrapped with OAEP padding; PKCS#1 v1.5 is expected.',
    remedy: 'wrapKey',
  },
  ENC_WRAP_PKCS1: {
    family: 'sealing',
    sentence:
      'The AES key was wrapped with PKCS#1 v1.5 padding; this receiver is set to another padding.',
    remedy: 'wrapKey',
  },
  ENC_KEY_AS_TEXT: {
    family: 'sealing',
    sentence: 'You wrapped a text form of the AES key (base64 or hex); its raw bytes are expected.',
    remedy: 'wrapKey',
  },
  ENC_KEY_LENGTH: {
    family: 'sealing',
    sentence: 'The wrapped key is not 16, 24 or 32 bytes long, so it is no AES key.',
    remedy: 'wrapKey',
  },
  ENC_MODE_ECB: {
    family: 'sealing',
    sentence: 'The body was encrypted in ECB mode; this receiver is set to another mode.',
    remedy: 'aesEcb',
  },
  ENC_MODE_CBC: {
    family: 'sealing',
    sentence:
      'The body was encrypted in CBC mode, in another arrangement than the receiver expects; ' +
      'the default is ECB without an IV.',
    remedy: 'aesEcb',
  },
  ENC_MODE_GCM: {
    family: 'sealing',
    sentence: 'The body was encrypted in GCM mode; ECB without IV and tag is expected.',
    remedy: 'aesEcb',
  },
  ENC_PADDING: {
    family: 'sealing',
    sentence:
      'The body was filled up with zeros before encryption; PKCS#7 padding (PKCS5Padding in ' +
      'Java) is expected.',
    remedy: 'aesEcb',
  },
  ENC_BODY_NOT_ENCRYPTED: {
    family: 'sealing',
    sentence: 'An Encrypt header was sent, but the body is plain JSON.',
    remedy: 'aesEcb',
  },
  ENC_BODY_IN_JSON: {
    family: 'sealing',
    sentence:
      'The encrypted body is wrapped in JSON; the body is the base64 text of the ciphertext ' +
      'and nothing else.',
    remedy: 'aesEcb',
  },
  ENC_BODY_ENCODING: {
    family: 'sealing',
    sentence: 'The encrypted body is good, but not written as standard base64.',
    remedy: 'aesEcb',
  },
  ENC_PLAINTEXT_SIGNED: {
    family: 'sealing',
    sentence: 'You signed the plain body; encrypt first, then sign the base64 text that you send.',
    remedy: 'encryptThenSign',
  },
} as const satisfies Record<string, MistakeText>;
