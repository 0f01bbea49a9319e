import type { Exchange, StateChange } from '../../../server/admin/types.gen.ts';
import { formatIdentity } from '../../components/format.ts';
import { useMessages } from '../../i18n/use-messages.ts';
import { hrefFor } from '../../shell/route.ts';

/** State changes of an exchange, field by field. */
export const StateChanges = ({
  exchange: { changes, status, clientId },
}: {
  readonly exchange: Exchange;
}) => {
  const t = useMessages();
  const things = changes.filter(({ collection }) => !isInternal(collection));
  const memories = changes.filter(({ collection }) => isInternal(collection));
  return (
    <section class="card" aria-labelledby="changes-title">
      <h2 id="changes-title">{t.changes.title}</h2>
      {things.length === 0 && (
        <p class="quiet">{status === 'S' ? t.changes.noneThough : t.changes.none}</p>
      )}
      {things.map((change) => (
        <ChangeSection key={`${change.collection}${change.id}`} change={change} client={clientId} />
      ))}
      {memories.length > 0 && (
        <details>
          <summary>{t.changes.internalRecords(memories.length)}</summary>
          {memories.map((change) => (
            <ChangeSection key={`${change.collection}${change.id}`} change={change} />
          ))}
        </details>
      )}
    </section>
  );
};

/** Internal records: request ids with their responses, call counts, story states. */
const isInternal = (collection: StateChange['collection']): boolean =>
  ['requests', 'calls', 'stories'].includes(collection);

const ChangeSection = ({
  change,
  client,
}: {
  readonly change: StateChange;
  readonly client?: string | undefined;
}) => {
  const t = useMessages();
  return (
    <div class="change">
      <h3>
        <span class={`chip change-${change.kind}`}>{t.changes.kinds[change.kind]}</span>{' '}
        {t.collections[change.collection]}{' '}
        {client === undefined || change.kind === 'removed' ? (
          <span class="mono quiet">{formatIdentity(change.id, change.collection)}</span>
        ) : (
          <a
            class="mono"
            href={hrefFor('state', change.id, { client, collection: change.collection })}
          >
            {formatIdentity(change.id, change.collection)}
          </a>
        )}
      </h3>
      {change.redacted === true ? (
        <p class="quiet">{t.messages.redacted}</p>
      ) : (
        <ChangedFields change={change} />
      )}
    </div>
  );
};

/** Added and removed records have one side only, so their fields are not marked as different. */
const ChangedFields = ({ change: { kind, before, after } }: { readonly change: StateChange }) => {
  const t = useMessages();
  const isChange = kind === 'changed';
  return (
    <div class="table-box">
      <table class="change-table">
        <thead>
          <tr>
            <th scope="col">{t.changes.field}</th>
            {kind !== 'added' && <th scope="col">{t.changes.before}</th>}
            {kind !== 'removed' && <th scope="col">{t.changes.after}</th>}
          </tr>
        </thead>
        <tbody>
          {compareFields(before, after).map((row) => (
            <tr
              key={row.field}
              class={!isChange ? '' : row.before === row.after ? 'same' : 'differs'}
            >
              <th scope="row" class="mono">
                {row.field}
              </th>
              {kind !== 'added' && <td class="mono before">{row.before ?? '–'}</td>}
              {kind !== 'removed' && <td class="mono after">{row.after ?? '–'}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

export interface FieldChange {
  readonly field: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * The fields of a record by name. The nested `fields` of an entity are listed flat, next to its
 * event time and count.
 */
const flattenRecord = (record: unknown): ReadonlyMap<string, string> => {
  if (typeof record !== 'object' || record === null)
    return new Map(record === null || record === undefined ? [] : [['', formatValue(record)]]);
  return new Map(
    Object.entries(record).flatMap(([name, value]) =>
      name === 'fields' && typeof value === 'object' && value !== null
        ? Object.entries(value).map(([field, inner]) => [field, formatValue(inner)] as const)
        : [[`(${name})`, formatValue(value)] as const],
    ),
  );
};

const formatValue = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** All fields of a record before and after a change; changed fields come first. */
export const compareFields = (before: unknown, after: unknown): readonly FieldChange[] => {
  const [left, right] = [flattenRecord(before), flattenRecord(after)];
  const fields = [...new Set([...right.keys(), ...left.keys()])];
  const rows = fields.map((field) => ({ field, before: left.get(field), after: right.get(field) }));
  return [
    ...rows.filter((row) => row.before !== row.after),
    ...rows.filter((row) => row.before === row.after),
  ];
};
