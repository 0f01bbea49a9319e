import { type Language, language } from '../settings/language.ts';
import { useRemembered } from '../settings/remembered.ts';
import { en, type Words } from './en.ts';
import { zhHant } from './zh-hant.ts';

const words: Readonly<Record<Language, Words>> = { en, 'zh-Hant': zhHant };

/** The page's words in the chosen language. */
export const useWords = (): Words => words[useRemembered(language)];
