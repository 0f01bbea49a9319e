import type { Sent } from '../../../server/admin/types.gen.ts';
import { Scrollable } from '../../components/code-block.tsx';
import { Marks, StatusBadge } from '../../components/exchange-status.tsx';
import { formatDuration, formatIdentity } from '../../components/format.ts';
import { useMessages } from '../../i18n/use-messages.ts';
import { hrefFor } from '../../shell/route.ts';

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
          <Marks exchange={exchange} />
          <span class="mono quiet">
            {exchange.identity === undefined ? '' : formatIdentity(exchange.identity)}
          </span>
          <span class="quiet">{formatDuration(exchange.milliseconds)}</span>
        </div>
      )}
      {exchange !== undefined && exchange.status !== 'S' && (
        <p lang="en" class="sent-reason">
          {exchange.reason}
        </p>
      )}
      <h3>{t.send.response}</h3>
      <Scrollable class="body" label={t.send.response}>
        {answer.json === undefined
          ? (answer.bodyText ?? t.messages.empty)
          : JSON.stringify(answer.json, null, 2)}
      </Scrollable>
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
