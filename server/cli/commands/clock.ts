import { type Command, InvalidArgumentError } from 'commander';
import type { AdminClient } from '../../../sdk/admin/admin-client.ts';
import { ClockControl, OutboundTimeoutError, waitForCalls } from '../../../sdk/testing/steering.ts';
import type { Settings } from '../../domain/settings/settings-table.ts';
import { writeTimestamp } from '../../protocol/timestamps.ts';
import { type AdminOptions, addAdminOptions, connectAdmin } from '../admin.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatJson, printError } from '../input-output.ts';
import { type Finish, parseDuration, parseTime, resolveOptionSettings } from '../options.ts';
import { translateOutput } from '../output-language.ts';

interface ClockOptions extends AdminOptions {
  readonly client?: string;
  readonly json?: boolean;
}

/** What the admin API says of a clock. */
type ClockReply = Awaited<ReturnType<ClockControl['read']>>;

/** `alipayhk-mock clock …`: the clocks of a running simulator. */
export const addClockCommands = (program: Command, finish: Finish): void => {
  const clock = program
    .command('clock')
    .description('show, hold, set and advance the clocks of a running simulator')
    .addHelpText('after', clockExamples);
  const subcommand = (name: string, description: string): Command =>
    addAdminOptions(clock.command(name).description(description))
      .option('--client <id>', 'this client’s own clock; default: the simulator’s')
      .option('--json', 'print JSON');
  const show = async (command: Command, change?: ChangeClock): Promise<void> =>
    finish(await changeClock(change, command.opts<ClockOptions>(), resolveOptionSettings(command)));

  subcommand('show', 'print what the clock shows').action((_options, self: Command) => show(self));
  subcommand('hold', 'hold the clock at a time')
    .argument('[time]', 'ISO 8601, or milliseconds since 1970; default: now', parseClockTime)
    .action((at: number | undefined, _options, self: Command) =>
      show(self, (control) => control.freeze(at)),
    );
  subcommand('set', 'set the clock to a time; its speed stays')
    .argument('<time>', 'ISO 8601, or milliseconds since 1970', parseClockTime)
    .action((at: number, _options, self: Command) => show(self, (control) => control.set(at)));
  subcommand('advance', 'advance the clock; what falls due meanwhile happens at once')
    .argument('<duration>', 'e.g. 90s, 30m, 25h', parseDuration)
    .action((milliseconds: number, _options, self: Command) =>
      show(self, (control) => control.advance(milliseconds)),
    );
  subcommand('run', 'let the clock run from what it shows')
    .argument('[speed]', '1: as fast as time; 60: a minute each second', parseSpeed, 1)
    .action((speed: number, _options, self: Command) =>
      show(self, (control) => control.run(speed)),
    );
  subcommand('reset', 'show the time of the machine again').action((_options, self: Command) =>
    show(self, (control) => control.reset()),
  );
};

const clockExamples = `
Examples:
  alipayhk-mock clock hold 2026-08-01T00:00:00+08:00
  alipayhk-mock clock advance 25h
  alipayhk-mock clock advance 5m --client TEST-7
  alipayhk-mock clock reset

Every time follows the clock: Response-Time, the window of Request-Time, validity of keys, expiry,
scripted delays, calls to merchants. A client's own clock follows the simulator's.
Exit codes: 0 done, 2 no simulator, unknown client, or a time that a clock cannot show.`;

const parseClockTime = (text: string): number => {
  const time = parseTime(text);
  return /^\d+$/.test(time) ? Number(time) : Date.parse(time);
};

const parseSpeed = (text: string): number => {
  if (/^\d{1,7}(\.\d+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write a number, e.g. 60; 0 holds the clock.');
};

type ChangeClock = (control: ClockControl) => Promise<ClockReply>;

const changeClock = async (
  change: ChangeClock | undefined,
  { client, ...options }: ClockOptions,
  settings: Settings,
): Promise<number> => {
  const admin = connectAdmin(options, settings);
  const control = new ClockControl(admin, client);
  const before = await countSends(admin, client);
  const state = await (change === undefined ? control.read() : change(control));
  const sent = change === undefined ? 0 : (await settleSends(admin, client)) - before;
  process.stdout.write(
    options.json === true ? formatJson({ ...state, sent }) : `${describeClock(state, sent)}\n`,
  );
  return exitCodes.ok;
};

const describeClock = ({ now, rate }: ClockReply, sent: number): string => {
  const speed = rate === 1 ? '' : rate === 0 ? ', held' : `, runs ${rate} times as fast as time`;
  const calls = sent === 0 ? '' : `; ${sent} ${sent === 1 ? 'call' : 'calls'} to merchants made`;
  return `${writeTimestamp(now)}${translateOutput(speed)}${translateOutput(calls)}`;
};

const countSends = async (admin: AdminClient, clientId: string | undefined): Promise<number> => {
  const { messages } = await admin.get('/outbound', { query: { clientId, limit: 5000 } });
  return messages.reduce((sum, { attempts }) => sum + attempts.length, 0);
};

/** A merchant may take its time limit for each of the eight sends. */
const settleLimitMs = 60_000;

/** Waits until the calls that a moved clock has reached are made. @returns how many there are */
const settleSends = async (admin: AdminClient, clientId: string | undefined): Promise<number> => {
  try {
    await waitForCalls(admin, clientId, settleLimitMs);
  } catch (error) {
    if (!(error instanceof OutboundTimeoutError)) throw error;
    printError(`The clock is moved, but ${error.message}`);
  }
  return countSends(admin, clientId);
};
