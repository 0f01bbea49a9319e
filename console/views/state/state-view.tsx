import { useEffect, useRef, useState } from 'preact/hooks';
import type { WorldOverview } from '../../../server/admin/types.gen.ts';
import {
  callAdmin,
  fetchJson,
  fetchText,
  useAction,
  useClients,
  useGatewayUrl,
  useQuery,
} from '../../api/admin.ts';
import { CodeBlock, saveFile } from '../../components/code-block.tsx';
import { formatIdentity } from '../../components/format.ts';
import {
  ClientSelect,
  ConfirmDialog,
  Empty,
  ErrorNotice,
  Loading,
  Menu,
} from '../../components/widgets.tsx';
import { useMessages } from '../../i18n/messages.tsx';
import { hrefFor, navigate, type Route, useListFocus, useTitle } from '../../shell/route.ts';
import { onKeys } from '../../shell/shell.tsx';
import { useStateVersion } from '../../stream/feed.ts';
import {
  RecordPane,
  type RecordsPage,
  RecordTable,
  type ShownCollection,
  shownCollections,
} from './records.tsx';

/** State of a client: orders, bindings, accounts, payments, cards. */
export const StateView = ({ place }: { readonly place: Route }) => {
  const t = useMessages();
  const clients = useClients();
  const change = useStateVersion();
  const overview = useQuery<{ readonly worlds: readonly WorldOverview[] }>('/state', change);
  const worlds = overview.value?.worlds ?? [];
  const collection =
    shownCollections.find((one) => one === place.query.get('collection')) ?? 'orders';
  const search = place.query.get('search') ?? '';
  const fullest = worlds.toSorted((a, b) => sumCounts(b) - sumCounts(a))[0]?.clientId;
  const client = place.query.get('client') ?? fullest ?? clients.value?.clients[0]?.clientId ?? '';
  const counts = worlds.find(({ clientId }) => clientId === client)?.collections;
  const go = (changes: Readonly<Record<string, string>>): void =>
    navigate(hrefFor('state', undefined, { client, collection, search, ...changes }), true);
  useTitle([
    place.open === undefined ? search : formatIdentity(place.open, collection),
    t.collections[collection],
    t.views.state,
  ]);
  if (clients.error !== undefined)
    return <ErrorNotice error={clients.error} onRetry={clients.reload} />;
  if (clients.value === undefined) return <Loading />;
  return (
    <div class="page">
      <header class="page-head">
        <h1>{t.views.state}</h1>
        <p class="lead">{t.state.lead}</p>
      </header>
      <div class="bar">
        <ClientSelect
          clients={clients.value.clients}
          chosen={client}
          onChoose={(id) => go({ client: id })}
        />
        <SearchField value={search} onChange={(text) => go({ search: text })} />
        <StateMenu client={client} onChange={overview.reload} />
      </div>
      <nav class="sub-nav" aria-label={t.state.collections}>
        {shownCollections.map((name) => (
          <a
            key={name}
            href={hrefFor('state', undefined, { client, collection: name })}
            aria-current={name === collection ? 'page' : undefined}
          >
            {t.collections[name]}
            <span class="count">{counts?.[name] ?? 0}</span>
          </a>
        ))}
      </nav>
      <RecordList
        key={`${client}${collection}`}
        client={client}
        collection={collection}
        search={search}
        place={place}
      />
    </div>
  );
};

/** Exports, imports and resets the state of a client. */
const StateMenu = ({ client, onChange }: { readonly client: string; onChange(): void }) => {
  const t = useMessages();
  const { run, error } = useAction();
  const [asksToReset, setAsksToReset] = useState(false);
  const [imported, setImported] = useState<number | undefined>();
  const file = useRef<HTMLInputElement>(null);
  const exportState = (): void =>
    run(async () => {
      const query = new URLSearchParams({ clientId: client });
      saveFile(
        `${client}.state.json`,
        'application/json',
        await fetchText(`/state/export?${query}`),
      );
    });
  const importState = (chosen: File | undefined): void => {
    if (chosen === undefined) return;
    run(async () => {
      const body: unknown = JSON.parse(await chosen.text());
      const { records } = await fetchJson<{ readonly records: number }>('/state/import', {
        method: 'POST',
        body,
      });
      setImported(records);
      onChange();
    });
  };
  const reset = (): void =>
    run(async () => {
      await callAdmin(`/reset/clients/${encodeURIComponent(client)}`, { method: 'POST' });
      onChange();
    });
  return (
    <>
      <Menu label={t.housekeeping.menu}>
        <button type="button" class="menu-item" onClick={exportState}>
          {t.state.export}
        </button>
        <button type="button" class="menu-item" onClick={() => file.current?.click()}>
          {t.state.import}
        </button>
        <button type="button" class="menu-item danger" onClick={() => setAsksToReset(true)}>
          {t.state.reset}
        </button>
      </Menu>
      <input
        ref={file}
        type="file"
        accept=".json,application/json"
        class="hidden"
        tabIndex={-1}
        aria-label={t.state.import}
        onChange={({ currentTarget }) => importState(currentTarget.files?.[0])}
      />
      {imported !== undefined && (
        <p class="notice good" role="status">
          {t.state.importedCount(imported)}
        </p>
      )}
      {error !== undefined && <ErrorNotice error={error} />}
      {asksToReset && (
        <ConfirmDialog
          title={t.state.resetTitle(client)}
          action={t.state.reset}
          onConfirm={reset}
          onClose={() => setAsksToReset(false)}
        >
          {t.state.resetMore}
        </ConfirmDialog>
      )}
    </>
  );
};

const sumCounts = ({ collections: counts }: WorldOverview): number =>
  shownCollections.reduce((sum, name) => sum + (counts[name] ?? 0), 0);

const SearchField = ({
  value,
  onChange,
}: {
  readonly value: string;
  onChange(value: string): void;
}) => {
  const t = useMessages();
  const [text, setText] = useState(value);
  return (
    <label class="labelled grow">
      <span>{t.state.search}</span>
      <input
        type="search"
        class="field"
        value={text}
        maxLength={200}
        placeholder={t.state.searchHint}
        onInput={({ currentTarget }) => {
          setText(currentTarget.value);
          onChange(currentTarget.value);
        }}
      />
    </label>
  );
};

interface RecordListProps {
  readonly client: string;
  readonly collection: ShownCollection;
  readonly search: string;
  readonly place: Route;
}

const recordsPerPage = 200;

/** The records, newest first in pages, and the open record next to them. */
const RecordList = ({ client, collection, search, place }: RecordListProps) => {
  const t = useMessages();
  const { open } = place;
  const after = place.query.get('after') ?? '';
  const query = new URLSearchParams({
    limit: String(recordsPerPage),
    order: 'newest',
    ...(search === '' ? {} : { search }),
    ...(after === '' ? {} : { after }),
  });
  const path =
    client === ''
      ? undefined
      : `/clients/${encodeURIComponent(client)}/state/${collection}?${query}`;
  const page = useQuery<RecordsPage>(path, useStateVersion());
  const split = useListFocus(open);
  const back = hrefFor('state', undefined, { client, collection, search, after });
  useEffect(
    () => (open === undefined ? undefined : onKeys({ Escape: () => navigate(back) })),
    [open, back],
  );
  if (page.error !== undefined) return <ErrorNotice error={page.error} onRetry={page.reload} />;
  if (page.value === undefined) return <Loading />;
  const { records, total, next } = page.value;
  if (records.length === 0 && open === undefined && after === '')
    return search === '' ? (
      <NoRecords collection={collection} />
    ) : (
      <Empty title={t.state.nothingFound} />
    );
  const hrefTo = (id: string): string =>
    hrefFor('state', id, { client, collection, search, after });
  return (
    <div class={`split${open === undefined ? '' : ' has-open'}`} ref={split}>
      <div class="split-list">
        <RecordTable collection={collection} records={records} open={open} hrefTo={hrefTo} />
        {(next !== undefined || after !== '') && (
          <nav class="pager" aria-label={t.state.pages}>
            <span class="quiet">{t.state.pageCount(records.length, total)}</span>
            {after !== '' && (
              <a href={hrefFor('state', open, { client, collection, search })}>{t.state.newest}</a>
            )}
            {next !== undefined && (
              <a href={hrefFor('state', open, { client, collection, search, after: next })}>
                {t.state.older}
              </a>
            )}
          </nav>
        )}
      </div>
      {open !== undefined && (
        <RecordPane key={open} client={client} collection={collection} id={open} back={back} />
      )}
    </div>
  );
};

const NoRecords = ({ collection }: { readonly collection: ShownCollection }) => {
  const t = useMessages();
  const url = useGatewayUrl();
  return (
    <Empty title={t.state.empty[collection]}>
      <p>{t.state.emptyMore}</p>
      <CodeBlock
        code={`npx alipayhk-mock send ${sample[collection]} --url ${url}`}
        label={t.firstSteps.send}
      />
      <p>
        <a class="button" href={hrefFor('send')}>
          {t.firstSteps.orHere}
        </a>
      </p>
    </Empty>
  );
};

const sample: Readonly<Record<ShownCollection, string>> = {
  orders: 'order-sync',
  linkages: 'account-linkage',
  accounts: 'additional-info',
  payments: 'payment-info',
  cards: 'membership-card',
};
