import type { Exchange } from './exchange.ts';
import type { Outcome } from './outcome.ts';
import type { Reply } from './reply/compose-reply.ts';

/**
 * Adds our own headers, which show a developer what happened, to a reply that was made for this
 * exchange; outside what is signed, and switched off by `wirePure`.
 */
export const addDiagnosticHeaders = (
  { headers }: Reply,
  exchange: Exchange,
  outcome: Outcome,
): void => {
  const finding = findingText(exchange, outcome);
  headers['x-mock-request-id'] = exchange.id;
  if (finding !== undefined) headers['x-mock-finding'] = plainText(finding);
};

const findingText = (
  { id, findings }: Exchange,
  { diagnosis, findings: decided }: Outcome,
): string | undefined => {
  const first = findings[0] ?? decided?.[0];
  const found = diagnosis?.result?.cause ?? (diagnosis === undefined ? first : undefined);
  // Two mistakes at once: a client that corrects only the first one is refused again.
  const also = diagnosis?.result?.alsoCause;
  if (found !== undefined)
    return `${found.id}: ${found.sentence}${also === undefined ? '' : ` Also ${also.id}: ${also.sentence}`}`;
  if (diagnosis === undefined) return undefined;
  const read = `alipayhk-mock journal show ${id}, or GET /__admin/journal/${id}`;
  return diagnosis.isPending
    ? `PENDING: the diagnosis is made later (${diagnosis.pendingInAll} pending), or when you read it: ${read}`
    : `UNEXPLAINED: no cause is proved; what is certain: ${read}`;
};

/** A header carries visible ASCII only. */
const plainText = (sentence: string): string =>
  sentence.replaceAll('’', "'").replace(/[^\x20-\x7e]/gu, '?');
