import { useState } from 'preact/hooks';
import { callAdmin, fetchJson } from '../../api/admin-client.ts';
import { useContract } from '../../api/contract.ts';
import { useAction } from '../../api/use-admin.ts';
import { ClientSelect } from '../../components/controls.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { useMessages } from '../../i18n/use-messages.ts';
import { hrefFor } from '../../shell/route.ts';
import { useDraft } from '../../shell/use-draft.ts';
import type { ScenariosState } from './scenarios-state.ts';

/** Suggestions. Any other fault can be typed; the server rejects unknown names. */
const someFaults = ['reset', 'close', 'hang', 'empty-200', 'gateway-html', 'cut-body', 'not-json'];

/** Queues a rule for a client's next calls. */
export const OneShotForm = ({ state: { clients, reload } }: { readonly state: ScenariosState }) => {
  const t = useMessages();
  const contract = useContract();
  const draft = useDraft('one-shot', {
    client: clients[0]?.clientId ?? '',
    operation: 'syncOrder',
    result: 'UNKNOWN_EXCEPTION',
    fault: '',
    delayMs: '',
    times: '1',
  });
  const { client, operation, result, fault, delayMs, times } = draft.value;
  const set =
    (name: keyof typeof draft.value) =>
    (value: string): void =>
      draft.edit({ ...draft.value, [name]: value }, false);
  const [queued, setQueued] = useState<number | undefined>();
  const { run, error, isBusy } = useAction();
  const path = `/clients/${encodeURIComponent(client)}/one-shots`;
  const queue = (event: Event): void => {
    event.preventDefault();
    const then = {
      ...(result === '' ? {} : { result }),
      ...(fault === '' ? {} : { fault }),
      ...(delayMs === '' ? {} : { delayMs: Number(delayMs) }),
    };
    run(async () => {
      const answer = await fetchJson<{ queued: number }>(path, {
        method: 'POST',
        body: { times: Number(times), when: { operation }, then },
      });
      setQueued(answer.queued);
      reload();
    });
  };
  const clear = (): void =>
    run(async () => {
      await callAdmin(path, { method: 'DELETE' });
      setQueued(0);
      reload();
    });
  const results = contract?.operations.find(({ id }) => id === operation)?.results ?? [];
  return (
    <article class="scenario" tabIndex={-1} aria-labelledby="one-shot-title">
      <a class="back" href={hrefFor('scenarios')}>
        <span aria-hidden="true">←</span> {t.views.scenarios}
      </a>
      <h2 id="one-shot-title">{t.scenarios.oneShot}</h2>
      <p class="quiet">{t.scenarios.oneShotMore}</p>
      <form class="form" onSubmit={queue}>
        <ClientSelect clients={clients} chosen={client} onChoose={set('client')} />
        <label class="labelled">
          <span>{t.columns.operation}</span>
          <select
            class="field"
            value={operation}
            onChange={({ currentTarget }) => set('operation')(currentTarget.value)}
          >
            {(contract?.operations ?? []).map(({ id }) => (
              <option key={id}>{id}</option>
            ))}
          </select>
        </label>
        <label class="labelled">
          <span>{t.scenarios.result}</span>
          <select
            class="field"
            value={result}
            onChange={({ currentTarget }) => set('result')(currentTarget.value)}
          >
            <option value="">{t.scenarios.asUsual}</option>
            {results.map(({ code, status }) => (
              <option key={code} value={code}>
                {`${status} ${code}`}
              </option>
            ))}
          </select>
        </label>
        <label class="labelled">
          <span>{t.scenarios.fault}</span>
          <input
            class="field"
            list="faults"
            value={fault}
            onInput={({ currentTarget }) => set('fault')(currentTarget.value)}
          />
          <datalist id="faults">
            {someFaults.map((id) => (
              <option key={id} value={id} />
            ))}
          </datalist>
        </label>
        <label class="labelled">
          <span>{t.scenarios.delay}</span>
          <input
            class="field"
            type="number"
            min="0"
            value={delayMs}
            onInput={({ currentTarget }) => set('delayMs')(currentTarget.value)}
          />
        </label>
        <label class="labelled">
          <span>{t.scenarios.times}</span>
          <input
            class="field"
            type="number"
            min="1"
            max="10000"
            value={times}
            onInput={({ currentTarget }) => set('times')(currentTarget.value)}
          />
        </label>
        <div class="bar">
          <button type="submit" class="button primary" disabled={isBusy}>
            {t.scenarios.queue}
          </button>
          <button type="button" class="button" disabled={isBusy} onClick={clear}>
            {t.scenarios.clearQueue}
          </button>
        </div>
      </form>
      {error !== undefined && <ErrorNotice error={error} />}
      {queued !== undefined && error === undefined && (
        <p class="notice good" role="status">
          {t.scenarios.queuedCount(queued)}
        </p>
      )}
    </article>
  );
};
