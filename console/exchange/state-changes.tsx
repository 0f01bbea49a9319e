import { identityText } from '../api/identity-text.ts';
import type { Exchange, StateChange } from '../api/journal.ts';
import { hrefOf } from '../routing/place.ts';
import { useWords } from '../words/use-words.ts';
import { fieldChanges } from './field-changes.ts';

/** What the exchange changed in the client's world, field by field. */
export const StateChanges = ({
  exchange: { changes, status, clientId },
}: {
  readonly exchange: Exchange;
}) => {
  const t = useWords();
  const things = changes.filter(({ collection }) => !isMemory(collection));
  const memories = changes.filter(({ collection }) => isMemory(collection));
  return (
    <section class="card" aria-labelledby="changes-title">
      <h2 id="changes-title">{t.changes.title}</h2>
      {things.length === 0 && (
        <p class="quiet">{status === 'S' ? t.changes.noneThough : t.changes.none}</p>
      )}
      {things.map((change) => (
        <Change key={`${change.collection}${change.id}`} change={change} client={clientId} />
      ))}
      {memories.length > 0 && (
        <details>
          <summary>{t.changes.memories(memories.length)}</summary>
          {memories.map((change) => (
            <Change key={`${change.collection}${change.id}`} change={change} />
          ))}
        </details>
      )}
    </section>
  );
};

/**
 * What the simulator keeps for itself: request ids with their answers, counts, where stories stand.
 */
const isMemory = (collection: StateChange['collection']): boolean =>
  ['requests', 'calls', 'stories'].includes(collection);

const Change = ({
  change,
  client,
}: {
  readonly change: StateChange;
  readonly client?: string | undefined;
}) => {
  const t = useWords();
  return (
    <div class="change">
      <h3>
        <span class={`chip change-${change.kind}`}>{t.changes.kinds[change.kind]}</span>{' '}
        {t.collections[change.collection]}{' '}
        {client === undefined || change.kind === 'removed' ? (
          <span class="mono quiet">{identityText(change.id)}</span>
        ) : (
          <a
            class="mono"
            href={hrefOf('state', change.id, { client, collection: change.collection })}
          >
            {identityText(change.id)}
          </a>
        )}
      </h3>
      {change.redacted === true ? (
        <p class="quiet">{t.messages.redacted}</p>
      ) : (
        <Fields change={change} />
      )}
    </div>
  );
};

/** Something new has no before, and nothing in it differs from anything. */
const Fields = ({ change: { kind, before, after } }: { readonly change: StateChange }) => {
  const t = useWords();
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
          {fieldChanges(before, after).map((row) => (
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
