import { useEffect, useState } from 'preact/hooks';
import type { Setting } from '../../server/admin/types.gen.ts';
import { fetchJson } from './admin-client.ts';
import { oncePerRun } from './simulator-run.ts';

/** The simulator's settings by key; they do not change while it runs. */
export const readSettings: () => Promise<ReadonlyMap<string, unknown>> = oncePerRun(async () => {
  const { settings } = await fetchJson<{ readonly settings: readonly Setting[] }>('/settings');
  return new Map(settings.map(({ key, value }) => [key, value]));
});

/** Where merchants call: the page's own origin, unless the admin side has a listener of its own. */
export const readGatewayUrl = (): Promise<string> =>
  readSettings().then(toGatewayUrl, () => location.origin);

const toGatewayUrl = (settings: ReadonlyMap<string, unknown>): string =>
  settings.get('adminPort') === 'same'
    ? location.origin
    : `http://${location.hostname}:${String(settings.get('port'))}`;

/** Where merchants call; the page's own origin until it is known better. */
export const useGatewayUrl = (): string => {
  const [url, show] = useState(location.origin);
  useEffect(() => void readGatewayUrl().then(show), []);
  return url;
};
