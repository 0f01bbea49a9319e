import { useEffect, useState } from 'preact/hooks';

export const views = ['exchanges', 'state', 'scenarios', 'send', 'keys'] as const;
export type View = (typeof views)[number];

/**
 * Where in the console someone is: everything about it stands in the address, so that it can be
 * sent to a colleague.
 */
export interface Place {
  readonly view: View;
  /** What is open in the view: an exchange's id, a scenario's name. */
  readonly open: string | undefined;
  readonly query: URLSearchParams;
}

const base = '/__console/';

export const readPlace = ({
  pathname,
  search,
}: {
  readonly pathname: string;
  readonly search: string;
}): Place => {
  const [name, ...rest] = pathname.slice(base.length).split('/');
  const open = rest.map(decodeSegment).join('/');
  return {
    view: views.find((view) => view === name) ?? 'exchanges',
    open: open === '' ? undefined : open,
    query: new URLSearchParams(search),
  };
};

/** The address of a place; parameters without a value are left out. */
export const hrefOf = (
  view: View,
  open?: string,
  query: URLSearchParams | Readonly<Record<string, string | undefined>> = {},
): string => {
  const path =
    open === undefined ? (view === 'exchanges' ? '' : view) : `${view}/${encodeURIComponent(open)}`;
  const pairs = query instanceof URLSearchParams ? [...query] : Object.entries(query);
  const search = new URLSearchParams(
    pairs.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value]])),
  );
  return `${base}${path}${search.size === 0 ? '' : `?${search}`}`;
};

const listeners = new Set<() => void>();
const tell = (): void => {
  for (const listener of listeners) listener();
};
addEventListener('popstate', tell);

/** @param replace for what "back" should not stop at, such as a filter that is being typed */
export const goTo = (href: string, replace = false): void => {
  if (href === location.pathname + location.search) return;
  if (replace) history.replaceState(null, '', href);
  else history.pushState(null, '', href);
  tell();
};

/** A click that the page follows itself; new tabs and downloads stay the browser's. */
export const followLink = (event: MouseEvent): void => {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (
    link === null ||
    event.defaultPrevented ||
    event.button !== 0 ||
    event.metaKey ||
    event.ctrlKey ||
    event.shiftKey ||
    event.altKey
  )
    return;
  if (
    link.target !== '' ||
    link.hasAttribute('download') ||
    link.origin !== location.origin ||
    !link.pathname.startsWith(base)
  )
    return;
  event.preventDefault();
  // A place on the page: the address names places in the console only.
  if (link.hash !== '') document.getElementById(link.hash.slice(1))?.focus();
  else goTo(link.pathname + link.search);
};

export const usePlace = (): Place => {
  const [place, show] = useState(() => readPlace(location));
  useEffect(() => {
    const update = (): void => show(readPlace(location));
    listeners.add(update);
    return () => void listeners.delete(update);
  }, []);
  return place;
};

const decodeSegment = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
