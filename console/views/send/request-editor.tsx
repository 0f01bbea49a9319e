import { useId, useMemo, useState } from 'preact/hooks';
import { type OperationView, useContract } from '../../api/contract.ts';
import { formatDateTime } from '../../components/format.ts';
import { Reason, ServerText } from '../../components/server-text.tsx';
import { useMessages } from '../../i18n/use-messages.ts';
import {
  assignField,
  brokenTexts,
  describeProblem,
  type FormField,
  listFormFields,
  parseField,
  parseWhole,
  type RequestDraft,
  type RequestObject,
  type RequestValue,
  wholeRequest,
} from './form-fields.ts';

export interface RequestEditorProps {
  readonly operation: OperationView;
  /** The example that the request is based on. */
  readonly base: RequestObject;
  readonly draft: RequestDraft;
  /** Why the last send was refused, by field. */
  readonly refused: ReadonlyMap<string, string>;
  onChange(draft: RequestDraft): void;
}

/** Edits a request as form fields or as JSON. */
export const RequestEditor = (props: RequestEditorProps) => {
  const { operation, base, draft, refused, onChange } = props;
  const t = useMessages();
  const contract = useContract();
  const { body, isJson, texts } = draft;
  const broken = brokenTexts(draft);
  const [isHeld, setHeld] = useState(false);
  const fields = useMemo(
    () => (contract === undefined ? [] : listFormFields(operation.schema, body, contract.resolve)),
    [contract, operation, body],
  );
  const main = fields.filter(({ name, isRequired }) => isRequired || name in base);
  const others = fields.filter((field) => !main.includes(field));
  // Text that is not valid JSON would be lost by switching, so switching is blocked.
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
    const read = parseField(text);
    const next = read?.ok === false ? body : assignField(body, field, read?.value);
    onChange({ body: next, isJson, texts: { ...texts, [field]: text } });
  };
  const editWhole = (text: string): void => {
    const read = parseWhole(text);
    // `parseWhole` accepts objects only.
    onChange({
      body: read.ok ? (read.value as RequestObject) : body,
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
        refusal={refused.get(field.name)}
        isFresh={isGeneratedField(field, base, body)}
        onChange={(next) => onChange({ body: assignField(body, field.name, next), isJson, texts })}
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
            <details
              class="more-fields"
              open={others.some(({ name }) => name in texts || refused.has(name))}
            >
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
 * The server generates request id and times that are unchanged from the example, so that a request
 * is not a duplicate or stale by accident.
 */
const isGeneratedField = (
  { name, isTime }: FormField,
  base: RequestObject,
  value: RequestObject,
): boolean =>
  (name === 'requestId' || (isTime && /^(orderModifyTime|requestTime|bizTime)$/.test(name))) &&
  value[name] === base[name];

export interface FieldInputProps {
  readonly field: FormField;
  readonly value: RequestValue | undefined;
  /** Generated by the server for every send. */
  readonly isFresh: boolean;
  /** JSON text while it is being typed. */
  readonly text: string | undefined;
  /** Why the typed JSON cannot be read. */
  readonly problem: string | undefined;
  /** Why the simulator refused the field. */
  readonly refusal: string | undefined;
  onChange(value: RequestValue | undefined): void;
  onText(text: string): void;
}

/** One form field: label, input and description. */
export const FieldInput = (props: FieldInputProps) => {
  const t = useMessages();
  const id = useId();
  const { field, value, isFresh, problem, refusal } = props;
  return (
    <div class={`form-field${field.kind === 'json' ? ' full' : ''}`}>
      <label for={id}>
        <span class="mono">{field.name}</span>
        {field.isRequired && <span class="required">{t.send.required}</span>}
      </label>
      <Control {...props} id={id} />
      {problem !== undefined && <p class="field-problem">{problem}</p>}
      {problem === undefined && refusal !== undefined && (
        <p class="field-problem">
          <Reason reason={refusal} />
        </p>
      )}
      <p class="hint" id={`${id}-hint`}>
        {isFresh ? (
          t.send.fresh
        ) : field.isTime && typeof value === 'number' ? (
          formatDateTime(value)
        ) : (
          <ServerText text={field.description} />
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
  refusal,
  onChange,
  onText,
}: FieldInputProps & { readonly id: string }) => {
  const given = {
    id,
    class: 'field',
    'aria-describedby': `${id}-hint`,
    'aria-invalid': problem !== undefined || refusal !== undefined,
  };
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
      onInput={({ currentTarget }) => onChange(parseInputText(currentTarget.value, field))}
    />
  );
};

/** Text that is not a number is sent as a string, so that invalid values can be tested. */
const parseInputText = (text: string, { kind }: FormField): RequestValue | undefined =>
  text === '' ? undefined : kind === 'number' && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
