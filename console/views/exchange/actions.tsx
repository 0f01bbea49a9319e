import type { Exchange, Sent } from '../../../server/admin/types.gen.ts';
import { callAdmin, fetchJson, fetchText } from '../../api/admin-client.ts';
import { readGatewayUrl } from '../../api/settings.ts';
import { useAction } from '../../api/use-admin.ts';
import { CopyButton } from '../../components/code-block.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { useMessages } from '../../i18n/use-messages.ts';
import { hrefFor, navigate } from '../../shell/route.ts';
import { incomingScenario, newScenarioName } from '../scenarios/scenarios-state.ts';
import { exportAsScenario, exportAsTest } from './export-exchange.ts';

/** Actions on an exchange: copy as curl or as a test, send again, save as a scenario, download. */
export const ExchangeActions = ({ exchange }: { readonly exchange: Exchange }) => {
  const t = useMessages();
  const { run, error } = useAction();
  const path = `/journal/${encodeURIComponent(exchange.id)}`;
  const sendAgain = async (): Promise<void> => {
    const { exchange: next } = await fetchJson<Sent>(`${path}/send`, { method: 'POST' });
    if (next !== undefined) navigate(hrefFor('exchanges', next.id));
  };
  const saveAsScenario = (): void => {
    incomingScenario.text = exportAsScenario(exchange);
    navigate(hrefFor('scenarios', newScenarioName));
  };
  const downloadHar = async (): Promise<void> =>
    saveFile(
      `${exchange.id}.har`,
      'application/json',
      await (await callAdmin(`${path}/har`)).text(),
    );
  return (
    <>
      <div class="actions" role="toolbar" aria-label={t.actions.title}>
        <CopyButton text={() => fetchText(`${path}/curl`)}>{t.actions.curl}</CopyButton>
        <CopyButton text={async () => exportAsTest(exchange, await readGatewayUrl())}>
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
      {error !== undefined && <ErrorNotice error={error} />}
    </>
  );
};

/** Downloads a file that the page created. */
export const saveFile = (name: string, type: string, content: string): void => {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser starts the download asynchronously.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
};
