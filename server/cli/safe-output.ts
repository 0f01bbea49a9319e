import { printable } from '../protocol/printable-text.ts';

type Write = NodeJS.WriteStream['write'];

const unescaped = new WeakMap<NodeJS.WriteStream, Write>();

/**
 * Escapes control characters in every text that is written to the stream from now on. What the
 * command line prints comes from callers, files and servers; none of them may steer the terminal.
 * Bytes, such as a key as DER, pass as they are.
 */
export const escapeOutput = (stream: NodeJS.WriteStream): void => {
  const write: Write = stream.write.bind(stream);
  unescaped.set(stream, write);
  stream.write = ((chunk: string | Uint8Array, ...rest: []) =>
    write(typeof chunk === 'string' ? printable(chunk) : chunk, ...rest)) as Write;
};

/** Writes text that has colours of our own in it, and whose other parts have been escaped. */
export const writeStyled = (text: string, stream: NodeJS.WriteStream = process.stdout): void => {
  const write: Write = unescaped.get(stream) ?? stream.write.bind(stream);
  write(text);
};
