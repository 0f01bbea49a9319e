import { useMemo, useState } from 'preact/hooks';
import type { OperationReading } from '../contract/contract-reading.ts';
import { useContract } from '../contract/use-contract.ts';
import { useWords } from '../words/use-words.ts';
import { FieldInput } from './field-input.tsx';
import { type FormField, fieldsOf } from './form-fields.ts';
import { isObject, type JsonObject, withField } from './json-value.ts';

export interface RequestEditorProps {
  readonly operation: OperationReading;
  /** The example it began with. */
  readonly base: JsonObject;
  readonly value: JsonObject;
  onChange(value: JsonObject): void;
}

/** The request's fields as the contract lists them, or the JSON itself. */
export const RequestEditor = ({ operation, base, value, onChange }: RequestEditorProps) => {
  const t = useWords();
  const contract = useContract();
  const [isJson, setJson] = useState(false);
  const fields = useMemo(
    () => (contract === undefined ? [] : fieldsOf(operation.schema, value, contract.resolve)),
    [contract, operation, value],
  );
  const main = fields.filter(({ name, isRequired }) => isRequired || name in base);
  const others = fields.filter((field) => !main.includes(field));
  const input = (field: FormField) => (
    <FieldInput
      key={field.name}
      field={field}
      value={value[field.name]}
      isFresh={isFresh(field, base, value)}
      onChange={(next) => onChange(withField(value, field.name, next))}
    />
  );
  return (
    <div class="request-editor">
      <fieldset class="segments text">
        <legend class="hidden">{t.send.form}</legend>
        <button type="button" aria-pressed={!isJson} onClick={() => setJson(false)}>
          {t.send.fields}
        </button>
        <button type="button" aria-pressed={isJson} onClick={() => setJson(true)}>
          JSON
        </button>
      </fieldset>
      {isJson ? (
        <JsonText value={value} onChange={onChange} />
      ) : (
        <>
          <div class="form-grid">{main.map(input)}</div>
          {others.length > 0 && (
            <details class="more-fields">
              <summary>{t.send.moreFields(others.length)}</summary>
              <div class="form-grid">{others.map(input)}</div>
            </details>
          )}
        </>
      )}
    </div>
  );
};

/** Left as in the example, the id and the times are made new with every send, so that nothing is a duplicate or stale by accident. */
const isFresh = ({ name, isTime }: FormField, base: JsonObject, value: JsonObject): boolean =>
  (name === 'requestId' || (isTime && /^(orderModifyTime|requestTime|bizTime)$/.test(name))) && value[name] === base[name];

const JsonText = ({ value, onChange }: { readonly value: JsonObject; onChange(value: JsonObject): void }) => {
  const t = useWords();
  const [text, setText] = useState(() => JSON.stringify(value, null, 2));
  const [error, setError] = useState<string | undefined>();
  const edit = (next: string): void => {
    setText(next);
    try {
      const parsed: unknown = JSON.parse(next);
      if (!isObject(parsed)) throw new Error(t.send.mustBeObject);
      setError(undefined);
      onChange(parsed);
    } catch (problem) {
      setError(problem instanceof Error ? problem.message : String(problem));
    }
  };
  return (
    <>
      <textarea
        class="field json"
        aria-label="JSON"
        aria-invalid={error !== undefined}
        spellcheck={false}
        rows={20}
        value={text}
        onInput={({ currentTarget }) => edit(currentTarget.value)}
      />
      {error !== undefined && (
        <p class="notice bad" role="alert">
          {error}
        </p>
      )}
    </>
  );
};
