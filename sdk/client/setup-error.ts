/**
 * The client cannot work as it was set up: a key that cannot be read, an address that is none.
 * Nothing was sent.
 */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}
