import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createLogger, logDiagnosis, logExchange } from '../../server/app/logger.ts';
import type { JournalEntry } from '../../server/journal/journal-entry.ts';

const hostile = 'x\u001b[2J\u001b]0;title\u0007\u009b31m\u009d\u007f\u202e\rforged';
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;

const loggerTo = (logFormat: 'json' | 'pretty', isTerminal: boolean) => {
  let text = '';
  const output = {
    write: (lines: string): void => {
      text += lines;
    },
  };
  const logger = createLogger({ logFormat, logLevel: 'info' }, isTerminal, output);
  return {
    logger,
    written: async () => {
      await nextTurn();
      await nextTurn();
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the logger's own colours
      return isTerminal ? text.replaceAll(/\u001b\[\d+m/g, '') : text;
    },
  };
};

const diagnosed = {
  number: 7,
  id: 'T7',
  clientId: hostile,
  operation: undefined,
  method: 'POST',
  target: `/${hostile}`,
  tags: [],
  findings: [],
  milliseconds: 1,
  sealed: false,
  request: { headers: {}, headerLines: [] },
  verdict: { code: 'INVALID_SIGNATURE', status: 'F', step: 'verify-signature', reason: hostile },
  diagnosis: {
    subject: 'signature',
    verdict: 'unexplained',
    notes: [],
    evidence: [hostile],
    spent: { hypotheses: 1, ms: 1 },
    exhausted: true,
  },
} as unknown as JournalEntry;

describe.each([
  ['json', false],
  ['json', true],
  ['pretty', false],
  ['pretty', true],
] as const)('log lines as %s, on a terminal: %s', (format, isTerminal) => {
  test.each([
    ['a message', (logger: ReturnType<typeof createLogger>) => logger.info(`${hostile}\nand more`)],
    ['a field', (logger: ReturnType<typeof createLogger>) => logger.info({ url: hostile }, 'text')],
    [
      'an error',
      (logger: ReturnType<typeof createLogger>) =>
        logger.error({ err: new Error(hostile) }, 'text'),
    ],
    ['an exchange', (logger: ReturnType<typeof createLogger>) => logExchange(logger, diagnosed)],
    [
      'a late diagnosis',
      (logger: ReturnType<typeof createLogger>) => logDiagnosis(logger, diagnosed),
    ],
  ])('%s with control characters is one line without any', async (_, write) => {
    const { logger, written } = loggerTo(format, isTerminal);
    write(logger);
    const text = await written();
    expect(text.trimEnd()).not.toBe('');
    expect(text).not.toMatch(controls);
    expect(text.trimEnd().split('\n')).toHaveLength(1);
  });
});

test('a late diagnosis is logged with the id of its exchange and the finding', async () => {
  const { logger, written } = loggerTo('json', false);
  logDiagnosis(logger, diagnosed);
  expect(JSON.parse(await written())).toMatchObject({
    level: 'warn',
    tracerId: 'T7',
    code: 'INVALID_SIGNATURE',
    finding: 'UNEXPLAINED',
    msg: expect.stringMatching(/^diagnosis of exchange 7 \(T7\): /),
  });
});

test('a line names the rows that a calibration observed', async () => {
  const { logger, written } = loggerTo('json', false);
  const verdict = { ...diagnosed.verdict, basis: ['E-01', 'G-03'] };
  const entry = { ...diagnosed, verdict } as JournalEntry;
  logExchange(logger, entry, { observed: new Set(['G-03', 'G-04']) });
  expect(JSON.parse(await written())).toMatchObject({
    basis: ['E-01', 'G-03'],
    observed: ['G-03'],
  });
});
