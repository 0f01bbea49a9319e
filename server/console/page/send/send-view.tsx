import { useState } from 'preact/hooks';
import { askJson } from '../api/admin.ts';
import type { Sent } from '../api/journal.ts';
import { useClients } from '../api/use-clients.ts';
import type { OperationReading } from '../contract/contract-reading.ts';
import { useContract } from '../contract/use-contract.ts';
import { ClientChoice } from '../pieces/client-choice.tsx';
import { Failed, Loading } from '../pieces/notice.tsx';
import { useAction } from '../pieces/use-action.ts';
import { goTo, hrefOf, type Place } from '../routing/place.ts';
import { useWords } from '../words/use-words.ts';
import { type JsonObject, laidOver } from './json-value.ts';
import { RequestEditor } from './request-editor.tsx';
import { SentAnswer } from './sent-answer.tsx';

/** A first success without writing code: fill in, sign, send, see the verified answer. */
export const SendView = ({ place }: { readonly place: Place }) => {
  const t = useWords();
  const contract = useContract();
  const clients = useClients();
  if (clients.error !== undefined) return <Failed error={clients.error} onRetry={clients.reload} />;
  if (contract === undefined || clients.value === undefined) return <Loading />;
  const operation = contract.operations.find(({ id }) => id === place.open) ?? contract.operations.find(({ id }) => id === 'syncOrder');
  if (operation === undefined) return <Loading />;
  return (
    <div class="page">
      <header class="page-head">
        <h1>{t.views.send}</h1>
        <p class="lead">{t.send.lead}</p>
      </header>
      <nav class="sub-nav" aria-label={t.columns.operation}>
        {contract.operations.map(({ id, summary }) => (
          <a key={id} href={hrefOf('send', id)} title={summary} aria-current={id === operation.id ? 'page' : undefined}>
            {id}
          </a>
        ))}
      </nav>
      <SendForm key={operation.id} operation={operation} place={place} clientIds={clients.value.clients} />
    </div>
  );
};

interface SendFormProps {
  readonly operation: OperationReading;
  readonly place: Place;
  readonly clientIds: Parameters<typeof ClientChoice>[0]['clients'];
}

const SendForm = ({ operation, place, clientIds }: SendFormProps) => {
  const t = useWords();
  const example = operation.examples.find(({ name }) => name === place.query.get('example')) ?? operation.examples[0];
  const [client, setClient] = useState(clientIds[0]?.clientId ?? '');
  const [isSealed, setSealed] = useState(false);
  const [algorithm, setAlgorithm] = useState<'RSA256' | 'ECC224'>('RSA256');
  const [edited, setEdited] = useState<{ readonly of: string; readonly value: JsonObject } | undefined>();
  const [sent, setSent] = useState<Sent | undefined>();
  const { run, error, isBusy } = useAction();
  const base = (example?.value ?? {}) as JsonObject;
  const body = edited?.of === example?.name && edited !== undefined ? edited.value : base;
  const send = (event: Event): void => {
    event.preventDefault();
    const asked = {
      clientId: client,
      operation: operation.id,
      ...(example === undefined ? { body } : { example: example.name, fields: laidOver(base, body) }),
      seal: isSealed,
      algorithm,
    };
    run(async () => setSent(await askJson<Sent>('/send', { method: 'POST', body: asked })));
  };
  return (
    <form class="send" onSubmit={send}>
      <div class="send-form">
        <div class="bar">
          <label class="labelled">
            <span>{t.send.example}</span>
            <select
              class="field"
              value={example?.name}
              onChange={({ currentTarget }) => goTo(hrefOf('send', operation.id, { example: currentTarget.value }), true)}
            >
              {operation.examples.map(({ name, summary }) => (
                <option key={name} value={name}>
                  {summary === '' ? name : `${name} – ${summary}`}
                </option>
              ))}
            </select>
          </label>
          <ClientChoice clients={clientIds} chosen={client} onChoose={setClient} />
          <label class="labelled">
            <span>{t.headerParts.algorithm}</span>
            <select
              class="field"
              value={algorithm}
              onChange={({ currentTarget }) => setAlgorithm(currentTarget.value === 'ECC224' ? 'ECC224' : 'RSA256')}
            >
              <option>RSA256</option>
              <option>ECC224</option>
            </select>
          </label>
          <label class="check">
            <input type="checkbox" checked={isSealed} onChange={({ currentTarget }) => setSealed(currentTarget.checked)} />
            {t.send.seal}
          </label>
        </div>
        <RequestEditor
          key={example?.name}
          operation={operation}
          base={base}
          value={body}
          onChange={(value) => setEdited({ of: example?.name ?? '', value })}
        />
        <div class="send-bar">
          <button type="submit" class="button primary big" disabled={isBusy}>
            {isBusy ? t.send.sending : t.send.signAndSend}
          </button>
          <span class="quiet mono">POST {operation.path}</span>
        </div>
      </div>
      <section class="send-answer" aria-label={t.send.answer} aria-live="polite">
        {error !== undefined ? <Failed error={error} /> : sent === undefined ? <NotYet /> : <SentAnswer sent={sent} />}
      </section>
    </form>
  );
};

const NotYet = () => {
  const t = useWords();
  return (
    <div class="empty">
      <h2>{t.send.notYet}</h2>
      <p>{t.send.notYetMore}</p>
    </div>
  );
};
