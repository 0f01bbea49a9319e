/** The index of the documentation for language models: https://llmstxt.org. */

/**
 * @param index the text of docs/README.md
 * @returns the text of llms.txt: links relative to the package
 */
export const renderLlmsText = (index: string): string => {
  const sections: string[] = [];
  for (const line of index.split('\n')) {
    const heading = /^## (.+)$/.exec(line)?.[1];
    if (heading !== undefined)
      sections.push('', `## ${heading === 'Background' ? 'Optional' : heading}`, '');
    const why = /^\| ([^|[\]]+?) \|/.exec(line)?.[1];
    for (const [, title = '', path = '', rest = ''] of line.matchAll(
      /\[([^\]]+)\]\(([^)#]+)(?:#[^)]*)?\)([^[|]*)/g,
    )) {
      if (!/\.(md|yaml|json)$/.test(path) || sections.length === 0) continue;
      const target = path.startsWith('../') ? path.slice(3) : `docs/${path}`;
      const note = (why ?? rest).replace(/^[:,;\s]+|[,;\s.]+$/g, '');
      sections.push(`- [${title}](${target})${note === '' ? '' : `: ${note}`}`);
    }
  }
  return [
    '# alipayhk-mock',
    '',
    '> A local AlipayHK server and contract simulator: it verifies signatures, decrypts bodies, ' +
      'keeps state, signs its responses, scripts result codes and faults, and certifies clients.',
    '',
    'Start it with `npx alipayhk-mock`. Tools for agents: `npx alipayhk-mock mcp`. A short guide: ' +
      '[SKILL.md](skills/alipayhk-mock/SKILL.md).',
    ...unique(sections),
    '',
  ].join('\n');
};

/** The first link to a page counts. */
const unique = (lines: readonly string[]): string[] => {
  const seen = new Set<string>();
  return lines.filter((line) => {
    const path = /\]\(([^)]+)\)/.exec(line)?.[1];
    if (path === undefined) return true;
    if (seen.has(path)) return false;
    seen.add(path);
    return true;
  });
};
