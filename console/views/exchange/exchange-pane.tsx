// biome-ignore lint/suspicious/noDeprecatedImports: only its third parameter is
import { render } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Exchange, ExchangeSummary, Sent } from '../../../server/admin/types.gen.ts';
import {
  callAdmin,
  fetchJson,
  fetchText,
  readGatewayUrl,
  useAction,
  useQuery,
} from '../../api/admin.ts';
import { CopyButton, saveFile } from '../../components/code-block.tsx';
import { formatDelivery, StatusBadge, Tags } from '../../components/exchange-status.tsx';
import {
  findCollection,
  formatDateTime,
  formatDuration,
  formatIdentity,
} from '../../components/format.ts';
import { ErrorNotice, Loading, Menu } from '../../components/widgets.tsx';
import { type Messages, Reason, useMessages } from '../../i18n/messages.tsx';
import { useStoredValue } from '../../shell/browser-storage.ts';
import {
  hrefFor,
  hrefForMessage,
  navigate,
  newScenarioName,
  oneShotName,
  type Route,
  useTitle,
} from '../../shell/route.ts';
import { caseKey, casesOfExchange, openedReport } from '../integration/reports.tsx';
import { incomingScenario } from '../scenarios/scenario-editor.tsx';
import { CompareButton } from './compare.tsx';
import { MessageTabs, MessageView } from './messages.tsx';
import { Pipeline, StateChanges } from './pipeline.tsx';
import { Why } from './why.tsx';

export interface ExchangePaneProps {
  readonly id: string;
  readonly place: Route;
  /** Its row in the list, shown when the journal has evicted the exchange. */
  readonly row: ExchangeSummary | undefined;
}

/** One exchange: reason, steps, messages, state changes. */
export const ExchangePane = ({ id, place, row }: ExchangePaneProps) => {
  const t = useMessages();
  const { value, error, reload } = useQuery<Exchange>(
    `/journal/${encodeURIComponent(id)}`,
    useRowVersion(row),
  );
  const pane = useRef<HTMLElement>(null);
  const known = value ?? row;
  useTitle([...(known === undefined ? [id] : describeExchange(known)), t.views.exchanges]);
  // Replaces a number in the address by the id: numbers start again with each run.
  useEffect(() => {
    if (value !== undefined && value.id !== id)
      navigate(hrefFor('exchanges', value.id, place.query), true);
  }, [value, id, place.query]);
  useEffect(() => {
    pane.current?.scrollTo(0, 0);
    // In the narrow layout the focused row disappears with the list.
    if (document.activeElement === document.body) pane.current?.focus({ preventScroll: true });
  }, [id]);
  return (
    <article class="exchange" tabIndex={-1} ref={pane} aria-label={t.exchange.title}>
      <div class="exchange-bar">
        <a class="back" href={hrefFor('exchanges', undefined, place.query)}>
          <span aria-hidden="true">←</span> {t.exchange.back}
        </a>
        {value !== undefined && <ExchangeActions exchange={value} />}
      </div>
      {value !== undefined ? (
        <ExchangeSections exchange={value} />
      ) : error === undefined ? (
        <Loading />
      ) : error.status === 404 ? (
        <EvictedExchange row={row} />
      ) : (
        <ErrorNotice error={error} onRetry={reload} />
      )}
    </article>
  );
};

/** Increases when the row changes, for example when a diagnosis arrives later. */
const useRowVersion = (row: ExchangeSummary | undefined): number => {
  const last = useRef({ row, version: 0 });
  const { row: before, version } = last.current;
  if (before !== row)
    last.current = { row, version: before?.id === row?.id ? version + 1 : version };
  return last.current.version;
};

/** `ORDER_STATUS_INVALID syncOrder RIDE-1`. */
const describeExchange = ({
  code,
  operation,
  target,
  identity,
}: ExchangeSummary): readonly string[] => [
  [code, operation ?? target, identity === undefined ? '' : formatIdentity(identity, operation)]
    .filter((part) => part !== '')
    .join(' '),
];

const ExchangeSections = ({ exchange }: { readonly exchange: Exchange }) => (
  <>
    <ExchangeHeader exchange={exchange} />
    <Why exchange={exchange} />
    <Pipeline exchange={exchange} />
    <MessageTabs exchange={exchange} />
    <StateChanges exchange={exchange} />
  </>
);

const EvictedExchange = ({ row }: { readonly row: ExchangeSummary | undefined }) => {
  const t = useMessages();
  return (
    <div class="empty">
      <h2>{t.exchange.gone}</h2>
      <p>{t.exchange.goneMore}</p>
      {row !== undefined && (
        <p>
          <strong>{row.code}</strong> <Reason reason={row.reason} />
        </p>
      )}
    </div>
  );
};

/** Operation, result and key facts of an exchange. */
export const ExchangeHeader = ({ exchange }: { readonly exchange: Exchange }) => {
  const t = useMessages();
  const { operation, receivedAt, milliseconds, clientId, identity, id, scripted, httpStatus } =
    exchange;
  const { outbound, attempt, nextAttemptAt } = exchange;
  const report = useStoredValue(openedReport);
  const facts: readonly Fact[] = [
    { name: t.columns.time, value: formatDateTime(receivedAt) },
    {
      name: t.columns.client,
      value: clientId,
      isCode: true,
      href: clientId && hrefFor('exchanges', undefined, { client: clientId }),
    },
    {
      name: t.columns.identity,
      value: identity && formatIdentity(identity, operation),
      isCode: true,
      href: hrefForRecord(exchange),
    },
    {
      name: t.delivery.title,
      value:
        httpStatus === 0
          ? t.delivery.noResponse
          : `${t.messages.httpStatus(httpStatus)} · ${formatDelivery(exchange, t)}`,
    },
    {
      name: t.outbound.message,
      value: outbound?.messageId,
      isCode: true,
      href: outbound && hrefForMessage(outbound.messageId),
    },
    { name: t.outbound.address, value: outbound?.url, isCode: true },
    { name: t.outbound.attempt, value: outbound && String(attempt ?? 1) },
    { name: t.outbound.next, value: formatNext(nextAttemptAt) },
    { name: t.columns.duration, value: formatDuration(milliseconds) },
    { name: 'Tracer-Id', value: id, isCode: true },
    ...casesOfExchange(report, id).map((one) => ({
      name: t.report.case,
      value: caseKey(one),
      href: hrefFor('integration', 'report', { case: caseKey(one) }),
    })),
    {
      name: t.exchange.rule,
      value: scripted?.rule,
      href: scripted && hrefForRule(scripted.rule, clientId),
    },
  ];
  return (
    <header class="outcome">
      <div class="outcome-line">
        <StatusBadge exchange={exchange} />
        <h1>{operation ?? outbound?.call ?? `${exchange.method} ${exchange.target}`}</h1>
        {outbound !== undefined && <span class="chip">→ {t.outbound.toYou}</span>}
        <Tags exchange={exchange} isWhole />
      </div>
      <dl class="outcome-facts">
        {facts.map(
          ({ name, value, isCode, href }) =>
            value !== undefined && (
              <div key={`${name}${value}`}>
                <dt>{name}</dt>
                <dd class={isCode === true ? 'mono' : ''}>
                  {href === undefined ? value : <a href={href}>{value}</a>}
                </dd>
              </div>
            ),
        )}
      </dl>
    </header>
  );
};

const formatNext = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : formatDateTime(at);

interface Fact {
  readonly name: string;
  readonly value: string | undefined;
  readonly isCode?: boolean;
  readonly href?: string | undefined;
}

/** Only an exchange that reached the decision is about a record of its client. */
const hrefForRecord = ({ step, operation, clientId, identity }: Exchange): string | undefined => {
  const collection = operation === undefined ? undefined : findCollection(operation);
  return collection === undefined || step !== 'decide' || identity === undefined
    ? undefined
    : hrefFor('state', identity, { client: clientId, collection });
};

/**
 * `order-fails-twice, rule 1` is a rule of a scenario, `one-shot 1` of the client's queue; others
 * have no page.
 */
const hrefForRule = (rule: string, client: string | undefined): string | undefined => {
  if (rule.startsWith('one-shot ')) return hrefFor('scenarios', oneShotName, { client });
  const name = /^([\w.-]+), rule \d+$/.exec(rule)?.[1];
  return name === undefined ? undefined : hrefFor('scenarios', name);
};

/** Actions on an exchange: copy as curl or as a test, send again, save as a scenario, download. */
const ExchangeActions = ({ exchange }: { readonly exchange: Exchange }) => {
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
