/** What the process's exit code says. */
export const exitCodes = { ok: 0, failed: 1, unusable: 2, cannotListen: 3 } as const;
