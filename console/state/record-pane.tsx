import { useAsked } from '../api/use-asked.ts';
import { useContract } from '../contract/use-contract.ts';
import { Failed, Loading } from '../pieces/notice.tsx';
import { Scrollable } from '../pieces/scrollable.tsx';
import { useLastChange } from '../shell/use-last-change.ts';
import { useWords } from '../words/use-words.ts';
import { HistoryList } from './history-list.tsx';
import { type Collection, entityOf, fieldOf, nameOfId, type StoredRecord } from './records.ts';
import { StatusDiagram } from './status-diagram.tsx';
import { useHistory } from './use-history.ts';

export interface RecordPaneProps {
  readonly client: string;
  readonly collection: Collection;
  readonly id: string;
  readonly back: string;
}

/** One record, asked for by its id: a link to it works wherever it is in the list. */
export const RecordPane = ({ client, collection, id, back }: RecordPaneProps) => {
  const t = useWords();
  const path = `/clients/${encodeURIComponent(client)}/state/${collection}/${encodeURIComponent(id)}`;
  const { value, error, reload } = useAsked<StoredRecord>(
    client === '' ? undefined : path,
    useLastChange(),
  );
  return (
    <article class="record" tabIndex={-1} aria-labelledby="record-title">
      <a class="back" href={back}>
        <span aria-hidden="true">←</span> {t.views.state}
      </a>
      <h2 id="record-title" class="mono">
        {nameOfId(id)}
      </h2>
      {value !== undefined ? (
        <Content client={client} collection={collection} record={value} />
      ) : error === undefined ? (
        <Loading />
      ) : error.status === 404 ? (
        <p>{t.state.unknownRecord(client)}</p>
      ) : (
        <Failed error={error} onRetry={reload} />
      )}
    </article>
  );
};

interface ContentProps {
  readonly client: string;
  readonly collection: Collection;
  readonly record: StoredRecord;
}

/** For an order its status among all statuses, then how it came there, then its fields. */
const Content = ({ client, collection, record }: ContentProps) => {
  const t = useWords();
  const contract = useContract();
  const history = useHistory(client, record.id, entityOf(record)?.updates ?? 0);
  const type = fieldOf(record, 'merchantBizType');
  const held = fieldOf(record, 'orderStatus');
  const statuses =
    collection === 'orders' && type !== undefined ? (contract?.statuses(type) ?? []) : [];
  return (
    <>
      {statuses.length > 0 && held !== undefined && (
        <section aria-labelledby="diagram-title">
          <h3 id="diagram-title">{t.state.diagram(type ?? '')}</h3>
          <StatusDiagram statuses={statuses} held={held} history={history.value?.events ?? []} />
        </section>
      )}
      <section aria-labelledby="history-title">
        <h3 id="history-title">{t.state.history}</h3>
        {history.error !== undefined ? (
          <Failed error={history.error} />
        ) : history.value === undefined ? (
          <Loading />
        ) : (
          <HistoryList events={history.value.events} evicted={history.value.evicted} />
        )}
      </section>
      <section aria-labelledby="fields-title">
        <h3 id="fields-title">{t.state.fields}</h3>
        <Scrollable class="body" label={t.state.fields}>
          {JSON.stringify(entityOf(record)?.fields ?? record.value, null, 2)}
        </Scrollable>
      </section>
    </>
  );
};
