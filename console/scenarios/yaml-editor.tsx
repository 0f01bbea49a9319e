import { useEffect, useRef } from 'preact/hooks';
import { useWords } from '../words/use-words.ts';

export interface YamlEditorProps {
  readonly text: string;
  onEdit(text: string): void;
  /** Goes there when it changes. */
  readonly line: number | undefined;
  /** Lines that something is wrong with. */
  readonly marked: readonly number[];
}

/** A plain text area with line numbers: Tab stays the way out of it, two blanks are typed. */
export const YamlEditor = ({ text, onEdit, line, marked }: YamlEditorProps) => {
  const t = useWords();
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const lines = text.split('\n');
  useEffect(() => {
    if (line === undefined || area.current === null) return;
    const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    area.current.focus();
    area.current.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  }, [line]);
  return (
    <div class="editor">
      <div class="editor-lines" ref={gutter} aria-hidden="true">
        {lines.map((_, at) => (
          <span key={at} class={marked.includes(at + 1) ? 'marked' : ''}>
            {at + 1}
          </span>
        ))}
      </div>
      <textarea
        ref={area}
        aria-label={t.scenarios.file}
        spellcheck={false}
        autocapitalize="off"
        wrap="off"
        rows={Math.max(10, Math.min(32, lines.length + 1))}
        value={text}
        onInput={({ currentTarget }) => onEdit(currentTarget.value)}
        onScroll={({ currentTarget }) => {
          if (gutter.current !== null) gutter.current.scrollTop = currentTarget.scrollTop;
        }}
      />
    </div>
  );
};
