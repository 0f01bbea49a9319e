import { compareContents } from '../messages/message-content.ts';
import { type MessageContext, reportHit } from './rule-context.ts';

/** The rules L-ID-01 to L-ID-03. */
export const checkIds = (context: MessageContext): void => {
  const { message } = context;
  const { requestId, operation, earlierOperation } = message;
  if (requestId === undefined) return;
  checkBusinessNumber(context, requestId);
  if (message.count > 1) return;
  if (earlierOperation !== undefined)
    reportHit(
      context,
      'L-ID-01',
      `requestId ${requestId} was used for ${earlierOperation} and for ${operation}`,
    );
  checkCounting(context, requestId);
};

const checkBusinessNumber = (context: MessageContext, requestId: string): void => {
  const { message, attempt } = context;
  if (!message.identity.includes(JSON.stringify(requestId))) return;
  const isChanged =
    attempt.content !== undefined &&
    compareContents(message.content, attempt.content).kind === 'values';
  if (message.count > 1 && !isChanged) return;
  reportHit(
    context,
    'L-ID-02',
    isChanged
      ? `requestId ${requestId} is the business number, and names two messages now`
      : `requestId ${requestId} is the business number: the next message about it needs another one`,
    { severity: isChanged ? 'error' : 'note', attempts: isChanged ? [message.first] : [] },
  );
};

const risingIds = 20;
const smallStep = 1000n;

const checkCounting = (context: MessageContext, requestId: string): void => {
  const { client } = context;
  if (!/^\d{1,40}$/.test(requestId)) {
    client.rising = undefined;
    return;
  }
  const id = BigInt(requestId);
  const step = client.rising === undefined ? 0n : id - client.rising.last;
  const count = step > 0n && step < smallStep ? (client.rising?.count ?? 1) + 1 : 1;
  client.rising = { last: id, count };
  if (count !== risingIds) return;
  reportHit(
    context,
    'L-ID-03',
    `${risingIds} requestIds in a row are numbers that rise by less than ${smallStep}, the last ${requestId}`,
  );
};
