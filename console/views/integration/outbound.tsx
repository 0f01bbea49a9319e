import { useEffect, useRef, useState } from 'preact/hooks';
import type { OutboundCall, OutboundMessage } from '../../../server/admin/types.gen.ts';
import { callAdmin, useAction, useClients, useQuery } from '../../api/admin.ts';
import { formatDateTime } from '../../components/format.ts';
import { ClientSelect, Empty, ErrorNotice, Loading } from '../../components/widgets.tsx';
import { useMessages } from '../../i18n/messages.tsx';
import { hrefFor } from '../../shell/route.ts';
import { useEventCount } from '../../stream/feed.ts';

interface OutboundPage {
  readonly messages: readonly OutboundMessage[];
  readonly total: number;
}

/** Messages to merchants with their plan: each can be sent now or cancelled. */
export const OutboundPanel = ({ message }: { readonly message: string | undefined }) => {
  const t = useMessages();
  const { value, error, reload } = useQuery<OutboundPage>(
    '/outbound?limit=200',
    useEventCount(['outbound', 'reset', 'clock']),
  );
  if (error !== undefined) return <ErrorNotice error={error} onRetry={reload} />;
  if (value === undefined) return <Loading />;
  const { messages, total } = value;
  return (
    <>
      <p class="lead">{t.outbound.lead}</p>
      {messages.length === 0 ? (
        <Empty title={t.outbound.none}>
          <p>{t.outbound.noneMore}</p>
        </Empty>
      ) : (
        <section class="card" aria-label={t.integration.panels.outbound}>
          <p class="quiet" role="status">
            {t.outbound.summary(messages.length, total)}
          </p>
          <ul class="plain-list outbound-list">
            {messages.map((one) => (
              <OutboundLine
                key={one.id}
                message={one}
                isChosen={one.id === message}
                onChange={reload}
              />
            ))}
          </ul>
        </section>
      )}
      <PlanForm onChange={reload} />
    </>
  );
};

interface OutboundLineProps {
  readonly message: OutboundMessage;
  readonly isChosen: boolean;
  onChange(): void;
}

const OutboundLine = ({ message, isChosen, onChange }: OutboundLineProps) => {
  const t = useMessages();
  const { id, clientId, call, state, attempts, nextAttemptAt, target, rule, fault } = message;
  const { run, error, isBusy } = useAction();
  const line = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isChosen) line.current?.scrollIntoView({ block: 'center' });
  }, [isChosen]);
  const path = `/clients/${encodeURIComponent(clientId)}/outbound/${encodeURIComponent(id)}`;
  const change = (suffix: string, method: 'POST' | 'DELETE') => (): void =>
    run(async () => {
      await callAdmin(path + suffix, { method });
      onChange();
    });
  return (
    <li ref={line} class={isChosen ? 'chosen' : ''}>
      <div class="outbound-head">
        <strong class="mono">{call}</strong>
        <span class={`chip outbound-${state}`}>{t.outbound.states[state] ?? state}</span>
        {fault !== undefined && <span class="chip unsure">{fault}</span>}
        <a class="mono" href={hrefFor('exchanges', undefined, { client: clientId })}>
          {clientId}
        </a>
        <span class="mono quiet">{id}</span>
        <span class="outbound-actions">
          <button
            type="button"
            class="button small"
            disabled={isBusy || target === undefined}
            aria-label={t.outbound.sendNowLabel(call, id)}
            onClick={change('/send', 'POST')}
          >
            {t.outbound.sendNow}
          </button>
          {state === 'pending' && (
            <button
              type="button"
              class="button small danger"
              disabled={isBusy}
              aria-label={t.outbound.cancelLabel(call, id)}
              onClick={change('', 'DELETE')}
            >
              {t.outbound.cancel}
            </button>
          )}
        </span>
      </div>
      <p class="quiet">
        <span class="mono">{target ?? t.outbound.noTarget}</span>
        {rule !== undefined && ` · ${t.outbound.byScenario(rule)}`}
        {nextAttemptAt !== undefined &&
          ` · ${t.outbound.next}: ${t.outbound.plannedFor(formatDateTime(nextAttemptAt))}`}
      </p>
      {attempts.length > 0 && (
        <ol class="outbound-attempts" aria-label={t.outbound.attempts}>
          {attempts.map(({ at, exchange, code, status, acknowledged, reason }) => (
            <li key={`${at} ${exchange}`}>
              {exchange === 0 ? (
                <span class={`badge-code code-${status}`}>{code}</span>
              ) : (
                <a href={hrefFor('exchanges', String(exchange))} title={reason}>
                  {code}
                </a>
              )}{' '}
              <span class="quiet">
                {acknowledged ? t.outbound.acknowledged : t.outbound.notAcknowledged} ·{' '}
                {formatDateTime(at)}
              </span>
            </li>
          ))}
        </ol>
      )}
      {error !== undefined && <ErrorNotice error={error} />}
    </li>
  );
};

/** Has the merchant called with the example of a call; its address is the configured one. */
const PlanForm = ({ onChange }: { onChange(): void }) => {
  const t = useMessages();
  const clients = useClients();
  const [chosen, setChosen] = useState<string | undefined>();
  const [call, setCall] = useState<string | undefined>();
  const client = chosen ?? clients.value?.clients[0]?.clientId;
  const calls = useQuery<{ readonly calls: readonly OutboundCall[] }>(
    client === undefined ? undefined : `/outbound/calls?clientId=${encodeURIComponent(client)}`,
  );
  const { run, error, isBusy } = useAction();
  const reachable = (calls.value?.calls ?? []).filter(({ target }) => target !== undefined);
  const wanted = reachable.find(({ id }) => id === call) ?? reachable[0];
  if (client === undefined || calls.value === undefined) return null;
  const plan = (): void =>
    run(async () => {
      const path = `/clients/${encodeURIComponent(client)}/outbound`;
      await callAdmin(path, { method: 'POST', body: { call: wanted?.id } });
      onChange();
    });
  return (
    <section class="card" aria-labelledby="plan-title">
      <h2 id="plan-title">{t.outbound.plan}</h2>
      <div class="bar">
        <ClientSelect
          clients={clients.value?.clients ?? []}
          chosen={client}
          onChoose={setChosen}
          label={t.columns.client}
        />
        <label class="labelled">
          <span>{t.outbound.call}</span>
          <select
            class="field"
            value={wanted?.id}
            disabled={reachable.length === 0}
            onChange={({ currentTarget }) => setCall(currentTarget.value)}
          >
            {reachable.map(({ id }) => (
              <option key={id}>{id}</option>
            ))}
          </select>
        </label>
        <button
          type="button"
          class="button primary"
          disabled={isBusy || wanted === undefined}
          onClick={plan}
        >
          {t.outbound.planIt}
        </button>
      </div>
      <p class="quiet mono">{wanted?.target ?? t.outbound.noTarget}</p>
      {error !== undefined && <ErrorNotice error={error} />}
    </section>
  );
};
