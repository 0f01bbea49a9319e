import { describe, expect, test } from 'vitest';
import { compileQuery, matchesQuery } from '../../server/journal/exchange-query.ts';
import { exchangeToJson } from '../../server/journal/exchange-views.ts';
import { readTraceContext, traceExchange } from '../../server/journal/trace-context.ts';
import { exchangeSample } from './exchange-sample.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parentId = '00f067aa0ba902b7';
const traceparent = `00-${traceId}-${parentId}-01`;

const read = (value: string, more: readonly string[] = []) =>
  readTraceContext(['Traceparent', value, ...more]);

describe('traceparent', () => {
  test.each([
    [traceparent, true],
    [`00-${traceId}-${parentId}-00`, false],
    [`00-${traceId}-${parentId}-03`, true],
    [`01-${traceId}-${parentId}-01`, true],
    [`cc-${traceId}-${parentId}-01-what-the-future-adds`, true],
  ])('%s is valid', (value, isSampled) => {
    expect(read(value)).toEqual({ traceId, parentId, isSampled });
  });

  test.each([
    ['', 'empty'],
    [`ff-${traceId}-${parentId}-01`, 'version ff'],
    [`00-${traceId}-${parentId}-01-more`, 'version 00 with a further field'],
    [`00-${traceId}-${parentId}-01-`, 'version 00 with a trailing hyphen'],
    [`cc-${traceId}-${parentId}-01.more`, 'a further field without its hyphen'],
    [traceparent.toUpperCase(), 'upper case'],
    [`00-${'0'.repeat(32)}-${parentId}-01`, 'a trace id of zeros'],
    [`00-${traceId}-${'0'.repeat(16)}-01`, 'a parent id of zeros'],
    [`00-${traceId.slice(1)}-${parentId}-01`, 'a short trace id'],
    [`00-${traceId}-${parentId}0-01`, 'a long parent id'],
    [`0-${traceId}-${parentId}-01`, 'a short version'],
    [`00-${traceId}-${parentId}-1`, 'short flags'],
    [`00-${traceId}-${parentId}`, 'no flags'],
    [`00-${traceId.replace('4', 'g')}-${parentId}-01`, 'a letter that is not hex'],
    [`00_${traceId}_${parentId}_01`, 'underscores'],
    [`${traceparent}, ${traceparent}`, 'two in one header'],
  ])('%s is invalid: %s', (value) => {
    expect(read(value)).toBeUndefined();
  });

  test('of several headers the first counts', () => {
    const other = `00-${'1'.repeat(32)}-${parentId}-01`;
    expect(read(traceparent, ['traceparent', other])?.traceId).toBe(traceId);
    expect(read('invalid', ['traceparent', traceparent])).toBeUndefined();
  });

  test('a header value that looks like its name is no header', () => {
    expect(readTraceContext(['X-Note', 'traceparent', traceparent, 'x'])).toBeUndefined();
  });

  test('tracestate is kept as it is, up to 512 characters', () => {
    const stateOf = (state: string) => read(traceparent, ['TraceState', state])?.state;
    expect(stateOf('vendor=1, Other=@2')).toBe('vendor=1, Other=@2');
    expect(stateOf('x'.repeat(512))).toHaveLength(512);
    expect(stateOf('x'.repeat(513))).toBeUndefined();
    expect(stateOf('')).toBeUndefined();
  });
});

describe('the trace of an exchange', () => {
  const traced = exchangeSample({
    request: {
      headers: { traceparent },
      headerLines: ['traceparent', traceparent],
      body: Buffer.alloc(0),
    },
  });

  test('names the caller’s span and the simulator’s own, the same in each view', () => {
    const trace = traceExchange(traced);
    expect(trace).toMatchObject({ traceId, parentId });
    expect(trace?.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(trace?.spanId).not.toBe(parentId);
    expect(exchangeToJson(traced, { plaintext: false }).trace).toEqual(trace);
  });

  test('differs in its span from that of another exchange of the trace', () => {
    const other = { ...traced, number: 2 };
    expect(traceExchange(other)?.spanId).not.toBe(traceExchange(traced)?.spanId);
  });

  test('is found by its id', () => {
    const query = compileQuery({ trace: traceId });
    expect(matchesQuery(query, traced)).toBe(true);
    expect(matchesQuery(query, exchangeSample())).toBe(false);
    expect(matchesQuery(compileQuery({ trace: '1'.repeat(32) }), traced)).toBe(false);
  });

  test('is absent outside a trace', () => {
    expect(exchangeToJson(exchangeSample(), { plaintext: false })).not.toHaveProperty('trace');
  });
});
