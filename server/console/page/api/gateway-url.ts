import type { components } from '../../../admin/types.gen.ts';
import { askJson } from './admin.ts';

type Setting = components['schemas']['Setting'];

let asked: Promise<string> | undefined;

/** Where merchants call: the page's own origin, unless the admin side has a listener of its own. */
export const gatewayUrl = (): Promise<string> => {
  asked ??= askJson<{ readonly settings: readonly Setting[] }>('/settings')
    .then(({ settings }) => urlFrom(new Map(settings.map(({ key, value }) => [key, value]))))
    .catch(() => location.origin);
  return asked;
};

const urlFrom = (settings: ReadonlyMap<string, unknown>): string =>
  settings.get('adminPort') === 'same' ? location.origin : `http://${location.hostname}:${String(settings.get('port'))}`;
