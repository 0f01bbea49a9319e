/** Reads a response to its end. @throws when it is longer than the limit; the rest is then not read */
export const readBody = async (response: Response, limit: number): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
    length += part.value.byteLength;
    if (length > limit) {
      await reader?.cancel();
      throw new Error(`the answer is longer than ${limit} bytes`);
    }
    chunks.push(part.value);
  }
  return Buffer.concat(chunks);
};
