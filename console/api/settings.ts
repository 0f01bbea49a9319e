import type { components } from '../../server/admin/types.gen.ts';
import { askJson } from './admin.ts';
import { oncePerRun } from './run-cache.ts';

type Setting = components['schemas']['Setting'];

/** The simulator's settings by key; they do not change while it runs. */
export const readSettings: () => Promise<ReadonlyMap<string, unknown>> = oncePerRun(async () => {
  const { settings } = await askJson<{ readonly settings: readonly Setting[] }>('/settings');
  return new Map(settings.map(({ key, value }) => [key, value]));
});
