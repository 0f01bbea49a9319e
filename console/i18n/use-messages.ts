import { translateRemedy } from '../../server/doctor/catalogue/chinese-texts.ts';
import { certifyInChinese, scenarioInChinese } from '../../server/domain/chinese/sentences.ts';
import { translateServerText } from '../../server/domain/chinese/server-texts.ts';
import { type DisplayLanguage, displayLanguage, usePreference } from '../shell/preferences.ts';
import { en, type Messages, zhHant } from './messages.ts';

const messages: Readonly<Record<DisplayLanguage, Messages>> = { en, 'zh-Hant': zhHant };

/** Texts in the chosen language. */
export const useMessages = (): Messages => messages[usePreference(displayLanguage)];

/** Translates sentences of the simulator; undefined in English, which they are written in. */
export const useServerTexts = (): ((text: string) => string | undefined) | undefined =>
  usePreference(displayLanguage) === 'en' ? undefined : translateServerText;

/** Translates texts of the package's scenarios; undefined in English, and for other scenarios. */
export const useScenarioTexts = (): ((text: string) => string | undefined) =>
  usePreference(displayLanguage) === 'en' ? () => undefined : scenarioInChinese;

/** Translates what a case of certify demands; undefined in English, and for other sentences. */
export const useCertifyTexts = (): ((text: string) => string | undefined) =>
  usePreference(displayLanguage) === 'en'
    ? () => undefined
    : (text) => certifyInChinese(text) ?? translateServerText(text);

/** Translates the comments in a remedy; the code stays. */
export const useRemedyTexts = (): ((code: string) => string) =>
  usePreference(displayLanguage) === 'en' ? (code) => code : translateRemedy;
