import { useEffect, useState } from 'preact/hooks';

/**
 * What someone has typed and not yet sent or saved: it survives other views and a reload, and ends
 * with the tab.
 */
interface StoredDraft {
  readonly value: unknown;
  /** Whether closing the tab would lose work. */
  readonly isUnsaved: boolean;
}

const storagePrefix = 'console.draft.';

// A browser may forbid storage, or have no room left; the draft then lasts as long as the page.
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
    // It is still in the page.
  }
  for (const listener of [...draftListeners]) listener();
};

addEventListener('beforeunload', (event) => {
  if ([...drafts.values()].some(({ isUnsaved }) => isUnsaved)) event.preventDefault();
});

export interface Draft<T> {
  readonly value: T;
  /** Whether it holds work that was neither sent nor saved. */
  readonly isUnsaved: boolean;
  /** @param isUnsaved whether leaving the page should ask; true when absent */
  edit(value: T, isUnsaved?: boolean): void;
  /** The work was sent or saved; the text stays. */
  settle(): void;
  /** Back to the beginning. */
  discard(): void;
}

/** A value that is kept under a name until it is discarded. */
export const useDraft = <T>(name: string, initial: T): Draft<T> => {
  const [, show] = useState(0);
  useEffect(() => {
    const update = (): void => show((turn) => turn + 1);
    draftListeners.add(update);
    return () => void draftListeners.delete(update);
  }, []);
  const stored = drafts.get(name);
  // The page stored it itself, in the shape that this name has.
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
