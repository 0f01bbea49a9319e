import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Writes requests so that they are read back without being parsed: how many, how long each one is,
 * then their bytes.
 */
export const writeRequestFile = (file: string, requests: readonly Buffer[]): void => {
  const lengths = Buffer.from(
    Uint32Array.from([requests.length, ...requests.map(({ length }) => length)]).buffer,
  );
  writeFileSync(file, Buffer.concat([lengths, ...requests]));
};

export const readRequestFile = (file: string): Buffer[] => {
  const bytes = readFileSync(file);
  const count = bytes.readUInt32LE(0);
  let at = 4 * (count + 1);
  return Array.from({ length: count }, (_, index) => {
    const from = at;
    at += bytes.readUInt32LE(4 * (index + 1));
    return bytes.subarray(from, at);
  });
};
