import { useState } from 'preact/hooks';
import { useAsked } from '../api/use-asked.ts';
import { useClients } from '../api/use-clients.ts';
import { Failed, Loading } from '../pieces/notice.tsx';
import { hrefOf, type Place } from '../routing/place.ts';
import { useWords } from '../words/use-words.ts';
import { ActiveOverview } from './active-overview.tsx';
import { Catalogue } from './catalogue.tsx';
import { NewScenario } from './new-scenario.tsx';
import { OneShotForm } from './one-shot-form.tsx';
import { newScenario, oneShot } from './places.ts';
import { ScenarioPane } from './scenario-pane.tsx';
import type { Scenario, ScenariosState } from './scenarios-state.ts';

/** What is scripted: what is active for whom, the catalogue, one-shots, and an editor. */
export const ScenariosView = ({ place }: { readonly place: Place }) => {
  const t = useWords();
  const scenarios = useAsked<{ readonly active: readonly string[]; readonly known: readonly Scenario[] }>('/scenarios');
  const clients = useClients();
  const [search, setSearch] = useState('');
  const error = scenarios.error ?? clients.error;
  if (error !== undefined) return <Failed error={error} onRetry={scenarios.reload} />;
  if (scenarios.value === undefined || clients.value === undefined) return <Loading />;
  const state: ScenariosState = {
    ...scenarios.value,
    clients: clients.value.clients,
    reload: () => {
      scenarios.reload();
      clients.reload();
    },
  };
  return (
    <div class="page">
      <header class="page-head">
        <h1>{t.views.scenarios}</h1>
        <p class="lead">{t.scenarios.lead}</p>
      </header>
      <ActiveOverview state={state} />
      <div class="bar">
        <label class="labelled grow">
          <span>{t.scenarios.search}</span>
          <input type="search" class="field" value={search} onInput={({ currentTarget }) => setSearch(currentTarget.value)} />
        </label>
        <a class="button" href={hrefOf('scenarios', oneShot)}>
          {t.scenarios.oneShot}
        </a>
        <a class="button primary" href={hrefOf('scenarios', newScenario)}>
          {t.scenarios.write}
        </a>
      </div>
      <div class={`split${place.open === undefined ? '' : ' has-open'}`}>
        <Catalogue state={state} search={search} open={place.open} />
        {place.open === newScenario ? (
          <NewScenario state={state} />
        ) : place.open === oneShot ? (
          <OneShotForm state={state} />
        ) : (
          place.open !== undefined && <ScenarioPane key={place.open} name={place.open} state={state} />
        )}
      </div>
    </div>
  );
};
