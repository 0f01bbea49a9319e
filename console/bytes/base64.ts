export const fromBase64 = (text: string): Uint8Array =>
  Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Text, or undefined where the bytes are no UTF-8. */
export const strictTextOf = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};
