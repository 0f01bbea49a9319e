import { useState } from 'preact/hooks';
import type { Exchange } from '../api/journal.ts';
import { Tabs } from '../pieces/tabs.tsx';
import { useWords } from '../words/use-words.ts';
import { MessageView } from './message-view.tsx';

/** Request and answer, as they were on the wire and as they read. */
export const Messages = ({ exchange }: { readonly exchange: Exchange }) => {
  const t = useWords();
  const [shown, show] = useState<'request' | 'reply'>('request');
  const { request, reply, method, target, receivedAt } = exchange;
  return (
    <section class="card messages" aria-labelledby="messages-title">
      <h2 id="messages-title" class="hidden">
        {t.messages.title}
      </h2>
      <Tabs<'request' | 'reply'>
        label={t.messages.title}
        tabs={[
          { value: 'request', label: t.messages.request },
          { value: 'reply', label: t.messages.reply },
        ]}
        chosen={shown}
        onChoose={(value) => show(value)}
      >
        {shown === 'request' ? (
          <MessageView
            key="request"
            message={request}
            startLine={`${method} ${target}`}
            receivedAt={receivedAt}
          />
        ) : (
          <MessageView
            key="reply"
            message={reply}
            startLine={
              reply.httpStatus === 0 ? t.delivery.noAnswer : t.messages.httpStatus(reply.httpStatus)
            }
            receivedAt={receivedAt}
          />
        )}
      </Tabs>
    </section>
  );
};
