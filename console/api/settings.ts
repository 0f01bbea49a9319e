import { useEffect, useState } from 'preact/hooks';
import type { Setting } from '../../server/admin/types.gen.ts';
import { fetchJson } from './admin-client.ts';
import { oncePerRun } from './simulator-run.ts';

/** Settings of the simulator by key; constant during a run. */
export const readSettings: () => Promise<ReadonlyMap<string, unknown>> = oncePerRun(async () => {
  const { settings } = await fetchJson<{ readonly settings: readonly Setting[] }>('/settings');
  return new Map(settings.map(({ key, value }) => [key, value]));
});

/** Base URL of the gateway: the page's origin, unless the admin API has its own listener. */
export const readGatewayUrl = (): Promise<string> =>
  readSettings().then(toGatewayUrl, () => location.origin);

const toGatewayUrl = (settings: ReadonlyMap<string, unknown>): string =>
  settings.get('adminPort') === 'same'
    ? location.origin
    : `http://${location.hostname}:${String(settings.get('port'))}`;

/** Base URL of the gateway; the page's origin until the settings are loaded. */
export const useGatewayUrl = (): string => {
  const [url, show] = useState(location.origin);
  useEffect(() => void readGatewayUrl().then(show), []);
  return url;
};
