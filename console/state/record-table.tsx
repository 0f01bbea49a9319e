import { fullTime } from '../pieces/times.ts';
import { useWords } from '../words/use-words.ts';
import {
  type Collection,
  entityOf,
  fieldOf,
  nameOf,
  type StoredRecord,
  tellingFields,
} from './records.ts';

export interface RecordTableProps {
  readonly collection: Collection;
  readonly records: readonly StoredRecord[];
  readonly open: string | undefined;
  hrefTo(id: string): string;
}

/** The records of a collection; only fields that some record has get a column. */
export const RecordTable = ({ collection, records, open, hrefTo }: RecordTableProps) => {
  const t = useWords();
  const fields = tellingFields[collection].filter((field) =>
    records.some((record) => fieldOf(record, field) !== undefined),
  );
  return (
    <div class="table-box">
      <table class="records">
        <thead>
          <tr>
            <th scope="col">{t.state.thing[collection]}</th>
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
            const entity = entityOf(record);
            return (
              <tr key={record.id} class={record.id === open ? 'open' : ''}>
                <th scope="row">
                  <a
                    class="mono"
                    href={hrefTo(record.id)}
                    data-open={record.id}
                    aria-current={record.id === open ? 'true' : undefined}
                  >
                    {nameOf(record)}
                  </a>
                </th>
                {fields.map((field) => (
                  <td key={field}>{fieldOf(record, field) ?? '–'}</td>
                ))}
                <td class="number optional">{entity?.updates ?? '–'}</td>
                <td class="nowrap optional">
                  {entity?.eventTime === null || entity === undefined
                    ? '–'
                    : fullTime(entity.eventTime)}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
};
