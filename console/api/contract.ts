import { useEffect, useState } from 'preact/hooks';
import { fetchJson } from './admin-client.ts';
import { oncePerRun, useRecovery } from './simulator-run.ts';

/** A row of a result table. */
export interface ResultRow {
  readonly code: string;
  readonly status: 'S' | 'F' | 'U';
  readonly message: string;
  readonly meaning: string;
  readonly retry: string | undefined;
}

export type Schema = Readonly<Record<string, unknown>>;

export interface OperationReading {
  readonly id: string;
  readonly summary: string;
  readonly path: string;
  readonly results: readonly ResultRow[];
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

/** What the page needs of the contract. */
export interface ContractReading {
  readonly operations: readonly OperationReading[];
  /** The operation's own row of a code, or the gateway's. */
  resultRow(operation: string | undefined, code: string): ResultRow | undefined;
  /** A schema's `$ref` followed. */
  resolve(schema: unknown): Schema;
  /** The statuses of a business type. */
  statuses(businessType: string): readonly OrderStatus[];
}

export const asSchema = (value: unknown): Schema =>
  typeof value === 'object' && value !== null ? (value as Schema) : {};
const list = (value: unknown): readonly Schema[] =>
  Array.isArray(value) ? value.map(asSchema) : [];
const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');
const at = (value: unknown, ...names: readonly string[]): Schema =>
  names.reduce((inner, name) => asSchema(inner[name]), asSchema(value));

export const readContract = (document: unknown): ContractReading => {
  const resolve = (value: unknown): Schema => {
    const schema = asSchema(value);
    const ref = text(schema['$ref']);
    return ref === '' ? schema : resolve(at(document, ...ref.replace(/^#\//, '').split('/')));
  };
  const operations = Object.entries(at(document, 'paths')).flatMap(([path, item]) =>
    readOperation(path, at(item, 'post'), resolve),
  );
  const gateway = list(asSchema(document)['x-gateway-codes']).map(readRow);
  return {
    operations,
    resolve,
    resultRow: (id, code) =>
      operations
        .find((operation) => operation.id === id)
        ?.results.find((row) => row.code === code) ?? gateway.find((row) => row.code === code),
    statuses: (type) =>
      Object.entries(at(document, 'components', 'schemas', `Order_${type}`, 'x-statuses')).map(
        ([name, value]) => readStatus(name, asSchema(value)),
      ),
  };
};

const readOperation = (
  path: string,
  post: Schema,
  resolve: (value: unknown) => Schema,
): readonly OperationReading[] => {
  const id = text(post['operationId']);
  if (id === '') return [];
  const content = at(post, 'requestBody', 'content', 'application/json');
  const examples = Object.entries(asSchema(content['examples'])).map(([name, example]) => ({
    name,
    summary: text(asSchema(example)['summary']),
    value: at(example, 'value'),
  }));
  return [
    {
      id,
      summary: text(post['summary']),
      path,
      results: list(post['x-result-codes']).map(readRow),
      schema: resolve(content['schema']),
      examples,
    },
  ];
};

const readRow = (row: Schema): ResultRow => ({
  code: text(row['code']),
  status: row['status'] === 'S' ? 'S' : row['status'] === 'U' ? 'U' : 'F',
  message: text(row['message']),
  meaning: text(row['meaning']),
  retry: text(row['retry']) || undefined,
});

const readStatus = (name: string, status: Schema): OrderStatus => ({
  name,
  meaning: text(status['meaning']),
  isEnd: status['end'] === true,
  next: Array.isArray(status['next']) ? status['next'].map(String) : [],
});

/**
 * The contract as it is served, read once for the whole page; it does not change while the
 * simulator runs.
 */
const contractOnce: () => Promise<ContractReading> = oncePerRun(() =>
  fetchJson<unknown>('/contract').then(readContract),
);

export const useContract = (): ContractReading | undefined => {
  const [contract, show] = useState<ContractReading | undefined>();
  const [turn, setTurn] = useState(0);
  useRecovery(() => {
    if (contract === undefined) setTurn((last) => last + 1);
  });
  useEffect(() => {
    let isHere = true;
    contractOnce().then(
      (value) => isHere && show(value),
      // Without it the page says less; whoever needs it shows the error of its own question.
      () => undefined,
    );
    return () => {
      isHere = false;
    };
  }, [turn]);
  return contract;
};
