import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Sent } from '../../../server/admin/types.gen.ts';
import { fetchJson, useAction, useClients, useContract } from '../../api/admin.ts';
import type { OperationView } from '../../api/contract.ts';
import { JsonTree, Scrollable } from '../../components/code-block.tsx';
import { StatusBadge, Tags } from '../../components/exchange-status.tsx';
import { formatDuration, formatIdentity } from '../../components/format.ts';
import { ClientSelect, ErrorNotice, Loading } from '../../components/widgets.tsx';
import { Reason, useMessages } from '../../i18n/messages.tsx';
import { type Draft, useDraft } from '../../shell/browser-storage.ts';
import { hrefFor, navigate, type Route, useTitle } from '../../shell/route.ts';
import {
  brokenTexts,
  describeProblem,
  diffFields,
  type RequestDraft,
  RequestEditor,
  type RequestObject,
  wholeRequest,
} from './request-editor.tsx';
import {
  NextStatuses,
  type RequestSource,
  readFieldErrors,
  readRequestId,
  refreshRequest,
  rememberSent,
  saveDraft,
  useSource,
  Workbench,
} from './workbench.tsx';

/** Sends a signed request from a form, and shows the verified response. */
export const SendView = ({ place }: { readonly place: Route }) => {
  const t = useMessages();
  const contract = useContract();
  const clients = useClients();
  const last = useDraft('operation', 'syncOrder');
  const { open } = place;
  useEffect(() => {
    if (open !== undefined) last.edit(open, false);
  }, [open]);
  const wanted = open ?? last.value;
  useTitle([wanted, t.views.send]);
  if (clients.error !== undefined)
    return <ErrorNotice error={clients.error} onRetry={clients.reload} />;
  if (contract === undefined || clients.value === undefined) return <Loading />;
  const operation =
    contract.operations.find(({ id }) => id === wanted) ??
    contract.operations.find(({ id }) => id === 'syncOrder');
  if (operation === undefined) return <Loading />;
  return (
    <div class="page">
      <header class="page-head">
        <h1>{t.views.send}</h1>
        <p class="lead">{t.send.lead}</p>
      </header>
      <nav class="sub-nav" aria-label={t.columns.operation}>
        {contract.operations.map(({ id, summary }) => (
          <a
            key={id}
            href={hrefFor('send', id)}
            title={summary}
            aria-current={id === operation.id ? 'page' : undefined}
          >
            {id}
          </a>
        ))}
      </nav>
      <SendForm
        key={operation.id}
        operation={operation}
        place={place}
        clientIds={clients.value.clients}
      />
    </div>
  );
};

interface SendPreferences {
  readonly client: string;
  readonly isSealed: boolean;
  readonly algorithm: 'RSA256' | 'ECC224';
}

interface SendFormProps {
  readonly operation: OperationView;
  readonly place: Route;
  readonly clientIds: Parameters<typeof ClientSelect>[0]['clients'];
}

const SendForm = (props: SendFormProps) => {
  const { operation, place, clientIds } = props;
  const t = useMessages();
  const chosen = useDraft(`example of ${operation.id}`, operation.examples[0]?.name ?? '');
  const source = useSource(operation, place, chosen.value);
  const options = useDraft<SendPreferences>('send options', {
    client: '',
    isSealed: false,
    algorithm: 'RSA256',
  });
  if (source.error !== undefined) return <ErrorNotice error={source.error} />;
  if (source.base === undefined) return <Loading />;
  const wanted = options.value.client || source.client;
  const client =
    clientIds.find(({ clientId }) => clientId === wanted)?.clientId ?? clientIds[0]?.clientId ?? '';
  return (
    <RequestForm
      key={source.key}
      operation={operation}
      source={{ ...source, base: source.base }}
      client={client}
      options={options}
    >
      <label class="labelled">
        <span>{t.send.example}</span>
        <select
          class="field"
          value={source.example ?? ''}
          onChange={({ currentTarget }) => {
            chosen.edit(currentTarget.value, false);
            navigate(hrefFor('send', operation.id, { example: currentTarget.value }), true);
          }}
        >
          {source.example === undefined && <option value="">{source.title}</option>}
          {operation.examples.map(({ name, summary }) => (
            <option key={name} value={name}>
              {summary === '' ? name : `${name} – ${summary}`}
            </option>
          ))}
        </select>
      </label>
      <ClientSelect
        clients={clientIds}
        chosen={client}
        onChoose={(clientId) => options.edit({ ...options.value, client: clientId }, false)}
      />
    </RequestForm>
  );
};

interface RequestFormProps {
  readonly operation: OperationView;
  readonly source: RequestSource & { readonly base: RequestObject };
  readonly client: string;
  readonly options: Draft<SendPreferences>;
  readonly children: ComponentChildren;
}

/** The form of one request, and its response. */
const RequestForm = ({ operation, source, client, options, children }: RequestFormProps) => {
  const t = useMessages();
  const { base, example } = source;
  const [sent, setSent] = useState<Sent | undefined>();
  const [isBlocked, setBlocked] = useState(false);
  const [keepsId, setKeepsId] = useState(false);
  const { run, error, isBusy, clear } = useAction();
  const form = useRef<HTMLFormElement>(null);
  const { isSealed, algorithm } = options.value;
  const set = (changes: Partial<SendPreferences>): void =>
    options.edit({ ...options.value, ...changes }, false);
  const draft = useDraft<RequestDraft>(`request ${operation.id} ${source.key}`, {
    body: base,
    isJson: false,
    texts: {},
  });
  const broken = brokenTexts(draft.value);
  const { body } = draft.value;
  const lastId = readRequestId(sent) ?? (example === undefined ? base['requestId'] : undefined);
  const edit = (next: RequestDraft): void => {
    // Switching between form and JSON is not an edit.
    const isEdit = next.isJson === draft.value.isJson;
    draft.edit(next, isEdit || draft.isUnsaved);
    setBlocked(false);
    clear();
  };
  const send = (event: Event): void => {
    event.preventDefault();
    setSent(undefined);
    clear();
    setBlocked(broken.length > 0);
    if (broken.length > 0) {
      form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
      return;
    }
    const fields = { ...diffFields(base, body), ...(keepsId && lastId && { requestId: lastId }) };
    const asked = {
      clientId: client,
      operation: operation.id,
      ...(example === undefined
        ? { body: keepsId ? { ...body, requestId: lastId } : refreshRequest(body, base) }
        : { example, fields }),
      seal: isSealed,
      algorithm,
    };
    run(async () => {
      const response = await fetchJson<Sent>('/send', { method: 'POST', body: asked });
      setSent(response);
      draft.settle();
      rememberSent({ operation: operation.id, client, body, response });
    });
  };
  return (
    <form class="send" onSubmit={send} ref={form}>
      <div class="send-form">
        <div class="bar">
          {children}
          <label class="labelled">
            <span>{t.headerParts.algorithm}</span>
            <select
              class="field"
              value={algorithm}
              onChange={({ currentTarget }) =>
                set({ algorithm: currentTarget.value === 'ECC224' ? 'ECC224' : 'RSA256' })
              }
            >
              <option>RSA256</option>
              <option>ECC224</option>
            </select>
          </label>
          <label class="check">
            <input
              type="checkbox"
              checked={isSealed}
              onChange={({ currentTarget }) => set({ isSealed: currentTarget.checked })}
            />
            {t.send.encrypt}
          </label>
        </div>
        <NextStatuses
          client={client}
          body={body}
          onChoose={(orderStatus) =>
            edit({ ...draft.value, body: { ...body, orderStatus }, texts: {}, isJson: false })
          }
          turn={sent?.exchange?.number ?? 0}
        />
        <RequestEditor
          operation={operation}
          base={base}
          draft={draft.value}
          refused={readFieldErrors(sent?.exchange)}
          onChange={edit}
        />
        <div class="send-bar">
          <button type="submit" class="button primary big" disabled={isBusy}>
            {isBusy ? t.send.sending : t.send.signAndSend}
          </button>
          {JSON.stringify(body) !== JSON.stringify(base) || broken.length > 0 ? (
            <button type="button" class="button" disabled={isBusy} onClick={draft.discard}>
              {t.send.backToExample}
            </button>
          ) : null}
          {typeof lastId === 'string' && (
            <label class="check">
              <input
                type="checkbox"
                checked={keepsId}
                onChange={({ currentTarget }) => setKeepsId(currentTarget.checked)}
              />
              {t.send.sameId} <span class="mono quiet">{lastId.slice(-8)}</span>
            </label>
          )}
          <button
            type="button"
            class="button"
            onClick={() => saveDraft({ operation: operation.id, client, body })}
          >
            {t.send.saveDraft}
          </button>
          <span class="quiet mono">POST {operation.path}</span>
        </div>
      </div>
      <div class="send-side">
        <section class="send-response" aria-label={t.send.response} aria-live="polite">
          {isBlocked && broken.length > 0 ? (
            <div class="notice bad" role="alert">
              <p class="notice-title">{t.send.notSent}</p>
              {broken.map((one) => (
                <p key={one.field}>
                  {one.field !== wholeRequest && <code>{one.field} </code>}
                  {describeProblem(one, t)}
                </p>
              ))}
            </div>
          ) : error !== undefined ? (
            <ErrorNotice error={error} />
          ) : sent === undefined ? (
            <NoResponseYet />
          ) : (
            <SentResponse sent={sent} />
          )}
        </section>
        <Workbench />
      </div>
    </form>
  );
};

const NoResponseYet = () => {
  const t = useMessages();
  return (
    <div class="empty">
      <h2>{t.send.notYet}</h2>
      <p>{t.send.notYetMore}</p>
    </div>
  );
};

/** The response, with the result of its verification first. */
export const SentResponse = ({ sent: { exchange, answer, request } }: { readonly sent: Sent }) => {
  const t = useMessages();
  const proof = answer.transport ?? answer.signature ?? 'unsigned';
  return (
    <div class="sent">
      <p class={`proof ${proof === 'verified' ? 'good' : 'bad'}`}>{t.send.proof[proof] ?? proof}</p>
      {exchange !== undefined && (
        <div class="sent-line">
          <StatusBadge exchange={exchange} />
          <Tags exchange={exchange} />
          <span class="mono quiet">
            {exchange.identity === undefined
              ? ''
              : formatIdentity(exchange.identity, exchange.operation)}
          </span>
          <span class="quiet">{formatDuration(exchange.milliseconds)}</span>
        </div>
      )}
      {exchange !== undefined && exchange.status !== 'S' && (
        <p class="sent-reason">
          <Reason reason={exchange.reason} />
        </p>
      )}
      <h2 class="sent-title">{t.send.response}</h2>
      {answer.json === undefined ? (
        <Scrollable class="body" label={t.send.response}>
          {answer.bodyText ?? t.messages.empty}
        </Scrollable>
      ) : (
        <JsonTree value={answer.json} label={t.send.response} />
      )}
      {exchange !== undefined && (
        <p>
          <a class="button" href={hrefFor('exchanges', exchange.id)}>
            {t.send.open}
          </a>
        </p>
      )}
      <details>
        <summary>{t.send.request}</summary>
        <Scrollable class="body" label={t.send.request}>
          {[
            `POST ${request.target}`,
            ...Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`),
            '',
            request.bodyText ?? '',
          ].join('\n')}
        </Scrollable>
      </details>
    </div>
  );
};
