import type { Finding } from '../domain/contract/contract.ts';
import type { Endpoint } from '../domain/operations/endpoint.ts';
import type { Change, RecordAddress } from '../domain/state/state.ts';
import type { Settling } from '../protocol/settling.ts';
import { listAll, type Store } from '../storage/store.ts';

/**
 * Which order numbers are known with the account of a sub-merchant. An order that comes without one
 * is then another order (register O-03), which is worth a finding. An index only: whether an order
 * is held is read with the decision. The first look lists a client's orders once.
 */
export class OrderAccounts {
  readonly #indexes = new WeakMap<Store, Map<string, Index>>();

  /** An order of this number with an account, if this identity has none. */
  find(
    store: Store,
    clientId: string,
    { collection }: Endpoint,
    identity: string,
  ): Settling<readonly RecordAddress[]> {
    if (collection !== 'orders' || hasAccount(identity)) return noAddresses;
    const index = this.#indexes.get(store)?.get(clientId) ?? this.#createIndex(store, clientId);
    const lookUp = (): readonly RecordAddress[] => {
      const id = index.orders.get(readOrderNumber(identity));
      return id === undefined ? noAddresses : [{ collection, id }];
    };
    if (index.loading !== undefined) return index.loading.then(lookUp);
    // Until the first order with an account there is nothing to look up.
    return index.orders.size === 0 ? noAddresses : lookUp();
  }

  /** Adds orders that were committed. */
  add(store: Store, clientId: string, changes: readonly Change[]): void {
    const index = this.#indexes.get(store)?.get(clientId);
    if (index === undefined) return;
    for (const { collection, id, value } of changes)
      if (collection === 'orders' && value !== null) addTo(index, id);
  }

  #createIndex(store: Store, clientId: string): Index {
    const indexes = this.#indexes.get(store) ?? new Map<string, Index>();
    this.#indexes.set(store, indexes);
    const index: Index = { orders: new Map(), loading: undefined };
    indexes.set(clientId, index);
    // A store that others share may hold millions: then only what this process saw is known.
    if (store.health !== undefined) return index;
    const load = async (): Promise<void> => {
      for await (const id of listAll((page) => store.listIds(clientId, 'orders', page)))
        addTo(index, id);
      index.loading = undefined;
    };
    index.loading = load();
    return index;
  }
}

interface Index {
  /** Ids of orders with an account by their number. */
  readonly orders: Map<string, string>;
  loading: Promise<void> | undefined;
}

const addTo = ({ orders }: Index, id: string): void => {
  if (hasAccount(id)) orders.set(readOrderNumber(id), id);
};

/** An identity is the JSON of the number, or of number and account. */
const hasAccount = (identity: string): boolean => identity.includes('","');

const readOrderNumber = (identity: string): string => String(JSON.parse(identity)[0]);

/** Of all stores of this process. */
export const orderAccounts = new OrderAccounts();

const noAddresses: readonly RecordAddress[] = [];

export const orderElsewhere: Finding = {
  id: 'ORDER_ACCOUNT_MISSING',
  sentence:
    'merchantBizNo: an order of this number is known with a merchantAccountId; without one this is another order',
  register: 'O-03',
};
