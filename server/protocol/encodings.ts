/**
 * Undoes form-style URL encoding the way Java's URLDecoder does: `%XX` and `+` as a space.
 * @returns the text, or undefined when an escape is broken or the bytes are not UTF-8.
 */
export const decodeUrlText = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
};

/**
 * Decodes standard base64 on one line and nothing else. Node's own decoder skips whatever it does
 * not know, which would let a damaged value pass for a good one: only what it writes back the same
 * was good.
 * @returns the bytes, or undefined when the text is not such base64.
 */
export const decodeBase64 = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
};

/**
 * As decodeBase64, but line breaks are allowed between the characters (GNU base64 wraps at 76
 * columns).
 */
export const decodeWrappedBase64 = (text: string): Buffer | undefined =>
  decodeBase64(text.replace(/[\r\n]+/g, ''));

/** Base64 on one line, then percent-encoded, as the Signature and Encrypt headers carry it. */
export const encodeHeaderBytes = (bytes: Buffer): string =>
  encodeURIComponent(bytes.toString('base64'));

/**
 * Reads bytes that a header carries as percent-encoded base64.
 * @returns the bytes, or what is wrong: `malformed` when the text itself breaks the header's rules
 * (a bare `+`, `=` or space: it was not URL-encoded), `undecodable` when there is no base64
 * underneath, as after a cut-off escape.
 */
export const decodeHeaderBytes = (text: string): Buffer | 'malformed' | 'undecodable' => {
  // A bare "+" or space ends up as a space, which is no base64.
  const plain = text.includes('=') ? undefined : decodeUrlText(text);
  const bytes = plain === undefined ? undefined : decodeBase64(plain);
  return bytes ?? (/[+=\s]/.test(text) ? 'malformed' : 'undecodable');
};
