import type { ComponentChildren, RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { followLink, hrefOf, type Place, usePlace, type View, views } from '../routing/place.ts';
import { useWords } from '../words/use-words.ts';
import { Connection } from './connection.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { LostNotice } from './lost-notice.tsx';
import { RestartNotice } from './restart-notice.tsx';
import { useShortcuts } from './shortcuts.ts';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

/**
 * What stands around every view: where one is, whether the page is live, and how one likes to read.
 */
export const Shell = ({ draw }: { draw(place: Place): ComponentChildren }) => {
  const t = useWords();
  const place = usePlace();
  const [asksForKeys, setAsksForKeys] = useState(false);
  useShortcuts({ onHelp: () => setAsksForKeys(true) });
  const main = useMainScroll(place);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: links are followed here, and links have their own keys
    // biome-ignore lint/a11y/noStaticElementInteractions: as above
    <div class="shell" onClick={followLink}>
      <a class="skip" href="#main">
        {t.shell.skip}
      </a>
      <header class="top">
        <a class="brand" href={hrefOf('exchanges')}>
          <BrandMark />
          <span>alipayhk-mock</span>
        </a>
        <nav class="views" aria-label={t.shell.views}>
          {views.map((view) => (
            <ViewLink key={view} view={view} place={place} />
          ))}
        </nav>
        <div class="preferences">
          <Connection />
          <LanguageSwitch />
          <ThemeSwitch />
          <button
            type="button"
            class="icon-button keys-help"
            aria-label={t.shell.keys}
            title={t.shell.keys}
            onClick={() => setAsksForKeys(true)}
          >
            ?
          </button>
        </div>
      </header>
      <LostNotice />
      <RestartNotice />
      <main id="main" tabIndex={-1} class={`view view-${place.view}`} ref={main}>
        {draw(place)}
      </main>
      {asksForKeys && <ShortcutsDialog onClose={() => setAsksForKeys(false)} />}
    </div>
  );
};

/** Every place begins at its top; a list is where it was, when one comes back to it. */
const useMainScroll = ({ view, open }: Place): RefObject<HTMLElement> => {
  const main = useRef<HTMLElement>(null);
  const lists = useRef(new Map<View, number>());
  useLayoutEffect(() => {
    const element = main.current;
    if (element === null) return;
    element.scrollTop = open === undefined ? (lists.current.get(view) ?? 0) : 0;
    if (open !== undefined) return;
    const keep = (): void => void lists.current.set(view, element.scrollTop);
    element.addEventListener('scroll', keep);
    return () => element.removeEventListener('scroll', keep);
  }, [view, open]);
  return main;
};

const ViewLink = ({ view, place }: { readonly view: View; readonly place: Place }) => {
  const t = useWords();
  return (
    <a href={hrefOf(view)} aria-current={view === place.view ? 'page' : undefined}>
      {t.views[view]}
    </a>
  );
};

const BrandMark = () => (
  <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
    <rect width="32" height="32" rx="8" class="brand-ground" />
    <path d="M8 21V11l8 6 8-6v10" class="brand-line" />
  </svg>
);
