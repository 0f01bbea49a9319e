import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MockServer } from '../../../server/app/create-server.ts';
import type { Settings } from '../../../server/domain/settings/settings-table.ts';
import type { JournalEntry } from '../../../server/journal/journal-entry.ts';
import { startServer } from '../../start-server.ts';

/** A server whose one active scenario has these rules, each in YAML's flow style. */
export const serverWith = async (
  rules: readonly string[],
  settings: Partial<Settings> = {},
): Promise<MockServer> => {
  const folder = mkdtempSync(join(tmpdir(), 'faults-'));
  writeFileSync(
    join(folder, 'story.yaml'),
    `name: story\ndescription: x\nrules:\n${rules.map((rule) => `  - ${rule}\n`).join('')}`,
  );
  const server = await startServer({ scenarios: [folder], scenario: ['story'], ...settings });
  rmSync(folder, { recursive: true });
  return server;
};

/**
 * The rule that does this at each first call for an order (before-verify knows no order: at the
 * client's first call).
 */
export const onceThen = (then: string): string =>
  `{ when: { operation: syncOrder, call: { first: 1${then.includes('before-verify') ? '' : ', per: identity'} } }, then: { ${then} } }`;

/** The last entry of the journal, once there are so many. */
export const entryNumber = ({ journal }: MockServer, count: number): Promise<JournalEntry> =>
  new Promise((resolve) => {
    const check = (): void => {
      const entry = journal.entries[count - 1];
      if (entry === undefined) return;
      stop();
      resolve(entry);
    };
    const stop = journal.listen({ onClose: check });
    check();
  });
