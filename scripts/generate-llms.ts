import { readDocsIndex } from '../server/admin/mcp/look-up.ts';

/** The index of the documentation for language models: https://llmstxt.org. */

/**
 * @param index the text of docs/README.md
 * @returns the text of llms.txt: links relative to the package
 */
export const renderLlmsText = (index: string): string => {
  const pages = readDocsIndex(index);
  const sections = [...new Set(pages.map(({ section }) => section))];
  return [
    '# alipayhk-mock',
    '',
    '> A local AlipayHK server and contract simulator: it verifies signatures, decrypts bodies, ' +
      'keeps state, signs its responses, scripts result codes and faults, and certifies clients.',
    '',
    'Start it with `npx alipayhk-mock`. Tools for agents: `npx alipayhk-mock mcp`. A short guide: ' +
      '[SKILL.md](skills/alipayhk-mock/SKILL.md).',
    ...sections.flatMap((section) => [
      '',
      `## ${section === 'Background' ? 'Optional' : section}`,
      '',
      ...pages
        .filter((page) => page.section === section)
        .map(({ title, path, why }) => `- [${title}](${path})${why === '' ? '' : `: ${why}`}`),
    ]),
    '',
  ].join('\n');
};
