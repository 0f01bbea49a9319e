/** A row of a result code table. */
export interface CodeMeaning {
  readonly code: string;
  readonly status: 'S' | 'F' | 'U';
  readonly message: string;
  readonly meaning: string;
  readonly retry: string | undefined;
}

export type Schema = Readonly<Record<string, unknown>>;

export interface OperationView {
  readonly id: string;
  readonly summary: string;
  readonly path: string;
  readonly results: readonly CodeMeaning[];
  readonly schema: Schema;
  readonly examples: readonly {
    readonly name: string;
    readonly summary: string;
    readonly value: Schema;
  }[];
}

export interface OrderStatus {
  readonly name: string;
  readonly meaning: string;
  readonly isEnd: boolean;
  readonly next: readonly string[];
}

/** The parts of the contract that the page uses. */
export interface ContractView {
  readonly operations: readonly OperationView[];
  /** The meaning of a code for the operation, else for the gateway. */
  resultRow(operation: string | undefined, code: string): CodeMeaning | undefined;
  /** Follows the `$ref` of a schema. */
  resolve(schema: unknown): Schema;
  /** The statuses of a business type. */
  statuses(businessType: string): readonly OrderStatus[];
}

export const asSchema = (value: unknown): Schema =>
  typeof value === 'object' && value !== null ? (value as Schema) : {};
const readSchemas = (value: unknown): readonly Schema[] =>
  Array.isArray(value) ? value.map(asSchema) : [];
const readText = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');
const readPath = (value: unknown, ...names: readonly string[]): Schema =>
  names.reduce((inner, name) => asSchema(inner[name]), asSchema(value));

export const parseContract = (document: unknown): ContractView => {
  const resolve = (value: unknown): Schema => {
    const schema = asSchema(value);
    const ref = readText(schema['$ref']);
    return ref === '' ? schema : resolve(readPath(document, ...ref.replace(/^#\//, '').split('/')));
  };
  const operations = Object.entries(readPath(document, 'paths')).flatMap(([path, item]) =>
    parseOperation(path, readPath(item, 'post'), resolve),
  );
  const gateway = readSchemas(asSchema(document)['x-gateway-codes']).map(parseResultRow);
  return {
    operations,
    resolve,
    resultRow: (id, code) =>
      operations
        .find((operation) => operation.id === id)
        ?.results.find((row) => row.code === code) ?? gateway.find((row) => row.code === code),
    statuses: (type) =>
      Object.entries(
        readPath(document, 'components', 'schemas', `Order_${type}`, 'x-statuses'),
      ).map(([name, value]) => parseStatus(name, asSchema(value))),
  };
};

const parseOperation = (
  path: string,
  post: Schema,
  resolve: (value: unknown) => Schema,
): readonly OperationView[] => {
  const id = readText(post['operationId']);
  if (id === '') return [];
  const content = readPath(post, 'requestBody', 'content', 'application/json');
  const examples = Object.entries(asSchema(content['examples'])).map(([name, example]) => ({
    name,
    summary: readText(asSchema(example)['summary']),
    value: readPath(example, 'value'),
  }));
  return [
    {
      id,
      summary: readText(post['summary']),
      path,
      results: readSchemas(post['x-result-codes']).map(parseResultRow),
      schema: resolve(content['schema']),
      examples,
    },
  ];
};

const parseResultRow = (row: Schema): CodeMeaning => ({
  code: readText(row['code']),
  status: row['status'] === 'S' ? 'S' : row['status'] === 'U' ? 'U' : 'F',
  message: readText(row['message']),
  meaning: readText(row['meaning']),
  retry: readText(row['retry']) || undefined,
});

const parseStatus = (name: string, status: Schema): OrderStatus => ({
  name,
  meaning: readText(status['meaning']),
  isEnd: status['end'] === true,
  next: Array.isArray(status['next']) ? status['next'].map(String) : [],
});
