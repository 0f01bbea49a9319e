import type { RegisterId } from '../../domain/contract/contract.ts';
import type { JournalEntry } from '../../journal/journal-entry.ts';
import { readAlgorithm } from '../../protocol/algorithms.ts';
import { readHeaderPairs } from '../../protocol/headers.ts';
import { readTimestamp } from '../../protocol/timestamps.ts';

/** The shortest validity window that a gateway may plausibly have. */
const suspiciousAgeMs = 60_000;

/**
 * Rows of the register that a request touches: those that the simulator's decision is based on, and
 * those of what the request does differently from a plain one, which a gateway may refuse.
 */
export const exercisedRows = ({
  verdict,
  findings,
  operation,
  receivedAt,
  request: { headers },
}: Pick<
  JournalEntry,
  'verdict' | 'findings' | 'operation' | 'receivedAt' | 'request'
>): readonly RegisterId[] => {
  const rows: RegisterId[] = [...verdict.basis, ...findings.map(({ register }) => register)];
  const time = readTimestamp(headers['request-time'] ?? '');
  if (time === undefined || Math.abs(time.epochMs - receivedAt) > suspiciousAgeMs)
    rows.push('G-09');
  const algorithm = readHeaderPairs(headers['signature'] ?? '').pairs.get('algorithm');
  if (readAlgorithm(algorithm) === 'ECC224') rows.push('G-12');
  if (headers['encrypt'] !== undefined) rows.push('G-13', 'G-15');
  if (operation === 'syncOrder' && /is required/.test(verdict.reason)) rows.push('E-20');
  return [...new Set(rows)];
};
