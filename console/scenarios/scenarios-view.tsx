import { useEffect, useState } from 'preact/hooks';
import { useAsked } from '../api/use-asked.ts';
import { useClients } from '../api/use-clients.ts';
import { Failed, Loading } from '../pieces/notice.tsx';
import { useListFocus } from '../pieces/use-list-focus.ts';
import { goTo, hrefOf, type Place } from '../routing/place.ts';
import { useTitle } from '../routing/use-title.ts';
import { useDraft } from '../settings/drafts.ts';
import { onKeys } from '../shell/shortcuts.ts';
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
  const scenarios = useAsked<{
    readonly active: readonly string[];
    readonly known: readonly Scenario[];
  }>('/scenarios');
  const clients = useClients();
  const [search, setSearch] = useState('');
  const { open } = place;
  const split = useListFocus(open);
  const { isUnsaved } = useDraft('scenario', '');
  const opened =
    open === newScenario ? t.scenarios.write : open === oneShot ? t.scenarios.oneShot : open;
  useTitle([opened, t.views.scenarios]);
  useEffect(
    () => (open === undefined ? undefined : onKeys({ Escape: () => goTo(hrefOf('scenarios')) })),
    [open],
  );
  const error = scenarios.error ?? clients.error;
  const reload = (): void => {
    scenarios.reload();
    clients.reload();
  };
  if (error !== undefined) return <Failed error={error} onRetry={reload} />;
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
        <a class="button" href={hrefOf('scenarios', oneShot)} data-open={oneShot}>
          {t.scenarios.oneShot}
        </a>
        <a class="button primary" href={hrefOf('scenarios', newScenario)} data-open={newScenario}>
          {t.scenarios.write}
          {isUnsaved && <span class="count">{t.pieces.unsaved}</span>}
        </a>
      </div>
      <div class={`split${open === undefined ? '' : ' has-open'}`}>
        <Catalogue state={state} search={search} open={open} />
        {open === newScenario ? (
          <NewScenario key={newScenario} state={state} />
        ) : open === oneShot ? (
          <OneShotForm key={oneShot} state={state} />
        ) : (
          open !== undefined && <ScenarioPane key={open} name={open} state={state} />
        )}
      </div>
    </div>
  );
};
