import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * Keeps the focus in sight: what was opened gets it where the list makes room, and its link in the
 * list gets it back. Links carry the name of what they open as `data-open`.
 * @returns to be put on what holds the list and the pane
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

/** Whether what has the focus is gone, or is in a part that is not shown. */
const isFocusHidden = (): boolean => {
  const { activeElement } = document;
  return (
    activeElement === null ||
    activeElement === document.body ||
    activeElement.getClientRects().length === 0
  );
};
