import { type DisplayLanguage, displayLanguage, usePreference } from '../shell/preferences.ts';

import { en, type Messages } from './en.ts';
import { zhHant } from './zh-hant.ts';

const messages: Readonly<Record<DisplayLanguage, Messages>> = { en, 'zh-Hant': zhHant };

/** The page's words in the chosen language. */
export const useMessages = (): Messages => messages[usePreference(displayLanguage)];
