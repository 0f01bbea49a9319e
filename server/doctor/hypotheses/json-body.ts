import type { Suspicion } from '../catalogue/mistakes.ts';
import {
  compact,
  detectLayout,
  type JsonLayout,
  type JsonText,
  readJsonText,
  writeJson,
} from './json-text.ts';

/** A change to JSON, by its meaning or by its spelling. */
export interface JsonRewriting {
  readonly suspicions: readonly Suspicion[];
  /** Tried together with other changes, not only alone. */
  readonly frequent: boolean;
  /** Other members, or in another order. */
  readonly tree?: (json: JsonText) => JsonText;
  /** Other spellings of keys and values in a text of any layout, which stays as it is. */
  readonly text?: (text: string) => string;
}

/** In a text that is JSON. */
export const jsonStringPattern = /"[^"\\]*(?:\\.[^"\\]*)*"/g;
export const jsonScalarPattern = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/**
 * A body that is JSON, read once for all hypotheses. Its frequent forms are cached, since several
 * hypotheses start from them.
 */
export class ParsedJsonBody {
  readonly text: string;
  readonly json: JsonText;
  /** The text without the white space around it. */
  readonly core: string;
  /** White space around the JSON. */
  readonly start: string;
  readonly end: string;
  /** The layout it was sent in; undefined when it is not in the table. */
  readonly layout: JsonLayout | undefined;
  readonly #frequent = new Map<JsonLayout | JsonRewriting, string>();
  readonly #trees = new Map<JsonRewriting, JsonText>();

  constructor(text: string, core: string, json: JsonText) {
    const at = text.indexOf(core);
    this.text = text;
    this.json = json;
    this.core = core;
    this.start = text.slice(0, at);
    this.end = text.slice(at + core.length);
    this.layout = detectLayout(json, core);
  }

  /**
   * The layout that rewritings of the tree are written in: the one that was sent where it is known.
   */
  get usualLayout(): JsonLayout {
    return this.layout ?? compact;
  }

  inLayout(layout: JsonLayout): string {
    return layout === this.layout
      ? this.core
      : this.#keep(layout, () => writeJson(this.json, layout));
  }

  /** The tree after a frequent rewriting, which is written in many ways. */
  treeAfter(rewriting: JsonRewriting): JsonText {
    const tree = this.#trees.get(rewriting) ?? rewriting.tree?.(this.json) ?? this.json;
    this.#trees.set(rewriting, tree);
    return tree;
  }

  /** @returns undefined when the rewriting changes nothing */
  rewritten(rewriting: JsonRewriting): string | undefined {
    const { tree, text } = rewriting;
    const before = tree === undefined ? this.core : this.inLayout(this.usualLayout);
    const after = this.#keep(rewriting, () =>
      tree === undefined
        ? (text?.(before) ?? before)
        : writeJson(tree(this.json), this.usualLayout),
    );
    return after === before ? undefined : after;
  }

  #keep(form: JsonLayout | JsonRewriting, make: () => string): string {
    const text = this.#frequent.get(form) ?? make();
    if (form.frequent === true) this.#frequent.set(form, text);
    return text;
  }
}

export const readJsonBody = (text: string): ParsedJsonBody | undefined => {
  const core = text.replace(/^\uFEFF/, '').trim();
  const json = core === '' ? undefined : readJsonText(core);
  return json === undefined ? undefined : new ParsedJsonBody(text, core, json);
};
