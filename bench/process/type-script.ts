import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The arguments that run one of this folder's TypeScript files in a Node of its own, started in the
 * repository.
 */
export const typeScript = (file: string): readonly string[] => [
  '--import',
  'tsx',
  fileURLToPath(new URL(`../${file}`, import.meta.url)),
];
