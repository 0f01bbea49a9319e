import type { Settings } from '../../domain/settings/settings-table.ts';
import { resolveSettings } from './resolve-settings.ts';

/**
 * The default settings with yours laid over them, by their dotted names: `{port: 0,
 * 'ordering.stale': 'refuse'}`.
 */
export const settingsWith = (overrides: Partial<Settings> = {}): Settings => ({
  ...defaultSettings(),
  ...overrides,
});

const defaultSettings = (): Settings => {
  const { value } = resolveSettings({
    flags: new Map(),
    variables: {},
    file: undefined,
    folder: process.cwd(),
  });
  return value;
};
