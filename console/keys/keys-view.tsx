import { useState } from 'preact/hooks';
import { useClients } from '../api/use-clients.ts';
import { ClientChoice } from '../pieces/client-choice.tsx';
import { Failed, Loading } from '../pieces/notice.tsx';
import { useTitle } from '../routing/use-title.ts';
import { useWords } from '../words/use-words.ts';
import { ClientKeys } from './client-keys.tsx';
import { ClockCard } from './clock-card.tsx';
import { NewClient } from './new-client.tsx';
import { PlatformKeys } from './platform-keys.tsx';

/** Whose keys are there, for how long, and what time it is for everyone or for one client. */
export const KeysView = () => {
  const t = useWords();
  const { value, error, reload } = useClients();
  useTitle([t.views.keys]);
  const [chosen, choose] = useState('');
  if (error !== undefined) return <Failed error={error} onRetry={reload} />;
  if (value === undefined) return <Loading />;
  const { clients } = value;
  const client = clients.some(({ clientId }) => clientId === chosen)
    ? chosen
    : (clients[0]?.clientId ?? '');
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
          <ClientChoice clients={clients} chosen={client} onChoose={choose} />
        </div>
        {client !== '' && <ClientKeys key={client} clientId={client} onChange={reload} />}
        <NewClient
          onMade={(clientId) => {
            reload();
            choose(clientId);
          }}
        />
      </section>
      <ClockCard clients={clients} />
    </div>
  );
};
