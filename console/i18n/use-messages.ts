import { type DisplayLanguage, displayLanguage, usePreference } from '../shell/preferences.ts';
import { en, type Messages, zhHant } from './messages.ts';

const messages: Readonly<Record<DisplayLanguage, Messages>> = { en, 'zh-Hant': zhHant };

/** Texts in the chosen language. */
export const useMessages = (): Messages => messages[usePreference(displayLanguage)];
