import { useEffect, useState } from 'preact/hooks';
import type { Scenario } from '../../../server/admin/types.gen.ts';
import { useClients, useQuery } from '../../api/use-admin.ts';
import { ErrorNotice, Loading } from '../../components/notice.tsx';
import { useMessages } from '../../i18n/use-messages.ts';
import { hrefFor, navigate, type Route, useListFocus, useTitle } from '../../shell/route.ts';
import { onKeys } from '../../shell/shortcuts.tsx';
import { useDraft } from '../../shell/use-draft.ts';
import { Catalogue } from './catalogue.tsx';
import { OneShotForm } from './one-shot-form.tsx';
import { NewScenario } from './scenario-editor.tsx';
import { ScenarioPane } from './scenario-pane.tsx';
import { newScenarioName, oneShotName, type ScenariosState } from './scenarios-state.ts';

/** Scenarios: what is active, the catalogue, one-shots, and the editor. */
export const ScenariosView = ({ place }: { readonly place: Route }) => {
  const t = useMessages();
  const scenarios = useQuery<{
    readonly active: readonly string[];
    readonly known: readonly Scenario[];
  }>('/scenarios');
  const clients = useClients();
  const [search, setSearch] = useState('');
  const { open } = place;
  const split = useListFocus(open);
  const { isUnsaved } = useDraft('scenario', '');
  const opened =
    open === newScenarioName
      ? t.scenarios.write
      : open === oneShotName
        ? t.scenarios.oneShot
        : open;
  useTitle([opened, t.views.scenarios]);
  useEffect(
    () =>
      open === undefined ? undefined : onKeys({ Escape: () => navigate(hrefFor('scenarios')) }),
    [open],
  );
  const error = scenarios.error ?? clients.error;
  const reload = (): void => {
    scenarios.reload();
    clients.reload();
  };
  if (error !== undefined) return <ErrorNotice error={error} onRetry={reload} />;
  if (scenarios.value === undefined || clients.value === undefined) return <Loading />;
  const state: ScenariosState = {
    ...scenarios.value,
    clients: clients.value.clients,
    reload,
  };
  return (
    <div class="page" ref={split}>
      <header class="page-head">
        <h1>{t.views.scenarios}</h1>
        <p class="lead">{t.scenarios.lead}</p>
      </header>
      <ActiveOverview state={state} />
      <div class="bar">
        <label class="labelled grow">
          <span>{t.scenarios.search}</span>
          <input
            type="search"
            class="field"
            value={search}
            onInput={({ currentTarget }) => setSearch(currentTarget.value)}
          />
        </label>
        <a class="button" href={hrefFor('scenarios', oneShotName)} data-open={oneShotName}>
          {t.scenarios.oneShot}
        </a>
        <a
          class="button primary"
          href={hrefFor('scenarios', newScenarioName)}
          data-open={newScenarioName}
        >
          {t.scenarios.write}
          {isUnsaved && <span class="count">{t.common.unsaved}</span>}
        </a>
      </div>
      <div class={`split${open === undefined ? '' : ' has-open'}`}>
        <Catalogue state={state} search={search} open={open} />
        {open === newScenarioName ? (
          <NewScenario key={newScenarioName} state={state} />
        ) : open === oneShotName ? (
          <OneShotForm key={oneShotName} state={state} />
        ) : (
          open !== undefined && <ScenarioPane key={open} name={open} state={state} />
        )}
      </div>
    </div>
  );
};

/** Overview of active scenarios and queued one-shots by client. */
export const ActiveOverview = ({
  state: { active, clients },
}: {
  readonly state: ScenariosState;
}) => {
  const t = useMessages();
  const steered = clients.filter(({ scenarios, oneShots }) => scenarios.length > 0 || oneShots > 0);
  return (
    <section class="card active-overview" aria-labelledby="active-title">
      <h2 id="active-title">{t.scenarios.activeTitle}</h2>
      {active.length === 0 && steered.length === 0 ? (
        <p class="quiet">{t.scenarios.nothingActive}</p>
      ) : (
        <dl>
          {active.length > 0 && (
            <ActiveLine who={t.scenarios.allClients} names={active} oneShots={0} />
          )}
          {steered.map(({ clientId, scenarios, oneShots }) => (
            <ActiveLine key={clientId} who={clientId} names={scenarios} oneShots={oneShots} />
          ))}
        </dl>
      )}
    </section>
  );
};

const ActiveLine = ({
  who,
  names,
  oneShots,
}: {
  readonly who: string;
  readonly names: readonly string[];
  readonly oneShots: number;
}) => {
  const t = useMessages();
  return (
    <div>
      <dt class={/^[\w.-]+$/.test(who) && who !== t.scenarios.allClients ? 'mono' : ''}>{who}</dt>
      <dd>
        {names.map((name) => (
          <a key={name} class="chip strong" href={hrefFor('scenarios', name)}>
            {name}
          </a>
        ))}
        {oneShots > 0 && <span class="chip">{t.scenarios.queuedCount(oneShots)}</span>}
      </dd>
    </div>
  );
};
