import { useState } from 'preact/hooks';
import { useAsked } from '../api/use-asked.ts';
import { useClients } from '../api/use-clients.ts';
import { useGatewayUrl } from '../api/use-gateway-url.ts';
import { ClientChoice } from '../pieces/client-choice.tsx';
import { CodeBlock } from '../pieces/code-block.tsx';
import { Empty, Failed, Loading } from '../pieces/notice.tsx';
import { goTo, hrefOf, type Place } from '../routing/place.ts';
import { useLastChange } from '../shell/use-last-change.ts';
import { useWords } from '../words/use-words.ts';
import { RecordPane } from './record-pane.tsx';
import { RecordTable } from './record-table.tsx';
import { type Collection, collections, type RecordsPage, type WorldOverview } from './records.ts';

/** What is held of a client: orders, bindings, accounts, payments, cards. */
export const StateView = ({ place }: { readonly place: Place }) => {
  const t = useWords();
  const clients = useClients();
  const change = useLastChange();
  const overview = useAsked<{ readonly worlds: readonly WorldOverview[] }>('/state', change);
  const worlds = overview.value?.worlds ?? [];
  const collection = collections.find((one) => one === place.query.get('collection')) ?? 'orders';
  const fullest = worlds.toSorted((a, b) => sizeOf(b) - sizeOf(a))[0]?.clientId;
  const client = place.query.get('client') ?? fullest ?? clients.value?.clients[0]?.clientId ?? '';
  const counts = worlds.find(({ clientId }) => clientId === client)?.collections;
  const go = (changes: Readonly<Record<string, string>>): void =>
    goTo(hrefOf('state', undefined, { client, collection, search: place.query.get('search') ?? '', ...changes }), true);
  if (clients.error !== undefined) return <Failed error={clients.error} onRetry={clients.reload} />;
  if (clients.value === undefined) return <Loading />;
  return (
    <div class="page">
      <header class="page-head">
        <h1>{t.views.state}</h1>
        <p class="lead">{t.state.lead}</p>
      </header>
      <div class="bar">
        <ClientChoice clients={clients.value.clients} chosen={client} onChoose={(id) => go({ client: id })} />
        <Search value={place.query.get('search') ?? ''} onChange={(search) => go({ search })} />
      </div>
      <nav class="sub-nav" aria-label={t.state.collections}>
        {collections.map((name) => (
          <a
            key={name}
            href={hrefOf('state', undefined, { client, collection: name })}
            aria-current={name === collection ? 'page' : undefined}
          >
            {t.collections[name]}
            <span class="count">{counts?.[name] ?? 0}</span>
          </a>
        ))}
      </nav>
      <Records
        key={`${client}${collection}`}
        client={client}
        collection={collection}
        search={place.query.get('search') ?? ''}
        place={place}
      />
    </div>
  );
};

const sizeOf = ({ collections: counts }: WorldOverview): number => collections.reduce((sum, name) => sum + (counts[name] ?? 0), 0);

const Search = ({ value, onChange }: { readonly value: string; onChange(value: string): void }) => {
  const t = useWords();
  const [text, setText] = useState(value);
  return (
    <label class="labelled grow">
      <span>{t.state.search}</span>
      <input
        type="search"
        class="field"
        value={text}
        placeholder={t.state.searchHint}
        onInput={({ currentTarget }) => {
          setText(currentTarget.value);
          onChange(currentTarget.value);
        }}
      />
    </label>
  );
};

interface RecordsProps {
  readonly client: string;
  readonly collection: Collection;
  readonly search: string;
  readonly place: Place;
}

const Records = ({ client, collection, search, place }: RecordsProps) => {
  const t = useWords();
  const url = useGatewayUrl();
  const query = new URLSearchParams({ limit: '200', ...(search === '' ? {} : { search }) });
  const path = client === '' ? undefined : `/clients/${encodeURIComponent(client)}/state/${collection}?${query}`;
  const page = useAsked<RecordsPage>(path, useLastChange());
  if (page.error !== undefined) return <Failed error={page.error} onRetry={page.reload} />;
  if (page.value === undefined) return <Loading />;
  const { records, total } = page.value;
  if (records.length === 0)
    return (
      <Empty title={search === '' ? t.state.empty[collection] : t.state.nothingFound}>
        {search === '' && (
          <>
            <p>{t.state.emptyMore}</p>
            <CodeBlock code={`npx alipayhk-mock send ${sample[collection]} --url ${url}`} label={t.firstSteps.send} />
            <p>
              <a class="button" href={hrefOf('send')}>
                {t.firstSteps.orHere}
              </a>
            </p>
          </>
        )}
      </Empty>
    );
  const open = records.find(({ id }) => id === place.open);
  const hrefTo = (id: string): string => hrefOf('state', id, { client, collection, search });
  return (
    <div class={`split${open === undefined ? '' : ' has-open'}`}>
      <div class="split-list">
        <RecordTable collection={collection} records={records} open={open?.id} hrefTo={hrefTo} />
        {total > records.length && <p class="quiet">{t.state.moreRecords(records.length, total)}</p>}
      </div>
      {open !== undefined && (
        <RecordPane
          key={open.id}
          client={client}
          collection={collection}
          record={open}
          back={hrefOf('state', undefined, { client, collection, search })}
        />
      )}
    </div>
  );
};

const sample: Readonly<Record<Collection, string>> = {
  orders: 'order-sync',
  linkages: 'account-linkage',
  accounts: 'additional-info',
  payments: 'payment-info',
  cards: 'membership-card',
};
