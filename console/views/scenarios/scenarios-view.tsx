import { useEffect, useState } from 'preact/hooks';
import type { Scenario } from '../../../server/admin/types.gen.ts';
import { useClients, useQuery } from '../../api/use-admin.ts';
import { ErrorNotice, Loading } from '../../components/notice.tsx';
import { useMessages } from '../../i18n/use-messages.ts';
import { hrefFor, navigate, type Route, useListFocus, useTitle } from '../../shell/route.ts';
import { onKeys } from '../../shell/shortcuts.tsx';
import { useDraft } from '../../shell/use-draft.ts';
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

const findFamily = ({ id, source }: Scenario): string =>
  source !== 'package' ? 'own' : (id?.split('-')[0] ?? 'OTHER');

const matchesSearch = ({ name, id, description, integration }: Scenario, search: string): boolean =>
  [name, id, description, integration].some(
    (text) => text?.toLowerCase().includes(search.toLowerCase()) === true,
  );

export interface CatalogueProps {
  readonly state: ScenariosState;
  readonly search: string;
  readonly open: string | undefined;
}

/** All scenarios with their descriptions, grouped by family. */
export const Catalogue = ({ state: { known, active, clients }, search, open }: CatalogueProps) => {
  const t = useMessages();
  const shown = known.filter((scenario) => matchesSearch(scenario, search));
  const order = Object.keys(t.families);
  const families = [...new Set(shown.map(findFamily))].sort(
    (a, b) => order.indexOf(a) - order.indexOf(b),
  );
  const isActive = (name: string): boolean =>
    active.includes(name) || clients.some(({ scenarios }) => scenarios.includes(name));
  return (
    <div class="catalogue split-list">
      {shown.length === 0 && <p class="empty">{t.scenarios.nothingFound}</p>}
      {families.map((family) => (
        <section key={family} aria-label={t.families[family] ?? family}>
          <h2>{t.families[family] ?? family}</h2>
          <ul>
            {shown
              .filter((scenario) => findFamily(scenario) === family)
              .map(({ name, id, description }) => (
                <li key={name} class={name === open ? 'open' : ''}>
                  <a
                    href={hrefFor('scenarios', name)}
                    data-open={name}
                    aria-current={name === open ? 'true' : undefined}
                  >
                    <span class="catalogue-name">
                      <strong class="mono">{name}</strong>
                      {id !== undefined && <span class="quiet">{id}</span>}
                      {isActive(name) && <span class="chip strong">{t.scenarios.isActive}</span>}
                    </span>
                    <span class="catalogue-text quiet" lang="en">
                      {description}
                    </span>
                  </a>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
};
