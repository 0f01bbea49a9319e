import * as z from 'zod';
import { settingRows } from './settings-table.ts';

interface Node {
  [name: string]: unknown;
  properties: Record<string, unknown>;
}

/** The JSON Schema of the config file, so that editors complete and check it. Nested and dotted spellings are both known. */
export const configFileSchema = (): Record<string, unknown> => {
  const root = objectNode({ $schema: { type: 'string' } });
  for (const row of settingRows) {
    const { $schema: _, ...schema } = z.toJSONSchema(row.schema, { target: 'draft-7', io: 'input' });
    const described = { ...schema, description: row.help, default: row.initial };
    const [group, name] = row.key.split('.');
    if (name === undefined) {
      root.properties[row.key] = described;
    } else {
      const parent = (root.properties[group ?? ''] ??= objectNode({})) as Node;
      parent.properties[name] = described;
      root.properties[row.key] = described;
    }
  }
  return { $schema: 'http://json-schema.org/draft-07/schema#', title: 'alipayhk-mock config file', ...root };
};

const objectNode = (properties: Record<string, unknown>): Node => ({ type: 'object', additionalProperties: false, properties });
