import { useId } from 'preact/hooks';
import { fullTime } from '../pieces/times.ts';
import { useWords } from '../words/use-words.ts';
import type { FormField } from './form-fields.ts';
import type { JsonValue } from './json-value.ts';

export interface FieldInputProps {
  readonly field: FormField;
  readonly value: JsonValue | undefined;
  /** Made new with every send. */
  readonly isFresh: boolean;
  /** JSON as it was typed, while it is typed. */
  readonly text: string | undefined;
  /** Why the typed JSON cannot be read. */
  readonly problem: string | undefined;
  onChange(value: JsonValue | undefined): void;
  onText(text: string): void;
}

/** One field with its name, its input and what the contract says of it. */
export const FieldInput = (props: FieldInputProps) => {
  const t = useWords();
  const id = useId();
  const { field, value, isFresh, problem } = props;
  return (
    <div class={`form-field${field.kind === 'json' ? ' full' : ''}`}>
      <label for={id}>
        <span class="mono">{field.name}</span>
        {field.isRequired && <span class="required">{t.send.required}</span>}
      </label>
      <Control {...props} id={id} />
      {problem !== undefined && <p class="field-problem">{problem}</p>}
      <p class="hint" id={`${id}-hint`}>
        {isFresh ? (
          t.send.fresh
        ) : field.isTime && typeof value === 'number' ? (
          fullTime(value)
        ) : (
          <span lang="en">{field.description}</span>
        )}
      </p>
    </div>
  );
};

const Control = ({
  id,
  field,
  value,
  isFresh,
  text: typed,
  problem,
  onChange,
  onText,
}: FieldInputProps & { readonly id: string }) => {
  const given = { id, class: 'field', 'aria-describedby': `${id}-hint` };
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
  if (field.kind === 'choice' || field.kind === 'boolean')
    return (
      <select
        {...given}
        value={text}
        onChange={({ currentTarget }) =>
          onChange(
            currentTarget.value === ''
              ? undefined
              : field.kind === 'boolean'
                ? currentTarget.value === 'true'
                : currentTarget.value,
          )
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
  if (field.kind === 'json') {
    const json = typed ?? (value === undefined ? '' : JSON.stringify(value, null, 2));
    return (
      <textarea
        {...given}
        class="field json"
        aria-invalid={problem !== undefined}
        spellcheck={false}
        rows={Math.min(10, json.split('\n').length + 1)}
        value={json}
        onInput={({ currentTarget }) => onText(currentTarget.value)}
      />
    );
  }
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

/**
 * What cannot be read as a number is sent as it is typed: trying wrong values is what a test bench
 * is for.
 */
const readText = (text: string, { kind }: FormField): JsonValue | undefined =>
  text === '' ? undefined : kind === 'number' && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
