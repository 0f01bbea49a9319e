import { useEffect, useState } from 'preact/hooks';

/** A choice of the person's that outlives the page: one of a few values, kept in the browser. */
export interface Remembered<T extends string> {
  readonly value: T;
  choose(value: T): void;
  subscribe(listener: () => void): () => void;
}

export const remember = <T extends string>(
  name: string,
  values: readonly T[],
  fallback: () => T,
): Remembered<T> => {
  const key = `console.${name}`;
  const stored = readStored(key);
  const listeners = new Set<() => void>();
  let value = values.find((one) => one === stored) ?? fallback();
  return {
    get value() {
      return value;
    },
    choose: (next) => {
      value = next;
      writeStored(key, next);
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};

/** The value now, and again whenever it is chosen anew. */
export const useRemembered = <T extends string>(remembered: Remembered<T>): T => {
  const [value, show] = useState(remembered.value);
  useEffect(() => remembered.subscribe(() => show(remembered.value)), [remembered]);
  return value;
};

// A browser may forbid storage altogether; the choice then lasts as long as the page.
const readStored = (key: string): string | null => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};

const writeStored = (key: string, value: string): void => {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Nothing to do: it was only for next time.
  }
};
