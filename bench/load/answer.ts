/** An HTTP answer, as far as a load generator needs it. */
export interface Answer {
  readonly status: number;
  /** Status line and headers, as received. */
  readonly head: string;
  readonly body: Buffer;
}

/**
 * @returns undefined as long as bytes are missing. Throws when the end of the answer is
 * unknown.
 */
export const readAnswer = (bytes: Buffer): Answer | undefined => {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = bytes.toString('latin1', 0, end);
  const body = readBody(head, bytes, end + 4);
  return body && { status: Number(head.slice(9, 12)), head, body };
};

/** @returns the value of a header, whatever its letter case. */
export const readHeader = ({ head }: Answer, name: string): string | undefined =>
  new RegExp(`\\r\\n${name}: *([^\\r\\n]*)`, 'i').exec(head)?.[1];

const readBody = (head: string, bytes: Buffer, start: number): Buffer | undefined => {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined)
    return bytes.length < start + Number(length)
      ? undefined
      : bytes.subarray(start, start + Number(length));
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) return readChunks(bytes, start);
  throw new Error('the answer has neither Content-Length nor chunks');
};

const readChunks = (bytes: Buffer, start: number): Buffer | undefined => {
  const chunks: Buffer[] = [];
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const next = lineEnd + 2 + size + 2;
    if (Number.isNaN(size)) throw new Error('a chunk without a size');
    if (bytes.length < next) return undefined;
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(lineEnd + 2, next - 2));
    at = next;
  }
};
