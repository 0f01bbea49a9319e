import type { ComponentChildren } from 'preact';
import { useRemembered } from '../settings/remembered.ts';
import { type Theme, theme, themes } from '../settings/theme.ts';
import { useWords } from '../words/use-words.ts';

const icons: Readonly<Record<Theme, ComponentChildren>> = {
  system: <path d="M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12" />,
  light: (
    <path d="M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 .8v1.6M8 13.6v1.6M.8 8h1.6M13.6 8h1.6M2.9 2.9 4 4M12 12l1.1 1.1M13.1 2.9 12 4M4 12l-1.1 1.1" />
  ),
  dark: <path d="M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3z" />,
};

export const ThemeSwitch = () => {
  const t = useWords();
  const chosen = useRemembered(theme);
  return (
    <fieldset class="segments">
      <legend class="hidden">{t.shell.theme}</legend>
      {themes.map((value) => (
        <button
          key={value}
          type="button"
          title={t.themes[value]}
          aria-label={t.themes[value]}
          aria-pressed={value === chosen}
          onClick={() => theme.choose(value)}
        >
          <svg
            viewBox="0 0 16 16"
            width="14"
            height="14"
            aria-hidden="true"
            class={`icon theme-${value}`}
          >
            {icons[value]}
          </svg>
        </button>
      ))}
    </fieldset>
  );
};
