import { autocompletion, type Completion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { EditorState, RangeSetBuilder, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import schema from '../../../scenarios/scenario.schema.json' with { type: 'json' };
import { omitUndefined } from '../../../server/problems/plain-object.ts';
import { asSchema, type Schema } from '../../api/contract.ts';

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

export interface YamlCompletion {
  readonly label: string;
  /** What is inserted in the place of what was typed. */
  readonly insert: string;
  readonly info: string | undefined;
}

export interface FoundCompletion {
  /** The beginning of the word at the cursor. */
  readonly typed: string;
  readonly options: readonly YamlCompletion[];
}

/** Where the cursor is in a YAML document. */
export interface YamlPlace {
  /** Keys from the root; `-` is an item of a list. */
  readonly path: readonly string[];
  /** `value`: after a colon. */
  readonly kind: 'key' | 'value';
  readonly typed: string;
}

/**
 * Finds the place at the end of a text by its indentation and its braces. A document that is being
 * typed is not yet valid, so it is not parsed.
 */
export const findYamlPlace = (text: string): YamlPlace => {
  const lines = text.split('\n');
  const last = lines.at(-1) ?? '';
  const own = readLine(last);
  const path: string[] = [...own.items];
  let { indent } = own;
  for (let at = lines.length - 2; at >= 0 && indent > 0; at--) {
    const { indent: outer, items, content } = readLine(lines[at] ?? '');
    const key = /^([\w.-]+):\s*(?:#.*)?$/.exec(content)?.[1];
    const inner = outer + items.length * 2;
    if (content === '' || content.startsWith('#')) continue;
    if (inner < indent) {
      if (key === undefined) continue;
      path.unshift(...items, key);
      indent = outer;
    } else if (items.length > 0 && inner === indent && outer < indent) {
      // A sibling: the line that begins this item of the list.
      path.unshift(...items);
      indent = outer;
    }
  }
  return readFlow(own.content, path);
};

interface YamlLine {
  readonly indent: number;
  readonly items: readonly string[];
  readonly content: string;
}

const readLine = (line: string): YamlLine => {
  const [, spaces = '', dashes = '', content = ''] = /^(\s*)((?:- +)*)(.*)$/.exec(line) ?? [];
  return { indent: spaces.length, items: dashes.match(/-/g) ?? [], content };
};

/** Follows `key: { inner: [` to the innermost open brace. */
const readFlow = (content: string, outer: readonly string[]): YamlPlace => {
  const stack: string[][] = [];
  let word = '';
  let isInText = false;
  for (const letter of content) {
    if (letter === '"' || letter === "'") isInText = !isInText;
    if (isInText) word += letter;
    else if (letter === '{' || letter === '[') {
      const key = /([\w.-]+)\s*:\s*$/.exec(word)?.[1];
      stack.push([...(key === undefined ? [] : [key]), ...(letter === '[' ? ['-'] : [])]);
      word = '';
    } else if (letter === '}' || letter === ']') {
      stack.pop();
      word = '';
    } else if (letter === ',') word = '';
    else word += letter;
  }
  const rest = word.trimStart();
  const path = [...outer, ...stack.flat()];
  const value = /^([\w.-]+):\s+(\S*)$/.exec(rest);
  return value === null
    ? { path, kind: 'key', typed: /[\w.-]*$/.exec(rest)?.[0] ?? '' }
    : { path: [...path, value[1] ?? ''], kind: 'value', typed: value[2] ?? '' };
};

/** The alternatives of a schema, references followed. */
const listAlternatives = (root: Schema, schema: Schema, depth = 0): readonly Schema[] => {
  if (depth > 8) return [];
  const ref = schema['$ref'];
  if (typeof ref === 'string') {
    const target = ref
      .replace(/^#\//, '')
      .split('/')
      .reduce((inner: Schema, name) => asSchema(inner[name]), root);
    return listAlternatives(root, target, depth + 1);
  }
  const parts = ['anyOf', 'oneOf', 'allOf'].flatMap((name) => {
    const list = schema[name];
    return Array.isArray(list) ? list : [];
  });
  return [schema, ...parts.flatMap((part) => listAlternatives(root, asSchema(part), depth + 1))];
};

const resolvePath = (root: Schema, path: readonly string[]): readonly Schema[] => {
  let schemas = listAlternatives(root, root);
  for (const step of path)
    schemas = schemas.flatMap((schema) => {
      const next = step === '-' ? schema['items'] : asSchema(schema['properties'])[step];
      return next === undefined ? [] : listAlternatives(root, asSchema(next));
    });
  return schemas;
};

const readInfo = (schema: Schema): string | undefined =>
  typeof schema['description'] === 'string' ? schema['description'] : undefined;

/** What a JSON schema allows at the end of a YAML text. */
export const completeAt = (root: Schema, text: string): FoundCompletion | undefined => {
  const { path, kind, typed } = findYamlPlace(text);
  const options = new Map<string, YamlCompletion>();
  for (const schema of resolvePath(root, path)) {
    if (kind === 'key') {
      for (const [name, property] of Object.entries(asSchema(schema['properties']))) {
        const info = listAlternatives(root, asSchema(property)).map(readInfo).find(Boolean);
        options.set(name, { label: name, insert: `${name}: `, info });
      }
    } else {
      const values = Array.isArray(schema['enum'])
        ? schema['enum']
        : 'const' in schema
          ? [schema['const']]
          : schema['type'] === 'boolean'
            ? [true, false]
            : [];
      for (const value of values)
        options.set(String(value), {
          label: String(value),
          insert: String(value),
          info: readInfo(schema),
        });
    }
  }
  const found = [...options.values()].filter(({ label }) => label.startsWith(typed));
  return found.length === 0 ? undefined : { typed, options: found };
};
