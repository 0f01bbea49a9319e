/** A link of the documentation's index. */
export interface IndexedPage {
  /** The heading that it is below. */
  readonly section: string;
  readonly title: string;
  /** From the package's root: `docs/how-to/steer.md`. */
  readonly path: string;
  /** What the page is for; empty where the index does not say. */
  readonly why: string;
}

/**
 * Reads the index of the documentation; of several links to a page the first counts.
 * @param text of docs/README.md
 */
export const readDocsIndex = (text: string): readonly IndexedPage[] => {
  const pages = new Map<string, IndexedPage>();
  let section: string | undefined;
  for (const line of text.split('\n')) {
    section = /^## (.+)$/.exec(line)?.[1] ?? section;
    if (section === undefined) continue;
    const cell = /^\| ([^|[\]]+?) \|/.exec(line)?.[1];
    for (const [, title = '', link = '', rest = ''] of line.matchAll(
      /\[([^\]]+)\]\(([^)#]+)(?:#[^)]*)?\)([^[|]*)/g,
    )) {
      const path = link.startsWith('../') ? link.slice(3) : `docs/${link}`;
      if (!/\.(md|yaml|json)$/.test(path) || pages.has(path)) continue;
      const why = (cell ?? rest).replace(/^[:,;\s]+|[,;\s.]+$/g, '');
      pages.set(path, { section, title, path, why });
    }
  }
  return [...pages.values()];
};
