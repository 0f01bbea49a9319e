/** The response about an order. */
export interface OrderAnswer {
  readonly code: string;
  readonly orderStatus: string;
}

/**
 * A message about an order, and the first answer it got; none when the process was killed before.
 */
export interface SentMessage {
  readonly status: 'TICKETED' | 'USED';
  /** Milliseconds since 1970; later messages of an order have later times. */
  readonly time: number;
  readonly bytes: Buffer;
  answer?: OrderAnswer;
  /** Of two copies sent at once, the one that the answer above came to. */
  answeredCopy?: 'first' | 'repeat';
}

export interface SentOrder {
  readonly number: string;
  readonly createTime: number;
  readonly messages: SentMessage[];
}

/** What the merchant knows: every order sent to one data folder. */
export class OrderBook {
  orders: SentOrder[] = [];
  /** Orders that were reported since the last check. */
  readonly touched = new Set<SentOrder>();

  /** Of an order that was found lost nothing more can be said. */
  forget(order: SentOrder): void {
    this.orders = this.orders.filter((one) => one !== order);
  }
}

export const isAnswered = ({ messages }: SentOrder): boolean =>
  messages.every(({ answer }) => answer !== undefined);

/** The last message with a successful response. */
export const lastAnswered = ({ messages }: SentOrder): SentMessage | undefined =>
  messages.findLast(({ answer }) => answer?.code === 'SUCCESS');
