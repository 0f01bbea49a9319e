import { useState } from 'preact/hooks';
import type { Scenario } from '../../../server/admin/types.gen.ts';
import { callAdmin } from '../../api/admin-client.ts';
import { useAction, useQuery } from '../../api/use-admin.ts';
import { Scrollable } from '../../components/code-block.tsx';
import { ConfirmDialog, Switch } from '../../components/controls.tsx';
import { ErrorNotice, Loading } from '../../components/notice.tsx';
import { ScenarioText } from '../../components/server-text.tsx';
import { useMessages } from '../../i18n/use-messages.ts';
import { hrefFor, navigate } from '../../shell/route.ts';
import type { ScenariosState } from '../../shell/steering-bar.tsx';
import { useMatchCounts } from '../../shell/steering-bar.tsx';
import { incomingScenario, newScenarioName } from '../../shell/use-draft.ts';

type ScenarioWithText = Scenario & { readonly yaml: string };

/** One scenario: description, clients it is active for, and file. */
export const ScenarioPane = ({
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
