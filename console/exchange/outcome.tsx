import { identityText } from '../api/identity-text.ts';
import type { Exchange } from '../api/journal.ts';
import { Marks } from '../pieces/marks.tsx';
import { StatusBadge } from '../pieces/status-badge.tsx';
import { duration, fullTime } from '../pieces/times.ts';
import { useWords } from '../words/use-words.ts';

/** What it was, and how it ended, in two lines. */
export const Outcome = ({ exchange }: { readonly exchange: Exchange }) => {
  const t = useWords();
  const { operation, receivedAt, milliseconds, clientId, identity, id, scripted, httpStatus } =
    exchange;
  const facts: readonly (readonly [string, string | undefined, boolean])[] = [
    [t.columns.time, fullTime(receivedAt), false],
    [t.columns.client, clientId, true],
    [t.columns.identity, identity && identityText(identity), true],
    [
      t.delivery.title,
      httpStatus === 0 ? t.delivery.noAnswer : t.messages.httpStatus(httpStatus),
      false,
    ],
    [t.columns.duration, duration(milliseconds), false],
    ['Tracer-Id', id, true],
    [t.exchange.rule, scripted?.rule, false],
  ];
  return (
    <header class="outcome">
      <div class="outcome-line">
        <StatusBadge exchange={exchange} />
        <h1>{operation ?? `${exchange.method} ${exchange.target}`}</h1>
        <Marks exchange={exchange} isWhole />
      </div>
      <dl class="outcome-facts">
        {facts.map(
          ([name, value, isCode]) =>
            value !== undefined && (
              <div key={name}>
                <dt>{name}</dt>
                <dd class={isCode ? 'mono' : ''}>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </header>
  );
};
