import { useEffect } from 'preact/hooks';

/**
 * Titles the tab, what is open first: many tabs of the console are told apart by it.
 * @param parts undefined leaves the title to another part of the view
 */
export const useTitle = (parts: readonly (string | undefined)[] | undefined): void => {
  const title =
    parts === undefined ? undefined : [...parts, 'alipayhk-mock'].filter(Boolean).join(' · ');
  useEffect(() => {
    if (title !== undefined) document.title = title;
  }, [title]);
};
