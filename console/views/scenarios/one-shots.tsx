import { useEffect, useId, useState } from 'preact/hooks';
import { callAdmin, fetchJson, useAction, useContract } from '../../api/admin.ts';
import { ClientSelect, ErrorNotice } from '../../components/widgets.tsx';
import { useMessages } from '../../i18n/messages.tsx';
import { useDraft } from '../../shell/browser-storage.ts';
import { hrefFor } from '../../shell/route.ts';
import {
  describeOneShot,
  type QueuedOneShot,
  type ScenariosState,
  useOneShots,
} from '../../shell/steering-bar.tsx';
import { loadEditor } from './scenario-editor.tsx';

interface OneShotDraft {
  readonly client: string;
  readonly operation: string;
  readonly record: string;
  readonly result: string;
  readonly status: string;
  readonly fault: string;
  readonly security: string;
  readonly delayMs: string;
  readonly times: string;
}

const emptyDraft: OneShotDraft = {
  client: '',
  operation: 'syncOrder',
  record: '',
  result: 'UNKNOWN_EXCEPTION',
  status: '',
  fault: '',
  security: '',
  delayMs: '',
  times: '1',
};

/** The field that the form names a record by, by operation. */
const recordFields: Readonly<Record<string, string>> = {
  syncOrder: 'merchantBizNo',
  syncAccountLinkage: 'userId',
  syncAdditionalInfo: 'accountId',
  syncPaymentInfo: 'accountId',
  updateMembershipCard: 'passId',
};

const recordField = (operation: string): string => recordFields[operation] ?? 'requestId';

const toOneShotRule = (draft: OneShotDraft) => {
  const { operation, record, result, status, fault, security, delayMs, times } = draft;
  const body = record === '' ? undefined : { [recordField(operation)]: record };
  const texts = Object.entries({ result, status, fault, security }).filter(([, text]) => text);
  return {
    times: Number(times),
    when: { operation, ...(body && { body }) },
    then: { ...Object.fromEntries(texts), ...(delayMs !== '' && { delayMs: Number(delayMs) }) },
  };
};

/** Undefined for a rule that the form has no fields for: it would lose a part. */
const toDraft = (
  client: string,
  { when, then, times }: QueuedOneShot,
): OneShotDraft | undefined => {
  const operation = String(when['operation']);
  const body = Object.entries(when['body'] ?? {});
  const record = body.find(([name]) => name === recordField(operation))?.[1];
  const draft: OneShotDraft = {
    ...emptyDraft,
    ...Object.fromEntries(Object.entries(then).map(([name, value]) => [name, String(value)])),
    client,
    operation,
    record: typeof record === 'string' ? record : '',
    result: typeof then['result'] === 'string' ? then['result'] : '',
    times: String(times),
  };
  const { times: _times, ...rule } = toOneShotRule(draft);
  return JSON.stringify(rule) === JSON.stringify({ when, then }) ? draft : undefined;
};

export interface OneShotsProps {
  readonly state: ScenariosState;
  /** The client that the address names. */
  readonly asked: string | null;
}

/** Queues rules for a client's next calls; the queue below can be edited. */
export const OneShotList = ({ state: { clients, reload }, asked }: OneShotsProps) => {
  const t = useMessages();
  const draft = useDraft<OneShotDraft>('one-shot', emptyDraft);
  const client = draft.value.client || asked || (clients[0]?.clientId ?? '');
  const [edited, setEdited] = useState<string | undefined>();
  const [turn, setTurn] = useState(0);
  const queue = useOneShots(client, turn);
  const [queued, setQueued] = useState<number | undefined>();
  const { run, error, isBusy, clear } = useAction();
  const path = `/clients/${encodeURIComponent(client)}/one-shots`;
  const finish = (): void => {
    setEdited(undefined);
    setTurn(turn + 1);
    reload();
  };
  const save = (event: Event): void => {
    event.preventDefault();
    const body = toOneShotRule(draft.value);
    run(async () => {
      if (edited === undefined)
        setQueued((await fetchJson<{ queued: number }>(path, { method: 'POST', body })).queued);
      else await callAdmin(`${path}/${encodeURIComponent(edited)}`, { method: 'PUT', body });
      finish();
    });
  };
  const remove = (name?: string) => (): void =>
    run(async () => {
      const target = name === undefined ? path : `${path}/${encodeURIComponent(name)}`;
      await callAdmin(target, { method: 'DELETE' });
      setQueued(name === undefined ? 0 : undefined);
      finish();
    });
  const edit = (oneShot: QueuedOneShot): void => {
    const read = toDraft(client, oneShot);
    if (read === undefined) return;
    draft.edit(read, false);
    setEdited(oneShot.name);
    setQueued(undefined);
    clear();
  };
  return (
    <article class="scenario" tabIndex={-1} aria-labelledby="one-shot-title">
      <a class="back" href={hrefFor('scenarios')}>
        <span aria-hidden="true">←</span> {t.views.scenarios}
      </a>
      <h2 id="one-shot-title">{t.scenarios.oneShot}</h2>
      <p class="quiet">{t.scenarios.oneShotMore}</p>
      <form class="form" onSubmit={save}>
        <OneShotFields
          draft={{ ...draft.value, client }}
          clients={clients}
          onEdit={(next) => draft.edit(next, false)}
        />
        <div class="bar">
          <button type="submit" class="button primary" disabled={isBusy}>
            {edited === undefined ? t.scenarios.queue : t.scenarios.saveChange}
          </button>
          {edited !== undefined && (
            <>
              <button type="button" class="button" onClick={() => setEdited(undefined)}>
                {t.scenarios.cancelChange}
              </button>
              <span class="quiet" role="status">
                {t.scenarios.editing(edited)}
              </span>
            </>
          )}
        </div>
      </form>
      {error !== undefined && <ErrorNotice error={error} />}
      {queued !== undefined && error === undefined && (
        <p class="notice good" role="status">
          {t.scenarios.queuedCount(queued)}
        </p>
      )}
      <section class="queue" aria-labelledby="queue-title">
        <h3 id="queue-title">{t.scenarios.queueTitle}</h3>
        {queue.length === 0 ? (
          <p class="quiet">{t.scenarios.queueEmpty}</p>
        ) : (
          <>
            <ol class="plain-list">
              {queue.map((oneShot) => (
                <li key={oneShot.name} class="link-row">
                  <span class="quiet">{oneShot.name}</span>
                  <span class="mono">{describeOneShot(oneShot)}</span>
                  {toDraft(client, oneShot) !== undefined && (
                    <button type="button" class="button small" onClick={() => edit(oneShot)}>
                      {t.scenarios.edit}
                    </button>
                  )}
                  <button
                    type="button"
                    class="button small danger"
                    disabled={isBusy}
                    onClick={remove(oneShot.name)}
                  >
                    {t.scenarios.removeOne}
                  </button>
                </li>
              ))}
            </ol>
            <div class="bar">
              <button type="button" class="button" disabled={isBusy} onClick={remove()}>
                {t.scenarios.clearQueue}
              </button>
            </div>
          </>
        )}
      </section>
    </article>
  );
};

interface OneShotFieldsProps {
  readonly draft: OneShotDraft;
  readonly clients: ScenariosState['clients'];
  onEdit(draft: OneShotDraft): void;
}

const OneShotFields = ({ draft, clients, onEdit }: OneShotFieldsProps) => {
  const t = useMessages();
  const contract = useContract();
  const faults = useFaultNames();
  const set =
    (name: keyof OneShotDraft) =>
    ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLSelectElement }): void =>
      onEdit({ ...draft, [name]: currentTarget.value });
  const { operation } = draft;
  const results = contract?.operations.find(({ id }) => id === operation)?.results ?? [];
  const renderListField = (field: 'fault' | 'security', label: string) => (
    <ListedField label={label} value={draft[field]} names={faults[field]} onInput={set(field)} />
  );
  return (
    <>
      <ClientSelect
        clients={clients}
        chosen={draft.client}
        onChoose={(client) => onEdit({ ...draft, client })}
      />
      <label class="labelled">
        <span>{t.columns.operation}</span>
        <select class="field" value={operation} onChange={set('operation')}>
          {(contract?.operations ?? []).map(({ id }) => (
            <option key={id}>{id}</option>
          ))}
        </select>
      </label>
      <label class="labelled">
        <span>
          {t.scenarios.record} <span class="mono">{recordField(operation)}</span>
        </span>
        <input class="field mono" value={draft.record} onInput={set('record')} />
      </label>
      <label class="labelled">
        <span>{t.scenarios.result}</span>
        <select class="field" value={draft.result} onChange={set('result')}>
          <option value="">{t.scenarios.asUsual}</option>
          {results.map(({ code, status }) => (
            <option key={code} value={code}>
              {`${status} ${code}`}
            </option>
          ))}
        </select>
      </label>
      <label class="labelled">
        <span>{t.scenarios.resultStatus}</span>
        <select class="field" value={draft.status} onChange={set('status')}>
          <option value="">{t.scenarios.tableStatus}</option>
          {(['S', 'F', 'U'] as const).map((status) => (
            <option key={status} value={status}>
              {`${status} – ${t.statusName[status]}`}
            </option>
          ))}
        </select>
      </label>
      {renderListField('fault', t.scenarios.fault)}
      {renderListField('security', t.scenarios.security)}
      <label class="labelled">
        <span>{t.scenarios.delay}</span>
        <input class="field" type="number" min="0" value={draft.delayMs} onInput={set('delayMs')} />
      </label>
      <label class="labelled">
        <span>{t.scenarios.times}</span>
        <input
          class="field"
          type="number"
          min="1"
          max="10000"
          value={draft.times}
          onInput={set('times')}
        />
      </label>
    </>
  );
};

interface FaultNames {
  readonly fault: readonly string[];
  readonly security: readonly string[];
}

/** Any name can be typed; the simulator rejects unknown ones. The schema lists those that exist. */
const useFaultNames = (): FaultNames => {
  const [names, show] = useState<FaultNames>({ fault: [], security: [] });
  useEffect(() => void loadEditor().then(({ faultNames }) => show(faultNames)), []);
  return names;
};

interface ListedFieldProps {
  readonly label: string;
  readonly value: string;
  readonly names: readonly string[];
  onInput(event: { currentTarget: HTMLInputElement }): void;
}

const ListedField = ({ label, value, names, onInput }: ListedFieldProps) => {
  const id = useId();
  return (
    <label class="labelled">
      <span>{label}</span>
      <input class="field" list={id} value={value} onInput={onInput} />
      <datalist id={id}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </label>
  );
};
