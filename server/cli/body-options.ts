import type { Command } from 'commander';

/** What a command sends or signs. */
export interface BodyOptions {
  readonly example?: string;
  readonly set: readonly string[];
  readonly body?: string;
}

export const addBodyOptions = (command: Command): Command =>
  command
    .option('--example <name>', "the contract's example to send, e.g. MOVIE_TICKET")
    .option(
      '--set <field=value>',
      'set a field; the value is JSON or plain text; null takes the field away; repeatable',
      (value: string, all: string[]) => [...all, value],
      [],
    )
    .option('--body <file>', 'send the bytes of this file as they are; - for standard input');
