import { createHash } from 'node:crypto';
import { omitUndefined } from '../problems/plain-object.ts';
import type { JournalEntry } from './journal-entry.ts';

/** The trace that a caller put a request into, with W3C Trace Context. */
export interface TraceContext {
  /** 32 hex digits. */
  readonly traceId: string;
  /** The caller's span, 16 hex digits. */
  readonly parentId: string;
  readonly isSampled: boolean;
  /** `tracestate` as it was sent. */
  readonly state?: string;
}

/** The trace of an exchange, with the span that is the simulator's own part of it. */
export interface ExchangeTrace {
  readonly traceId: string;
  readonly parentId: string;
  /** 16 hex digits, made from the trace and the exchange: every view shows the same. */
  readonly spanId: string;
  readonly state?: string;
}

const traceparentForm = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** What a longer `tracestate` has beyond it is left out whole. */
const maxStateLength = 512;

/**
 * Reads `traceparent` strictly: lower-case hex, ids not all zero, version `ff` invalid, only
 * version `00` without further fields. Never a reason to refuse a request, and never signed.
 * @returns undefined when it is absent or invalid; the caller is then outside any trace
 * @see https://www.w3.org/TR/trace-context/
 */
export const readTraceContext = (headerLines: readonly string[]): TraceContext | undefined => {
  const fields = traceparentForm.exec(findHeaderLine(headerLines, 'traceparent') ?? '');
  const [, version, traceId = '', parentId = '', flags = '', more] = fields ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined))
    return undefined;
  if (isZero(traceId) || isZero(parentId)) return undefined;
  const state = findHeaderLine(headerLines, 'tracestate');
  const isKept = state !== undefined && state !== '' && state.length <= maxStateLength;
  return omitUndefined({
    traceId,
    parentId,
    isSampled: (Number.parseInt(flags, 16) & 1) === 1,
    state: isKept ? state : undefined,
  });
};

/** @returns undefined when the request was in no trace */
export const traceExchange = (entry: JournalEntry): ExchangeTrace | undefined => {
  // Most requests are in none: the parsed headers are cheaper to ask than the lines.
  if (entry.request.headers['traceparent'] === undefined) return undefined;
  const context = readTraceContext(entry.request.headerLines);
  if (context === undefined) return undefined;
  const { traceId, parentId, state } = context;
  return omitUndefined({ traceId, parentId, spanId: makeSpanIds(traceId, entry).own, state });
};

/** Span ids for the simulator's part of a trace: its own, and one for each step. */
export const makeSpanIds = (traceId: string, { id, number }: JournalEntry) => {
  const digest = createHash('sha256').update(`${traceId} ${id} ${number}`).digest('hex');
  return {
    own: digest.slice(0, 16),
    /** @param at below 65,536 */
    step: (at: number): string => digest.slice(16, 28) + at.toString(16).padStart(4, '0'),
  };
};

/** The first of a name counts; lines are names and values in turns. */
const findHeaderLine = (lines: readonly string[], wanted: string): string | undefined => {
  const at = lines.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === wanted);
  return at === -1 ? undefined : lines[at + 1];
};

const isZero = (hex: string): boolean => /^0+$/.test(hex);
