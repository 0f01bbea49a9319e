import {
  type LintRuleText,
  lintRulesInChinese,
} from '../../server/conformance/lint/lint-rules-in-chinese.ts';
import { mistakesInChinese } from '../../server/doctor/catalogue/chinese-texts.ts';
import {
  type RegisterTexts,
  registerInChinese,
  settingEffectsInChinese,
  sourcesInChinese,
} from '../../server/domain/chinese/register.ts';
import type { Translation } from './both-languages.ts';
import { exchangeMessages } from './exchange.ts';
import { exchangesMessages } from './exchanges.ts';
import { gatewayMessages } from './gateway.ts';
import { integrationMessages } from './integration.ts';
import { keysMessages } from './keys.ts';
import { outboundMessages } from './outbound.ts';
import { scenariosMessages } from './scenarios.ts';
import { sendMessages } from './send.ts';
import { shellMessages } from './shell.ts';
import { stateMessages } from './state.ts';

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
