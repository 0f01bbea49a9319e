import { autocompletion, type Completion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { EditorState, RangeSetBuilder, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import schema from '../../../scenarios/scenario.schema.json' with { type: 'json' };
import { omitUndefined } from '../../../server/protocol/omit-undefined.ts';
import { completeAt } from './yaml-completion.ts';

export interface EditorOptions {
  /** A shadow root: the styles of the editor are adopted there, which the policy of the page allows. */
  readonly root: ShadowRoot;
  readonly label: string;
  readonly text: string;
  onEdit(text: string): void;
}

export interface EditorHandle {
  setText(text: string): void;
  /** Marks lines that have an error. */
  mark(lines: readonly number[]): void;
  goTo(line: number): void;
  destroy(): void;
}

const setMarked = StateEffect.define<readonly number[]>();
const markedLine = Decoration.line({ class: 'marked' });

const markedLines = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (value, transaction) => {
    let next = transaction.docChanged ? Decoration.none : value;
    for (const effect of transaction.effects) {
      if (!effect.is(setMarked)) continue;
      const builder = new RangeSetBuilder<Decoration>();
      const { doc } = transaction.state;
      for (const line of [...effect.value].sort((a, b) => a - b))
        if (line <= doc.lines) builder.add(doc.line(line).from, doc.line(line).from, markedLine);
      next = builder.finish();
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const highlight = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.content], color: 'var(--text)' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: 'var(--unsure)' },
  { tag: tags.comment, color: 'var(--text-quiet)', fontStyle: 'italic' },
]);

const editorTheme = EditorView.theme({
  '&': {
    color: 'var(--text)',
    backgroundColor: 'var(--surface)',
    fontSize: 'var(--size-code)',
    maxHeight: '32rem',
  },
  '&.cm-focused': { outline: '2px solid var(--accent)' },
  '.cm-scroller': {
    fontFamily: 'var(--font-code)',
    lineHeight: 'var(--line-height-code)',
    minHeight: '16rem',
    overflow: 'auto',
  },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--accent-soft) !important',
  },
  '.cm-gutters': {
    color: 'var(--text-quiet)',
    backgroundColor: 'var(--sunken)',
    borderRight: '1px solid var(--line)',
  },
  '.marked': { backgroundColor: 'var(--bad-soft)', boxShadow: 'inset 3px 0 0 var(--bad)' },
  '.cm-tooltip': {
    color: 'var(--text)',
    backgroundColor: 'var(--raised)',
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--round-small)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    color: 'var(--text)',
    backgroundColor: 'var(--accent-soft)',
  },
  '.cm-completionInfo': { maxWidth: '20rem', padding: 'var(--space-2)' },
});

/** An editor for a scenario file; completions come from the schema of scenario files. */
export const createYamlEditor = ({ root, label, text, onEdit }: EditorOptions): EditorHandle => {
  const state = EditorState.create({
    doc: text,
    extensions: [
      lineNumbers(),
      history(),
      yaml(),
      indentUnit.of('  '),
      syntaxHighlighting(highlight),
      editorTheme,
      markedLines,
      autocompletion({
        override: [
          ({ state: { doc }, pos, explicit }) => {
            const found = completeAt(schema, doc.sliceString(0, pos));
            if (found === undefined || (!explicit && found.typed === '')) return null;
            const options = found.options.map(
              ({ label: name, insert, info }): Completion =>
                omitUndefined({ label: name, apply: insert, info }),
            );
            return { from: pos - found.typed.length, options, validFor: /^[\w-]*$/ };
          },
        ],
      }),
      // Tab leaves the editor: it is a field of a page.
      keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap]),
      EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
      // Chromium would merge the lines of a selection with style attributes, against the policy.
      EditorView.domEventHandlers({
        beforeinput: (event, editor) => {
          const { data, inputType } = event;
          if (inputType !== 'insertText' || data === null) return false;
          if (editor.state.selection.main.empty) return false;
          event.preventDefault();
          editor.dispatch(editor.state.replaceSelection(data));
          return true;
        },
      }),
      EditorView.updateListener.of(({ docChanged, state: { doc } }) => {
        if (docChanged) onEdit(doc.toString());
      }),
    ],
  });
  const view = new EditorView({ state, parent: root, root });
  return {
    setText: (next) => {
      const { doc } = view.state;
      if (doc.toString() !== next)
        view.dispatch({ changes: { from: 0, to: doc.length, insert: next } });
    },
    mark: (lines) => view.dispatch({ effects: setMarked.of(lines) }),
    goTo: (line) => {
      const { from, to } = view.state.doc.line(Math.min(line, view.state.doc.lines));
      view.focus();
      view.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: true });
    },
    destroy: () => view.destroy(),
  };
};

const listFaultNames = (field: 'fault' | 'security'): readonly string[] => {
  const { then } = schema.properties.rules.items.properties;
  return then.properties[field].anyOf.flatMap((one) => ('enum' in one ? (one.enum ?? []) : []));
};

/** Names of the faults, as the schema lists them. */
export const faultNames = {
  fault: listFaultNames('fault'),
  security: listFaultNames('security'),
} as const;
