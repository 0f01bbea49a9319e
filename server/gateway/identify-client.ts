import type { IncomingHttpHeaders } from 'node:http';
import type { ClientBook } from '../clients/client-book.ts';
import type { Settings } from '../config/settings-table.ts';
import type { Keyring } from '../keyring/keyring.ts';
import type { Facts, ProtocolHeaders } from './exchange.ts';
import { Refusal } from './refusal.ts';

/** Step 3: the Client-Id names a partner that is known and not disabled. */
export const identifyClient = (
  { clientId }: ProtocolHeaders,
  clients: ReadonlyMap<string, Keyring>,
  settings: Settings['clients'],
): Pick<Facts, 'client'> => {
  const keyring = clients.get(clientId);
  if (keyring === undefined) {
    throw new Refusal('INVALID_CLIENT', {
      register: 'G-02',
      reason: `no client "${clientId.slice(0, 64)}" is known; its public key belongs into clients/${clientId.slice(0, 64)}/v1.public.pem of the key folder`,
    });
  }
  if (settings[clientId]?.disabled === true)
    throw new Refusal('INVALID_CLIENT', { register: 'G-02', reason: `client ${clientId} is disabled in the settings` });
  return { client: { id: clientId, keyring } };
};

/** Who counts before anything is proved: the client that the request names, if there is one of that name. */
export const claimedClient = (headers: IncomingHttpHeaders, book: ClientBook): string | undefined => {
  const name = headers['client-id'];
  return typeof name === 'string' && book.keyring(name) !== undefined ? name : undefined;
};
