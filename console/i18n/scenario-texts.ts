export interface ScenarioTexts {
  readonly description: string;
  readonly integration?: string;
}

/** The package's scenarios in Chinese by name. A test checks that none is missing. */
export const scenariosInChinese: Readonly<Record<string, ScenarioTexts>> = {};
