import type { ExchangeSummary } from '../../../server/admin/types.gen.ts';

/** An exchange as the list shows it, with what a test needs of it. */
export const exchangeRow = (
  number: number,
  changes: Partial<ExchangeSummary> = {},
): ExchangeSummary => ({
  number,
  id: `id${number}`,
  receivedAt: 0,
  direction: 'inbound',
  arrival: { order: number, atUs: 0 },
  connection: { ordinal: 1, position: 1, tls: false },
  delivery: { endedUs: 0, bytes: 1, complete: true, endedBy: 'keptAlive' },
  method: 'POST',
  target: '/x',
  step: 'decide',
  code: 'SUCCESS',
  status: 'S',
  reason: 'a new order',
  tags: [],
  findings: [],
  sealed: false,
  signed: true,
  httpStatus: 200,
  milliseconds: 1,
  requestBytes: 1,
  replyBytes: 1,
  changed: 1,
  ...changes,
});
