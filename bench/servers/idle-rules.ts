import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Flags that activate so many scenario rules of which none matches an order of this bench, though
 * each has to look at its body.
 */
export const idleRules =
  (count: number) =>
  (folder: string): Promise<readonly string[]> => {
    const scenarios = join(folder, 'scenarios');
    mkdirSync(scenarios, { recursive: true });
    const rules = Array.from(
      { length: count },
      (_, index) =>
        `  - when: { operation: syncOrder, body: { merchantBizNo: { prefix: IDLE-${index}- } } }\n` +
        '    then: { result: UN_SUPPORT_BUSINESS }\n',
    );
    writeFileSync(
      join(scenarios, 'idle-rules.yaml'),
      `name: idle-rules\ndescription: Rules that match no order.\nrules:\n${rules.join('')}`,
    );
    return Promise.resolve(['--scenarios-dir', scenarios, '--scenario', 'idle-rules']);
  };
