import type { FindingText } from './finding-text.ts';

/** What happened to the signature's text between the signing call and the header. */
export const valueFindings = {
  SIG_MISSING: {
    family: 'header',
    sentence:
      'The Signature header carries no signature: there is no "signature=" in it, or nothing behind it.',
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
      'The signature is the sample that the documents print; sign each request yourself, with your own private key.',
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
      'A key in the Signature header is misspelt, so its value is ignored; the keys are algorithm, keyVersion and signature, in exactly this spelling.',
    remedy: 'signatureHeader',
  },
  SIG_NOT_URL_ENCODED: {
    family: 'value',
    sentence:
      'The signature is good, but you put its base64 text into the header as it is; "+", "/" and "=" must be sent as %2B, %2F and %3D.',
    remedy: 'urlEncodeOnce',
  },
  SIG_BASE64URL: {
    family: 'value',
    sentence:
      'You encoded the signature with the URL-safe base64 alphabet ("-" and "_"); the standard alphabet ("+" and "/") is expected, URL-encoded afterwards.',
    remedy: 'standardBase64',
  },
  SIG_URL_ENCODED_TWICE: {
    family: 'value',
    sentence:
      'The signature was URL-encoded twice: your code encodes it and something behind it encodes it again, so "%2B" arrives as "%252B".',
    remedy: 'urlEncodeOnce',
  },
  SIG_PLUS_BECAME_BLANK: {
    family: 'value',
    sentence:
      'Every "+" of the signature arrived as a blank: it was sent without URL encoding and decoded once on the way.',
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
      'The base64 text of the signature contains line breaks or blanks: your encoder wraps its lines.',
    remedy: 'standardBase64',
  },
  SIG_QUOTED: {
    family: 'value',
    sentence: 'The signature stands in quotation marks; the value is expected bare.',
    remedy: 'signatureHeader',
  },
  SIG_TRUNCATED: {
    family: 'value',
    sentence: 'The signature is incomplete: characters were lost on its way into the header.',
    remedy: 'wholeValue',
  },
} as const satisfies Record<string, FindingText>;
