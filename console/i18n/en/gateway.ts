type Table = Readonly<Record<string, string>>;

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);

/** What the gateway's own names mean. */
export const gateway = {
  steps: {
    receive: {
      name: 'Receive',
      meaning: 'Path, method, media type and size; the exact bytes are kept.',
    },
    'strike-early': {
      name: 'Scripted fault',
      meaning: 'A scripted fault, applied before anything is checked.',
    },
    'read-headers': {
      name: 'Read headers',
      meaning: 'Client-Id, Request-Time, Signature, Encrypt: each present once and well-formed.',
    },
    'identify-client': { name: 'Identify client', meaning: 'Client-Id to client and its keys.' },
    'verify-signature': {
      name: 'Verify signature',
      meaning: 'Over the raw bytes; from here on answers are signed.',
    },
    'check-access': { name: 'Check access', meaning: 'Allowed operations, Agent-Token, rate.' },
    'decrypt-body': {
      name: 'Decrypt body',
      meaning: 'Symmetric key to plain bytes; from here on answers are encrypted.',
    },
    'parse-body': { name: 'Parse body', meaning: 'Strict UTF-8, strict JSON.' },
    'validate-request': { name: 'Check fields', meaning: 'Every field against the contract.' },
    decide: {
      name: 'Decide',
      meaning: 'Scenario, idempotency, order of events, then the operation’s own rule.',
    },
    reply: { name: 'Reply', meaning: 'Result body, Response-Time, encrypt, sign.' },
    deliver: { name: 'Deliver', meaning: 'Sends the bytes.' },
  } as Readonly<Record<string, { readonly name: string; readonly meaning: string }>>,
  advice: {
    'receive/INVALID_API':
      'Compare your path with the contract’s: prefix, letter case and trailing slash count. The path is also part of what is signed.',
    'receive/METHOD_NOT_SUPPORTED': 'Every operation is called with POST.',
    'receive/MEDIA_TYPE_NOT_ACCEPTABLE':
      'Send Content-Type: application/json; charset=UTF-8, or text/plain; charset=UTF-8 for an encrypted body.',
    'read-headers':
      'Set the header exactly once, in the documented form. Nothing was verified yet, so the answer carries no signature.',
    'identify-client/INVALID_CLIENT':
      'Use the demo client 4Q5Y8W0WSG45P907917, create a client under “Keys & clock”, or put your public key into the key folder.',
    'identify-client': 'Register a key for this client, or name a key version that exists.',
    'verify-signature/KEY_NOT_FOUND':
      'The key version in the Signature header is not registered or has ended. “Keys & clock” shows the existing versions.',
    'verify-signature':
      'Sign exactly the bytes that you send: POST, path, line feed, Client-Id, dot, Request-Time, dot, body.',
    'check-access/REQUEST_TRAFFIC_EXCEED_LIMIT':
      'Wait, then send the request again; the limit is a setting of this client.',
    'check-access': 'The client’s settings do not allow this call.',
    'decrypt-body':
      'Encrypt as the contract says: wrap the AES key with the platform’s RSA key, and sign the base64 text of the body.',
    'parse-body':
      'Send one JSON object in UTF-8, without a byte order mark and without names that occur twice.',
    'validate-request':
      'Correct the named fields. The form under “Send” shows every field with its type and limits.',
    'decide/REPEAT_REQ_INCONSISTENT':
      'A requestId identifies one message. Send the identical bytes again, or use a new requestId.',
    'decide/ORDER_STATUS_INVALID':
      'Look at the order under “State”: its diagram shows the current status and what may follow.',
  } as Table,
  retry: {
    no: 'No need to send it again.',
    'after-correction': 'Correct the request first; the same request will fail again.',
    'same-request-id': 'Send the identical request again, with the same requestId.',
  } as Table,
  markName: (kind: string, value: string): string =>
    ({
      duplicate: 'repeated',
      mismatch: 'other content',
      fault: `fault ${value}`,
      security: `fault ${value}`,
      delay: `delayed ${value} ms`,
    })[kind] ?? kind,
  markMeanings: {
    duplicate:
      'This requestId was answered before, with the same content: the first answer is sent again.',
    mismatch: 'This requestId was used before, with other content.',
    stale: 'Its event time is not newer than that of the message already held.',
    scripted: 'Decided by a scenario, a one-shot or a header.',
    fault: 'A scripted fault changed the delivery.',
    security: 'The answer was made to fail verification on purpose.',
    delay: 'The answer was delayed on purpose, in milliseconds.',
  } as Table,
  headers: {
    'client-id': 'The caller. Part of the signed content.',
    'request-time':
      'When the request was signed. Part of the signed content, exactly as written here.',
    'response-time': 'When the answer was signed. Part of the signed content.',
    signature: 'Algorithm, key version and the signature itself: base64, then URL-encoded.',
    encrypt: 'How the body is encrypted, with the AES key wrapped for the receiver.',
    'content-type': 'JSON in UTF-8, or text for an encrypted body.',
    'tracer-id': 'The id of this exchange; the real gateway sends one too.',
    'agent-token': 'Identifies on whose behalf an agent calls. Redacted.',
    'x-mock': 'Added by the simulator; the real gateway does not send it.',
  } as Table,
  headerParts: {
    algorithm: 'Algorithm',
    keyVersion: 'Key version',
    signatureBytes: 'Signature bytes',
    keyBytes: 'Wrapped key bytes',
  },
  signedAgo: (milliseconds: number) =>
    milliseconds < 0
      ? `Signed ${seconds(-milliseconds)} s after arrival, by the client’s clock`
      : `Signed ${seconds(milliseconds)} s before arrival`,
};
