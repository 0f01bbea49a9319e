import { useState } from 'preact/hooks';
import type { Key } from '../../../server/admin/types.gen.ts';
import { useClients, useQuery } from '../../api/use-admin.ts';
import { ClientSelect } from '../../components/client-select.tsx';
import { CodeBlock } from '../../components/code-block.tsx';
import { ErrorNotice, Loading } from '../../components/notice.tsx';
import { useMessages } from '../../i18n/use-messages.ts';
import { useTitle } from '../../shell/route.ts';
import { ClientKeyList, NewClientForm } from './client-keys.tsx';
import { ClockCard } from './clock-card.tsx';
import { KeyTable } from './key-table.tsx';

/** Keys of the platform and of the clients, and the clock. */
export const KeysView = () => {
  const t = useMessages();
  const { value, error, reload } = useClients();
  useTitle([t.views.keys]);
  const [chosen, choose] = useState('');
  // Shown at once, so that no button acts on another client until the list has been read again.
  const [made, setMade] = useState('');
  if (error !== undefined) return <ErrorNotice error={error} onRetry={reload} />;
  if (value === undefined) return <Loading />;
  const { clients } = value;
  const isKnown = clients.some(({ clientId }) => clientId === chosen);
  const client =
    isKnown || (chosen !== '' && chosen === made) ? chosen : (clients[0]?.clientId ?? '');
  return (
    <div class="page">
      <header class="page-head">
        <h1>{t.views.keys}</h1>
        <p class="lead">{t.keys.lead}</p>
      </header>
      <PlatformKeys />
      <section class="card" aria-labelledby="client-keys-title">
        <div class="card-head">
          <h2 id="client-keys-title">{t.keys.clients}</h2>
          <ClientSelect clients={clients} chosen={client} onChoose={choose} />
        </div>
        {client !== '' && <ClientKeyList key={client} clientId={client} onChange={reload} />}
        <NewClientForm
          onMade={(clientId) => {
            setMade(clientId);
            choose(clientId);
            reload();
          }}
        />
      </section>
      <ClockCard clients={clients} />
    </div>
  );
};

/** The keys with which merchants verify responses. */
export const PlatformKeys = () => {
  const t = useMessages();
  const { value, error, reload } = useQuery<{ readonly keys: readonly Key[] }>('/platform-keys');
  return (
    <section class="card" aria-labelledby="platform-title">
      <h2 id="platform-title">{t.keys.platform}</h2>
      <p class="quiet">{t.keys.platformMore}</p>
      {error !== undefined ? (
        <ErrorNotice error={error} onRetry={reload} />
      ) : value === undefined ? (
        <Loading />
      ) : (
        <KeyTable keys={value.keys} />
      )}
      <details>
        <summary>{t.keys.fromShell}</summary>
        <CodeBlock
          code={`curl '${location.origin}/__admin/platform-key?format=base64'`}
          label={t.keys.platform}
        />
        <p class="quiet">{t.keys.rotatePlatform}</p>
        <CodeBlock
          code="npx alipayhk-mock keys rotate --platform --keys ./keys"
          label={t.keys.rotatePlatform}
        />
      </details>
    </section>
  );
};
