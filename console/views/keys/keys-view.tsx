import { useEffect, useState } from 'preact/hooks';
import type { Client, ClockState, Key } from '../../../server/admin/types.gen.ts';
import { fetchJson } from '../../api/admin-client.ts';
import { useAction, useClients, useQuery } from '../../api/use-admin.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { ClientSelect } from '../../components/controls.tsx';
import { formatDateTime } from '../../components/format.ts';
import { ErrorNotice, Loading } from '../../components/notice.tsx';
import { useMessages } from '../../i18n/use-messages.ts';
import { useTitle } from '../../shell/route.ts';
import { ClientKeyList, KeyTable, NewClientForm } from './client-keys.tsx';

/** Keys of the platform and of the clients, and the clock. */
export const KeysView = () => {
  const t = useMessages();
  const { value, error, reload } = useClients();
  useTitle([t.views.keys]);
  const [chosen, choose] = useState('');
  // Shown at once, so that no button acts on another client until the list has been read again.
  const [made, setMade] = useState('');
  if (error !== undefined) return <ErrorNotice error={error} onRetry={reload} />;
  if (value === undefined) return <Loading />;
  const { clients } = value;
  const isKnown = clients.some(({ clientId }) => clientId === chosen);
  const client =
    isKnown || (chosen !== '' && chosen === made) ? chosen : (clients[0]?.clientId ?? '');
  return (
    <div class="page">
      <header class="page-head">
        <h1>{t.views.keys}</h1>
        <p class="lead">{t.keys.lead}</p>
      </header>
      <PlatformKeys />
      <section class="card" aria-labelledby="client-keys-title">
        <div class="card-head">
          <h2 id="client-keys-title">{t.keys.clients}</h2>
          <ClientSelect clients={clients} chosen={client} onChoose={choose} />
        </div>
        {client !== '' && <ClientKeyList key={client} clientId={client} onChange={reload} />}
        <NewClientForm
          onMade={(clientId) => {
            setMade(clientId);
            choose(clientId);
            reload();
          }}
        />
      </section>
      <ClockCard clients={clients} />
    </div>
  );
};

/** The keys with which merchants verify responses. */
export const PlatformKeys = () => {
  const t = useMessages();
  const { value, error, reload } = useQuery<{ readonly keys: readonly Key[] }>('/platform-keys');
  return (
    <section class="card" aria-labelledby="platform-title">
      <h2 id="platform-title">{t.keys.platform}</h2>
      <p class="quiet">{t.keys.platformMore}</p>
      {error !== undefined ? (
        <ErrorNotice error={error} onRetry={reload} />
      ) : value === undefined ? (
        <Loading />
      ) : (
        <KeyTable keys={value.keys} />
      )}
      <details>
        <summary>{t.keys.fromShell}</summary>
        <CodeBlock
          code={`curl '${location.origin}/__admin/platform-key?format=base64'`}
          label={t.keys.platform}
        />
        <p class="quiet">{t.keys.rotatePlatform}</p>
        <CodeBlock
          code="npx alipayhk-mock keys rotate --platform --keys ./keys"
          label={t.keys.rotatePlatform}
        />
      </details>
    </section>
  );
};

const leaps = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** Freezes, moves and resets the clock of the simulator or of one client. */
export const ClockCard = ({ clients }: { readonly clients: readonly Client[] }) => {
  const t = useMessages();
  const [client, setClient] = useState('');
  const path = client === '' ? '/clock' : `/clients/${encodeURIComponent(client)}/clock`;
  const { value, error, reload } = useQuery<ClockState>(path);
  const [moved, setMoved] = useState<
    { readonly path: string; readonly state: ClockState } | undefined
  >();
  const { run, error: refused, isBusy } = useAction();
  const state = moved?.path === path ? moved.state : value;
  const move = (body: Readonly<Record<string, unknown>>) => (): void =>
    run(async () =>
      setMoved({ path, state: await fetchJson<ClockState>(path, { method: 'PUT', body }) }),
    );
  return (
    <section class="card" aria-labelledby="clock-title">
      <div class="card-head">
        <h2 id="clock-title">{t.clock.title}</h2>
        <ClientSelect
          clients={clients}
          chosen={client}
          onChoose={setClient}
          everyone={t.scenarios.allClients}
        />
      </div>
      <p class="quiet">{t.clock.more}</p>
      {error !== undefined && <ErrorNotice error={error} onRetry={reload} />}
      {state !== undefined && <ClockFace key={`${path}${state.now}${state.rate}`} state={state} />}
      <div class="bar">
        {state?.rate === 0 ? (
          <button
            type="button"
            class="button primary"
            disabled={isBusy}
            onClick={move({ rate: 1 })}
          >
            {t.clock.run}
          </button>
        ) : (
          <button type="button" class="button" disabled={isBusy} onClick={move({ freeze: true })}>
            {t.clock.freeze}
          </button>
        )}
        {(Object.keys(leaps) as (keyof typeof leaps)[]).map((leap) => (
          <button
            key={leap}
            type="button"
            class="button"
            disabled={isBusy}
            onClick={move({ advanceMs: leaps[leap] })}
          >
            {t.clock.leaps[leap]}
          </button>
        ))}
        <SetTime isBusy={isBusy} onSet={(at) => move({ set: at })()} />
        <button type="button" class="button" disabled={isBusy} onClick={move({ reset: true })}>
          {t.clock.reset}
        </button>
      </div>
      {refused !== undefined && <ErrorNotice error={refused} />}
    </section>
  );
};

/** Shows the running time, extrapolated from the last response at the clock's rate. */
const ClockFace = ({ state: { now, rate } }: { readonly state: ClockState }) => {
  const t = useMessages();
  const [began] = useState(() => performance.now());
  const [shown, show] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => show(now + (performance.now() - began) * rate), 500);
    return () => clearInterval(timer);
  }, [now, rate, began]);
  return (
    <p class="clock-face">
      <span class="mono">{formatDateTime(shown)}</span>
      <span class={`chip${rate === 0 ? ' strong' : ''}`}>
        {rate === 0 ? t.clock.frozen : rate === 1 ? t.clock.running : t.clock.rate(rate)}
      </span>
    </p>
  );
};

const SetTime = ({ isBusy, onSet }: { readonly isBusy: boolean; onSet(at: number): void }) => {
  const t = useMessages();
  const [text, setText] = useState('');
  return (
    <span class="set-time">
      <input
        class="field"
        type="datetime-local"
        step="1"
        aria-label={t.clock.setTo}
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
      <button
        type="button"
        class="button"
        disabled={isBusy || text === ''}
        onClick={() => onSet(new Date(text).getTime())}
      >
        {t.clock.set}
      </button>
    </span>
  );
};
