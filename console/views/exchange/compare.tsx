import { useMemo } from 'preact/hooks';
import type { Exchange, Message } from '../../../server/admin/types.gen.ts';
import { useQuery } from '../../api/admin.ts';
import { ByteDifference, readUtf8, toBytes } from '../../components/byte-text.tsx';
import { StatusBadge } from '../../components/exchange-status.tsx';
import { formatIdentity, formatOffset, formatTime } from '../../components/format.ts';
import { ErrorNotice, Loading } from '../../components/widgets.tsx';
import { Reason, useMessages } from '../../i18n/messages.tsx';
import { createStoredValue, useStoredValue } from '../../shell/browser-storage.ts';
import { hrefFor, type Route, useTitle } from '../../shell/route.ts';

/** An exchange that waits for another one to be compared with. */
export interface MarkedExchange {
  readonly id: string;
  readonly name: string;
}

export const markedExchange = createStoredValue<MarkedExchange | null>('marked', null, 'session');

/** Tags an exchange, or opens the comparison with the one that is marked. */
export const CompareButton = ({ id, name }: MarkedExchange) => {
  const t = useMessages();
  const marked = useStoredValue(markedExchange);
  if (marked !== null && marked.id !== id)
    return (
      <a
        class="button small"
        href={hrefFor('compare', `${marked.id}..${id}`)}
        onClick={() => markedExchange.choose(null)}
      >
        {t.compare.withMarked(marked.name)}
      </a>
    );
  return (
    <button
      type="button"
      class="button small"
      aria-pressed={marked !== null}
      onClick={() => markedExchange.choose(marked === null ? { id, name } : null)}
    >
      {marked === null ? t.compare.mark : t.compare.marked}
    </button>
  );
};

/** Two exchanges side by side; the address names both. */
export const CompareView = ({ place }: { readonly place: Route }) => {
  const t = useMessages();
  const [first = '', second = ''] = (place.open ?? '').split('..');
  useTitle([t.compare.title]);
  return (
    <div class="page compare">
      <header class="page-head">
        <h1>{t.compare.title}</h1>
        <p class="lead">
          {t.compare.lead} <a href={hrefFor('compare', `${second}..${first}`)}>{t.compare.swap}</a>
        </p>
      </header>
      <h2 class="hidden">{t.compare.differences}</h2>
      <ComparisonView first={first} second={second} />
    </div>
  );
};

const pathOf = (id: string): string => `/journal/${encodeURIComponent(id)}`;

/** The differences of two exchanges. */
export const ComparisonView = ({
  first,
  second,
}: {
  readonly first: string;
  readonly second: string;
}) => {
  const [left, right] = [useQuery<Exchange>(pathOf(first)), useQuery<Exchange>(pathOf(second))];
  const failed = [left, right].find(({ error }) => error !== undefined);
  if (failed?.error !== undefined)
    return <ErrorNotice error={failed.error} onRetry={failed.reload} />;
  if (left.value === undefined || right.value === undefined) return <Loading />;
  return <Differences left={left.value} right={right.value} />;
};

interface Sides {
  readonly left: Exchange;
  readonly right: Exchange;
}

const Differences = ({ left, right }: Sides) => {
  const t = useMessages();
  const between = (right.arrival.atUs - left.arrival.atUs) / 1000;
  const headers = useMemo(
    () => compareMaps(readRequestHeaders(left), readRequestHeaders(right)),
    [left, right],
  );
  return (
    <div class="differences">
      <div class="compared">
        <ComparedExchange exchange={left} label={t.compare.first} />
        <ComparedExchange exchange={right} label={t.compare.second} />
      </div>
      <p class="quiet">
        {t.compare.between}: {between < 0 ? '−' : ''}
        {formatOffset(Math.abs(between))}
      </p>
      <BodyDifference left={left} right={right} />
      {headers.length > 0 && (
        <section aria-label={t.compare.headers}>
          <h3>{t.compare.headers}</h3>
          <DifferenceTable rows={headers} />
        </section>
      )}
    </div>
  );
};

const ComparedExchange = ({
  exchange,
  label,
}: {
  readonly exchange: Exchange;
  readonly label: string;
}) => (
  <section class="card" aria-label={label}>
    <p class="why-kicker">{label}</p>
    <p class="outcome-line">
      <StatusBadge exchange={exchange} />
      <a href={hrefFor('exchanges', exchange.id)}>
        {formatTime(exchange.receivedAt)} {exchange.operation ?? exchange.target}
      </a>
      <span class="mono">
        {exchange.identity === undefined
          ? ''
          : formatIdentity(exchange.identity, exchange.operation)}
      </span>
    </p>
    <p class="quiet">
      <Reason reason={exchange.reason} />
    </p>
  </section>
);

const BodyDifference = ({ left, right }: Sides) => {
  const t = useMessages();
  const [a, b] = useMemo(
    () => [readMessageBody(left.request), readMessageBody(right.request)],
    [left, right],
  );
  const fields = useMemo(
    () =>
      a.json === undefined || b.json === undefined
        ? undefined
        : compareMaps(flattenJson(a.json), flattenJson(b.json)),
    [a, b],
  );
  const isEqual =
    a.bytes.length === b.bytes.length && a.bytes.every((one, at) => one === b.bytes[at]);
  if (isEqual) return <p class="notice good">{t.compare.equalBodies}</p>;
  return (
    <>
      {fields === undefined ? (
        <p class="notice">{t.compare.notJson}</p>
      ) : fields.length === 0 ? (
        <p class="notice">{t.compare.onlyForm}</p>
      ) : (
        <section aria-label={t.compare.fields(fields.length)}>
          <h3>{t.compare.fields(fields.length)}</h3>
          <DifferenceTable rows={fields} />
        </section>
      )}
      <section aria-label={t.compare.bytes}>
        <h3>{t.compare.bytes}</h3>
        <ByteDifference
          sides={[
            { label: t.compare.first, bytes: a.bytes },
            { label: t.compare.second, bytes: b.bytes },
          ]}
        />
      </section>
    </>
  );
};

const DifferenceTable = ({ rows }: { readonly rows: readonly JsonDifference[] }) => {
  const t = useMessages();
  return (
    <div class="table-box">
      <table class="change-table">
        <thead>
          <tr>
            <th scope="col">{t.changes.field}</th>
            <th scope="col">{t.compare.first}</th>
            <th scope="col">{t.compare.second}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ field, left, right }) => (
            <tr key={field} class="differs">
              <th scope="row" class="mono">
                {field}
              </th>
              <td class="mono">{left ?? <span class="quiet">{t.compare.missing}</span>}</td>
              <td class="mono after">{right ?? <span class="quiet">{t.compare.missing}</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

interface ReadBody {
  readonly bytes: Uint8Array;
  /** Undefined: the body is not JSON. */
  readonly json: unknown;
}

/** The body, decrypted where the simulator shows that. */
const readMessageBody = ({ opened, bodyBase64 }: Message): ReadBody => {
  const bytes = toBytes(opened?.bodyBase64 ?? bodyBase64);
  try {
    return { bytes, json: JSON.parse(readUtf8(bytes) ?? '') };
  } catch {
    return { bytes, json: undefined };
  }
};

/** Different for every request, whatever it says. */
const transportHeaders = ['content-length', 'host', 'connection', 'user-agent', 'accept'];

const readRequestHeaders = ({ request }: Exchange): ReadonlyMap<string, string> =>
  new Map(Object.entries(request.headers).filter(([name]) => !transportHeaders.includes(name)));

interface JsonDifference {
  readonly field: string;
  readonly left: string | undefined;
  readonly right: string | undefined;
}

/** The fields in which two maps differ, in the order of the first. */
export const compareMaps = (
  left: ReadonlyMap<string, string>,
  right: ReadonlyMap<string, string>,
): readonly JsonDifference[] =>
  [...new Set([...left.keys(), ...right.keys()])].flatMap((field) => {
    const row = { field, left: left.get(field), right: right.get(field) };
    return row.left === row.right ? [] : [row];
  });

/** The values of a JSON document by their paths: `amount.value`, `items[0].name`. */
export const flattenJson = (value: unknown, path = ''): ReadonlyMap<string, string> => {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0)
    return new Map([[path, JSON.stringify(value)]]);
  const isList = Array.isArray(value);
  return new Map(
    Object.entries(value).flatMap(([name, inner]) => {
      const step = isList ? `[${name}]` : path === '' ? name : `.${name}`;
      return [...flattenJson(inner, path + step)];
    }),
  );
};
