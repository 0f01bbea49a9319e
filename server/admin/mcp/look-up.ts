import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { lintRules } from '../../conformance/lint/lint-rules.ts';
import { mistakes } from '../../doctor/catalogue/mistakes.ts';
import { type Contract, operationIds } from '../../domain/contract/contract.ts';
import { readFidelityRegister } from '../../domain/contract/fidelity.ts';
import { scenarioFor, securityFaults, wireFaults } from '../../domain/faults/catalogue.ts';
import { settingRows } from '../../domain/settings/settings-table.ts';
import { packageRoot, shippedRegister } from '../../package-root.ts';
import { clipText } from '../../problems/display-text.ts';
import { defineTool, type McpDeps } from './mcp-tool.ts';

const subjectKinds = [
  'result-code',
  'register',
  'setting',
  'finding',
  'fault',
  'lint-rule',
  'guide',
] as const;
type Kind = (typeof subjectKinds)[number];

/** One thing that can be looked up, with the page of the package that says more. */
interface LookedUpFact {
  readonly id: string;
  readonly text: string;
  readonly page: string;
  /** The whole page, searched where nothing else fits. */
  readonly body?: () => string;
}

const maxHits = 3;
const maxFactLength = 1200;

export const lookUp = defineTool({
  name: 'look_up',
  description:
    'Looks up result codes, rows of the fidelity register (what is documented, what inferred), ' +
    'settings, findings of the doctor, faults, lint rules, guides.',
  effect: 'read',
  isIdempotent: true,
  input: z.object({
    kind: z.enum(subjectKinds),
    query: z.string().min(1).max(200).describe('an id, or words'),
  }),
  output: z.object({
    hits: z.array(
      z.object({
        id: z.string(),
        text: z.string(),
        page: z.string().describe('path in the package, or a resource alipayhk-mock://docs/…'),
      }),
    ),
    total: z.number(),
  }),
  run: async ({ kind, query }, deps) => {
    const found = rank(listFacts[kind](deps), query);
    return {
      facts: {
        hits: found
          .slice(0, maxHits)
          .map(({ id, text, page }) => ({ id, text: clipText(text, maxFactLength), page })),
        total: found.length,
      },
    };
  },
});

/** An id first, then those that contain every word. */
const rank = (facts: readonly LookedUpFact[], query: string): readonly LookedUpFact[] => {
  const wanted = query.trim().toLowerCase();
  const words = wanted.split(/\s+/);
  const exact = facts.filter(({ id }) => id.toLowerCase() === wanted);
  const contains = (text: string): boolean =>
    words.every((word) => text.toLowerCase().includes(word));
  const others = facts.filter(
    (fact) => !exact.includes(fact) && contains(`${fact.id} ${fact.text}`),
  );
  if (exact.length + others.length > 0) return [...exact, ...others];
  return facts.filter(({ body }) => body !== undefined && contains(body()));
};

const resultCodes = ({ operations, gatewayResults }: Contract): LookedUpFact[] => {
  const rows = new Map<string, string[]>();
  const add = (code: string, line: string): void => {
    rows.set(code, [...(rows.get(code) ?? []), line]);
  };
  for (const { code, status, meaning, basis } of gatewayResults.values())
    add(code, `gateway (${status}, ${basis}): ${meaning}`);
  for (const id of operationIds) {
    const { results, ownResultCodes = [] } = operations.get(id) ?? {};
    for (const code of ownResultCodes) {
      const row = results?.get(code);
      if (row !== undefined) add(code, `${id} (${row.status}, ${row.basis}): ${row.meaning}`);
    }
  }
  return [...rows].map(([id, lines]) => ({
    id,
    text: lines.join('\n'),
    page: 'docs/reference/result-codes.md',
  }));
};

const listFacts: Readonly<Record<Kind, (deps: McpDeps) => readonly LookedUpFact[]>> = {
  'result-code': ({ contract }) => resultCodes(contract),
  register: () =>
    readFidelityRegister(shippedRegister).map(({ id, question, basis, sources, ...row }) => ({
      id,
      text: `${question}\n${basis}: ${sources}\nHere: ${row.default}`,
      page: 'docs/fidelity.md',
    })),
  setting: () =>
    settingRows.map(({ key, help, initial }) => ({
      id: key,
      text: `${help}. Default: ${JSON.stringify(initial)}`,
      page: 'docs/reference/settings.md',
    })),
  finding: () =>
    Object.entries(mistakes).map(([id, { sentence }]) => ({
      id,
      text: sentence,
      page: 'docs/signature-mistakes.md',
    })),
  fault: () =>
    Object.entries({ ...wireFaults, ...securityFaults }).map(([id, fault]) => ({
      id,
      text: `${fault.sentence} ${fault.expectedClientBehaviour} Scenario: ${scenarioFor(id, fault)}`,
      page: 'docs/faults.md',
    })),
  'lint-rule': () =>
    Object.entries(lintRules).map(([id, { title }]) => ({
      id,
      text: title,
      page: 'docs/reference/lint-rules.md',
    })),
  guide: () => listGuides(),
};

let guides: readonly IndexedPage[] | undefined;

/** The pages that `docs/README.md` links to. */
export const readGuides = (): readonly IndexedPage[] => {
  guides ??= readDocsIndex(readFileSync(join(packageRoot, 'docs', 'README.md'), 'utf8')).filter(
    ({ path }) => /^docs\/.*\.md$/.test(path),
  );
  return guides;
};

const listGuides = (): readonly LookedUpFact[] =>
  readGuides().map(({ path, title, why }) => ({
    id: path.replace(/^docs\/|\.md$/g, ''),
    text: why === '' ? title : `${title}: ${why}`,
    page: path,
    body: () => readFileSync(join(packageRoot, path), 'utf8'),
  }));

/** A link of the documentation's index. */
interface IndexedPage {
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
