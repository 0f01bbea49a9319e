/**
 * node-forge, loaded when a certificate or a PKCS#12 file is really wanted: it takes tens of
 * milliseconds, and most runs never need it.
 */
export const loadForge = async () => (await import('node-forge')).default;

export type Forge = Awaited<ReturnType<typeof loadForge>>;
