import type { StoredRecord } from '../../../server/admin/types.gen.ts';
import { useContract } from '../../api/contract.ts';
import { useQuery } from '../../api/use-admin.ts';
import { Scrollable } from '../../components/code-block.tsx';
import { ErrorNotice, Loading } from '../../components/notice.tsx';
import { useMessages } from '../../i18n/use-messages.ts';
import { hrefFor } from '../../shell/route.ts';
import { useLastChange } from '../../stream/feed.ts';
import { HistoryList, useHistory } from './history.tsx';
import {
  formatRecordName,
  nameOfId,
  readEntity,
  readRecordField,
  type ShownCollection,
} from './record-table.tsx';
import { StatusDiagram } from './status-diagram.tsx';

export interface RecordPaneProps {
  readonly client: string;
  readonly collection: ShownCollection;
  readonly id: string;
  readonly back: string;
}

/** One record, loaded by its id, so that a link works for any page of the list. */
export const RecordPane = ({ client, collection, id, back }: RecordPaneProps) => {
  const t = useMessages();
  const path = [`/clients/${encodeURIComponent(client)}/state`, collection, encodeURIComponent(id)];
  const { value, error, reload } = useQuery<StoredRecord>(
    client === '' ? undefined : path.join('/'),
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
        <RecordContent client={client} collection={collection} record={value} />
      ) : error === undefined ? (
        <Loading />
      ) : error.status === 404 ? (
        <p>{t.state.unknownRecord(client)}</p>
      ) : (
        <ErrorNotice error={error} onRetry={reload} />
      )}
    </article>
  );
};

interface RecordContentProps {
  readonly client: string;
  readonly collection: ShownCollection;
  readonly record: StoredRecord;
}

/** Status diagram of an order, history, fields. */
const RecordContent = ({ client, collection, record }: RecordContentProps) => {
  const t = useMessages();
  const contract = useContract();
  const history = useHistory(client, record.id, readEntity(record)?.updates ?? 0);
  const type = readRecordField(record, 'merchantBizType');
  const held = readRecordField(record, 'orderStatus');
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
        <div class="record-head">
          <h3 id="history-title">{t.state.history}</h3>
          <a href={hrefFor('exchanges', undefined, { text: formatRecordName(record), client })}>
            {t.state.exchanges}
          </a>
        </div>
        {history.error !== undefined ? (
          <ErrorNotice error={history.error} />
        ) : history.value === undefined ? (
          <Loading />
        ) : (
          <HistoryList events={history.value.events} evicted={history.value.evicted} />
        )}
      </section>
      <section aria-labelledby="fields-title">
        <h3 id="fields-title">{t.state.fields}</h3>
        <Scrollable class="body" label={t.state.fields}>
          {JSON.stringify(readEntity(record)?.fields ?? record.value, null, 2)}
        </Scrollable>
      </section>
    </>
  );
};
