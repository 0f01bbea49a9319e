import { useId, useMemo, useState } from 'preact/hooks';
import { useContract } from '../../api/admin.ts';
import { asSchema, type OperationView, type Schema } from '../../api/contract.ts';
import { formatDateTime } from '../../components/format.ts';
import { type Messages, Reason, ServerText, useMessages } from '../../i18n/messages.tsx';

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

/** One field of a request in a form. */
interface FormField {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'boolean' | 'choice' | 'json';
  readonly choices: readonly string[];
  readonly isRequired: boolean;
  /** Milliseconds since 1970. */
  readonly isTime: boolean;
  readonly description: string;
  readonly maxLength: number | undefined;
}

type Resolve = (schema: unknown) => Schema;

/**
 * The fields of the schema for a request with these values; some fields depend on the business
 * type.
 */
export const listFormFields = (
  schema: Schema,
  value: RequestObject,
  resolve: Resolve,
): readonly FormField[] => {
  const parts = collectSchemas(schema, value, resolve);
  const required = new Set(parts.flatMap((part) => readStrings(part['required'])));
  const properties = new Map<string, Schema>();
  for (const part of parts)
    for (const [name, property] of Object.entries(asSchema(part['properties'])))
      if (!properties.has(name)) properties.set(name, resolve(property));
  return [...properties].map(([name, property]) => toFormField(name, property, required.has(name)));
};

/**
 * The schema, and the parts of `allOf` whose `if` matches; the contract uses constants only. For a
 * discriminated `oneOf`: the selected variant, or the part that all variants share.
 */
const collectSchemas = (
  schema: Schema,
  value: RequestObject,
  resolve: Resolve,
): readonly Schema[] => {
  const { propertyName, mapping } = asSchema(schema['discriminator']);
  if (typeof propertyName === 'string') {
    const refs = asSchema(mapping);
    const selected = String(value[propertyName]);
    if (Object.hasOwn(refs, selected))
      return collectSchemas(resolve({ $ref: refs[selected] }), value, resolve);
    const [first] = Object.values(refs);
    const shared = asSchema(resolve({ $ref: first }))['allOf'];
    return Array.isArray(shared) ? collectSchemas(resolve(shared[0]), value, resolve) : [];
  }
  const inner = Array.isArray(schema['allOf']) ? schema['allOf'].map(resolve) : [];
  return [
    schema,
    ...inner.flatMap((part) =>
      'if' in part
        ? matchesCondition(resolve(part['if']), value)
          ? collectSchemas(resolve(part['then']), value, resolve)
          : []
        : collectSchemas(part, value, resolve),
    ),
  ];
};

const matchesCondition = (condition: Schema, value: RequestObject): boolean =>
  Object.entries(asSchema(condition['properties'])).every(([name, property]) => {
    const wanted = asSchema(property);
    return 'const' in wanted
      ? value[name] === wanted['const']
      : Array.isArray(wanted['enum'])
        ? wanted['enum'].includes(value[name])
        : true;
  });

const readStrings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map(String) : [];

const toFormField = (name: string, schema: Schema, isRequired: boolean): FormField => {
  const choices = readStrings(schema['enum']);
  return {
    name,
    kind: choices.length > 0 ? 'choice' : chooseInputKind(schema['type']),
    choices,
    isRequired,
    isTime: schema['x-unit'] === 'milliseconds',
    description: stripMarkdown(schema['description']),
    maxLength: typeof schema['maxLength'] === 'number' ? schema['maxLength'] : undefined,
  };
};

/** Converts a Markdown description to one line of text. */
const stripMarkdown = (text: unknown): string =>
  typeof text === 'string'
    ? text.replace(/^- /gm, '').replaceAll('`', '').replace(/\s+/g, ' ').trim()
    : '';

const inputKinds: Readonly<Record<string, FormField['kind']>> = {
  string: 'text',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
};

const chooseInputKind = (type: unknown): FormField['kind'] => {
  const [only, ...more] = (Array.isArray(type) ? type : [type]).filter((one) => one !== 'null');
  return more.length > 0 ? 'json' : (inputKinds[String(only)] ?? 'json');
};

/** A request that is being edited. */
export interface RequestDraft {
  /** The last valid value. */
  readonly body: RequestObject;
  /** Whether it is edited as JSON. */
  readonly isJson: boolean;
  /** Typed JSON text by field; the whole request has the key `wholeRequest`. */
  readonly texts: Readonly<Record<string, string>>;
}

export const wholeRequest = '';

const parseWhole = (text: string): TypedJson => parseTypedJson(text, { wantsObject: true });

/** Parses the JSON of one field; an empty text omits the field. */
const parseField = (text: string): TypedJson | undefined =>
  text.trim() === '' ? undefined : parseTypedJson(text);

export interface BrokenText {
  readonly field: string;
  readonly problem: TypedJson & { readonly ok: false };
}

/** Texts that are not valid JSON. The request is not sent while there are any. */
export const brokenTexts = ({ isJson, texts }: RequestDraft): readonly BrokenText[] =>
  Object.entries(texts).flatMap(([field, text]) => {
    if (isJson !== (field === wholeRequest)) return [];
    const read = field === wholeRequest ? parseWhole(text) : parseField(text);
    return read === undefined || read.ok ? [] : [{ field, problem: read }];
  });

export const describeProblem = ({ problem }: BrokenText, { send }: Messages): string =>
  problem.problem === 'no-object'
    ? send.mustBeObject
    : send.brokenJson(problem.line, problem.column);

type RequestValue = string | number | boolean | null | readonly RequestValue[] | RequestObject;
export interface RequestObject {
  readonly [name: string]: RequestValue;
}

export const isRequestObject = (value: unknown): value is RequestObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fields that turn an example into the value; null deletes a field. */
export const diffFields = (base: RequestObject, value: RequestObject): RequestObject => ({
  ...Object.fromEntries(Object.keys(base).flatMap((name) => (name in value ? [] : [[name, null]]))),
  ...Object.fromEntries(
    Object.entries(value).filter(
      ([name, field]) => JSON.stringify(field) !== JSON.stringify(base[name]),
    ),
  ),
});

/** A copy with one field set, or deleted if the value is undefined. */
const assignField = (
  object: RequestObject,
  name: string,
  value: RequestValue | undefined,
): RequestObject =>
  value === undefined
    ? Object.fromEntries(Object.entries(object).filter(([other]) => other !== name))
    : { ...object, [name]: value };

/** Parsed JSON, or the location of the syntax error. */
export type TypedJson =
  | { readonly ok: true; readonly value: RequestValue }
  | {
      readonly ok: false;
      readonly problem: 'syntax';
      readonly line: number;
      readonly column: number;
    }
  | { readonly ok: false; readonly problem: 'no-object' };

/**
 * Parses JSON text. Error messages differ between browsers; only the location is read from them.
 */
export const parseTypedJson = (
  text: string,
  { wantsObject = false }: { readonly wantsObject?: boolean } = {},
): TypedJson => {
  try {
    const value = JSON.parse(text) as RequestValue;
    return wantsObject && !isRequestObject(value)
      ? { ok: false, problem: 'no-object' }
      : { ok: true, value };
  } catch (error) {
    return {
      ok: false,
      problem: 'syntax',
      ...locateError(text, error instanceof Error ? error.message : ''),
    };
  }
};

const locateError = (
  text: string,
  message: string,
): { readonly line: number; readonly column: number } => {
  const named = /line (\d+) column (\d+)/.exec(message);
  if (named !== null) return { line: Number(named[1]), column: Number(named[2]) };
  const position = /position (\d+)/.exec(message)?.[1];
  const before = text.slice(0, position === undefined ? text.length : Number(position)).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
};
