/** A scenario that was begun elsewhere in the page, for the editor to open. */
export const incomingScenario: { text: string | undefined } = { text: undefined };
