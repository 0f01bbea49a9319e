import type { components } from '../../server/admin/types.gen.ts';
import { identityText, namedBy } from '../api/identity-text.ts';

export type WorldOverview = components['schemas']['WorldOverview'];
export type StoredRecord = components['schemas']['StoredRecord'];
export type Entity = components['schemas']['Entity'];

/** In the order of how often someone looks for them. */
export const collections = ['orders', 'linkages', 'accounts', 'payments', 'cards'] as const;
export type Collection = (typeof collections)[number];

export interface RecordsPage {
  readonly records: readonly StoredRecord[];
  readonly total: number;
  readonly next?: string;
}

export const entityOf = ({ value }: StoredRecord): Entity | undefined =>
  typeof value === 'object' && 'fields' in value ? value : undefined;

export const fieldOf = (record: StoredRecord, name: string): string | undefined => {
  const value: unknown = Object.entries(entityOf(record)?.fields ?? {}).find(
    ([field]) => field === name,
  )?.[1];
  return value === undefined || value === null
    ? undefined
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
};

/** The name of a record of which only the id is known. */
export const nameOfId = (id: string): string => identityText(id);

export const nameOf = ({ identity, id }: StoredRecord): string =>
  identity === undefined ? id : namedBy(identity);

/** What tells records of a collection apart at a glance, beside their names. */
export const tellingFields: Readonly<Record<Collection, readonly string[]>> = {
  orders: ['orderStatus', 'merchantBizType'],
  linkages: ['operateType', 'bizType'],
  accounts: ['status', 'autoDebitStatus'],
  payments: ['paymentResult', 'amount', 'currencyCode'],
  cards: ['status', 'updateDetailType'],
};
