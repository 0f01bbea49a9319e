import { Connection } from '../load/connection.ts';
import { createUpdate, newOrder, readOrderAnswer } from './crash-merchant.ts';
import type { CrashTally } from './crash-tally.ts';
import type { Dice } from './dice.ts';
import {
  isAnswered,
  type OrderAnswer,
  type OrderBook,
  type SentMessage,
  type SentOrder,
} from './order-book.ts';

const senders = 8;

/** Sends new orders, updates, repeats and twins until the server is gone, noting every answer. */
export const sendOrders = async (
  port: number,
  book: OrderBook,
  dice: Dice,
  tally: CrashTally,
  label: string,
): Promise<void> => {
  await Promise.all(
    Array.from({ length: senders }, async (_, sender) => {
      const connections = await Promise.all([Connection.open(port), Connection.open(port)]).catch(
        () => undefined,
      );
      if (connections === undefined) return;
      try {
        await sendUntilKilled(connections, book, dice, tally, `${label}-${sender}`);
      } catch {
        // The server was killed, as it was meant to be; what had no answer yet is known by that.
      } finally {
        for (const connection of connections) connection.close();
      }
    }),
  );
};

const sendUntilKilled = async (
  [first, second]: readonly [Connection, Connection],
  book: OrderBook,
  dice: Dice,
  tally: CrashTally,
  label: string,
): Promise<never> => {
  const own: SentOrder[] = [];
  for (let index = 0; ; index++) {
    const roll = dice.throw();
    const older = dice.pick(own);
    if (
      roll < 0.25 &&
      older !== undefined &&
      isAnswered(older) &&
      older.messages.at(-1)?.status === 'TICKETED'
    ) {
      const update = createUpdate(older, roll < 0.1 ? 'USED' : 'TICKETED');
      older.messages.push(update);
      book.touched.add(older);
      await sendFirst(first, older, update, tally);
    } else if (roll < 0.4 && older !== undefined) {
      const message = dice.pick(older.messages);
      if (message?.answer !== undefined) await sendAgain(first, older, message, tally);
    } else {
      const order = newOrder(`${label}-${index}`);
      own.push(order);
      book.orders.push(order);
      book.touched.add(order);
      const [message] = order.messages;
      if (message === undefined) continue;
      // Twins: the same bytes on two connections at once. The second one is the repeat.
      if (roll > 0.9)
        await Promise.all([
          sendFirst(first, order, message, tally),
          sendAgain(second, order, message, tally),
        ]);
      else await sendFirst(first, order, message, tally);
    }
  }
};

/** Sends a message that has no answer yet, and notes it. */
export const sendFirst = async (
  connection: Connection,
  order: SentOrder,
  message: SentMessage,
  tally: CrashTally,
): Promise<void> => {
  const answer = readOrderAnswer(await connection.send(message.bytes));
  if (answer.code !== 'SUCCESS')
    tally.find('wrong', `${order.number} ${message.status} was answered ${answer.code}`);
  note(message, answer, 'first');
  tally.answered++;
};

/** Sends the same bytes again: the answer must be the first one. */
export const sendAgain = async (
  connection: Connection,
  order: SentOrder,
  message: SentMessage,
  tally: CrashTally,
): Promise<void> => {
  const answer = readOrderAnswer(await connection.send(message.bytes));
  const known = note(message, answer, 'repeat');
  tally.repeated++;
  if (answer.code !== known.code || answer.orderStatus !== known.orderStatus) {
    const first = `${known.code} ${known.orderStatus}`;
    tally.find(
      'wrong',
      `${order.number} ${message.status} was answered ${first} first, ` +
        `${answer.code} ${answer.orderStatus} when repeated`,
    );
  }
};

/** @returns the answer that counts: the one that came first. */
const note = (message: SentMessage, answer: OrderAnswer, copy: 'first' | 'repeat'): OrderAnswer => {
  message.answeredCopy ??= copy;
  message.answer ??= answer;
  return message.answer;
};
