import { useMemo } from 'preact/hooks';
import type { Exchange, ExchangeSummary, Sent } from '../../../server/admin/types.gen.ts';
import { type AdminError, useContract, useQuery } from '../../api/admin.ts';
import type { OperationView } from '../../api/contract.ts';
import { StatusBadge } from '../../components/exchange-status.tsx';
import { formatTime } from '../../components/format.ts';
import { useMessages } from '../../i18n/messages.tsx';
import { createStoredValue, useStoredValue } from '../../shell/browser-storage.ts';
import { hrefFor, type Route } from '../../shell/route.ts';
import { type RecordsPage, readEntity } from '../state/records.tsx';
import type { RequestObject } from './request-editor.tsx';

/** What a request in the form is based on: an example, an exchange, a draft, an earlier send. */
export interface RequestSource {
  readonly key: string;
  /** Undefined while it is loaded. */
  readonly base: RequestObject | undefined;
  /** Its name, where it is an example: the simulator then makes request id and times new. */
  readonly example: string | undefined;
  readonly title: string;
  readonly client: string;
  readonly error: AdminError | undefined;
}

/** A request that this browser remembers. */
interface KeptRequest {
  readonly key: string;
  readonly operation: string;
  readonly client: string;
  readonly body: RequestObject;
  readonly at: number;
  /** Of a request that was sent. */
  readonly exchange?: ExchangeSummary | undefined;
}

const keptRequests = createStoredValue<readonly KeptRequest[]>('send-drafts', []);
const history = createStoredValue<readonly KeptRequest[]>('send-history', []);
const maxKept = 20;

const keep = (list: typeof keptRequests, request: Omit<KeptRequest, 'key' | 'at'>): void => {
  const at = Date.now();
  list.choose([{ ...request, key: `${at}`, at }, ...list.value].slice(0, maxKept));
};

export const saveDraft = (request: Pick<KeptRequest, 'operation' | 'client' | 'body'>): void =>
  keep(keptRequests, request);

export interface SentRequest extends Pick<KeptRequest, 'operation' | 'client' | 'body'> {
  readonly response: Sent;
}

/** Keeps the last requests; a body that was generated is kept as it was sent. */
export const rememberSent = ({ response, ...request }: SentRequest): void =>
  keep(history, {
    ...request,
    body: (response.request.plain as RequestObject | undefined) ?? request.body,
    exchange: response.exchange,
  });

/** Finds what the address asks for; an exchange is loaded. */
export const useSource = (
  operation: OperationView,
  { query }: Route,
  chosen: string,
): RequestSource => {
  const t = useMessages();
  const [from, kept] = [query.get('from'), query.get('kept')];
  const exchange = useQuery<Exchange>(
    from === null ? undefined : `/journal/${encodeURIComponent(from)}`,
  );
  const found = [...keptRequests.value, ...history.value].find(({ key }) => key === kept);
  const body = useMemo(
    () => (exchange.value === undefined ? undefined : readRequestObject(exchange.value)),
    [exchange.value],
  );
  const nothing = { client: '', error: undefined, example: undefined };
  if (from !== null)
    return {
      ...nothing,
      key: `from ${from}`,
      base: body,
      title: t.send.fromExchange(String(exchange.value?.number ?? '')),
      client: exchange.value?.clientId ?? '',
      error: exchange.error,
    };
  if (found !== undefined)
    return {
      ...nothing,
      key: `kept ${found.key}`,
      base: found.body,
      title: t.send.requestAt(formatTime(found.at).slice(0, 8)),
      client: found.client,
    };
  const wanted = query.get('example') ?? chosen;
  const example = operation.examples.find(({ name }) => name === wanted) ?? operation.examples[0];
  return {
    ...nothing,
    key: example?.name ?? '',
    base: (example?.value ?? {}) as RequestObject,
    example: example?.name,
    title: '',
  };
};

const readRequestObject = ({ request }: Exchange): RequestObject => {
  try {
    const value: unknown = JSON.parse(request.opened?.text ?? request.bodyText ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as RequestObject)
      : {};
  } catch {
    return {};
  }
};

/** The request id of the last send. */
export const readRequestId = (sent: Sent | undefined): string | undefined => {
  const value: unknown = Object.entries(sent?.request.plain ?? {}).find(
    ([name]) => name === 'requestId',
  )?.[1];
  return typeof value === 'string' ? value : undefined;
};

const makeRequestId = (like: string): string => {
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
  return like.includes('-')
    ? hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5')
    : hex;
};

const eventTimes = ['orderModifyTime', 'bizTime', 'requestTime'];

/** A new request id and event time, unless they were edited: what is sent is another message. */
export const refreshRequest = (body: RequestObject, base: RequestObject): RequestObject => {
  const fresh = Object.entries(body).map(([name, value]) => {
    if (value !== base[name]) return [name, value] as const;
    if (name === 'requestId' && typeof value === 'string')
      return [name, makeRequestId(value)] as const;
    return eventTimes.includes(name) && typeof value === 'number'
      ? ([name, Date.now()] as const)
      : ([name, value] as const);
  });
  return Object.fromEntries(fresh);
};

/** Why fields were refused, by the name of the field. */
export const readFieldErrors = (
  exchange: ExchangeSummary | undefined,
): ReadonlyMap<string, string> => {
  const errors = new Map<string, string>();
  if (exchange === undefined || exchange.status === 'S') return errors;
  for (const part of exchange.reason.split(/; (?=[\w.[\]]+: )/)) {
    const [, field, problem] = /^(\w+)[\w.[\]]*: (.+)$/.exec(part) ?? [];
    if (field !== undefined && problem !== undefined) errors.set(field, problem);
  }
  return errors;
};

export interface NextStatusesProps {
  readonly client: string;
  readonly body: RequestObject;
  /** The record is read again when it changes. */
  readonly turn: number;
  onChoose(status: string): void;
}

/** Buttons for the statuses that an order may have next. */
export const NextStatuses = ({ client, body, turn, onChoose }: NextStatusesProps) => {
  const t = useMessages();
  const contract = useContract();
  const { merchantBizType, merchantBizNo, orderStatus } = body;
  const statuses =
    typeof merchantBizType === 'string' ? (contract?.statuses(merchantBizType) ?? []) : [];
  const identity = JSON.stringify([merchantBizNo]);
  const query = new URLSearchParams({ identity, limit: '1' });
  const path =
    statuses.length === 0 || typeof merchantBizNo !== 'string' || merchantBizNo === ''
      ? undefined
      : `/clients/${encodeURIComponent(client)}/state/orders?${query}`;
  const record = useQuery<RecordsPage>(path, turn).value?.records[0];
  if (statuses.length === 0) return null;
  const fields = record === undefined ? {} : (readEntity(record)?.fields ?? {});
  const held: unknown = Object.entries(fields).find(([name]) => name === 'orderStatus')?.[1];
  const status = statuses.find(({ name }) => name === held);
  const next = status === undefined ? statuses.map(({ name }) => name) : status.next;
  return (
    <div class="next-statuses" role="group" aria-label={t.send.nextStatuses}>
      <span class="quiet">
        {status === undefined ? t.send.notHeld : t.send.heldStatus(status.name)}
      </span>
      {next.map((name) => (
        <button
          key={name}
          type="button"
          class="button small"
          aria-pressed={name === orderStatus}
          onClick={() => onChoose(name)}
        >
          {name}
        </button>
      ))}
    </div>
  );
};

/** Drafts and the last requests, to be edited and sent again. */
export const Workbench = () => {
  const t = useMessages();
  const [saved, sent] = [useStoredValue(keptRequests), useStoredValue(history)];
  return (
    <>
      {saved.length > 0 && (
        <details class="card kept" open>
          <summary>{t.send.drafts(saved.length)}</summary>
          <KeptList
            requests={saved}
            onRemove={(key) => keptRequests.choose(saved.filter((one) => one.key !== key))}
          />
        </details>
      )}
      {sent.length > 0 && (
        <details class="card kept" open>
          <summary>{t.send.lastSent(sent.length)}</summary>
          <KeptList requests={sent} />
        </details>
      )}
    </>
  );
};

interface KeptListProps {
  readonly requests: readonly KeptRequest[];
  onRemove?(key: string): void;
}

const KeptList = ({ requests, onRemove }: KeptListProps) => {
  const t = useMessages();
  return (
    <ul class="plain-list">
      {requests.map(({ key, operation, body, at, exchange }) => (
        <li key={key} class="link-row">
          <span class="mono quiet">{formatTime(at).slice(0, 8)}</span>
          {exchange !== undefined && (
            <a href={hrefFor('exchanges', exchange.id)}>
              <StatusBadge exchange={exchange} />
            </a>
          )}
          <a href={hrefFor('send', operation, { kept: key })}>
            {operation} {String(body['merchantBizNo'] ?? body['passId'] ?? body['accountId'] ?? '')}
          </a>
          {onRemove !== undefined && (
            <button
              type="button"
              class="remove"
              aria-label={t.send.removeDraft}
              title={t.send.removeDraft}
              onClick={() => onRemove(key)}
            >
              ✕
            </button>
          )}
        </li>
      ))}
    </ul>
  );
};
