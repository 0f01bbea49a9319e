/** What happened to the signature's text between the signing call and the header. */
export const valueMistakes = {
  SIG_MISSING: {
    family: 'header',
    sentence:
      'The Signature header carries no signature: there is no "signature=" in it, or nothing ' +
      'after it.',
    remedy: 'signatureHeader',
  },
  ALGORITHM_UNKNOWN: {
    family: 'header',
    sentence:
      'The Signature header names an algorithm that does not exist here; it is RSA256 or ECC224.',
    remedy: 'statedAlgorithm',
  },
  SIG_SAMPLE: {
    family: 'header',
    sentence:
      'The signature is the sample that the documents print; sign each request yourself, with ' +
      'your own private key.',
    remedy: 'signSha256',
  },
  HEADER_SEPARATORS: {
    family: 'header',
    sentence:
      'The pairs in the Signature header are not separated by commas, so the list cannot be read.',
    remedy: 'signatureHeader',
  },
  HEADER_KEY_MISSPELT: {
    family: 'header',
    sentence:
      'A key in the Signature header is misspelt, so its value is ignored; the keys are ' +
      'algorithm, keyVersion and signature, in exactly this spelling.',
    remedy: 'signatureHeader',
  },
  SIG_NOT_URL_ENCODED: {
    family: 'value',
    sentence:
      'The signature is good, but you put its base64 text into the header as it is; "+", "/" ' +
      'and "=" must be sent as %2B, %2F and %3D.',
    remedy: 'urlEncodeOnce',
  },
  SIG_BASE64URL: {
    family: 'value',
    sentence:
      'You encoded the signature with the URL-safe base64 alphabet ("-" and "_"); the standard ' +
      'alphabet ("+" and "/") is expected, URL-encoded afterwards.',
    remedy: 'standardBase64',
  },
  SIG_URL_ENCODED_TWICE: {
    family: 'value',
    sentence:
      'The signature was URL-encoded twice: your code encodes it and something after it ' +
      'encodes it again, so "%2B" arrives as "%252B".',
    remedy: 'urlEncodeOnce',
  },
  SIG_PLUS_BECAME_BLANK: {
    family: 'value',
    sentence:
      'Every "+" of the signature arrived as a space: it was sent without URL encoding and ' +
      'decoded once on the way.',
    remedy: 'urlEncodeOnce',
  },
  SIG_HEX: {
    family: 'value',
    sentence: 'You wrote the signature as hex digits; it is expected as base64.',
    remedy: 'standardBase64',
  },
  SIG_BASE64_TWICE: {
    family: 'value',
    sentence: 'The signature is base64 of base64: it was encoded twice.',
    remedy: 'standardBase64',
  },
  SIG_LINE_WRAPPED: {
    family: 'value',
    sentence:
      'The base64 text of the signature contains line breaks or spaces: your encoder wraps its ' +
      'lines.',
    remedy: 'standardBase64',
  },
  SIG_QUOTED: {
    family: 'value',
    sentence:
      'The signature is in quotation marks, such as those of printed bytes in Python; send the ' +
      'value without them.',
    remedy: 'signatureHeader',
  },
  SIG_PEM: {
    family: 'value',
    sentence:
      'The signature is between the lines of PEM ("-----BEGIN …-----"), or its base64 text ' +
      'is; send the text alone, on one line.',
    remedy: 'standardBase64',
  },
  SIG_JWS: {
    family: 'value',
    sentence:
      'You sent a JWS, three parts joined by dots. Sign the content itself with RSA and ' +
      'SHA-256, and send the base64 text of the signature alone.',
    remedy: 'content',
  },
  SIG_TRUNCATED: {
    family: 'value',
    sentence: 'The signature is incomplete: characters were lost on its way into the header.',
    remedy: 'wholeValue',
  },
  SIG_IS_HASH: {
    family: 'value',
    sentence:
      'You sent a hash or an HMAC in the place of the signature; a signature is made with your ' +
      'private key.',
    remedy: 'content',
  },
} as const;

/** Whose key signed, and what the signing call did to the content. */
export const keyMistakes = {
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
      "The signature was made with the platform's key; requests are signed with your own " +
      'private key.',
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
      'The signature was made with a key that is registered for another client than your ' +
      'Client-Id.',
    remedy: 'ownKey',
  },
  KEY_UNKNOWN: {
    family: 'key',
    sentence:
      'No key known here made this signature: its length is right, but it opens under none of ' +
      'them. Either your private key is not the pair of the registered public key, or the ' +
      'value was damaged on the way; both look the same.',
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
      'The bare hash was encrypted with the private key; a signing call puts the name of the ' +
      'hash (DigestInfo) in front of it.',
    remedy: 'signSha256',
  },
} as const;

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
  ENC_KEY_HASHED: {
    family: 'sealing',
    sentence:
      'The body was encrypted with a hash of the key that was wrapped; encrypt it with the very ' +
      'bytes that you wrap.',
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
  ENC_MODE_OTHER: {
    family: 'sealing',
    sentence:
      'The body was encrypted in another mode of AES, such as CTR, CFB or OFB; ECB without an ' +
      'IV is expected.',
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
  ENC_BODY_TRUNCATED: {
    family: 'sealing',
    sentence:
      'The encrypted body is empty or incomplete: its end was lost between encrypting and ' +
      'sending, or the last block was never written.',
    remedy: 'aesEcb',
  },
  ENC_PLAINTEXT_SIGNED: {
    family: 'sealing',
    sentence: 'You signed the plain body; encrypt first, then sign the base64 text that you send.',
    remedy: 'encryptThenSign',
  },
} as const;
