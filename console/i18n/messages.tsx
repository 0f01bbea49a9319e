import {
  type LintRuleText,
  lintRulesInChinese,
} from '../../server/conformance/lint/lint-rules-in-chinese.ts';
import { mistakesInChinese, translateRemedy } from '../../server/doctor/catalogue/chinese-texts.ts';
import {
  type RegisterTexts,
  registerInChinese,
  settingEffectsInChinese,
  sourcesInChinese,
} from '../../server/domain/chinese/register.ts';
import { certifyInChinese, scenarioInChinese } from '../../server/domain/chinese/sentences.ts';
import { translateServerText } from '../../server/domain/chinese/server-texts.ts';
import { type DisplayLanguage, displayLanguage, usePreference } from '../shell/browser-storage.ts';
import type { Translation } from './both-languages.ts';
import { exchangeMessages, sendMessages } from './exchange.ts';
import { exchangesMessages } from './exchanges.ts';
import { integrationMessages, outboundMessages } from './integration.ts';
import { gatewayMessages, shellMessages } from './shell.ts';
import { keysMessages, scenariosMessages, stateMessages } from './simulator.ts';

/** The doctor writes its findings in English, so the English texts have none. */
const findings: Readonly<Record<string, string>> = {};
const translatedLintRules: Readonly<Record<string, LintRuleText>> = {};
const translatedRegister: Readonly<Record<string, RegisterTexts>> = {};
const translatedSources: Readonly<Record<string, string>> = {};
const translatedEffects: Readonly<Record<string, readonly string[]>> = {};

export const en = {
  ...shellMessages.en,
  ...exchangesMessages.en,
  ...exchangeMessages.en,
  ...gatewayMessages.en,
  ...stateMessages.en,
  ...sendMessages.en,
  ...integrationMessages.en,
  ...keysMessages.en,
  ...outboundMessages.en,
  ...scenariosMessages.en,
  findings,
  lintRules: translatedLintRules,
  registerTexts: translatedRegister,
  settingEffects: translatedEffects,
  registerSources: translatedSources,
};

export type Messages = Translation<typeof en>;

/** Traditional Chinese as it is written in Hong Kong. */
export const zhHant: Messages = {
  ...shellMessages.zhHant,
  ...exchangesMessages.zhHant,
  ...exchangeMessages.zhHant,
  ...gatewayMessages.zhHant,
  ...stateMessages.zhHant,
  ...sendMessages.zhHant,
  ...integrationMessages.zhHant,
  ...keysMessages.zhHant,
  ...outboundMessages.zhHant,
  ...scenariosMessages.zhHant,
  findings: mistakesInChinese,
  lintRules: lintRulesInChinese,
  registerTexts: registerInChinese,
  settingEffects: settingEffectsInChinese,
  registerSources: sourcesInChinese,
};

const messages: Readonly<Record<DisplayLanguage, Messages>> = { en, 'zh-Hant': zhHant };

/** Texts in the chosen language. */
export const useMessages = (): Messages => messages[usePreference(displayLanguage)];

/** Translates sentences of the simulator; undefined in English, which they are written in. */
const useServerTexts = (): ((text: string) => string | undefined) | undefined =>
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

/** A sentence of the simulator, which writes English; translated where its text is known. */
export const ServerText = ({ text }: { readonly text: string }) => {
  const translate = useServerTexts();
  const translated = translate?.(text);
  return translated === undefined ? <span lang="en">{text}</span> : <span>{translated}</span>;
};

/** The reason of a decision. */
export const Reason = ({ reason }: { readonly reason: string }) => <ServerText text={reason} />;

/** A text of a scenario; those of the package are translated. */
export const ScenarioText = ({ text }: { readonly text: string }) => {
  const translated = useScenarioTexts()(text);
  return translated === undefined ? <span lang="en">{text}</span> : <>{translated}</>;
};
