import { useState } from 'preact/hooks';
import type { CoverageReport, LintFinding, LintReport } from '../../../server/admin/types.gen.ts';
import { lintRemedies } from '../../../server/conformance/lint/lint-remedies.ts';
import { lintRules } from '../../../server/conformance/lint/lint-rules.ts';
import { callAdmin, useAction, useClients, useLintReport, useQuery } from '../../api/admin.ts';
import { formatTime } from '../../components/format.ts';
import { Empty, ErrorNotice, Loading } from '../../components/widgets.tsx';
import { type Messages, ServerText, useMessages } from '../../i18n/messages.tsx';
import { hrefFor, type Route, useTitle } from '../../shell/route.ts';
import { useLastChange } from '../../stream/feed.ts';
import { RemedyTabs } from '../exchange/why.tsx';
import { OutboundPanel } from './outbound.tsx';
import { Register, ReportPanel } from './reports.tsx';

const panels = ['lint', 'coverage', 'report', 'outbound', 'register'] as const;

/** What lint finds, what was covered, reports of certify, the fidelity register. */
export const IntegrationView = ({ place }: { readonly place: Route }) => {
  const t = useMessages();
  const panel = panels.find((one) => one === place.open) ?? 'lint';
  useTitle([t.integration.panels[panel], t.views.integration]);
  return (
    <div class="page">
      <header class="page-head">
        <h1>{t.views.integration}</h1>
        <p class="lead">{t.integration.lead}</p>
      </header>
      <nav class="sub-nav" aria-label={t.integration.sections}>
        {panels.map((name) => (
          <a
            key={name}
            href={hrefFor('integration', name)}
            aria-current={name === panel ? 'page' : undefined}
          >
            {t.integration.panels[name]}
          </a>
        ))}
      </nav>
      {panel === 'lint' ? (
        <LintPanel rule={place.query.get('rule') ?? undefined} />
      ) : panel === 'coverage' ? (
        <CoveragePanel />
      ) : panel === 'report' ? (
        <ReportPanel place={place} />
      ) : panel === 'outbound' ? (
        <OutboundPanel message={place.query.get('message') ?? undefined} />
      ) : (
        <Register entry={place.query.get('entry') ?? undefined} />
      )}
    </div>
  );
};

const LintOff = () => {
  const t = useMessages();
  return (
    <Empty title={t.lint.off}>
      <p>{t.lint.offMore}</p>
    </Empty>
  );
};

const LintPanel = ({ rule }: { readonly rule: string | undefined }) => {
  const t = useMessages();
  const { value, error, reload } = useLintReport();
  const { run, error: refused, isBusy } = useAction();
  if (error?.status === 404) return <LintOff />;
  if (error !== undefined) return <ErrorNotice error={error} onRetry={reload} />;
  if (value === undefined) return <Loading />;
  const shown = value.findings.filter((one) => rule === undefined || one.rule === rule);
  const silence = ({ rule: id, clientId }: LintFinding): void =>
    run(async () => {
      const body = { rule: id, clientId, reason: t.lint.silenceReason };
      await callAdmin('/lint/allowances', { method: 'POST', body });
      reload();
    });
  const clear = (): void =>
    run(async () => {
      await callAdmin('/lint', { method: 'DELETE' });
      reload();
    });
  return (
    <>
      {rule !== undefined && <a href={hrefFor('integration', 'lint')}>{t.lint.allRules}</a>}
      {shown.length === 0 && (
        <Empty title={t.lint.none}>
          <p>{t.lint.noneMore}</p>
        </Empty>
      )}
      {shown.map((finding) => (
        <LintCard
          key={`${finding.rule}${finding.clientId}`}
          finding={finding}
          isBusy={isBusy}
          onSilence={() => silence(finding)}
        />
      ))}
      <Allowances report={value} />
      {refused !== undefined && <ErrorNotice error={refused} />}
      <div class="bar">
        <button type="button" class="button danger" disabled={isBusy} onClick={clear}>
          {t.lint.clear}
        </button>
      </div>
    </>
  );
};

interface LintCardProps {
  readonly finding: LintFinding;
  readonly isBusy: boolean;
  onSilence(): void;
}

const LintCard = ({ finding, isBusy, onSilence }: LintCardProps) => {
  const t = useMessages();
  const { rule: id, severity, clientId, exchanges, sentence, count, last, remedyId } = finding;
  // Reports of a later version may name rules that this page does not know.
  const rule = Object.entries(lintRules).find(([name]) => name === id)?.[1];
  const remedy = Object.entries(lintRemedies).find(([name]) => name === remedyId)?.[1];
  const [first, second] = exchanges.slice(-2);
  return (
    <section class={`why lint-${severity}`} aria-labelledby={`lint-${id}-${clientId}`}>
      <p class="why-kicker">
        {t.lint.severities[severity]} · <code>{id}</code>
      </p>
      <h2 class="why-title" id={`lint-${id}-${clientId}`}>
        {t.lintRules[id]?.title ?? <span lang="en">{rule?.title ?? id}</span>}
      </h2>
      <p>
        <ServerText text={sentence} />
      </p>
      <p class="quiet">
        <a class="mono" href={hrefFor('exchanges', undefined, { client: clientId, finding: id })}>
          {clientId}
        </a>{' '}
        · {t.lint.count(count)} · {t.lint.last(formatTime(last))}
      </p>
      <div class="link-row">
        <strong>{t.lint.exchanges}</strong>
        {exchanges.map(({ id: exchange, number }) => (
          <a key={exchange} class="button small" href={hrefFor('exchanges', exchange)}>
            {number}
          </a>
        ))}
        {first !== undefined && second !== undefined && (
          <a class="button small" href={hrefFor('compare', `${first.id}..${second.id}`)}>
            {t.lint.compare}
          </a>
        )}
      </div>
      {rule !== undefined && (
        <div class="why-part">
          <h3>{t.lint.why}</h3>
          <p>{t.lintRules[id]?.why ?? <span lang="en">{rule.why}</span>}</p>
          {'register' in rule && (
            <p class="quiet basis">
              {t.why.basedOn}{' '}
              <a href={hrefFor('integration', 'register', { entry: rule.register })}>
                {rule.register}
              </a>
            </p>
          )}
        </div>
      )}
      {remedy !== undefined && <RemedyTabs finding={{ remedy }} title={t.lint.fix} />}
      <div class="bar">
        <button type="button" class="button small" disabled={isBusy} onClick={onSilence}>
          {t.lint.silence}
        </button>
      </div>
    </section>
  );
};

const Allowances = ({ report: { allowances } }: { readonly report: LintReport }) => {
  const t = useMessages();
  return allowances.length === 0 ? null : (
    <section class="card" aria-labelledby="allowances-title">
      <h2 id="allowances-title">{t.lint.allowances}</h2>
      <ul class="plain-list">
        {allowances.map(({ rule, clientId, reason, matched }) => (
          <li key={`${rule}${clientId ?? ''}`}>
            <code>{rule}</code> <span class="mono">{clientId ?? t.lint.everyClient}</span>{' '}
            <span class="quiet">
              {reason} · {t.lint.matchCount(matched)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
};

/** Most items are names and codes; reactions and faults before the commit have words. */
const nameItem = (id: string, { coverage }: Messages): string => {
  const [first = '', ...rest] = id.split(' ');
  const kind = coverage.kinds[first];
  const reaction = coverage.reactions[rest.join(' ')];
  if (kind !== undefined && reaction !== undefined) return `${kind} ${reaction}`;
  return rest.join() === 'before' ? coverage.before(first) : id;
};

type Group = CoverageReport['groups'][number];
type Item = Group['items'][number];

const CoveragePanel = () => {
  const t = useMessages();
  const { value, error, reload } = useQuery<CoverageReport>('/coverage', useLastChange());
  const [chosen, choose] = useState<string | undefined>();
  if (error?.status === 404) return <LintOff />;
  if (error !== undefined) return <ErrorNotice error={error} onRetry={reload} />;
  if (value === undefined) return <Loading />;
  return (
    <>
      <p class="coverage-sum">{t.coverage.summary(value.answered, value.handled, value.total)}</p>
      <ul class="legend">
        {(['none', 'answered', 'handled'] as const).map((state) => (
          <li key={state}>
            <span class={`heat heat-${state}`} aria-hidden="true" />
            {t.coverage.states[state]}
          </li>
        ))}
      </ul>
      <PairTable pairs={value.pairs} />
      {value.groups
        .filter(({ items }) => items.length > 0)
        .map((group) => (
          <CoverageGroupView key={group.id} group={group} chosen={chosen} onChoose={choose} />
        ))}
    </>
  );
};

const pairViews = ['F', 'U', 'lost', 'untrusted'] as const;

const stateOf = ({ answered, handled }: Pick<Item, 'answered' | 'handled'>) =>
  handled > 0 ? 'handled' : answered > 0 ? 'answered' : 'none';

/** Operations by kinds of answers: how many were answered, and how many handled. */
const PairTable = ({ pairs }: Pick<CoverageReport, 'pairs'>) => {
  const t = useMessages();
  const operations = [...new Set(pairs.map(({ operation }) => operation))];
  if (operations.length === 0) return null;
  return (
    <section class="card" aria-labelledby="pairs-title">
      <h2 id="pairs-title">{t.coverage.pairs}</h2>
      <div class="table-box">
        <table class="pairs">
          <thead>
            <tr>
              <th scope="col">{t.columns.operation}</th>
              {pairViews.map((view) => (
                <th key={view} scope="col">
                  {t.coverage.views[view]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {operations.map((operation) => (
              <tr key={operation}>
                <th scope="row">{operation}</th>
                {pairViews.map((view) => {
                  const pair = pairs.find(
                    (one) => one.operation === operation && one.view === view,
                  ) ?? { answered: 0, handled: 0 };
                  return (
                    <td key={view} class={`heat-${stateOf(pair)}`}>
                      <span title={t.coverage.cell(pair.answered, pair.handled)}>
                        {pair.handled} / {pair.answered}
                      </span>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
};

interface CoverageGroupProps {
  readonly group: Group;
  readonly chosen: string | undefined;
  onChoose(key: string | undefined): void;
}

/** A tile for each item; the chosen one says how to produce it. */
const CoverageGroupView = ({ group, chosen, onChoose }: CoverageGroupProps) => {
  const t = useMessages();
  const { id, items, answered, handled, total } = group;
  const item = items.find((one) => `${id} ${one.id}` === chosen);
  return (
    <section class="card" aria-labelledby={`coverage-${id}`}>
      <div class="card-head">
        <h2 id={`coverage-${id}`}>{t.coverage.groups[id] ?? group.title}</h2>
        <span class="quiet">{t.coverage.group(answered, handled, total)}</span>
      </div>
      <div class="heat-map">
        {items.map((one) => {
          const key = `${id} ${one.id}`;
          const state = stateOf(one);
          return (
            <button
              key={key}
              type="button"
              class={`heat heat-${state}${one.isOptional ? ' optional' : ''}`}
              aria-pressed={key === chosen}
              title={`${one.id}: ${t.coverage.states[state]}`}
              onClick={() => onChoose(key === chosen ? undefined : key)}
            >
              {nameItem(one.id, t)}
              <span class="hidden">: {t.coverage.states[state]}</span>
            </button>
          );
        })}
      </div>
      {item !== undefined && <CoverageDetail item={item} />}
    </section>
  );
};

const CoverageDetail = ({ item }: { readonly item: Item }) => {
  const t = useMessages();
  const clients = useClients();
  const { run, error, isBusy } = useAction();
  const [queued, setQueued] = useState(false);
  const client = clients.value?.clients[0]?.clientId;
  const queue = (): void =>
    run(async () => {
      const path = `/clients/${encodeURIComponent(client ?? '')}/one-shots`;
      await callAdmin(path, { method: 'POST', body: item.oneShot });
      setQueued(true);
    });
  return (
    <div class="callout" role="status">
      <h3>{nameItem(item.id, t)}</h3>
      <p>
        {t.coverage.cell(item.answered, item.handled)}
        {item.isOptional && ` · ${t.coverage.optional}`}
      </p>
      <p>
        <strong>{t.coverage.how}</strong> <ServerText text={item.how} />
      </p>
      {item.examples.length > 0 && (
        <div class="link-row">
          <strong>{t.coverage.examples}</strong>
          {item.examples.map((id) => (
            <a key={id} class="mono" href={hrefFor('exchanges', id)}>
              {id.slice(-6)}
            </a>
          ))}
        </div>
      )}
      {item.oneShot !== undefined && client !== undefined && (
        <p>
          <button type="button" class="button small" disabled={isBusy} onClick={queue}>
            {t.coverage.queue}
          </button>
        </p>
      )}
      {queued && <p class="notice good">{t.coverage.queuedFor(client ?? '')}</p>}
      {error !== undefined && <ErrorNotice error={error} />}
    </div>
  );
};
