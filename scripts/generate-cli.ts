/** The page of the command line, made from the program itself. */
import type { Command } from 'commander';
import { exitCodeMeanings, exitCodes } from '../server/cli/exit-codes.ts';
import { createProgram } from '../server/cli/program.ts';
import { flagName, settingRows } from '../server/domain/settings/settings-table.ts';

export const cliPage = async (): Promise<string> => {
  const program = await createProgram(() => {});
  return [
    '# The command line',
    '',
    'Generated from the program; `alipayhk-mock COMMAND --help` shows the same. Without a command it starts the simulator.',
    'Colours come on a terminal only. What is mistyped gets a suggestion.',
    '',
    '## Exit codes',
    '',
    '| code | meaning |',
    '| --- | --- |',
    ...Object.entries(exitCodes).map(
      ([name, code]) => `| ${code} | ${exitCodeMeanings[name as keyof typeof exitCodes]} |`,
    ),
    '',
    ...commandsOf(program, []).flatMap(([path, command]) => section(path, command)),
  ].join('\n');
};

type Named = readonly [path: readonly string[], command: Command];

const commandsOf = (command: Command, path: readonly string[]): readonly Named[] =>
  command.commands.flatMap((one): Named[] => {
    const here = [...path, one.name()];
    return one.commands.length > 0 ? [...commandsOf(one, here)] : [[here, one]];
  });

const settingFlags = new Set(
  ['config', 'no-admin', ...settingRows.map(flagName)].map((flag) => `--${flag}`),
);

const section = (path: readonly string[], command: Command): string[] => {
  const options = command.options.filter(({ long }) => !settingFlags.has(long ?? ''));
  const settings = command.options.filter(({ long }) => settingFlags.has(long ?? ''));
  const rows = [
    ...command.registeredArguments.map((argument) => [usageOf(argument), told(argument)]),
    ...options.map((option) => [option.flags, told(option)]),
  ];
  return [
    `## ${path.join(' ')}`,
    '',
    `${sentence(command.description())}`,
    '',
    ...(rows.length === 0
      ? []
      : [
          '| argument or option | meaning |',
          '| --- | --- |',
          ...rows.map(([flags, help]) => `| \`${cell(flags)}\` | ${cell(help)} |`),
          '',
        ]),
    ...(settings.length === 0
      ? []
      : [
          settingsSentence(
            settings.length,
            settings.map(({ long }) => long ?? ''),
          ),
          '',
        ]),
    ...examplesOf(command),
  ];
};

const usageOf = (argument: Command['registeredArguments'][number]): string => {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
};

const told = ({
  description,
  argChoices,
  defaultValue,
}: {
  description: string;
  argChoices?: string[];
  defaultValue?: unknown;
}): string => {
  const choices =
    argChoices === undefined ? '' : `; one of ${argChoices.map((one) => `\`${one}\``).join(', ')}`;
  const initial =
    typeof defaultValue === 'string' && defaultValue !== '' ? `; default \`${defaultValue}\`` : '';
  return `${description}${choices}${initial}`;
};

const settingsSentence = (count: number, flags: readonly string[]): string =>
  count > 10
    ? 'Takes the settings too, as flags: see [the table](reference/settings.md).'
    : `Takes these settings too: ${flags.map((flag) => `\`${flag}\``).join(', ')}.`;

/** What stands after the help, as it is printed. */
const examplesOf = (command: Command): string[] => {
  let shown = '';
  command.configureOutput({
    writeOut: (text) => {
      shown += text;
    },
  });
  command.outputHelp();
  const after = shown.slice(command.helpInformation().length).replace(/^\s*Examples:\n/, '');
  return after.trim() === ''
    ? []
    : [
        '*Not run: the examples of its help, for you to change.*',
        '```sh',
        ...after
          .trim()
          .split('\n')
          .map((line) => line.trim()),
        '```',
        '',
      ];
};

const cell = (text: string | undefined): string =>
  (text ?? '').replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');

const sentence = (text: string): string => `${(text[0] ?? '').toUpperCase()}${text.slice(1)}.`;
