import { useEffect, useState } from 'preact/hooks';
import type { Scenario } from '../../../server/admin/types.gen.ts';
import { callAdmin } from '../../api/admin-client.ts';
import { useAction, useClients, useQuery } from '../../api/use-admin.ts';
import { ClientSelect, Switch } from '../../components/controls.tsx';
import { ErrorNotice, Loading } from '../../components/notice.tsx';
import { ScenarioText } from '../../components/server-text.tsx';
import { useMessages, useScenarioTexts } from '../../i18n/use-messages.ts';
import { createStoredValue, useStoredValue } from '../../shell/preferences.ts';
import { hrefFor, navigate, type Route, useListFocus, useTitle } from '../../shell/route.ts';
import { onKeys } from '../../shell/shortcuts.tsx';
import {
  type ScenarioList,
  type ScenariosState,
  useMatchCounts,
} from '../../shell/steering-bar.tsx';
import { newScenarioName, oneShotName, useDraft } from '../../shell/use-draft.ts';
import { useEventCount } from '../../stream/feed.ts';
import { OneShotList } from './one-shots.tsx';
import { NewScenario } from './scenario-editor.tsx';
import { ScenarioPane } from './scenario-pane.tsx';

/** Scenarios: what is active, the catalogue, one-shots, and the editor. */
export const ScenariosView = ({ place }: { readonly place: Route }) => {
  const t = useMessages();
  const version = useEventCount(['scenarios', 'one-shots', 'clients', 'reset']);
  const scenarios = useQuery<ScenarioList>('/scenarios', version);
  const clients = useClients(version);
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
          <OneShotList key={oneShotName} state={state} asked={place.query.get('client')} />
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

const matchesSearch = (
  { name, id, description, integration }: Scenario,
  search: string,
  translate: ReturnType<typeof useScenarioTexts>,
): boolean =>
  [name, id, description, integration, translate(description), translate(integration ?? '')].some(
    (text) => text?.toLowerCase().includes(search.toLowerCase()) === true,
  );

export interface CatalogueProps {
  readonly state: ScenariosState;
  readonly search: string;
  readonly open: string | undefined;
}

/** Families that this browser has unfolded. */
const unfolded = createStoredValue<readonly string[]>('families', []);

/** All scenarios with their descriptions, in folded families, with a switch in each row. */
export const Catalogue = ({ state, search, open }: CatalogueProps) => {
  const t = useMessages();
  const { known, clients } = state;
  const [client, setClient] = useState('');
  const isUnfolded = useStoredValue(unfolded);
  const translate = useScenarioTexts();
  const shown = known.filter((scenario) => matchesSearch(scenario, search, translate));
  const order = Object.keys(t.families);
  const families = [...new Set(shown.map(findFamily))].sort(
    (a, b) => order.indexOf(a) - order.indexOf(b),
  );
  const unfold = (family: string, isOpen: boolean): void => {
    if (isOpen !== isUnfolded.includes(family))
      unfolded.choose(
        isOpen ? [...isUnfolded, family] : isUnfolded.filter((one) => one !== family),
      );
  };
  return (
    <div class="catalogue split-list">
      <div class="bar switches-for">
        <ClientSelect
          clients={clients}
          chosen={client}
          onChoose={setClient}
          everyone={t.scenarios.allClients}
          label={t.scenarios.switchesFor}
        />
      </div>
      {shown.length === 0 && <p class="empty">{t.scenarios.nothingFound}</p>}
      {families.map((family) => {
        const own = shown.filter((scenario) => findFamily(scenario) === family);
        const isOpened = own.some(({ name }) => name === open);
        return (
          <details
            key={family}
            class="family"
            open={search !== '' || isOpened || isUnfolded.includes(family)}
            onToggle={({ currentTarget }) => {
              if (search === '' && !isOpened) unfold(family, currentTarget.open);
            }}
          >
            <summary>
              {t.families[family] ?? family} <span class="count">{own.length}</span>
            </summary>
            <ul>
              {own.map((scenario) => (
                <CatalogueRow
                  key={scenario.name}
                  scenario={scenario}
                  state={state}
                  client={client}
                  isOpen={scenario.name === open}
                />
              ))}
            </ul>
          </details>
        );
      })}
    </div>
  );
};

interface CatalogueRowProps {
  readonly scenario: Scenario;
  readonly state: ScenariosState;
  /** The client that the switch is for; empty: all. */
  readonly client: string;
  readonly isOpen: boolean;
}

const CatalogueRow = ({ scenario, state, client, isOpen }: CatalogueRowProps) => {
  const t = useMessages();
  const { name, id, description } = scenario;
  const { active, clients, reload } = state;
  const { run, error, isBusy } = useAction();
  const count = useMatchCounts().get(name) ?? 0;
  const names =
    client === '' ? active : (clients.find(({ clientId }) => clientId === client)?.scenarios ?? []);
  const isActive =
    active.includes(name) || clients.some(({ scenarios }) => scenarios.includes(name));
  const toggle = (): void =>
    run(async () => {
      const next = names.includes(name) ? names.filter((one) => one !== name) : [...names, name];
      const path =
        client === '' ? '/scenarios' : `/clients/${encodeURIComponent(client)}/scenarios`;
      await callAdmin(path, { method: 'PUT', body: { active: next } });
      reload();
    });
  return (
    <li class={isOpen ? 'open' : ''}>
      <a
        href={hrefFor('scenarios', name)}
        data-open={name}
        aria-current={isOpen ? 'true' : undefined}
      >
        <span class="catalogue-name">
          <strong class="mono">{name}</strong>
          {id !== undefined && <span class="quiet">{id}</span>}
          {isActive && <span class="chip strong">{t.scenarios.isActive}</span>}
          {count > 0 && <span class="chip">{t.scenarios.matchCount(count)}</span>}
        </span>
        <span class="catalogue-text quiet">
          <ScenarioText text={description} />
        </span>
      </a>
      <Switch isOn={names.includes(name)} isDisabled={isBusy} onToggle={toggle}>
        <span class="hidden">
          {t.scenarios.switchOn(name, client === '' ? t.scenarios.allClients : client)}
        </span>
      </Switch>
      {error !== undefined && <ErrorNotice error={error} />}
    </li>
  );
};
