/** The values that name a thing, for a person; one that was not given says nothing. */
export const namedBy = (values: readonly unknown[]): string =>
  values.filter((value) => value !== null).join(' · ');

/** The same of an identity as the admin API writes it: the JSON text of the values. */
export const identityText = (identity: string): string => {
  try {
    const values: unknown = JSON.parse(identity);
    return Array.isArray(values) ? namedBy(values) : identity;
  } catch {
    return identity;
  }
};
