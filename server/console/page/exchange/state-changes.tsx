import type { Exchange, StateChange } from '../api/journal.ts';
import { useWords } from '../words/use-words.ts';
import { fieldChanges } from './field-changes.ts';

/** What the exchange changed in the client's world, field by field. */
export const StateChanges = ({ exchange: { changes, status } }: { readonly exchange: Exchange }) => {
  const t = useWords();
  const told = changes.filter(({ collection }) => collection !== 'calls');
  return (
    <section class="card" aria-labelledby="changes-title">
      <h2 id="changes-title">{t.changes.title}</h2>
      {told.length === 0 ? <p class="quiet">{status === 'S' ? t.changes.noneThough : t.changes.none}</p> : told.map((change) => <Change key={`${change.collection}${change.id}`} change={change} />)}
    </section>
  );
};

const Change = ({ change }: { readonly change: StateChange }) => {
  const t = useWords();
  const rows = fieldChanges(change.before, change.after);
  return (
    <div class="change">
      <h3>
        <span class={`chip change-${change.kind}`}>{t.changes.kinds[change.kind]}</span> {t.collections[change.collection] ?? change.collection}{' '}
        <span class="mono quiet">{shortId(change.id)}</span>
      </h3>
      {change.redacted === true ? (
        <p class="quiet">{t.messages.redacted}</p>
      ) : (
        <div class="table-box">
          <table class="change-table">
            <thead>
              <tr>
                <th scope="col">{t.changes.field}</th>
                <th scope="col">{t.changes.before}</th>
                <th scope="col">{t.changes.after}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ field, before, after }) => (
                <tr key={field} class={before === after ? 'same' : 'differs'}>
                  <th scope="row" class="mono">
                    {field}
                  </th>
                  <td class="mono">{before ?? <span class="quiet">–</span>}</td>
                  <td class="mono">{after ?? <span class="quiet">–</span>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
};

const shortId = (id: string): string => {
  try {
    const values: unknown = JSON.parse(id);
    return Array.isArray(values) ? values.join(' · ') : id;
  } catch {
    return id;
  }
};
