import { type ConfigFile, notASetting, settingsIn } from '../../server/app/settings/config-file.ts';
import { resolveSettings } from '../../server/app/settings/resolve-settings.ts';
import { type Settings, settingRows } from '../../server/domain/settings/settings-table.ts';
import { suggest } from '../../server/problems/did-you-mean.ts';
import { StartupError } from '../../server/problems/problem.ts';
import { omitUndefined } from '../../server/protocol/omit-undefined.ts';
import type { components } from './settings.gen.ts';

/**
 * The settings that differ from the defaults, as a config file holds them: nested (`ordering:
 * {stale: 'refuse'}`) or dotted.
 */
export type MockServerSettings = Omit<components['schemas']['Settings'], '$schema'>;

/**
 * Settings for a simulator inside another program: a free port unless one is asked for; no variable
 * and no config file has a say.
 * @throws StartupError with everything that is wrong with them
 */
export const embeddedSettings = (given: MockServerSettings, folder: string): Settings => {
  const { values, unknown } = settingsIn({ port: 0, ...omitUndefined(given) });
  const problemAt: ConfigFile['problemAt'] = (key, _issue, message, remedy) => ({
    where: `createMockServer: ${key}`,
    message,
    remedy,
  });
  const problems = unknown.map((path) =>
    problemAt(
      path.join('.'),
      { path: [], isName: true },
      notASetting(path),
      suggest(
        path.join('.'),
        settingRows.map(({ key }) => key),
      ),
    ),
  );
  const resolved = resolveSettings({
    flags: new Map(),
    variables: {},
    file: { folder, values, problems, problemAt },
    folder,
  });
  if (resolved.problems.length > 0) throw new StartupError(resolved.problems);
  return resolved.value;
};
