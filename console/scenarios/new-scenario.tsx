import { useEffect, useState } from 'preact/hooks';
import { AdminError, askJson } from '../api/admin.ts';
import { Confirm } from '../pieces/confirm.tsx';
import { Failed } from '../pieces/notice.tsx';
import { useAction } from '../pieces/use-action.ts';
import { goTo, hrefOf } from '../routing/place.ts';
import { useDraft } from '../settings/drafts.ts';
import { useWords } from '../words/use-words.ts';
import { CheckResult } from './check-result.tsx';
import { incomingScenario } from './incoming-scenario.ts';
import type { ScenarioCheck, ScenariosState } from './scenarios-state.ts';
import { YamlEditor } from './yaml-editor.tsx';

const template = [
  'name: my-story',
  'description: What it is for, in a sentence or two.',
  'rules:',
  '  - when:',
  '      operation: syncOrder',
  '      call: { first: 2, per: identity }',
  '    then:',
  '      result: UNKNOWN_EXCEPTION',
  '      status: U',
  '',
].join('\n');

const takeIncoming = (): string | undefined => {
  const { text } = incomingScenario;
  incomingScenario.text = undefined;
  return text;
};

/** Write a scenario, check it as the command line does, and save it. */
export const NewScenario = ({ state }: { readonly state: ScenariosState }) => {
  const t = useWords();
  const draft = useDraft('scenario', template);
  const [incoming, setIncoming] = useState(takeIncoming);
  const [checked, setChecked] = useState<ScenarioCheck | undefined>();
  const [line, setLine] = useState<number | undefined>();
  const { run, error, isBusy, clear } = useAction();
  const yaml = draft.value;
  const edit = (text: string, isUnsaved = true): void => {
    draft.edit(text, isUnsaved);
    setChecked(undefined);
    setLine(undefined);
    clear();
  };
  // Unsaved work is replaced only by someone who was asked.
  const asksToReplace = incoming !== undefined && draft.isUnsaved && incoming !== yaml;
  useEffect(() => {
    if (incoming === undefined || asksToReplace) return;
    edit(incoming, false);
    setIncoming(undefined);
  }, [incoming, asksToReplace]);
  const ask = (path: string): Promise<ScenarioCheck> =>
    askJson<ScenarioCheck>(path, { method: 'POST', body: { yaml } });
  const attempt = (work: () => Promise<void>): void => {
    setChecked(undefined);
    run(work);
  };
  const check = (): void => attempt(async () => setChecked(await ask('/scenarios/check')));
  const save = (): void =>
    attempt(async () => {
      try {
        const { name } = await ask('/scenarios');
        draft.discard();
        state.reload();
        if (name !== undefined) goTo(hrefOf('scenarios', name));
      } catch (problem) {
        // What a check finds, saving finds too: it is shown in the same place, once.
        if (!(problem instanceof AdminError) || problem.problems.length === 0) throw problem;
        setChecked({ ok: false, problems: [...problem.problems], warnings: [] });
      }
    });
  return (
    <article class="scenario" tabIndex={-1} aria-labelledby="new-title">
      <a class="back" href={hrefOf('scenarios')}>
        <span aria-hidden="true">←</span> {t.views.scenarios}
      </a>
      <h2 id="new-title">{t.scenarios.write}</h2>
      <p class="quiet">{t.scenarios.writeMore}</p>
      <YamlEditor
        text={yaml}
        onEdit={edit}
        line={line}
        marked={checked?.problems.flatMap(({ line: at }) => at ?? []) ?? []}
      />
      <div class="bar">
        <button type="button" class="button" disabled={isBusy} onClick={check}>
          {t.scenarios.check}
        </button>
        <button type="button" class="button primary" disabled={isBusy} onClick={save}>
          {t.scenarios.save}
        </button>
        {draft.isUnsaved && (
          <button
            type="button"
            class="button"
            disabled={isBusy}
            onClick={() => edit(template, false)}
          >
            {t.pieces.discard}
          </button>
        )}
      </div>
      {error !== undefined && <Failed error={error} />}
      {checked !== undefined && <CheckResult check={checked} onGo={(at) => setLine(at)} />}
      {asksToReplace && (
        <Confirm
          title={t.scenarios.replaceTitle}
          action={t.scenarios.replace}
          cancel={t.scenarios.keepMine}
          onConfirm={() => edit(incoming, false)}
          onClose={() => setIncoming(undefined)}
        >
          {t.scenarios.replaceMore}
        </Confirm>
      )}
    </article>
  );
};
