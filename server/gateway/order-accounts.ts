import type { Finding } from '../domain/contract/finding.ts';
import type { ClientState } from '../domain/state/state.ts';

type Orders = ClientState['orders'];

/**
 * Which order numbers are known with the account of a sub-merchant. An order that comes without one
 * is then another order (register O-03), which is worth a finding. The first look walks through a
 * client's orders once; from then on the set is kept up to date.
 */
export class OrderAccounts {
  readonly #numbers = new WeakMap<Orders, Set<string>>();

  /**
   * What is odd about an order of this identity. @param isKept whether it is among the client's
   * orders from now on
   */
  inspect(orders: Orders, identity: string, isKept: boolean): readonly Finding[] {
    const [number, account] = JSON.parse(identity) as readonly string[];
    if (number === undefined) return [];
    if (account === undefined) return this.#numbersOf(orders).has(number) ? [elsewhere] : [];
    if (isKept) this.#numbers.get(orders)?.add(number);
    return [];
  }

  #numbersOf(orders: Orders): Set<string> {
    const known = this.#numbers.get(orders);
    if (known !== undefined) return known;
    const withAccount = [...orders.keys()].filter((id) => id.includes('","'));
    const numbers = new Set(withAccount.map((id) => String(JSON.parse(id)[0])));
    this.#numbers.set(orders, numbers);
    return numbers;
  }
}

const elsewhere: Finding = {
  id: 'ORDER_ACCOUNT_MISSING',
  sentence:
    'merchantBizNo: an order of this number is known with a merchantAccountId; without one this is another order',
  register: 'O-03',
};
