import type { Client } from '../../server/admin/types.gen.ts';
import { useMessages } from '../i18n/use-messages.ts';

export interface ClientSelectProps {
  readonly clients: readonly Client[];
  readonly chosen: string;
  onChoose(clientId: string): void;
  /** Label of the option for all clients; without it that option is not offered. */
  readonly everyone?: string;
}

export const ClientSelect = ({ clients, chosen, onChoose, everyone }: ClientSelectProps) => {
  const t = useMessages();
  return (
    <label class="labelled">
      <span>{t.columns.client}</span>
      <select
        class="field mono"
        value={chosen}
        onChange={({ currentTarget }) => onChoose(currentTarget.value)}
      >
        {everyone !== undefined && <option value="">{everyone}</option>}
        {clients.map(({ clientId }) => (
          <option key={clientId} value={clientId}>
            {clientId}
          </option>
        ))}
      </select>
    </label>
  );
};
