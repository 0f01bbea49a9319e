/** A result that is there, or will be; a failure always comes later. */
export type Settling<T> = T | Promise<T>;

/** Calls back with a result: at once if it is there, which costs much less than a promise. */
export const whenSettled = <T, U>(
  result: Settling<T>,
  use: (result: T) => Settling<U>,
): Settling<U> => (result instanceof Promise ? result.then(use) : use(result));
