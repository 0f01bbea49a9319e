import { useState } from 'preact/hooks';
import { askJson } from '../api/admin.ts';
import { Failed } from '../pieces/notice.tsx';
import { useAction } from '../pieces/use-action.ts';
import { goTo, hrefOf } from '../routing/place.ts';
import { useWords } from '../words/use-words.ts';
import { CheckResult } from './check-result.tsx';
import { draft } from './draft.ts';
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

const takeDraft = (): string => {
  const text = draft.value ?? template;
  draft.value = undefined;
  return text;
};

/** Write a scenario, check it as the command line does, and take it up. */
export const NewScenario = ({ state }: { readonly state: ScenariosState }) => {
  const t = useWords();
  const [yaml, setYaml] = useState(takeDraft);
  const [checked, setChecked] = useState<ScenarioCheck | undefined>();
  const [line, setLine] = useState<number | undefined>();
  const { run, error, isBusy } = useAction();
  const ask = (path: string): Promise<ScenarioCheck> => askJson<ScenarioCheck>(path, { method: 'POST', body: { yaml } });
  const check = (): void => run(async () => setChecked(await ask('/scenarios/check')));
  const save = (): void =>
    run(async () => {
      const { name } = await ask('/scenarios');
      state.reload();
      if (name !== undefined) goTo(hrefOf('scenarios', name));
    });
  const edit = (text: string): void => {
    setYaml(text);
    setChecked(undefined);
    setLine(undefined);
  };
  return (
    <article class="scenario" aria-labelledby="new-title">
      <a class="back" href={hrefOf('scenarios')}>
        <span aria-hidden="true">←</span> {t.views.scenarios}
      </a>
      <h2 id="new-title">{t.scenarios.write}</h2>
      <p class="quiet">{t.scenarios.writeMore}</p>
      <YamlEditor text={yaml} onEdit={edit} line={line} marked={checked?.problems.flatMap(({ line: at }) => at ?? []) ?? []} />
      <div class="bar">
        <button type="button" class="button" disabled={isBusy} onClick={check}>
          {t.scenarios.check}
        </button>
        <button type="button" class="button primary" disabled={isBusy} onClick={save}>
          {t.scenarios.save}
        </button>
      </div>
      {error !== undefined && <Failed error={error} />}
      {checked !== undefined && <CheckResult check={checked} onGo={(at) => setLine(at)} />}
    </article>
  );
};
