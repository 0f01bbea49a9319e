import type { ExchangeSummary } from '../journal/exchange-json.ts';
import { clipText } from '../problems/clip-text.ts';
import { printableLine } from '../protocol/printable-text.ts';

const colours: Readonly<Record<string, number>> = { S: 32, F: 31, U: 33 };

/**
 * One exchange in one line, its texts escaped. @param isTerminal whether the result may be coloured
 */
export const exchangeLine = (exchange: ExchangeSummary, isTerminal: boolean): string => {
  const {
    number,
    receivedAt,
    clientId = '-',
    operation,
    method,
    target,
    identity,
    code,
    status,
    step,
    milliseconds,
    marks,
    findings,
    diagnosisPending,
  } = exchange;
  const result = printableLine(`${code} (${status})`);
  return [
    new Date(receivedAt).toISOString().slice(11, 23),
    `#${number}`,
    printableLine(clientId),
    printableLine(operation ?? `${method} ${clipText(target, 60)}`),
    ...(identity === undefined ? [] : [printableLine(identity)]),
    isTerminal ? `\x1b[${colours[status] ?? 0}m${result}\x1b[0m` : result,
    ...(step === 'decide' ? [] : [`at ${printableLine(step)}`]),
    `${milliseconds} ms`,
    ...marks.map((mark) => `[${printableLine(mark)}]`),
    ...findings.map(printableLine),
    ...(diagnosisPending === true ? ['PENDING'] : []),
  ].join('  ');
};
