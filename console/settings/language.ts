import { remember } from './remembered.ts';

export const languages = ['en', 'zh-Hant'] as const;
export type Language = (typeof languages)[number];

/** A browser set to any Chinese starts in Chinese. */
const ofBrowser = (): Language =>
  navigator.languages.some((tag) => /^zh\b/i.test(tag)) ? 'zh-Hant' : 'en';

export const language = remember<Language>('language', languages, ofBrowser);

const htmlTags: Readonly<Record<Language, string>> = { en: 'en', 'zh-Hant': 'zh-Hant-HK' };
const apply = (): void => {
  document.documentElement.lang = htmlTags[language.value];
};

apply();
language.subscribe(apply);
