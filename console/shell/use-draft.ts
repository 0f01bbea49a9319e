import { useEffect, useState } from 'preact/hooks';

/**
 * Input that was not yet sent or saved. It survives navigation and reload, and ends with the tab.
 */
interface StoredDraft {
  readonly value: unknown;
  /** Whether closing the tab would lose input. */
  readonly isUnsaved: boolean;
}

const storagePrefix = 'console.draft.';

// Storage may be disabled or full; the draft then lasts until the page is closed.
const readStoredDrafts = (): [string, StoredDraft][] => {
  try {
    return Object.entries(sessionStorage).flatMap(([key, text]: [string, string]) =>
      key.startsWith(storagePrefix)
        ? [[key.slice(storagePrefix.length), JSON.parse(text) as StoredDraft]]
        : [],
    );
  } catch {
    return [];
  }
};

const drafts = new Map(readStoredDrafts());
const draftListeners = new Set<() => void>();

const storeDraft = (name: string, draft: StoredDraft | undefined): void => {
  if (draft === undefined) drafts.delete(name);
  else drafts.set(name, draft);
  try {
    if (draft === undefined) sessionStorage.removeItem(storagePrefix + name);
    else sessionStorage.setItem(storagePrefix + name, JSON.stringify(draft));
  } catch {
    // The draft stays in memory.
  }
  for (const listener of [...draftListeners]) listener();
};

addEventListener('beforeunload', (event) => {
  if ([...drafts.values()].some(({ isUnsaved }) => isUnsaved)) event.preventDefault();
});

export interface Draft<T> {
  readonly value: T;
  /** Whether it has input that was neither sent nor saved. */
  readonly isUnsaved: boolean;
  /** @param isUnsaved whether leaving the page asks for confirmation; default true */
  edit(value: T, isUnsaved?: boolean): void;
  /** Marks the input as sent or saved, and keeps it. */
  settle(): void;
  /** Resets to the initial value. */
  discard(): void;
}

/** A draft that is stored by name until it is discarded. */
export const useDraft = <T>(name: string, initial: T): Draft<T> => {
  const [, show] = useState(0);
  useEffect(() => {
    const update = (): void => show((turn) => turn + 1);
    draftListeners.add(update);
    return () => void draftListeners.delete(update);
  }, []);
  const stored = drafts.get(name);
  // Only this page writes the entry, with the type of this name.
  const value = stored === undefined ? initial : (stored.value as T);
  return {
    value,
    isUnsaved: stored?.isUnsaved === true,
    edit: (next, isUnsaved = true) => storeDraft(name, { value: next, isUnsaved }),
    settle: () => {
      const now = drafts.get(name);
      if (now !== undefined) storeDraft(name, { ...now, isUnsaved: false });
    },
    discard: () => storeDraft(name, undefined),
  };
};

/** Text that another view passes to the scenario editor. */
export const incomingScenario: { text: string | undefined } = { text: undefined };

/** Routes of the scenarios that are not scenarios; their names never start with a tilde. */
export const newScenarioName = '~new';
export const oneShotName = '~one-shot';
