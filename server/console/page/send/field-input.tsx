import { useId, useState } from 'preact/hooks';
import { fullTime } from '../pieces/times.ts';
import { useWords } from '../words/use-words.ts';
import type { FormField } from './form-fields.ts';
import type { JsonValue } from './json-value.ts';

export interface FieldInputProps {
  readonly field: FormField;
  readonly value: JsonValue | undefined;
  /** Made new with every send. */
  readonly isFresh: boolean;
  onChange(value: JsonValue | undefined): void;
}

/** One field with its name, its input and what the contract says of it. */
export const FieldInput = (props: FieldInputProps) => {
  const t = useWords();
  const id = useId();
  const { field, value, isFresh } = props;
  return (
    <div class={`form-field${field.kind === 'json' ? ' full' : ''}`}>
      <label for={id}>
        <span class="mono">{field.name}</span>
        {field.isRequired && <span class="required">{t.send.required}</span>}
      </label>
      <Control {...props} id={id} />
      <p class="hint" id={`${id}-hint`}>
        {isFresh ? t.send.fresh : field.isTime && typeof value === 'number' ? fullTime(value) : <span lang="en">{field.description}</span>}
      </p>
    </div>
  );
};

const Control = ({ id, field, value, isFresh, onChange }: FieldInputProps & { readonly id: string }) => {
  const given = { id, class: 'field', 'aria-describedby': `${id}-hint` };
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  if (field.kind === 'choice' || field.kind === 'boolean')
    return (
      <select
        {...given}
        value={text}
        onChange={({ currentTarget }) =>
          onChange(currentTarget.value === '' ? undefined : field.kind === 'boolean' ? currentTarget.value === 'true' : currentTarget.value)
        }
      >
        <option value="">–</option>
        {(field.kind === 'boolean' ? ['true', 'false'] : field.choices).map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </select>
    );
  if (field.kind === 'json') return <JsonInput {...given} value={value} onChange={onChange} />;
  return (
    <input
      {...given}
      type="text"
      inputMode={field.kind === 'number' ? 'numeric' : 'text'}
      autocomplete="off"
      spellcheck={false}
      value={isFresh ? '' : text}
      placeholder={isFresh ? text : ''}
      onInput={({ currentTarget }) => onChange(readText(currentTarget.value, field))}
    />
  );
};

/** What cannot be read as a number is sent as it is typed: trying wrong values is what a test bench is for. */
const readText = (text: string, { kind }: FormField): JsonValue | undefined =>
  text === '' ? undefined : kind === 'number' && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;

interface JsonInputProps {
  readonly id: string;
  readonly class: string;
  readonly value: JsonValue | undefined;
  onChange(value: JsonValue | undefined): void;
}

const JsonInput = ({ value, onChange, ...given }: JsonInputProps) => {
  const [text, setText] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 2)));
  const edit = (next: string): void => {
    setText(next);
    try {
      onChange(next.trim() === '' ? undefined : JSON.parse(next));
    } catch {
      // Half typed; the last whole value stays.
    }
  };
  return (
    <textarea
      {...given}
      class="field json"
      spellcheck={false}
      rows={Math.min(10, text.split('\n').length + 1)}
      value={text}
      onInput={({ currentTarget }) => edit(currentTarget.value)}
    />
  );
};
