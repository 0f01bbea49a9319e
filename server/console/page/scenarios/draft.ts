/** A scenario that someone began elsewhere in the page, for the editor to take up. */
export const draft: { value: string | undefined } = { value: undefined };
