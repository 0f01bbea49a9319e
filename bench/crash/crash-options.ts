import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

export interface CrashOptions {
  readonly rounds: number;
  readonly durability: string;
  /**
   * Selects what is sent and when the process is killed; the timing in between is not repeatable.
   */
  readonly seed: number;
  readonly longestMinutes: number;
  readonly help: boolean;
}

export const crashHelp = `Kills a simulator with --data again and again at random moments. Checks that no answered
change is lost and none is applied twice.

  node --import tsx bench/crash.ts [--rounds 300] [--durability os|disk] [--seed N] [--minutes 20]

Exit code 1 when a change was lost, applied twice or answered differently. Durability "os"
survives a killed process; a power cut cannot be tested here.
`;

export const readCrashOptions = (args: readonly string[]): CrashOptions => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '300' },
      durability: { type: 'string', default: 'os' },
      seed: { type: 'string' },
      minutes: { type: 'string', default: '20' },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    rounds: Number(values.rounds),
    durability: values.durability,
    seed: values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed),
    longestMinutes: Number(values.minutes),
    help: values.help,
  };
};
