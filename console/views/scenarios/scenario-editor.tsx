import { useEffect, useRef, useState } from 'preact/hooks';
import type { ScenarioCheck } from '../../../server/admin/types.gen.ts';
import { AdminError, fetchJson, useAction } from '../../api/admin.ts';
import { ConfirmDialog, ErrorNotice, Loading, Problems } from '../../components/widgets.tsx';
import { useMessages } from '../../i18n/messages.tsx';
import { useDraft } from '../../shell/browser-storage.ts';
import { hrefFor, navigate } from '../../shell/route.ts';
import type { ScenariosState } from '../../shell/steering-bar.tsx';
import type { EditorHandle } from './yaml-editor.ts';

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

/** Text that another view passes to the scenario editor. */
export const incomingScenario: { text: string | undefined } = { text: undefined };

const takeIncoming = (): string | undefined => {
  const { text } = incomingScenario;
  incomingScenario.text = undefined;
  return text;
};

/** Editor for a scenario: checks it like the command line, and saves it. */
export const NewScenario = ({ state }: { readonly state: ScenariosState }) => {
  const t = useMessages();
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
  // Unsaved text is replaced only after a confirmation.
  const asksToReplace = incoming !== undefined && draft.isUnsaved && incoming !== yaml;
  useEffect(() => {
    if (incoming === undefined || asksToReplace) return;
    edit(incoming, false);
    setIncoming(undefined);
  }, [incoming, asksToReplace]);
  const ask = (path: string): Promise<ScenarioCheck> =>
    fetchJson<ScenarioCheck>(path, { method: 'POST', body: { yaml } });
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
        if (name !== undefined) navigate(hrefFor('scenarios', name));
      } catch (problem) {
        // Saving reports the same errors as checking, so both show them in one place.
        if (!(problem instanceof AdminError) || problem.problems.length === 0) throw problem;
        setChecked({ ok: false, problems: [...problem.problems], warnings: [] });
      }
    });
  return (
    <article class="scenario" tabIndex={-1} aria-labelledby="new-title">
      <a class="back" href={hrefFor('scenarios')}>
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
            {t.common.discard}
          </button>
        )}
      </div>
      {error !== undefined && <ErrorNotice error={error} />}
      {checked !== undefined && <CheckResult check={checked} onGo={(at) => setLine(at)} />}
      {asksToReplace && (
        <ConfirmDialog
          title={t.scenarios.replaceTitle}
          action={t.scenarios.replace}
          cancel={t.scenarios.keepMine}
          onConfirm={() => edit(incoming, false)}
          onClose={() => setIncoming(undefined)}
        >
          {t.scenarios.replaceMore}
        </ConfirmDialog>
      )}
    </article>
  );
};

/** Result of a check in the format of the command line; a location is a link into the editor. */
export const CheckResult = ({
  check,
  onGo,
}: {
  readonly check: ScenarioCheck;
  onGo(line: number): void;
}) => {
  const t = useMessages();
  return (
    <div role="status">
      {check.ok && check.warnings.length === 0 && <p class="notice good">{t.scenarios.noErrors}</p>}
      {check.problems.length > 0 && (
        <div class="notice bad">
          <p class="notice-title">{t.scenarios.errors(check.problems.length)}</p>
          <Problems problems={check.problems} onGo={onGo} />
        </div>
      )}
      {check.warnings.length > 0 && (
        <div class="notice">
          <p class="notice-title">{t.scenarios.warnings(check.warnings.length)}</p>
          <Problems problems={check.warnings} onGo={onGo} />
        </div>
      )}
    </div>
  );
};

export interface YamlEditorProps {
  readonly text: string;
  onEdit(text: string): void;
  /** Moves the cursor to this line when it changes. */
  readonly line: number | undefined;
  /** Lines with an error. */
  readonly marked: readonly number[];
}

/** The editor of the lazy bundle, in a shadow root. */
export const YamlEditor = ({ text, onEdit, line, marked }: YamlEditorProps) => {
  const t = useMessages();
  const host = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<EditorHandle | undefined>();
  const latest = useRef({ text, onEdit });
  latest.current = { text, onEdit };
  // What the editor holds, and what it reported that was not yet rendered: typing is faster.
  const held = useRef({ text, pending: [] as readonly string[] });
  useEffect(() => {
    let made: EditorHandle | undefined;
    let isGone = false;
    void loadEditor().then(({ createYamlEditor }) => {
      if (isGone || host.current === null) return;
      const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
      made = createYamlEditor({
        root,
        label: t.scenarios.file,
        text: latest.current.text,
        onEdit: (next) => {
          if (next === held.current.text) return;
          held.current = { text: next, pending: [...held.current.pending, next] };
          latest.current.onEdit(next);
        },
      });
      held.current = { text: latest.current.text, pending: [] };
      setEditor(made);
    });
    return () => {
      isGone = true;
      made?.destroy();
      setEditor(undefined);
    };
  }, [t]);
  useEffect(() => {
    const own = held.current.pending.indexOf(text);
    const isOwn = own >= 0 || text === held.current.text;
    held.current = isOwn
      ? { ...held.current, pending: held.current.pending.slice(own + 1) }
      : { text, pending: [] };
    if (!isOwn) editor?.setText(text);
  }, [editor, text]);
  useEffect(() => editor?.mark(marked), [editor, marked.join()]);
  useEffect(() => {
    if (line !== undefined) editor?.goTo(line);
  }, [editor, line]);
  return (
    <>
      {editor === undefined && <Loading />}
      <div class="editor" ref={host} />
    </>
  );
};

/** Loads the bundle of the editor, when it is first needed. */
export const loadEditor = (): Promise<typeof import('./yaml-editor.ts')> =>
  import('./yaml-editor.ts');
