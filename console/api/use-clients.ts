import type { components } from '../../server/admin/types.gen.ts';
import { type Asking, useAsked } from './use-asked.ts';

export type Client = components['schemas']['Client'];

export const useClients = (): Asking<{ readonly clients: readonly Client[] }> =>
  useAsked('/clients');
