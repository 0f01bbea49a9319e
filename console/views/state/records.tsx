import type { Entity, StoredRecord } from '../../../server/admin/types.gen.ts';
import {
  type OperationRecord,
  operationRecords,
} from '../../../server/domain/operations/operation-records.ts';
import { useContract, useQuery } from '../../api/admin.ts';
import { JsonTree } from '../../components/code-block.tsx';
import { formatAmount, formatDateTime, formatIdentity } from '../../components/format.ts';
import { ErrorNotice, Loading } from '../../components/widgets.tsx';
import { useMessages } from '../../i18n/messages.tsx';
import { hrefFor } from '../../shell/route.ts';
import { useStateVersion } from '../../stream/feed.ts';
import { HistoryList, StatusDiagram, useHistory } from './history.tsx';

export interface RecordTableProps {
  readonly collection: ShownCollection;
  readonly records: readonly StoredRecord[];
  readonly open: string | undefined;
  hrefTo(id: string): string;
}

/** The records of a collection. A field has a column if any record has it. */
export const RecordTable = ({ collection, records, open, hrefTo }: RecordTableProps) => {
  const t = useMessages();
  const fields = summaryFields[collection].filter((field) =>
    records.some((record) => readRecordField(record, field) !== undefined),
  );
  return (
    <div class="table-box">
      <table class="records">
        <thead>
          <tr>
            <th scope="col">{t.state.recordName[collection]}</th>
            {fields.map((field) => (
              <th key={field} scope="col">
                {field}
              </th>
            ))}
            <th scope="col" class="number optional">
              {t.state.updates}
            </th>
            <th scope="col" class="optional">
              {t.state.eventTime}
            </th>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => {
            const entity = readEntity(record);
            return (
              <tr key={record.id} class={record.id === open ? 'open' : ''}>
                <th scope="row">
                  <a
                    class="mono"
                    href={hrefTo(record.id)}
                    data-open={record.id}
                    aria-current={record.id === open ? 'true' : undefined}
                  >
                    {formatIdentity(record.id, collection)}
                  </a>
                </th>
                {fields.map((field) => (
                  <td key={field}>{formatRecordField(record, field) ?? '–'}</td>
                ))}
                <td class="number optional">{entity?.updates ?? '–'}</td>
                <td class="nowrap optional">
                  {entity?.eventTime === null || entity === undefined
                    ? '–'
                    : formatDateTime(entity.eventTime)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
};

/** Most used collections first. */
export const shownCollections = Object.values(operationRecords).map(({ collection }) => collection);
export type ShownCollection = OperationRecord['collection'];

export interface RecordsPage {
  readonly records: readonly StoredRecord[];
  readonly total: number;
  readonly next?: string;
}

export const readEntity = ({ value }: StoredRecord): Entity | undefined =>
  typeof value === 'object' && 'fields' in value ? value : undefined;

export const readRecordField = (record: StoredRecord, name: string): string | undefined => {
  const value: unknown = Object.entries(readEntity(record)?.fields ?? {}).find(
    ([field]) => field === name,
  )?.[1];
  return value === undefined || value === null
    ? undefined
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
};

/** A field as the table shows it: an amount with its currency, `HKD 128.00 (12800)`. */
const formatRecordField = (record: StoredRecord, name: string): string | undefined => {
  const text = readRecordField(record, name);
  const currency = readRecordField(record, 'currencyCode');
  const amount = name === 'amount' ? formatAmount(text, currency) : undefined;
  return amount === undefined ? text : `${amount} (${text})`;
};

/** Fields that are shown in the table, by collection. */
export const summaryFields: Readonly<Record<ShownCollection, readonly string[]>> = {
  orders: ['orderStatus', 'merchantBizType'],
  linkages: ['operateType', 'bizType'],
  accounts: ['status', 'autoDebitStatus'],
  payments: ['paymentResult', 'amount', 'currencyCode'],
  cards: ['status', 'updateDetailType'],
};

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
    useStateVersion(),
  );
  return (
    <article class="record" tabIndex={-1} aria-labelledby="record-title">
      <a class="back" href={back}>
        <span aria-hidden="true">←</span> {t.views.state}
      </a>
      <h2 id="record-title" class="mono">
        {formatIdentity(id, collection)}
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
          <a href={hrefFor('exchanges', undefined, { order: formatIdentity(record.id), client })}>
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
        <JsonTree value={readEntity(record)?.fields ?? record.value} label={t.state.fields} />
      </section>
    </>
  );
};
