import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Client, ClockState, Key } from '../../../server/admin/types.gen.ts';
import { callAdmin, fetchJson, useAction, useClients, useQuery } from '../../api/admin.ts';
import { CodeBlock, CopyButton } from '../../components/code-block.tsx';
import { formatDateTime } from '../../components/format.ts';
import { ClientSelect, ConfirmDialog, ErrorNotice, Loading } from '../../components/widgets.tsx';
import { useMessages } from '../../i18n/messages.tsx';
import { useDraft } from '../../shell/browser-storage.ts';
import { useTitle } from '../../shell/route.ts';

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

const overlaps = { none: 0, hour: 3_600_000, day: 86_400_000 } as const;
type Overlap = keyof typeof overlaps;

/** Key versions of a client: add one, retire one. */
const ClientKeyList = ({ clientId, onChange }: { readonly clientId: string; onChange(): void }) => {
  const t = useMessages();
  const path = `/clients/${encodeURIComponent(clientId)}/keys`;
  const { value, error, reload } = useQuery<{ readonly keys: readonly Key[] }>(path);
  const [overlap, setOverlap] = useState<Overlap>('hour');
  const [privateKey, setPrivateKey] = useState<string | undefined>();
  const [ending, setEnding] = useState<Key | undefined>();
  const { run, error: refused, isBusy } = useAction();
  const change = (work: () => Promise<void>): void =>
    run(async () => {
      await work();
      reload();
      onChange();
    });
  const rotate = (): void =>
    change(async () => {
      const made = await fetchJson<{ readonly privateKey?: string }>(path, {
        method: 'POST',
        body: { overlapMs: overlaps[overlap] },
      });
      setPrivateKey(made.privateKey);
    });
  const retire = ({ algorithm, version }: Key): void =>
    change(async () => {
      await callAdmin(`${path}/${algorithm}/${version}`, { method: 'DELETE' });
    });
  if (error !== undefined) return <ErrorNotice error={error} onRetry={reload} />;
  if (value === undefined) return <Loading />;
  return (
    <>
      <KeyTable
        keys={value.keys}
        actions={(key) =>
          key.state === 'active' && (
            <button
              type="button"
              class="button small danger"
              disabled={isBusy}
              onClick={() => setEnding(key)}
            >
              {t.keys.retire}
            </button>
          )
        }
      />
      <div class="bar">
        <label class="labelled">
          <span>{t.keys.overlap}</span>
          <select
            class="field"
            value={overlap}
            onChange={({ currentTarget }) => setOverlap(currentTarget.value as Overlap)}
          >
            {(Object.keys(overlaps) as Overlap[]).map((name) => (
              <option key={name} value={name}>
                {t.keys.overlaps[name]}
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="button" disabled={isBusy} onClick={rotate}>
          {t.keys.rotate}
        </button>
      </div>
      {refused !== undefined && <ErrorNotice error={refused} />}
      {ending !== undefined && (
        <ConfirmDialog
          title={t.keys.retireTitle(`${ending.algorithm} v${ending.version}`)}
          action={t.keys.retireConfirm}
          onConfirm={() => retire(ending)}
          onClose={() => setEnding(undefined)}
        >
          {t.keys.retireMore(clientId)}
        </ConfirmDialog>
      )}
      {privateKey !== undefined && <SecretShownOnce privateKey={privateKey} />}
    </>
  );
};

interface ClientResponse {
  readonly clientId: string;
  readonly privateKey?: string;
}

/** Creates a client, with the merchant's public key or with a generated key pair. */
const NewClientForm = ({ onMade }: { onMade(clientId: string): void }) => {
  const t = useMessages();
  const draft = useDraft('new-client', { clientId: '', publicKey: '' });
  const { clientId, publicKey } = draft.value;
  // Read once, so that the form stays open after the draft is discarded.
  const [wasBegun] = useState(draft.isUnsaved);
  const [made, setMade] = useState<ClientResponse | undefined>();
  const { run, error, isBusy } = useAction();
  const make = (event: Event): void => {
    event.preventDefault();
    const body = {
      ...(clientId === '' ? {} : { clientId }),
      ...(publicKey.trim() === '' ? {} : { publicKey }),
    };
    run(async () => {
      const answer = await fetchJson<ClientResponse>('/clients', { method: 'POST', body });
      draft.discard();
      setMade(answer);
      onMade(answer.clientId);
    });
  };
  return (
    <details class="new-client" open={wasBegun}>
      <summary>{t.keys.newClient}</summary>
      <form class="form" onSubmit={make}>
        <label class="labelled">
          <span>Client-Id</span>
          <input
            class="field mono"
            value={clientId}
            placeholder={t.keys.generatedHint}
            onInput={({ currentTarget }) =>
              draft.edit({ clientId: currentTarget.value, publicKey })
            }
          />
        </label>
        <label class="labelled">
          <span>{t.keys.ownPublicKey}</span>
          <textarea
            class="field json"
            rows={4}
            spellcheck={false}
            value={publicKey}
            placeholder={t.keys.ownPublicKeyHint}
            onInput={({ currentTarget }) =>
              draft.edit({ clientId, publicKey: currentTarget.value })
            }
          />
        </label>
        <button type="submit" class="button" disabled={isBusy}>
          {t.keys.create}
        </button>
      </form>
      {error !== undefined && <ErrorNotice error={error} />}
      {made !== undefined && (
        <>
          <p class="notice good">{t.keys.createdClient(made.clientId)}</p>
          {made.privateKey !== undefined && <SecretShownOnce privateKey={made.privateKey} />}
        </>
      )}
    </details>
  );
};

/** The one-line form that SDKs take: PEM without boundaries and line ends. */
const toBase64Line = (pem: string): string => pem.replace(/-----[^-]+-----|\s/g, '');

/** Key versions with their validity. Public keys can be copied as PEM or base64. */
const KeyTable = ({
  keys,
  actions,
}: {
  readonly keys: readonly Key[];
  actions?: (key: Key) => ComponentChildren;
}) => {
  const t = useMessages();
  return (
    <div class="table-box">
      <table class="keys-table">
        <thead>
          <tr>
            <th scope="col">{t.keys.version}</th>
            <th scope="col">{t.keys.state}</th>
            <th scope="col">{t.keys.validity}</th>
            <th scope="col">{t.keys.fingerprint}</th>
            <th scope="col">{t.keys.publicKey}</th>
          </tr>
        </thead>
        <tbody>
          {sortKeys(keys).map((key) => (
            <tr key={`${key.algorithm}${key.version}`}>
              <th scope="row">
                {key.algorithm} v{key.version}
              </th>
              <td>
                <span class={`chip key-${key.state.replaceAll(' ', '-')}`}>
                  {t.keys.states[key.state]}
                </span>
                {key.privateKeyHeld && key.state === 'active' && (
                  <span class="quiet"> {t.keys.canSign}</span>
                )}
              </td>
              <td class="nowrap validity" data-label={t.keys.validity}>
                {formatValidity(key, t.keys.always)}
              </td>
              <td class="mono fingerprint" title={key.fingerprint}>
                {key.fingerprint}
              </td>
              <td>
                <div class="row-actions">
                  <CopyButton text={key.publicKey}>{t.keys.pem}</CopyButton>
                  <CopyButton text={toBase64Line(key.publicKey)}>{t.keys.base64}</CopyButton>
                  {actions?.(key)}
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

/** RSA first, as the most used algorithm; newest versions first. */
const sortKeys = (keys: readonly Key[]): readonly Key[] =>
  keys.toSorted((a, b) => b.algorithm.localeCompare(a.algorithm) || b.version - a.version);

const formatValidity = ({ from, until }: Key, always: string): string =>
  from === undefined && until === undefined
    ? always
    : [from, until].map((at) => (at === undefined ? '…' : formatDateTime(at))).join(' – ');

/** A generated private key, which the simulator returns only once. */
export const SecretShownOnce = ({ privateKey }: { readonly privateKey: string }) => {
  const t = useMessages();
  return (
    <div class="notice">
      <p class="notice-title">{t.keys.secretTitle}</p>
      <p>{t.keys.secretMore}</p>
      <CodeBlock code={privateKey.trim()} label={t.keys.secretTitle} />
    </div>
  );
};
