import type { RequestReading } from './request-text/message-text.ts';
import { looksLikeCurl, readCurl } from './request-text/read-curl.ts';
import { looksLikeHttp, readHttp } from './request-text/read-http.ts';

export { findHeader, type ReadMessage, type RequestReading } from './request-text/message-text.ts';

/** Reads a message that someone copied: a raw HTTP request or response, or a curl command line. */
export const readRequestText = (text: string | Buffer): RequestReading => {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  if (looksLikeHttp(bytes)) return readHttp(bytes);
  if (looksLikeCurl(bytes.toString('utf8', 0, 256))) return readCurl(bytes.toString('utf8'));
  return {
    problem:
      'This is neither a raw HTTP message (it would begin like "POST /path HTTP/1.1" or "HTTP/1.1 200") nor a curl command.',
  };
};
