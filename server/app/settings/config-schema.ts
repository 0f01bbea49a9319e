import * as z from 'zod';
import { settingRows } from '../../domain/settings/settings-table.ts';

/**
 * The JSON Schema of the config file, so that editors complete and check it. Nested and dotted
 * spellings are both known.
 */
export const configFileSchema = (): Record<string, unknown> => {
  const plain: Record<string, unknown> = { $schema: { type: 'string' } };
  const groups: Record<string, Record<string, unknown>> = {};
  for (const row of settingRows) {
    const { $schema: _, ...schema } = z.toJSONSchema(row.schema, {
      target: 'draft-7',
      io: 'input',
    });
    const described = { ...schema, description: row.help, default: row.initial };
    plain[row.key] = described;
    const [group = '', name] = row.key.split('.');
    if (name !== undefined) groups[group] = { ...groups[group], [name]: described };
  }
  const nested = Object.fromEntries(
    Object.entries(groups).map(([group, properties]) => [group, objectNode(properties)]),
  );
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'alipayhk-mock config file',
    ...objectNode({ ...plain, ...nested }),
  };
};

const objectNode = (properties: Record<string, unknown>) => ({
  type: 'object',
  additionalProperties: false,
  properties,
});
