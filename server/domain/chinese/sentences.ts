import certify from './certify.json' with { type: 'json' };
import faults from './faults.json' with { type: 'json' };
import scenarios from './scenarios.json' with { type: 'json' };

/** Sentences by their English text, so that a changed sentence has no translation until it follows. */
type Sentences = Readonly<Record<string, string>>;

const findIn =
  (sentences: Sentences) =>
  (english: string): string | undefined =>
    sentences[english.replace(/\s+/g, ' ').trim()];

/** What a scenario of the package does, and what a correct integration does; undefined: unknown. */
export const scenarioInChinese = /* @__PURE__ */ findIn(scenarios);
/** What arrives with a fault, and what a correct client does. */
export const faultInChinese = /* @__PURE__ */ findIn({ ...scenarios, ...faults });
/** What a case of certify demands and why, what it rests on, and the checks. */
export const certifyInChinese = /* @__PURE__ */ findIn(certify);
