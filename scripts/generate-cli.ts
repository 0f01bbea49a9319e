import type { Command } from 'commander';
import { exitCodeMeanings, exitCodes } from '../server/cli/input-output.ts';
import { createProgram } from '../server/cli/program.ts';
import { flagName, settingRows } from '../server/domain/settings/settings-table.ts';
import { table } from './markdown.ts';

/** Renders docs/cli.md from the program itself. */

export const renderCliPage = async (): Promise<string> => {
  const program = await createProgram(() => {});
  return [
    '# The command line',
    '',
    'This page is generated from the program; `alipayhk-mock COMMAND --help` prints the same text.',
    'Without a command, `alipayhk-mock` starts the simulator. Output is coloured on a terminal only.',
    'A mistyped command or option gets a suggestion.',
    '',
    '## Exit codes',
    '',
    table(
      ['code', 'meaning'],
      Object.entries(exitCodes).map(([name, code]) => [
        String(code),
        exitCodeMeanings[name as keyof typeof exitCodes],
      ]),
    ),
    '',
    ...listCommands(program, []).flatMap(([path, command]) => renderSection(path, command)),
  ].join('\n');
};

type CommandAtPath = readonly [path: readonly string[], command: Command];

const listCommands = (command: Command, path: readonly string[]): readonly CommandAtPath[] =>
  command.commands.flatMap((one): CommandAtPath[] => {
    const here = [...path, one.name()];
    return one.commands.length > 0 ? [...listCommands(one, here)] : [[here, one]];
  });

const settingFlags = new Set(
  ['config', 'no-admin', ...settingRows.map(flagName)].map((flag) => `--${flag}`),
);

const renderSection = (path: readonly string[], command: Command): string[] => {
  const options = command.options.filter(({ long }) => !settingFlags.has(long ?? ''));
  const settings = command.options.filter(({ long }) => settingFlags.has(long ?? ''));
  const rows: readonly (readonly [string, string])[] = [
    ...command.registeredArguments.map((argument): [string, string] => [
      argumentUsage(argument),
      describe(argument),
    ]),
    ...options.map((option): [string, string] => [option.flags, describe(option)]),
  ];
  return [
    `## ${path.join(' ')}`,
    '',
    capitalise(command.description()),
    '',
    ...(rows.length === 0
      ? []
      : [
          table(
            ['argument or option', 'meaning'],
            rows.map(([flags, help]) => [`\`${flags}\``, help]),
          ),
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
    ...renderExamples(command),
  ];
};

const argumentUsage = (argument: Command['registeredArguments'][number]): string => {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
};

const describe = ({
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
    ? 'Also takes the [settings](reference/settings.md) as flags.'
    : `Also takes these settings: ${flags.map((flag) => `\`${flag}\``).join(', ')}.`;

/** The examples that are printed after the help. */
const renderExamples = (command: Command): string[] => {
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
        '*Not run: examples from its help, for you to adapt.*',
        '```sh',
        ...after
          .trim()
          .split('\n')
          .map((line) => line.trim()),
        '```',
        '',
      ];
};

const capitalise = (text: string): string => `${(text[0] ?? '').toUpperCase()}${text.slice(1)}.`;
