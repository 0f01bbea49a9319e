import { randomBytes } from 'node:crypto';

/** The shape of the documents' sample: 7 lower-case letters, 21 digits (register G-16). */
export const newTracerId = (): string => {
  const bytes = randomBytes(28);
  let id = '';
  for (const [at, byte] of bytes.entries()) id += at < 7 ? String.fromCharCode(97 + (byte % 26)) : String(byte % 10);
  return id;
};
