import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useMessages } from '../i18n/messages.tsx';
import { useFeed } from '../stream/feed.ts';
import {
  type DisplayLanguage,
  displayLanguage,
  displayLanguages,
  type Theme,
  themePreference,
  themes,
  usePreference,
} from './browser-storage.ts';
import { followLink, hrefFor, navigate, type Route, useRoute, type View, views } from './route.ts';
import { SteeringBar } from './steering-bar.tsx';

/** Frame of all views: navigation, connection status, preferences. */
export const Shell = ({ draw }: { draw(place: Route): ComponentChildren }) => {
  const t = useMessages();
  const place = useRoute();
  const [asksForKeys, setAsksForKeys] = useState(false);
  useShortcuts({ onHelp: () => setAsksForKeys(true) });
  const main = useMainScroll(place);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: handles links, which have their own keys
    // biome-ignore lint/a11y/noStaticElementInteractions: as above
    <div class="shell" onClick={followLink}>
      <a class="skip" href="#main">
        {t.shell.skip}
      </a>
      <header class="top">
        <a class="brand" href={hrefFor('exchanges')}>
          <BrandMark />
          <span>alipayhk-mock</span>
        </a>
        <nav class="views" aria-label={t.shell.views}>
          {views.map((view) => (
            <ViewLink key={view} view={view} place={place} />
          ))}
        </nav>
        <div class="preferences">
          <ConnectionStatus />
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
      <Steering />
      <main id="main" tabIndex={-1} class={`view view-${place.view}`} ref={main}>
        {draw(place)}
      </main>
      {asksForKeys && <ShortcutsDialog onClose={() => setAsksForKeys(false)} />}
    </div>
  );
};

/** Scrolls to the top on navigation, and restores the position of a list on return. */
const useMainScroll = ({ view, open }: Route): RefObject<HTMLElement> => {
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

const ViewLink = ({
  view,
  place,
}: {
  readonly view: (typeof views)[number];
  readonly place: Route;
}) => {
  const t = useMessages();
  return (
    <a href={hrefFor(view)} aria-current={view === place.view ? 'page' : undefined}>
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

/** Status of the event stream. */
export const ConnectionStatus = () => {
  const t = useMessages();
  const { status } = useFeed().state;
  return (
    <span class={`connection ${status}`} role="status" title={t.connectionMeaning[status]}>
      <span class="connection-dot" aria-hidden="true" />
      <span class="connection-word">{t.connection[status]}</span>
    </span>
  );
};

/** Shown while the connection is lost: the data may be outdated. */
export const LostNotice = () => {
  const t = useMessages();
  const { status } = useFeed().state;
  return (
    <div class="lost-notice" role="status">
      {status === 'lost' && <p>{t.connectionMeaning.lost}</p>}
    </div>
  );
};

/** Shown after a restart: earlier data belonged to the previous run. */
export const RestartNotice = () => {
  const t = useMessages();
  const { feed, state } = useFeed();
  return (
    <div class="restart-notice" role="status">
      {state.hasRestarted && (
        <div class="restart-line">
          <p>{t.connectionMeaning.restarted}</p>
          <button type="button" class="button small" onClick={() => feed.acknowledgeRestart()}>
            {t.common.close}
          </button>
        </div>
      )}
    </div>
  );
};

const displayLanguageNames: Readonly<
  Record<DisplayLanguage, { readonly short: string; readonly full: string; readonly tag: string }>
> = {
  en: { short: 'EN', full: 'English', tag: 'en' },
  'zh-Hant': { short: '繁', full: '繁體中文', tag: 'zh-Hant-HK' },
};

export const LanguageSwitch = () => {
  const t = useMessages();
  const chosen = usePreference(displayLanguage);
  return (
    <fieldset class="segments">
      <legend class="hidden">{t.shell.language}</legend>
      {displayLanguages.map((value) => (
        <button
          key={value}
          type="button"
          lang={displayLanguageNames[value].tag}
          title={displayLanguageNames[value].full}
          aria-pressed={value === chosen}
          onClick={() => displayLanguage.choose(value)}
        >
          <span aria-hidden="true">{displayLanguageNames[value].short}</span>
          <span class="hidden">{displayLanguageNames[value].full}</span>
        </button>
      ))}
    </fieldset>
  );
};

/** Only with access to the admin API. */
const Steering = () => {
  const { status, isRead, run } = useFeed().state;
  return <div>{status !== 'denied' && isRead && <SteeringBar key={run} />}</div>;
};

const themeIcons: Readonly<Record<Theme, ComponentChildren>> = {
  system: <path d="M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12" />,
  light: (
    <path
      d={
        'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 .8v1.6M8 13.6v1.6M.8 8h1.6M13.6 8h1.6' +
        'M2.9 2.9 4 4M12 12l1.1 1.1M13.1 2.9 12 4M4 12l-1.1 1.1'
      }
    />
  ),
  dark: <path d="M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3z" />,
};

export const ThemeSwitch = () => {
  const t = useMessages();
  const chosen = usePreference(themePreference);
  return (
    <fieldset class="segments">
      <legend class="hidden">{t.shell.theme}</legend>
      {themes.map((value) => (
        <button
          key={value}
          type="button"
          title={t.themes[value]}
          aria-label={t.themes[value]}
          aria-pressed={value === chosen}
          onClick={() => themePreference.choose(value)}
        >
          <svg
            viewBox="0 0 16 16"
            width="14"
            height="14"
            aria-hidden="true"
            class={`icon theme-${value}`}
          >
            {themeIcons[value]}
          </svg>
        </button>
      ))}
    </fieldset>
  );
};

const ShortcutsDialog = ({ onClose }: { onClose(): void }) => {
  const t = useMessages();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="keys-title" onClose={onClose}>
      <header>
        <h2 id="keys-title">{t.shell.keys}</h2>
        <button type="button" class="button small" onClick={() => dialog.current?.close()}>
          {t.common.close}
        </button>
      </header>
      <dl class="keys-list">
        {t.shortcuts.map(([keys, meaning]) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
};

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

/**
 * Handles single keys, except while typing or in a dialog. Combinations with Ctrl, Alt or Meta are
 * left to the browser.
 */
export const onKeys = (keys: Readonly<Record<string, () => void>>): (() => void) => {
  const listen = (event: KeyboardEvent): void => {
    const call = keys[event.key];
    if (
      call === undefined ||
      event.defaultPrevented ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey
    )
      return;
    // The target of an event from a shadow root, as the editor's, is its host.
    if (
      isTyping(event.composedPath()[0] ?? null) ||
      document.querySelector('dialog[open]') !== null
    )
      return;
    event.preventDefault();
    call();
  };
  addEventListener('keydown', listen);
  return () => removeEventListener('keydown', listen);
};

/** Shortcuts that work in all views. */
const useShortcuts = ({ onHelp }: { onHelp(): void }): void => {
  useEffect(
    () =>
      onKeys({
        '?': onHelp,
        ...Object.fromEntries(
          views.map((view, at) => [String(at + 1), () => navigate(hrefFor(view))]),
        ),
      }),
    // The callback only opens a dialog, so a stale one is fine.
    [],
  );
};
