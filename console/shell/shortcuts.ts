import { useEffect } from 'preact/hooks';
import { goTo, hrefOf, views } from '../routing/place.ts';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

/**
 * Calls for single keys, unless someone is typing or a dialog is open. Keys with Ctrl, Alt or Meta
 * are the browser's.
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
    if (isTyping(event.target) || document.querySelector('dialog[open]') !== null) return;
    event.preventDefault();
    call();
  };
  addEventListener('keydown', listen);
  return () => removeEventListener('keydown', listen);
};

/** The keys that work everywhere. */
export const useShortcuts = ({ onHelp }: { onHelp(): void }): void => {
  useEffect(
    () =>
      onKeys({
        '?': onHelp,
        ...Object.fromEntries(views.map((view, at) => [String(at + 1), () => goTo(hrefOf(view))])),
      }),
    // The callback only opens a dialog; a stale one does the same.
    [],
  );
};
