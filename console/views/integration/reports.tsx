import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { FidelityEntry } from '../../../server/admin/types.gen.ts';
import { useQuery } from '../../api/admin.ts';
import { Scrollable } from '../../components/code-block.tsx';
import { formatDuration, formatOffset } from '../../components/format.ts';
import { ErrorNotice, Loading } from '../../components/widgets.tsx';
import { ServerText, useCertifyTexts, useMessages } from '../../i18n/messages.tsx';
import { createStoredValue, useStoredValue } from '../../shell/browser-storage.ts';
import { hrefFor, type Route } from '../../shell/route.ts';
import { useFeed } from '../../stream/feed.ts';

/** An exchange as a report names it. */
interface ExchangeReference {
  /** Its id in the journal. */
  readonly ref: string;
  readonly arrivalMs: number;
}

/** The part of a case that the page shows; docs/reference/certify-cases.md lists the cases. */
interface CaseResult {
  readonly id: string;
  readonly variant?: string;
  readonly operation: string;
  readonly crypto: string;
  readonly sealed: boolean;
  readonly verdict: string;
  readonly durationMs: number;
  readonly checks: readonly {
    readonly id: string;
    readonly verdict: string;
    readonly sentence: string;
    readonly exchanges: readonly ExchangeReference[];
  }[];
  readonly notes: readonly string[];
  readonly message?: string;
  readonly wire?: readonly (ExchangeReference & {
    readonly method: string;
    readonly target: string;
    readonly httpStatus: number;
    readonly reason: string;
  })[];
  readonly script?: string;
}

/** `certify.json`. */
interface CertifyResult {
  readonly tool: { readonly version: string };
  readonly subject: { readonly name: string };
  readonly durationMs: number;
  readonly cases: readonly CaseResult[];
}

/** The report that was opened in this tab. */
export const openedReport = createStoredValue<CertifyResult | null>('report', null, 'session');

/** Identifies a case of a report: one id may run on several operations. */
export const caseKey = ({ id, operation, variant = '' }: CaseResult): string =>
  [id, operation, variant].filter((part) => part !== '').join(' ');

/** The cases of a report that an exchange is evidence of. */
export const casesOfExchange = (
  report: CertifyResult | null,
  exchange: string,
): readonly CaseResult[] =>
  (report?.cases ?? []).filter(
    ({ checks, wire = [] }) =>
      wire.some(({ ref }) => ref === exchange) ||
      checks.some(({ exchanges }) => exchanges.some(({ ref }) => ref === exchange)),
  );

const isReport = (value: unknown): value is CertifyResult =>
  typeof value === 'object' &&
  value !== null &&
  'cases' in value &&
  Array.isArray(value.cases) &&
  'summary' in value &&
  'subject' in value;

/** Opens a report of certify, and lists its cases with their exchanges. */
export const ReportPanel = ({ place }: { readonly place: Route }) => {
  const t = useMessages();
  const report = useStoredValue(openedReport);
  const [isWrong, setWrong] = useState(false);
  const read = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    const value: unknown = await file
      .text()
      .then(JSON.parse)
      .catch(() => undefined);
    setWrong(!isReport(value));
    if (isReport(value)) openedReport.choose(value);
  };
  if (report !== null) return <Report report={report} chosen={place.query.get('case') ?? ''} />;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the file can be chosen with the field too
    <div
      class="empty drop"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void read(event.dataTransfer?.files[0]);
      }}
    >
      <label class="labelled">
        <span>{t.report.open}</span>
        <input
          type="file"
          accept=".json,application/json"
          onChange={({ currentTarget }) => void read(currentTarget.files?.[0])}
        />
      </label>
      <p class="quiet">{t.report.openMore}</p>
      {isWrong && (
        <p class="notice bad" role="alert">
          {t.report.notReport}
        </p>
      )}
    </div>
  );
};

const isPassed = ({ verdict }: CaseResult): boolean =>
  verdict.startsWith('PASS') || verdict === 'NOT APPLICABLE' || verdict === 'XFAIL';

const Report = ({
  report,
  chosen,
}: {
  readonly report: CertifyResult;
  readonly chosen: string;
}) => {
  const t = useMessages();
  const [isFailedOnly, setFailedOnly] = useState(false);
  const { rows } = useFeed().state;
  const known = useMemo(() => new Set(rows.map(({ id }) => id)), [rows, rows.length]);
  const counts = new Map<string, number>();
  for (const { verdict } of report.cases) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  const shown = report.cases.filter((one) => !isFailedOnly || !isPassed(one));
  return (
    <>
      <section class="card" aria-labelledby="report-title">
        <div class="card-head">
          <h2 id="report-title">{t.report.title(report.subject.name)}</h2>
          <button type="button" class="button small" onClick={() => openedReport.choose(null)}>
            {t.report.close}
          </button>
        </div>
        <p class="link-row">
          {[...counts].map(([verdict, count]) => (
            <span key={verdict} class={`chip verdict-${verdict.split(' ')[0]}`}>
              {verdict} {count}
            </span>
          ))}
          <span class="quiet">
            {report.tool.version} · {formatDuration(report.durationMs)}
          </span>
        </p>
        <label class="check">
          <input
            type="checkbox"
            checked={isFailedOnly}
            onChange={({ currentTarget }) => setFailedOnly(currentTarget.checked)}
          />
          {t.report.onlyFailed}
        </label>
      </section>
      {shown.map((one) => (
        <ReportCaseView
          key={`${caseKey(one)}${one.crypto}${one.sealed}`}
          result={one}
          known={known}
          isChosen={caseKey(one) === chosen}
        />
      ))}
    </>
  );
};

interface ReportCaseProps {
  readonly result: CaseResult;
  /** Ids of the exchanges in the list. */
  readonly known: ReadonlySet<string>;
  readonly isChosen: boolean;
}

const ReportCaseView = ({ result, known, isChosen }: ReportCaseProps) => {
  const t = useMessages();
  const box = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (isChosen) box.current?.scrollIntoView({ block: 'start' });
  }, [isChosen]);
  const translate = useCertifyTexts();
  const { verdict, checks, durationMs, wire = [], script, message, notes } = result;
  const link = (ref: string) =>
    known.has(ref) ? (
      <a class="mono" href={hrefFor('exchanges', ref)}>
        {ref.slice(-8)}
      </a>
    ) : (
      <button
        type="button"
        class="link mono"
        title={t.report.notHere}
        onClick={() => showOnWire(box.current, ref)}
      >
        {ref.slice(-8)}
      </button>
    );
  return (
    <details class="card report-case" ref={box} open={isChosen || !isPassed(result)}>
      <summary>
        <span class={`chip verdict-${verdict.split(' ')[0]}`}>{verdict}</span>{' '}
        <strong class="mono">{caseKey(result)}</strong>{' '}
        <span class="quiet">
          {t.report.checks(checks.length)} · {formatDuration(durationMs)}
        </span>
      </summary>
      {[message, ...notes].map((text) =>
        text === undefined ? null : (
          <p key={text} class="quiet">
            {translate(text) ?? <span lang="en">{text}</span>}
          </p>
        ),
      )}
      <ul class="plain-list">
        {checks.map(({ id, verdict: outcome, sentence, exchanges }) => (
          <li key={id}>
            <span class={`chip check-${outcome.replace('/', '')}`}>
              {t.report.verdicts[outcome] ?? outcome}
            </span>{' '}
            <code>{id}</code> {translate(sentence) ?? <span lang="en">{sentence}</span>}{' '}
            {exchanges.map(({ ref, arrivalMs }) => (
              <span key={ref} class="exchange-ref">
                {link(ref)} <span class="quiet">{formatOffset(arrivalMs)}</span>
              </span>
            ))}
          </li>
        ))}
      </ul>
      {wire.length > 0 && (
        <details class="wire">
          <summary>{t.report.wire}</summary>
          <ol class="plain-list">
            {wire.map(({ ref, arrivalMs, method, target, httpStatus, reason }) => (
              <li key={ref} data-ref={ref} tabIndex={-1}>
                {known.has(ref) ? link(ref) : <span class="mono quiet">{ref.slice(-8)}</span>}{' '}
                {formatOffset(arrivalMs)} {method} {target} → {httpStatus}{' '}
                <span class="quiet">
                  <ServerText text={reason} />
                </span>
              </li>
            ))}
          </ol>
        </details>
      )}
      {script !== undefined && (
        <details>
          <summary>{t.report.script}</summary>
          <Scrollable class="body" label={t.report.script}>
            {script}
          </Scrollable>
        </details>
      )}
    </details>
  );
};

/** An exchange of another run is only in the report: its line there is shown. */
const showOnWire = (box: HTMLElement | null, ref: string): void => {
  const wire = box?.querySelector<HTMLDetailsElement>('.wire');
  if (wire === null || wire === undefined) return;
  wire.open = true;
  wire.querySelector<HTMLElement>(`[data-ref="${CSS.escape(ref)}"]`)?.focus();
};

/** The fidelity register: what is documented, what is inferred, and what was observed. */
export const Register = ({ entry }: { readonly entry: string | undefined }) => {
  const t = useMessages();
  const { value, error, reload } = useQuery<{ readonly entries: readonly FidelityEntry[] }>(
    '/fidelity',
  );
  const [search, setSearch] = useState('');
  if (error !== undefined) return <ErrorNotice error={error} onRetry={reload} />;
  if (value === undefined) return <Loading />;
  const wanted = search.toLowerCase();
  const shown = value.entries.filter(({ id, topic, question, default: answer }) =>
    [id, topic, question, answer, ...Object.values(t.registerTexts[id] ?? {})].some((text) =>
      text.toLowerCase().includes(wanted),
    ),
  );
  return (
    <>
      <label class="labelled">
        <span>{t.register.search}</span>
        <input
          type="search"
          class="field"
          value={search}
          onInput={({ currentTarget }) => setSearch(currentTarget.value)}
        />
      </label>
      {shown.length === 0 && <p class="empty">{t.register.nothingFound}</p>}
      {shown.map((one) => (
        <RegisterEntry key={one.id} entry={one} isChosen={one.id === entry} />
      ))}
    </>
  );
};

const RegisterEntry = ({
  entry,
  isChosen,
}: {
  readonly entry: FidelityEntry;
  readonly isChosen: boolean;
}) => {
  const t = useMessages();
  const box = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (isChosen) box.current?.scrollIntoView({ block: 'start' });
  }, [isChosen]);
  const texts = t.registerTexts[entry.id];
  const { id, topic, question, basis, sources, default: answer, settings, observed = [] } = entry;
  return (
    <details class="card register-entry" ref={box} open={isChosen}>
      <summary>
        <code>{id}</code> <strong>{texts?.question ?? <span lang="en">{question}</span>}</strong>{' '}
        <span class="chip">{t.register.topics[topic] ?? topic}</span>{' '}
        <span class={`chip basis-${basis}`}>{t.register.basis[basis] ?? basis}</span>{' '}
        {observed.length > 0 && <span class="chip strong">{t.register.observed}</span>}
      </summary>
      <dl class="facts">
        <dt>{t.register.default}</dt>
        <dd>{texts?.default ?? <span lang="en">{answer}</span>}</dd>
        <dt>{t.register.sources}</dt>
        <dd>{t.registerSources[id] ?? <span lang="en">{sources}</span>}</dd>
        {settings.length > 0 && (
          <>
            <dt>{t.register.settings}</dt>
            <dd>
              <ul class="plain-list">
                {settings.map(({ key, value, effect }, at) => (
                  <li key={`${key}${at}`}>
                    <code>
                      {key}: {value}
                    </code>{' '}
                    {t.settingEffects[id]?.[at] ?? <span lang="en">{effect}</span>}
                  </li>
                ))}
              </ul>
            </dd>
          </>
        )}
        {observed.length > 0 && (
          <>
            <dt>{t.register.observed}</dt>
            <dd>
              <ul class="plain-list">
                {observed.map(({ host, at, result, value, probes, about, setting = about }) => (
                  <li key={`${host}${at}${setting ?? ''}`}>
                    <strong>{t.register.results[result] ?? result}</strong>{' '}
                    {[setting, value].filter((part) => part !== undefined).join(': ')}{' '}
                    <span class="quiet">{t.register.observedAt(host, at, probes)}</span>
                  </li>
                ))}
              </ul>
            </dd>
          </>
        )}
      </dl>
    </details>
  );
};
