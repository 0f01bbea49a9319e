import type { Entity, StoredRecord } from '../../../server/admin/types.gen.ts';
import { formatDateTime, formatIdentity, joinIdentity } from '../../components/format.ts';
import { useMessages } from '../../i18n/use-messages.ts';

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
                    {formatRecordName(record)}
                  </a>
                </th>
                {fields.map((field) => (
                  <td key={field}>{readRecordField(record, field) ?? '–'}</td>
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
export const shownCollections = ['orders', 'linkages', 'accounts', 'payments', 'cards'] as const;
export type ShownCollection = (typeof shownCollections)[number];

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

/** Formats the name of a record by its id alone. */
export const nameOfId = (id: string): string => formatIdentity(id);

export const formatRecordName = ({ identity, id }: StoredRecord): string =>
  identity === undefined ? id : joinIdentity(identity);

/** Fields that are shown in the table, by collection. */
export const summaryFields: Readonly<Record<ShownCollection, readonly string[]>> = {
  orders: ['orderStatus', 'merchantBizType'],
  linkages: ['operateType', 'bizType'],
  accounts: ['status', 'autoDebitStatus'],
  payments: ['paymentResult', 'amount', 'currencyCode'],
  cards: ['status', 'updateDetailType'],
};
