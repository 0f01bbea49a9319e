import { fileURLToPath } from 'node:url';
import type { ServerRecipe } from './start-server.ts';

const reference = (name: string, file: string): ServerRecipe => ({
  name,
  args: (port) => [fileURLToPath(new URL(`../reference/${file}`, import.meta.url)), String(port)],
});

export const bareNodeHttp = reference('bare node:http', 'node-http.mjs');
export const bareExpress = reference('bare Express', 'express.mjs');
