import { useMemo, useState } from 'preact/hooks';
import type { OperationReading } from '../contract/contract-reading.ts';
import { useContract } from '../contract/use-contract.ts';
import { useWords } from '../words/use-words.ts';
import { FieldInput } from './field-input.tsx';
import { type FormField, fieldsOf } from './form-fields.ts';
import { type JsonObject, withField } from './json-value.ts';
import {
  brokenTexts,
  describeProblem,
  type RequestDraft,
  readField,
  readWhole,
  wholeRequest,
} from './request-draft.ts';

export interface RequestEditorProps {
  readonly operation: OperationReading;
  /** The example it began with. */
  readonly base: JsonObject;
  readonly draft: RequestDraft;
  onChange(draft: RequestDraft): void;
}

/** The request's fields as the contract lists them, or the JSON itself. */
export const RequestEditor = ({ operation, base, draft, onChange }: RequestEditorProps) => {
  const t = useWords();
  const contract = useContract();
  const { body, isJson, texts } = draft;
  const broken = brokenTexts(draft);
  const [isHeld, setHeld] = useState(false);
  const fields = useMemo(
    () => (contract === undefined ? [] : fieldsOf(operation.schema, body, contract.resolve)),
    [contract, operation, body],
  );
  const main = fields.filter(({ name, isRequired }) => isRequired || name in base);
  const others = fields.filter((field) => !main.includes(field));
  // The other form shows whole values only: what is broken would be lost.
  const show = (asJson: boolean): void => {
    setHeld(broken.length > 0);
    if (broken.length === 0 && asJson !== isJson)
      onChange({
        body,
        isJson: asJson,
        texts: asJson ? { [wholeRequest]: JSON.stringify(body, null, 2) } : {},
      });
  };
  const editField = (field: string, text: string): void => {
    const read = readField(text);
    const next = read?.ok === false ? body : withField(body, field, read?.value);
    onChange({ body: next, isJson, texts: { ...texts, [field]: text } });
  };
  const editWhole = (text: string): void => {
    const read = readWhole(text);
    // Only an object is read as a whole request.
    onChange({
      body: read.ok ? (read.value as JsonObject) : body,
      isJson,
      texts: { [wholeRequest]: text },
    });
  };
  const input = (field: FormField) => {
    const problem = broken.find((one) => one.field === field.name);
    return (
      <FieldInput
        key={field.name}
        field={field}
        value={body[field.name]}
        text={texts[field.name]}
        problem={problem === undefined ? undefined : describeProblem(problem, t)}
        isFresh={isFresh(field, base, body)}
        onChange={(next) => onChange({ body: withField(body, field.name, next), isJson, texts })}
        onText={(text) => editField(field.name, text)}
      />
    );
  };
  const whole = broken.find(({ field }) => field === wholeRequest);
  return (
    <div class="request-editor">
      <fieldset class="segments text">
        <legend class="hidden">{t.send.form}</legend>
        <button type="button" aria-pressed={!isJson} onClick={() => show(false)}>
          {t.send.fields}
        </button>
        <button type="button" aria-pressed={isJson} onClick={() => show(true)}>
          JSON
        </button>
      </fieldset>
      {isHeld && broken.length > 0 && (
        <p class="notice bad" role="alert">
          {t.send.correctFirst}
        </p>
      )}
      {isJson ? (
        <>
          <textarea
            class="field json"
            aria-label="JSON"
            aria-invalid={whole !== undefined}
            aria-describedby="json-problem"
            spellcheck={false}
            rows={20}
            value={texts[wholeRequest] ?? JSON.stringify(body, null, 2)}
            onInput={({ currentTarget }) => editWhole(currentTarget.value)}
          />
          <div id="json-problem" role="status">
            {whole !== undefined && <p class="notice bad">{describeProblem(whole, t)}</p>}
          </div>
        </>
      ) : (
        <>
          <div class="form-grid">{main.map(input)}</div>
          {others.length > 0 && (
            <details class="more-fields" open={others.some(({ name }) => name in texts)}>
              <summary>{t.send.moreFields(others.length)}</summary>
              <div class="form-grid">{others.map(input)}</div>
            </details>
          )}
        </>
      )}
    </div>
  );
};

/**
 * Left as in the example, the id and the times are made new with every send, so that nothing is a
 * duplicate or stale by accident.
 */
const isFresh = ({ name, isTime }: FormField, base: JsonObject, value: JsonObject): boolean =>
  (name === 'requestId' || (isTime && /^(orderModifyTime|requestTime|bizTime)$/.test(name))) &&
  value[name] === base[name];
