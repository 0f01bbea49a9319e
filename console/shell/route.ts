import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import {
  navigate as navigateBrowser,
  usePathname,
  useSearch,
} from 'wouter-preact/use-browser-location';

/** The views of the navigation. */
export const views = ['exchanges', 'state', 'scenarios', 'send', 'integration', 'keys'] as const;
const allViews = [...views, 'compare'] as const;
export type View = (typeof allViews)[number];

/** Current location in the console. It is completely in the address, so that it can be shared. */
export interface Route {
  readonly view: View;
  /** Open item of the view, such as the id of an exchange or the name of a scenario. */
  readonly open: string | undefined;
  readonly query: URLSearchParams;
}

const base = '/__console/';

export const parseRoute = ({
  pathname,
  search,
}: {
  readonly pathname: string;
  readonly search: string;
}): Route => {
  const [name, ...rest] = pathname.slice(base.length).split('/');
  const open = rest.map(decodeSegment).join('/');
  return {
    view: allViews.find((view) => view === name) ?? 'exchanges',
    open: open === '' ? undefined : open,
    query: new URLSearchParams(search),
  };
};

/** The address of a route; parameters without a value are omitted. */
export const hrefFor = (
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

/** A message to the merchant in the list of those calls. */
export const hrefForMessage = (message: string): string =>
  hrefFor('integration', 'outbound', { message });

/** @param replace replaces the history entry, for example while a filter is typed */
export const navigate = (href: string, replace = false): void => {
  if (href === location.pathname + location.search) return;
  navigateBrowser(href, { replace });
};

/** Handles clicks on links within the console; new tabs and downloads are left to the browser. */
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
  // A fragment: only moves the focus, because the address holds routes only.
  if (link.hash !== '') document.getElementById(link.hash.slice(1))?.focus();
  else navigate(link.pathname + link.search);
};

export const useRoute = (): Route => {
  const [pathname, search] = [usePathname(), useSearch()];
  return useMemo(() => parseRoute({ pathname, search }), [pathname, search]);
};

const decodeSegment = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/**
 * Sets the document title, most specific part first.
 * @param parts undefined leaves the title to another component
 */
export const useTitle = (parts: readonly (string | undefined)[] | undefined): void => {
  const title =
    parts === undefined ? undefined : [...parts, 'alipayhk-mock'].filter(Boolean).join(' · ');
  useEffect(() => {
    if (title !== undefined) document.title = title;
  }, [title]);
};

/**
 * Keeps the focus visible: it moves to an opened pane that replaces the list, and back to the link
 * in the list. Links have their target in `data-open`.
 * @returns a ref for the container of list and pane
 */
export const useListFocus = (open: string | undefined): RefObject<HTMLDivElement> => {
  const split = useRef<HTMLDivElement>(null);
  const last = useRef(open);
  useLayoutEffect(() => {
    const before = last.current;
    last.current = open;
    if (before === open || !isFocusHidden()) return;
    if (open !== undefined)
      split.current?.querySelector<HTMLElement>('article')?.focus({ preventScroll: true });
    else if (before !== undefined)
      split.current?.querySelector<HTMLElement>(`[data-open="${CSS.escape(before)}"]`)?.focus();
  }, [open]);
  return split;
};

/** Whether the focused element was removed or is hidden. */
const isFocusHidden = (): boolean => {
  const { activeElement } = document;
  return (
    activeElement === null ||
    activeElement === document.body ||
    activeElement.getClientRects().length === 0
  );
};

/** Routes of the scenarios that are not scenarios; their names never start with a tilde. */
export const newScenarioName = '~new';
export const oneShotName = '~one-shot';
