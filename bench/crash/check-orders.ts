import { Connection } from '../load/connection.ts';
import { createProbe, lostStatus, readOrderAnswer } from './crash-merchant.ts';
import type { CrashTally } from './crash-tally.ts';
import type { Dice } from './dice.ts';
import { lastAnswered, type OrderBook, type SentOrder } from './order-book.ts';
import { sendAgain, sendFirst } from './send-orders.ts';

const checkers = 8;
const olderOrders = 30;

/**
 * After a restart: every order reported since the last check, and some older ones, must be held as
 * answered; then what was killed before its answer is retried, as a merchant would, and answered
 * messages are repeated.
 */
export const checkOrders = async (
  port: number,
  book: OrderBook,
  dice: Dice,
  tally: CrashTally,
): Promise<void> => {
  const older = Array.from({ length: olderOrders }, () => dice.pick(book.orders)).filter(
    (order) => order !== undefined,
  );
  const queue = [...new Set([...book.touched, ...older])];
  const check = async (): Promise<void> => {
    const connection = await Connection.open(port);
    for (let order = queue.pop(); order !== undefined; order = queue.pop()) {
      if (await isHeld(connection, order, tally)) await sendMessages(connection, order, tally);
      else book.forget(order);
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: checkers }, check));
  book.touched.clear();
};

/**
 * Asks for the last change that was answered. Without one nothing is promised, and the question
 * would create the order.
 */
const isHeld = async (
  connection: Connection,
  order: SentOrder,
  tally: CrashTally,
): Promise<boolean> => {
  const known = lastAnswered(order);
  if (known === undefined) return true;
  tally.probed++;
  const { code, orderStatus } = readOrderAnswer(await connection.send(createProbe(order)));
  const possible = order.messages
    .slice(order.messages.indexOf(known))
    .map(({ status }): string => status);
  if (code === 'SUCCESS' && possible.includes(orderStatus)) return true;
  const held = orderStatus === lostStatus ? 'nothing' : `${code} ${orderStatus}`;
  tally.find(
    'lost',
    `${order.number} was answered ${known.status} (its ${known.answeredCopy} copy), ` +
      `but after the restart there is ${held}`,
  );
  return false;
};

/** Answered ones once more, the others as a merchant would retry them. */
const sendMessages = async (
  connection: Connection,
  order: SentOrder,
  tally: CrashTally,
): Promise<void> => {
  for (const message of order.messages) {
    if (message.answer !== undefined) await sendAgain(connection, order, message, tally);
    else {
      tally.retried++;
      await sendFirst(connection, order, message, tally);
    }
  }
};
