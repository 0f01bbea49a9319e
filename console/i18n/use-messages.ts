import { type DisplayLanguage, displayLanguage, usePreference } from '../shell/preferences.ts';
import { en, type Messages, zhHant } from './messages.ts';
import { translateServerText } from './server-texts.ts';

const messages: Readonly<Record<DisplayLanguage, Messages>> = { en, 'zh-Hant': zhHant };

/** Texts in the chosen language. */
export const useMessages = (): Messages => messages[usePreference(displayLanguage)];

/** Translates sentences of the simulator; undefined in English, which they are written in. */
export const useServerTexts = (): ((text: string) => string | undefined) | undefined =>
  usePreference(displayLanguage) === 'en' ? undefined : translateServerText;
