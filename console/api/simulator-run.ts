import { useEffect, useRef, useState } from 'preact/hooks';
import type { Setting } from '../../server/admin/types.gen.ts';
import { fetchJson } from './admin-client.ts';

const recoveryListeners = new Set<() => void>();

/** Notifies listeners that the simulator responds again. */
export const announceRecovery = (): void => {
  for (const listener of [...recoveryListeners]) listener();
};

export const onRecovery = (listener: () => void): (() => void) => {
  recoveryListeners.add(listener);
  return () => void recoveryListeners.delete(listener);
};

/** Calls the callback of the latest render when the simulator responds again. */
export const useRecovery = (callback: () => void): void => {
  const latest = useRef(callback);
  latest.current = callback;
  useEffect(() => onRecovery(() => latest.current()), []);
};

const caches = new Set<() => void>();

/**
 * Caches a request for one run of the simulator. Failures are not cached; a restart clears the
 * cache.
 */
export const oncePerRun = <T>(ask: () => Promise<T>): (() => Promise<T>) => {
  let asked: Promise<T> | undefined;
  caches.add(() => {
    asked = undefined;
  });
  return () => {
    if (asked !== undefined) return asked;
    const own = ask();
    asked = own;
    own.catch(() => {
      if (asked === own) asked = undefined;
    });
    return own;
  };
};

/** Called after a restart: settings and contract may differ. */
export const clearRunCaches = (): void => {
  for (const clear of caches) clear();
};

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
