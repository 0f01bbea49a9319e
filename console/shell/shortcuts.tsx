import { useEffect, useRef } from 'preact/hooks';
import { useMessages } from '../i18n/use-messages.ts';
import { hrefFor, navigate, views } from './route.ts';

export const ShortcutsDialog = ({ onClose }: { onClose(): void }) => {
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
export const useShortcuts = ({ onHelp }: { onHelp(): void }): void => {
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
