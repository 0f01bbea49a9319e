import { useEffect, useState } from 'preact/hooks';

/** A preference with a few possible values, stored in the browser. */
export type Preference<T extends string> = StoredValue<T>;

export const createPreference = <T extends string>(
  name: string,
  values: readonly T[],
  fallback: () => T,
): Preference<T> =>
  createStored(name, {
    parse: (stored) => values.find((one) => one === stored) ?? fallback(),
    format: String,
  });

/** A value that this browser remembers. */
export interface StoredValue<T> {
  readonly value: T;
  choose(value: T): void;
  subscribe(listener: () => void): () => void;
}

/**
 * Only this page writes the entry, with the type of this name.
 * @param kind `session`: it ends with the tab
 */
export const createStoredValue = <T>(
  name: string,
  fallback: T,
  kind: StorageKind = 'local',
): StoredValue<T> =>
  createStored(
    name,
    { parse: (stored) => parseStored(stored) ?? fallback, format: JSON.stringify },
    kind,
  );

const parseStored = <T>(stored: string | null): T | undefined => {
  try {
    return stored === null ? undefined : (JSON.parse(stored) as T);
  } catch {
    return undefined;
  }
};

type StorageKind = 'local' | 'session';

interface StoredForm<T> {
  parse(stored: string | null): T;
  format(value: T): string;
}

const createStored = <T>(
  name: string,
  { parse, format }: StoredForm<T>,
  kind: StorageKind = 'local',
): StoredValue<T> => {
  const key = `console.${name}`;
  const listeners = new Set<() => void>();
  // Read at its first use, so that loading this file needs no browser.
  let known: { readonly value: T } | undefined;
  return {
    get value() {
      known ??= { value: parse(readStored(key, kind)) };
      return known.value;
    },
    choose: (next) => {
      known = { value: next };
      writeStored(key, format(next), kind);
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};

/** The current value; re-renders when it changes. */
export const useStoredValue = <T>(remembered: StoredValue<T>): T => {
  const [value, show] = useState(remembered.value);
  useEffect(() => remembered.subscribe(() => show(remembered.value)), [remembered]);
  return value;
};

export const usePreference: <T extends string>(remembered: Preference<T>) => T = useStoredValue;

const openStorage = (kind: StorageKind): Storage =>
  kind === 'local' ? localStorage : sessionStorage;

// Storage may be disabled; the preference then lasts until the page is closed.
const readStored = (key: string, kind: StorageKind): string | null => {
  try {
    return openStorage(kind).getItem(key);
  } catch {
    return null;
  }
};

const writeStored = (key: string, value: string, kind: StorageKind): void => {
  try {
    openStorage(kind).setItem(key, value);
  } catch {
    // Not stored for the next visit.
  }
};

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export const themePreference = createPreference<Theme>('theme', themes, () => 'system');

const applyTheme = (): void => {
  if (themePreference.value === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = themePreference.value;
};

export const displayLanguages = ['en', 'zh-Hant'] as const;
export type DisplayLanguage = (typeof displayLanguages)[number];

/** Chinese if the browser prefers any variant of it. */
const preferredLanguage = (): DisplayLanguage =>
  navigator.languages.some((tag) => /^zh\b/i.test(tag)) ? 'zh-Hant' : 'en';

export const displayLanguage = createPreference<DisplayLanguage>(
  'language',
  displayLanguages,
  preferredLanguage,
);

const htmlTags: Readonly<Record<DisplayLanguage, string>> = { en: 'en', 'zh-Hant': 'zh-Hant-HK' };
const applyLanguage = (): void => {
  document.documentElement.lang = htmlTags[displayLanguage.value];
};

/** Applies theme and language to the page, now and whenever they change. */
export const applyPreferences = (): void => {
  applyTheme();
  themePreference.subscribe(applyTheme);
  applyLanguage();
  displayLanguage.subscribe(applyLanguage);
};

/** Programming languages of the doctor's remedies. */
export const codeLanguages = ['java', 'php', 'python', 'go', 'csharp', 'node'] as const;
export type CodeLanguage = (typeof codeLanguages)[number];

export const codeLanguageNames: Readonly<Record<CodeLanguage, string>> = {
  java: 'Java',
  php: 'PHP',
  python: 'Python',
  go: 'Go',
  csharp: 'C#',
  node: 'Node',
};

export const codeLanguage = createPreference<CodeLanguage>(
  'code-language',
  codeLanguages,
  () => 'java',
);

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

/** Has the browser ask before the page is left with unsaved input. */
export const guardDrafts = (): void =>
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
