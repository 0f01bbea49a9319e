const objectOverhead = 24;
const fieldOverhead = 8;

/**
 * About how many bytes of memory a JSON value takes: for a bound on all of them, not for an
 * account.
 */
export const estimateBytes = (value: unknown): number => {
  if (typeof value === 'string') return objectOverhead + value.length;
  if (typeof value !== 'object' || value === null) return fieldOverhead;
  let bytes = objectOverhead;
  for (const one of Object.values(value)) bytes += fieldOverhead + estimateBytes(one);
  return bytes;
};
