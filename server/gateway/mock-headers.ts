import type { Conclusion } from './conclusion.ts';
import type { Exchange } from './exchange.ts';
import type { Reply } from './reply.ts';

/** Headers of our own that tell a developer what happened; outside what is signed, and switched off by `wirePure`. */
export const withMockHeaders = (reply: Reply, exchange: Exchange, { diagnosis }: Conclusion): Reply => {
  const found = diagnosis?.cause ?? exchange.findings[0];
  // Two mistakes at once: a client that corrects only the first one is refused again.
  const also = diagnosis?.alsoCause === undefined ? '' : ` Also ${diagnosis.alsoCause.id}: ${diagnosis.alsoCause.sentence}`;
  return {
    ...reply,
    headers: {
      ...reply.headers,
      'x-mock-request-id': exchange.tracerId,
      ...(found === undefined ? {} : { 'x-mock-finding': `${found.id}: ${plainText(found.sentence + also)}` }),
    },
  };
};

/** A header carries visible ASCII only. */
const plainText = (sentence: string): string => sentence.replaceAll('’', "'").replace(/[^\x20-\x7e]/gu, '?');
