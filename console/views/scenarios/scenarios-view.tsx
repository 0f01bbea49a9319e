import { useEffect, useState } from 'preact/hooks';
import type { Scenario } from '../../../server/admin/types.gen.ts';
import { callAdmin, useAction, useClients, useQuery } from '../../api/admin.ts';
import { Scrollable } from '../../components/code-block.tsx';
import {
  ClientSelect,
  ConfirmDialog,
  ErrorNotice,
  Loading,
  Switch,
} from '../../components/widgets.tsx';
import { ScenarioText, useMessages, useScenarioTexts } from '../../i18n/messages.tsx';
import { createStoredValue, useDraft, useStoredValue } from '../../shell/browser-storage.ts';
import {
  hrefFor,
  navigate,
  newScenarioName,
  oneShotName,
  type Route,
  useListFocus,
  useTitle,
} from '../../shell/route.ts';
import { onKeys } from '../../shell/shell.tsx';
import {
  type ScenarioList,
  type ScenariosState,
  useMatchCounts,
} from '../../shell/steering-bar.tsx';
import { useEventCount } from '../../stream/feed.ts';
import { OneShotList } from './one-shots.tsx';
import { incomingScenario, NewScenario } from './scenario-editor.tsx';

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

type ScenarioWithText = Scenario & { readonly yaml: string };

/** One scenario: description, clients it is active for, and file. */
const ScenarioPane = ({
  name,
  state,
}: {
  readonly name: string;
  readonly state: ScenariosState;
}) => {
  const t = useMessages();
  const { value, error, reload } = useQuery<ScenarioWithText>(
    `/scenarios/${encodeURIComponent(name)}`,
  );
  const { run, error: refused } = useAction();
  const [asksToDelete, setAsksToDelete] = useState(false);
  const remove = (): void =>
    run(async () => {
      await callAdmin(`/scenarios/${encodeURIComponent(name)}`, { method: 'DELETE' });
      state.reload();
      navigate(hrefFor('scenarios'));
    });
  const editCopy = (yaml: string): void => {
    incomingScenario.text = yaml;
    navigate(hrefFor('scenarios', newScenarioName));
  };
  return (
    <article class="scenario" tabIndex={-1} aria-labelledby="scenario-title">
      <a class="back" href={hrefFor('scenarios')}>
        <span aria-hidden="true">←</span> {t.views.scenarios}
      </a>
      <h2 id="scenario-title" class="mono">
        {name}
      </h2>
      {error !== undefined ? (
        <ErrorNotice error={error} onRetry={reload} />
      ) : value === undefined ? (
        <Loading />
      ) : (
        <ScenarioContent
          value={value}
          state={state}
          onEditCopy={() => editCopy(value.yaml)}
          onDelete={() => setAsksToDelete(true)}
        />
      )}
      {refused !== undefined && <ErrorNotice error={refused} />}
      {asksToDelete && (
        <ConfirmDialog
          title={t.scenarios.deleteTitle(name)}
          action={t.scenarios.delete}
          onConfirm={remove}
          onClose={() => setAsksToDelete(false)}
        >
          {t.scenarios.deleteMore}
        </ConfirmDialog>
      )}
    </article>
  );
};

interface ScenarioContentProps {
  readonly value: ScenarioWithText;
  readonly state: ScenariosState;
  onEditCopy(): void;
  onDelete(): void;
}

const ScenarioContent = ({ value, state, onEditCopy, onDelete }: ScenarioContentProps) => {
  const t = useMessages();
  const count = useMatchCounts().get(value.name) ?? 0;
  return (
    <>
      <p>
        <ScenarioText text={value.description} />
      </p>
      {count > 0 && (
        <p>
          <a href={hrefFor('exchanges', undefined, { scenario: value.name })}>
            {t.scenarios.matchCount(count)}
          </a>
        </p>
      )}
      {value.integration !== undefined && (
        <div class="callout">
          <h3>{t.scenarios.integration}</h3>
          <p>
            <ScenarioText text={value.integration} />
          </p>
        </div>
      )}
      <Activation name={value.name} state={state} />
      <div class="body-bar">
        <h3>{t.scenarios.file}</h3>
        <button type="button" class="button small" onClick={onEditCopy}>
          {t.scenarios.editCopy}
        </button>
        {value.source === 'uploaded' && (
          <button type="button" class="button small danger" onClick={onDelete}>
            {t.scenarios.delete}
          </button>
        )}
      </div>
      <Scrollable class="body" label={t.scenarios.file}>
        {value.yaml}
      </Scrollable>
    </>
  );
};

/** Switches a scenario on and off, for all clients and for each client. */
const Activation = ({
  name,
  state: { active, clients, reload },
}: {
  readonly name: string;
  readonly state: ScenariosState;
}) => {
  const t = useMessages();
  const { run, error, isBusy } = useAction();
  const toggle = (path: string, names: readonly string[]) => (): void =>
    run(async () => {
      const next = names.includes(name) ? names.filter((one) => one !== name) : [...names, name];
      await callAdmin(path, { method: 'PUT', body: { active: next } });
      reload();
    });
  return (
    <fieldset class="activation" disabled={isBusy}>
      <legend>{t.scenarios.activeFor}</legend>
      <Switch isOn={active.includes(name)} onToggle={toggle('/scenarios', active)}>
        {t.scenarios.allClients}
      </Switch>
      {clients.map(({ clientId, scenarios }) => (
        <Switch
          key={clientId}
          isOn={scenarios.includes(name)}
          onToggle={toggle(`/clients/${encodeURIComponent(clientId)}/scenarios`, scenarios)}
        >
          <span class="mono">{clientId}</span>
        </Switch>
      ))}
      {error !== undefined && <ErrorNotice error={error} />}
    </fieldset>
  );
};
