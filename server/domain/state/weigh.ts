const perThing = 24;
const perField = 8;

/** About how many bytes of memory a JSON value takes: for a bound on all of them, not for an account. */
export const weigh = (value: unknown): number => {
  if (typeof value === 'string') return perThing + value.length;
  if (typeof value !== 'object' || value === null) return perField;
  let bytes = perThing;
  for (const one of Object.values(value)) bytes += perField + weigh(one);
  return bytes;
};
