import { readSettings } from './settings.ts';

/** Where merchants call: the page's own origin, unless the admin side has a listener of its own. */
export const gatewayUrl = (): Promise<string> =>
  readSettings().then(urlFrom, () => location.origin);

const urlFrom = (settings: ReadonlyMap<string, unknown>): string =>
  settings.get('adminPort') === 'same'
    ? location.origin
    : `http://${location.hostname}:${String(settings.get('port'))}`;
