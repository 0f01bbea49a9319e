import { askAdmin, askJson, askText } from '../api/admin.ts';
import { gatewayUrl } from '../api/gateway-url.ts';
import type { Exchange, Sent } from '../api/journal.ts';
import { CopyButton } from '../pieces/copy-button.tsx';
import { download } from '../pieces/download.ts';
import { Failed } from '../pieces/notice.tsx';
import { useAction } from '../pieces/use-action.ts';
import { goTo, hrefOf } from '../routing/place.ts';
import { incomingScenario } from '../scenarios/incoming-scenario.ts';
import { newScenario } from '../scenarios/places.ts';
import { useWords } from '../words/use-words.ts';
import { asScenario } from './as-scenario.ts';
import { asTest } from './as-test.ts';

/**
 * What can be done with an exchange: have it as a command, a test, a scenario, a file; send it
 * again.
 */
export const Actions = ({ exchange }: { readonly exchange: Exchange }) => {
  const t = useWords();
  const { run, error } = useAction();
  const path = `/journal/${encodeURIComponent(exchange.id)}`;
  const sendAgain = async (): Promise<void> => {
    const { exchange: next } = await askJson<Sent>(`${path}/send`, { method: 'POST' });
    if (next !== undefined) goTo(hrefOf('exchanges', next.id));
  };
  const saveAsScenario = (): void => {
    incomingScenario.text = asScenario(exchange);
    goTo(hrefOf('scenarios', newScenario));
  };
  const downloadHar = async (): Promise<void> =>
    download(
      `${exchange.id}.har`,
      'application/json',
      await (await askAdmin(`${path}/har`)).text(),
    );
  return (
    <>
      <div class="actions" role="toolbar" aria-label={t.actions.title}>
        <CopyButton text={() => askText(`${path}/curl`)}>{t.actions.curl}</CopyButton>
        <CopyButton text={async () => asTest(exchange, await gatewayUrl())}>
          {t.actions.test}
        </CopyButton>
        <button
          type="button"
          class="button small"
          title={t.actions.sendAgainMore}
          onClick={() => run(sendAgain)}
        >
          {t.actions.sendAgain}
        </button>
        <button type="button" class="button small" onClick={saveAsScenario}>
          {t.actions.scenario}
        </button>
        <button type="button" class="button small" onClick={() => run(downloadHar)}>
          {t.actions.har}
        </button>
      </div>
      {error !== undefined && <Failed error={error} />}
    </>
  );
};
