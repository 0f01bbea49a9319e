import type { components } from '../../admin/types.gen.ts';
import { type OutboundCallId, outboundCallIds } from '../../domain/outbound/outbound-calls.ts';
import type { OutboundFaultId } from '../../domain/outbound/outbound-faults.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { printable } from '../../problems/display-text.ts';
import type { SignatureAlgorithm } from '../../protocol/signatures.ts';
import { writeTimestamp } from '../../protocol/timestamps.ts';
import { type AdminOptions, connectAdmin } from '../admin.ts';
import { exitCodes, formatJson, translateOutput, usageError } from '../input-output.ts';
import type { ReportFileOptions } from '../reports.ts';

/** What `notify` and `query` have in common. */
export interface OutboundMessageOptions extends AdminOptions, ReportFileOptions {
  /** The merchant's address; absent: a running simulator sends to its configured one. */
  readonly to?: string;
  readonly client: string;
  readonly set: readonly string[];
  readonly fault?: OutboundFaultId;
  readonly encrypt?: boolean;
  readonly algorithm?: SignatureAlgorithm;
  readonly keyVersion?: number;
  /** Milliseconds. */
  readonly after?: number;
  readonly unchecked?: boolean;
  readonly json?: boolean;
}

type ListedMessage = components['schemas']['OutboundMessage'];

export interface ListMessagesOptions extends AdminOptions {
  readonly client?: string;
  readonly state?: ListedMessage['state'];
  readonly limit: number;
  readonly json?: boolean;
}

/** Prints messages with their last attempt. */
export const listMessages = async (
  options: ListMessagesOptions,
  settings: Settings,
): Promise<number> => {
  const { client, state, limit } = options;
  const query = { clientId: client, state, limit };
  const { messages, total } = await connectAdmin(options, settings).get('/outbound', { query });
  if (options.json === true) process.stdout.write(formatJson(messages));
  else if (messages.length === 0) process.stdout.write(`${translateOutput('no messages')}\n`);
  else {
    process.stdout.write(`${messages.map(describeMessage).join('\n')}\n`);
    if (total > messages.length)
      process.stdout.write(`${translateOutput(`${total - messages.length} more`)}\n`);
  }
  return exitCodes.ok;
};

/** A message in a line, with a line for its last attempt. */
export const describeMessage = (message: ListedMessage): string => {
  const { id, call, clientId, state, attempts, nextAttemptAt, target } = message;
  const last = attempts.at(-1);
  const next =
    nextAttemptAt === undefined
      ? ''
      : `, ${translateOutput('next')} ${writeTimestamp(nextAttemptAt)}`;
  const sends = translateOutput(attempts.length === 1 ? '1 send' : `${attempts.length} sends`);
  return [
    `${id}  ${call}  ${clientId}  ${state}, ${sends}${next}`,
    `  ${translateOutput('to')} ${target ?? `(${translateOutput('no address is configured')})`}`,
    ...(last === undefined
      ? []
      : [
          `  ${last.acknowledged ? '✓' : '✗'} ${last.code} (${last.status}): ${translateOutput(last.reason)}`,
        ]),
  ].join('\n');
};

/** Prints the calls that can be sent. */
export const listCalls = async (
  options: ListMessagesOptions,
  settings: Settings,
): Promise<number> => {
  const query = { clientId: options.client };
  const found = await connectAdmin(options, settings).get('/outbound/calls', { query });
  const width = Math.max(...outboundCallIds.map((id: OutboundCallId) => id.length));
  const lines = found.calls.map(
    ({ id, register, kind, basis, isComplete, target }) =>
      `${id.padEnd(width)}  ${register}  ${kind}, ${basis}${isComplete ? '' : ', an open template'}` +
      `${target === undefined ? '' : `\n${' '.repeat(width)}  ${target}`}`,
  );
  process.stdout.write(options.json === true ? formatJson(found) : `${lines.join('\n')}\n`);
  return exitCodes.ok;
};

/** Cancels a message, or sends it now. */
export const changeMessage = async (
  what: 'cancel' | 'send',
  id: string,
  options: ListMessagesOptions,
  settings: Settings,
): Promise<number> => {
  const admin = connectAdmin(options, settings);
  const { messages } = await admin.get('/outbound', { query: { limit: 5000 } });
  const found = messages.find((one) => one.id === id);
  if (found === undefined)
    throw usageError(id, 'is not a message', '"alipayhk-mock outbound list" lists them.');
  const path = { clientId: found.clientId, messageId: id };
  const message =
    what === 'cancel'
      ? await admin.delete('/clients/{clientId}/outbound/{messageId}', { path })
      : await admin.post('/clients/{clientId}/outbound/{messageId}/send', { path });
  process.stdout.write(
    options.json === true ? formatJson(message) : `${printable(describeMessage(message))}\n`,
  );
  const isDone = what === 'cancel' || message.attempts.at(-1)?.acknowledged === true;
  return isDone ? exitCodes.ok : exitCodes.failed;
};
