// biome-ignore lint/suspicious/noDeprecatedImports: only its third parameter is
import { render } from 'preact';
import type { Exchange, Sent } from '../../../server/admin/types.gen.ts';
import { callAdmin, fetchJson, fetchText } from '../../api/admin-client.ts';
import { readGatewayUrl } from '../../api/simulator-run.ts';
import { useAction } from '../../api/use-admin.ts';
import { CopyButton, saveFile } from '../../components/code-block.tsx';
import { Menu } from '../../components/controls.tsx';
import { formatIdentity } from '../../components/format.ts';
import { ErrorNotice } from '../../components/notice.tsx';
import type { Messages } from '../../i18n/messages.ts';
import { useMessages } from '../../i18n/use-messages.ts';
import { hrefFor, hrefForMessage, navigate } from '../../shell/route.ts';
import { incomingScenario, newScenarioName } from '../../shell/use-draft.ts';
import { CompareButton } from './compare.tsx';
import { MessageView } from './messages.tsx';

/** Actions on an exchange: copy as curl or as a test, send again, save as a scenario, download. */
export const ExchangeActions = ({ exchange }: { readonly exchange: Exchange }) => {
  const t = useMessages();
  const { run, error } = useAction();
  const { outbound } = exchange;
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
  const downloadCapsule = async (): Promise<void> =>
    saveFile(
      `${exchange.id}.capsule.json`,
      'application/json',
      await fetchText(`/capsule?${new URLSearchParams({ id: exchange.id })}`),
    );
  return (
    <>
      <div class="actions" role="toolbar" aria-label={t.actions.title}>
        {outbound === undefined ? (
          <>
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
          </>
        ) : (
          <a class="button small" href={hrefForMessage(outbound.messageId)}>
            {t.integration.panels.outbound}
          </a>
        )}
        {exchange.operation !== undefined && (
          <a class="button small" href={hrefFor('send', exchange.operation, { from: exchange.id })}>
            {t.send.editAndSend}
          </a>
        )}
        {outbound === undefined && (
          <button type="button" class="button small" onClick={saveAsScenario}>
            {t.actions.scenario}
          </button>
        )}
        <button type="button" class="button small" onClick={() => run(downloadHar)}>
          {t.actions.har}
        </button>
        <Menu label={t.housekeeping.menu} isSmall>
          <CopyButton class="menu-item stays" text={() => Promise.resolve(location.href)}>
            {t.actions.link}
          </CopyButton>
          <button
            type="button"
            class="menu-item"
            onClick={() => run(() => saveAsPage(exchange, t))}
          >
            {t.actions.page}
          </button>
          <button type="button" class="menu-item" onClick={() => run(downloadCapsule)}>
            {t.actions.capsule}
          </button>
        </Menu>
        <CompareButton id={exchange.id} name={`${exchange.number} ${exchange.code}`} />
      </div>
      {error !== undefined && <ErrorNotice error={error} />}
    </>
  );
};

/** Saves the open exchange as one page without scripts, for a ticket. */
const saveAsPage = async (exchange: Exchange, t: Messages): Promise<void> => {
  const shown = document.querySelector('.exchange');
  if (shown === null) return;
  const copy = shown.cloneNode(true);
  if (!(copy instanceof HTMLElement)) return;
  // The request is in the copy only while its tab is open, so both are rendered again.
  const messages = document.createElement('div');
  render(<BothMessages exchange={exchange} />, messages);
  copy.querySelector('.messages')?.replaceChildren(...messages.childNodes);
  for (const details of copy.querySelectorAll('details')) details.open = true;
  for (const button of copy.querySelectorAll('.json-fold'))
    button.replaceWith(...button.childNodes);
  for (const tool of copy.querySelectorAll('.exchange-bar, button, .tab-list')) tool.remove();
  for (const link of copy.querySelectorAll('a')) link.replaceWith(...link.childNodes);
  const styles = await (await fetch('/__console/console-styles.css')).text();
  const { lang } = document.documentElement;
  const title = document.createElement('title');
  title.textContent = `${exchange.id} · ${t.exchange.title}`;
  const html = [
    `<!doctype html><html lang="${lang}"><head><meta charset="utf-8">`,
    // Nothing runs and nothing is loaded, whatever the exchange contains.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `${title.outerHTML}<style>${styles}</style></head><body>${copy.outerHTML}</body></html>`,
  ].join('\n');
  saveFile(`${exchange.id}.html`, 'text/html', html);
};

const BothMessages = ({ exchange }: { readonly exchange: Exchange }) => {
  const t = useMessages();
  const { request, reply, method, target, receivedAt } = exchange;
  return (
    <>
      <h2>{t.messages.request}</h2>
      <MessageView message={request} startLine={`${method} ${target}`} receivedAt={receivedAt} />
      <h2>{t.messages.reply}</h2>
      <MessageView
        message={reply}
        startLine={
          reply.httpStatus === 0 ? t.delivery.noResponse : t.messages.httpStatus(reply.httpStatus)
        }
        receivedAt={receivedAt}
      />
    </>
  );
};

/** Set by the HTTP client itself; a fixed value would be wrong or is rejected. */
const transportHeaders = [
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'accept-encoding',
  'keep-alive',
  'expect',
];

const quoteString = (text: string): string => {
  const escaped = text.replace(/['\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `'${escaped}'`;
};

/** A test for `node --test` that sends the same bytes and expects the same result. */
export const exportAsTest = (
  { id, operation, code, status, method, target, request, reply }: Exchange,
  origin: string,
): string => {
  const headers = request.headerLines.filter(
    ([name = '']) => !transportHeaders.includes(name.toLowerCase()),
  );
  const body =
    request.bodyText === undefined
      ? `Buffer.from(${quoteString(request.bodyBase64)}, 'base64')`
      : `Buffer.from(${quoteString(request.bodyText)})`;
  const resultField = reply.bodyText?.includes('"resultInfo"') === true ? 'resultInfo' : 'result';
  return [
    `// The request of exchange ${id}, byte for byte. Run it with: node --test`,
    `import assert from 'node:assert/strict';`,
    `import { test } from 'node:test';`,
    '',
    `test(${quoteString(`${operation ?? target} is answered ${code}`)}, async () => {`,
    `  const response = await fetch(${quoteString(`${origin}${target}`)}, {`,
    `    method: ${quoteString(method)},`,
    '    headers: {',
    ...headers.map(
      ([name = '', value = '']) => `      ${quoteString(name)}: ${quoteString(value)},`,
    ),
    '    },',
    ...(method === 'GET' || method === 'HEAD' ? [] : [`    body: ${body},`]),
    '  });',
    `  const { ${resultField}: result } = await response.json();`,
    `  assert.equal(result.resultCode, ${quoteString(code)});`,
    `  assert.equal(result.resultStatus, ${quoteString(status)});`,
    '});',
    '',
  ].join('\n');
};

const slugify = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');

/** The field that identifies a record, by operation (register entry O-03). */
const mainIdentityField: Readonly<Record<string, string>> = {
  syncOrder: 'merchantBizNo',
  updateMembershipCard: 'passId',
  syncPaymentInfo: 'accountId',
  syncAdditionalInfo: 'accountId',
};

/** A scenario that returns the same result for requests like this one. */
export const exportAsScenario = (exchange: Exchange): string => {
  const operation = exchange.operation ?? 'syncOrder';
  const field = mainIdentityField[operation];
  const named = field === undefined ? undefined : readBodyField(exchange, field);
  return [
    `name: ${slugify(`${operation} ${exchange.code}`)}`,
    'description: >-',
    `  ${operation} is answered ${exchange.code}, as in exchange ${exchange.id}.`,
    'rules:',
    '  - when:',
    `      operation: ${operation}`,
    ...(named === undefined || field === undefined
      ? []
      : ['      body:', `        ${field}: ${JSON.stringify(named)}`]),
    '    then:',
    `      result: ${exchange.code}`,
    ...(exchange.status === 'S' ? [] : [`      status: ${exchange.status}`]),
    '',
  ].join('\n');
};

const readBodyField = ({ request, identity }: Exchange, field: string): string | undefined => {
  try {
    const body: unknown = JSON.parse(request.opened?.text ?? request.bodyText ?? '');
    const value =
      typeof body === 'object' && body !== null
        ? Object.entries(body).find(([name]) => name === field)?.[1]
        : undefined;
    return typeof value === 'string' ? value : undefined;
  } catch {
    const only = identity === undefined ? undefined : formatIdentity(identity);
    return only?.includes(' · ') === true ? undefined : only;
  }
};
