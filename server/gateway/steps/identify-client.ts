import { clientIdRule, isClientId } from '../../clients/key-folder/key-folder-layout.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { clipText } from '../../problems/display-text.ts';
import type { Keyring } from '../../protocol/keys/keyring.ts';
import { type Identified, Refusal, type WithHeaders } from '../exchange.ts';

/**
 * Step 3: the Client-Id names a partner that is known and not disabled; then the algorithms are
 * supported (register G-01).
 */
export const identifyClient = (
  known: WithHeaders,
  clients: ReadonlyMap<string, Keyring>,
  settings: Settings['clients'],
): Identified => {
  const { clientId, unsupported } = known.headers;
  const keyring = clients.get(clientId);
  if (keyring === undefined) {
    throw new Refusal('INVALID_CLIENT', {
      register: 'G-02',
      reason: isClientId(clientId)
        ? `no client "${clipText(clientId, 64)}" is known; add its public key as ` +
          `clients/${clipText(clientId, 64)}/v1.public.pem of the key folder`
        : `"${clipText(clientId, 64)}" is not a Client-Id: it ${clientIdRule}`,
    });
  }
  if (settings[clientId]?.disabled === true)
    throw new Refusal('INVALID_CLIENT', {
      register: 'G-02',
      reason: `client ${clientId} is disabled in the settings`,
    });
  if (unsupported !== undefined) throw unsupported;
  return { ...known, client: { id: clientId, keyring } };
};
