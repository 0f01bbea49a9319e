import type { IncomingMessage } from 'node:http';

/**
 * How many lines of the request carry this header. Node joins some headers that are sent twice, and
 * of others keeps the first.
 */
export const timesSent = ({ rawHeaders }: IncomingMessage, name: string): number =>
  rawHeaders.filter(
    (text, at) => at % 2 === 0 && text.length === name.length && text.toLowerCase() === name,
  ).length;

/** The header's value, or undefined where it is missing, empty, or sent more than once. */
export const sentOnce = (req: IncomingMessage, name: string): string | undefined => {
  const value = req.headers[name]?.toString().trim();
  if (value === undefined || value === '') return undefined;
  return value.includes(',') && timesSent(req, name) > 1 ? undefined : value;
};
