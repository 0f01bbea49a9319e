import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { createProgram } from '../../server/cli/program.ts';

const listCommands = (command: Command): readonly Command[] => [
  command,
  ...command.commands.flatMap(listCommands),
];
const commands = listCommands(await createProgram(() => {}));
const nameOf = (command: Command): string =>
  command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;

test.each(commands.map((one) => [nameOf(one), one] as const))(
  'the help of %s fits a terminal of 80 columns',
  (_, command) => {
    const [lists = ''] = command.helpInformation().split('\nExamples:');
    // An option that lists all its values cannot be broken.
    const wide = lists
      .split('\n')
      .filter((line) => line.length > 80 && !/^ {2}-\S+ \S+$/.test(line));
    expect(wide).toEqual([]);
    expect(lists).not.toContain('(default: [])');
  },
);

test('options of a command come before the settings', () => {
  const send = commands.find((one) => nameOf(one) === 'alipayhk-mock send');
  const text = send?.helpInformation() ?? '';
  const places = ['\nOptions:\n', '--example <name>', '\nSettings:\n', '--idempotency-max <n>'];
  const found = places.map((part) => text.indexOf(part));
  expect(found).toEqual([...found].sort((a, b) => a - b));
  expect(found).not.toContain(-1);
});
