import { type Language, language, languages } from '../settings/language.ts';
import { useRemembered } from '../settings/remembered.ts';
import { useWords } from '../words/use-words.ts';

const names: Readonly<
  Record<Language, { readonly short: string; readonly full: string; readonly tag: string }>
> = {
  en: { short: 'EN', full: 'English', tag: 'en' },
  'zh-Hant': { short: '繁', full: '繁體中文', tag: 'zh-Hant-HK' },
};

export const LanguageSwitch = () => {
  const t = useWords();
  const chosen = useRemembered(language);
  return (
    <fieldset class="segments">
      <legend class="hidden">{t.shell.language}</legend>
      {languages.map((value) => (
        <button
          key={value}
          type="button"
          lang={names[value].tag}
          title={names[value].full}
          aria-pressed={value === chosen}
          onClick={() => language.choose(value)}
        >
          <span aria-hidden="true">{names[value].short}</span>
          <span class="hidden">{names[value].full}</span>
        </button>
      ))}
    </fieldset>
  );
};
