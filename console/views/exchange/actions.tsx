import type { Exchange, Sent } from '../../../server/admin/types.gen.ts';
import { callAdmin, fetchJson, fetchText } from '../../api/admin-client.ts';
import { readGatewayUrl } from '../../api/simulator-run.ts';
import { useAction } from '../../api/use-admin.ts';
import { CopyButton, saveFile } from '../../components/code-block.tsx';
import { formatIdentity } from '../../components/format.ts';
import { ErrorNotice } from '../../components/notice.tsx';
import { useMessages } from '../../i18n/use-messages.ts';
import { hrefFor, navigate } from '../../shell/route.ts';
import { incomingScenario, newScenarioName } from '../scenarios/scenarios-state.ts';
import { CompareButton } from './compare.tsx';

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
        <CompareButton id={exchange.id} name={`${exchange.number} ${exchange.code}`} />
      </div>
      {error !== undefined && <ErrorNotice error={error} />}
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
const identityFields: Readonly<Record<string, string>> = {
  syncOrder: 'merchantBizNo',
  updateMembershipCard: 'passId',
  syncPaymentInfo: 'accountId',
  syncAdditionalInfo: 'accountId',
};

/** A scenario that returns the same result for requests like this one. */
export const exportAsScenario = (exchange: Exchange): string => {
  const operation = exchange.operation ?? 'syncOrder';
  const field = identityFields[operation];
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
