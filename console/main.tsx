// biome-ignore lint/suspicious/noDeprecatedImports: only its third parameter is
import { type ComponentChildren, Fragment, render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { callAdmin, storeToken, useAction } from './api/admin.ts';
import { ErrorNotice } from './components/widgets.tsx';
import { useMessages } from './i18n/messages.tsx';
import { applyPreferences, guardDrafts } from './shell/browser-storage.ts';
import { type Route, useTitle, type View } from './shell/route.ts';
import { Shell } from './shell/shell.tsx';
import { Feed, FeedContext, useFeed } from './stream/feed.ts';
import { followJournal } from './stream/journal.ts';
import { CompareView } from './views/exchange/compare.tsx';
import { ExchangesView } from './views/exchanges/exchanges-view.tsx';
import { IntegrationView } from './views/integration/integration-view.tsx';
import { KeysView } from './views/keys/keys-view.tsx';
import { ScenariosView } from './views/scenarios/scenarios-view.tsx';
import { SendView } from './views/send/send-view.tsx';
import { StateView } from './views/state/state-view.tsx';

const viewRenderers: Readonly<Record<View, (place: Route) => ComponentChildren>> = {
  exchanges: (place) => <ExchangesView place={place} />,
  state: (place) => <StateView place={place} />,
  scenarios: (place) => <ScenariosView place={place} />,
  send: (place) => <SendView place={place} />,
  integration: (place) => <IntegrationView place={place} />,
  keys: () => <KeysView />,
  compare: (place) => <CompareView place={place} />,
};

const Console = () => {
  const [feed] = useState(() => new Feed());
  const [turn, setTurn] = useState(0);
  useEffect(() => followJournal(feed), [feed, turn]);
  return (
    <FeedContext.Provider value={feed}>
      <Shell
        draw={(place) => (
          <TokenGate onToken={() => setTurn(turn + 1)}>
            {viewRenderers[place.view](place)}
          </TokenGate>
        )}
      />
    </FeedContext.Provider>
  );
};

/** Asks for the admin token if the admin API requires it. */
const TokenGate = ({
  children,
  onToken,
}: {
  readonly children: ComponentChildren;
  onToken(): void;
}) => {
  const { status, run } = useFeed().state;
  const known = useRef(run);
  const restarts = useRef(0);
  if (known.current !== undefined && known.current !== run) restarts.current++;
  known.current = run;
  // A new key resets the views after a restart: their data is outdated.
  return status === 'denied' ? (
    <TokenForm onToken={onToken} />
  ) : (
    <Fragment key={restarts.current}>{children}</Fragment>
  );
};

/** Shown when the admin API requires a token. */
const TokenForm = ({ onToken }: { onToken(): void }) => {
  const t = useMessages();
  const [text, setText] = useState('');
  const { run, error, isBusy, clear } = useAction();
  useTitle([t.token.title]);
  const enter = (event: Event): void => {
    event.preventDefault();
    storeToken(text);
    run(async () => {
      await callAdmin('/clock');
      onToken();
    });
  };
  return (
    <form class="empty token" onSubmit={enter}>
      <h1>{t.token.title}</h1>
      <p>{t.token.more}</p>
      <label class="labelled">
        <span>{t.token.label}</span>
        <input
          class="field mono"
          type="password"
          autocomplete="off"
          value={text}
          aria-invalid={error !== undefined}
          onInput={({ currentTarget }) => {
            setText(currentTarget.value);
            clear();
          }}
        />
      </label>
      <button type="submit" class="button primary" disabled={isBusy || text.trim() === ''}>
        {t.token.enter}
      </button>
      {error !== undefined &&
        (error.status === 401 || error.status === 403 ? (
          <p class="notice bad" role="alert">
            {t.token.wrong}
          </p>
        ) : (
          <ErrorNotice error={error} />
        ))}
    </form>
  );
};

applyPreferences();
guardDrafts();
const root = document.getElementById('console');
if (root !== null) render(<Console />, root);
