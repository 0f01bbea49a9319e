/** Bytes that may be a key, as they stood in a file. */
export interface KeyBytes {
  /** The label of the PEM block; undefined for DER and bare base64. */
  readonly label: string | undefined;
  readonly der: Buffer;
}

/** What a file may hold as DER: its own bytes, its PEM blocks, or the bytes of its bare base64. */
export const unarmour = (bytes: Buffer): readonly KeyBytes[] => {
  if (bytes[0] === 0x30) return [{ label: undefined, der: bytes }];
  const text = keyText(bytes);
  const blocks = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g)];
  if (blocks.length === 0) return [{ label: undefined, der: fromBase64(text) }];
  return blocks.map(([, label, content = '']) => ({ label, der: fromBase64(content) }));
};

/** Windows shells write UTF-16 with a byte order mark. */
export const keyText = (bytes: Buffer): string =>
  bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString('utf16le').slice(1) : bytes.toString('utf8').replace(/^\uFEFF/, '');

const fromBase64 = (text: string): Buffer => Buffer.from(text.replace(/[^A-Za-z0-9+/=]/g, ''), 'base64');
