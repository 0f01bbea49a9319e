import { useEffect, useState } from 'preact/hooks';

/** A preference with a few possible values, stored in the browser. */
export interface Preference<T extends string> {
  readonly value: T;
  choose(value: T): void;
  subscribe(listener: () => void): () => void;
}

export const createPreference = <T extends string>(
  name: string,
  values: readonly T[],
  fallback: () => T,
): Preference<T> => {
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

/** The current value; re-renders when it changes. */
export const usePreference = <T extends string>(remembered: Preference<T>): T => {
  const [value, show] = useState(remembered.value);
  useEffect(() => remembered.subscribe(() => show(remembered.value)), [remembered]);
  return value;
};

// Storage may be disabled; the preference then lasts until the page is closed.
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

applyTheme();
themePreference.subscribe(applyTheme);

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

applyLanguage();
displayLanguage.subscribe(applyLanguage);

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
