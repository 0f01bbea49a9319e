import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Argument, Command, Option } from 'commander';
import { catalogue } from '../conformance/certify/catalogue/index.ts';
import { lintRules } from '../conformance/lint/lint-rules.ts';
import { packageRoot } from '../package-root.ts';
import { suggest } from '../problems/did-you-mean.ts';
import { exitCodes, usageError } from './input-output.ts';
import { shortNames } from './options.ts';

/**
 * Prints a shell's completion script, made from the program itself. The script is static: a key
 * press starts no process, and evaluates nothing that was typed.
 */
export const completion = (shell: string, program: Command): number => {
  const write = shells[shell];
  if (write === undefined)
    throw usageError(
      shell,
      `no completion exists for "${shell}"`,
      suggest(shell, Object.keys(shells)),
    );
  process.stdout.write(`${write(listPaths(program))}\n`);
  return exitCodes.ok;
};

/** What may follow a command: `''` is the program itself, `keys add` a command of a group. */
interface CompletionPath {
  readonly path: string;
  readonly commands: readonly CompletionWord[];
  readonly options: readonly CompletionOption[];
  /** Values of its arguments, where these are a list. */
  readonly values: readonly string[];
  /** An argument may be a file, or the command that it runs. */
  readonly takesFiles: boolean;
}

interface CompletionWord {
  readonly word: string;
  readonly help: string;
}

interface CompletionOption extends CompletionWord {
  readonly takes: 'nothing' | 'a value' | 'a file';
  /** Its values, where these are a list. */
  readonly values: readonly string[];
}

const listPaths = (program: Command): readonly CompletionPath[] => {
  const collect = (command: Command, parts: readonly string[]): readonly CompletionPath[] => {
    const path = parts.join(' ');
    // The command that is meant when none is named.
    const meant = path === '' ? command.commands.filter((one) => one.name() === 'serve') : [];
    const options = [command, ...meant]
      .flatMap((one) => one.options)
      .filter(({ hidden }) => !hidden)
      .flatMap((option) => toCompletionOption(option, path));
    return [
      {
        path,
        commands: command.commands
          .filter((one) => !isHiddenCommand(one))
          .map((one) => ({ word: one.name(), help: firstLine(one.description()) })),
        options: [
          ...new Map(options.map((option) => [option.word, option])).values(),
          { word: '--help', help: 'show help', takes: 'nothing', values: [] },
        ],
        values: command.registeredArguments.flatMap((one) => argumentValues(one, path)),
        takesFiles: command.registeredArguments.some((one) => namesFile(one.name())),
      },
      ...command.commands.flatMap((one) => collect(one, [...parts, one.name()])),
    ];
  };
  return collect(program, []);
};

const isHiddenCommand = (command: Command): boolean =>
  '_hidden' in command && command._hidden === true;

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

const toCompletionOption = (option: Option, path: string): CompletionOption[] => {
  const { long, flags, description, argChoices } = option;
  if (long === undefined || long === null) return [];
  const placeholder = /[<[](.*?)[>\]]/.exec(flags)?.[1];
  const listed = argChoices ?? listedValues(placeholder ?? '', description);
  const values = namedValues[`${path} ${long}`] ?? namedValues[long];
  const takes =
    placeholder === undefined ? 'nothing' : namesFile(placeholder) ? 'a file' : 'a value';
  return [{ word: long, help: firstLine(description), takes, values: values?.() ?? listed }];
};

/** `<warn|error>` lists its values, `<format=file>` does in its help; `<field=value>` does not. */
const listedValues = (placeholder: string, help: string): readonly string[] => {
  if (placeholder === 'format=file')
    return (/formats: (.*)$/.exec(help)?.[1] ?? '').split(', ').map((format) => `${format}=`);
  return /^[\w.-]+(\|[\w.-]+)+$/.test(placeholder) ? placeholder.split('|') : [];
};

const namesFile = (placeholder: string): boolean =>
  /\b(files?|folder|path|dir|command)\b/.test(placeholder);

/** The scenarios that come with the package. */
const listScenarios = (): readonly string[] =>
  readdirSync(join(packageRoot, 'scenarios'))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length));
const listCases = (): readonly string[] => catalogue.map(({ id }) => id);

/** Arguments whose mistakes get a suggestion, which a list of the program's own would prevent. */
const namedValues: Readonly<Record<string, () => readonly string[]>> = {
  '--operation': () => Object.keys(shortNames),
  '--scenario': listScenarios,
  'lint --explain': () => Object.keys(lintRules),
  'certify --explain': listCases,
  'certify --case': listCases,
  operation: () => Object.keys(shortNames),
  shell: () => Object.keys(shells),
  'scenarios show name': listScenarios,
  'scenarios run name': listScenarios,
};

const argumentValues = (argument: Argument, path: string): readonly string[] => {
  const name = argument.name();
  return argument.argChoices ?? (namedValues[`${path} ${name}`] ?? namedValues[name])?.() ?? [];
};

const programName = 'alipayhk-mock';

const listPlainWords = ({ commands, values }: CompletionPath): readonly string[] => [
  ...commands.map(({ word }) => word),
  ...values,
];

const listWords = (path: CompletionPath): readonly string[] => [
  ...listPlainWords(path),
  ...path.options.map(({ word }) => word),
];

const bash = (paths: readonly CompletionPath[]): string =>
  `# ${programName} completion for bash:  source <(${programName} completion bash)
_alipayhk_mock() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" path="" part prefix=""
  COMPREPLY=()
  # bash splits --option=value in three, zsh does not.
  if [[ $before == "=" ]]; then before="\${COMP_WORDS[COMP_CWORD-2]}"
  elif [[ $word == "=" ]]; then word=""
  elif [[ $word == --*=* ]]; then before="\${word%%=*}" prefix="\${word%%=*}=" word="\${word#*=}"; fi
  for part in "\${COMP_WORDS[@]:1:$((COMP_CWORD-1))}"; do
    [[ $part == -- ]] && return
    case "$path \${part}" in
${paths
  .filter(({ path }) => path !== '')
  .map(({ path }) => `      "${parentPath(path)} ${lastWord(path)}") path="${path}" ;;`)
  .join('\n')}
    esac
  done
  case "$path $before" in
${bashValueCases(paths).join('\n')}
  esac
  case "$path$word" in
${paths.flatMap(bashPlainCases).join('\n')}
  esac
  case "$path" in
${paths.map((one) => bashCase(`"${one.path}"`, listWords(one))).join('\n')}
  esac
}
complete -o default -F _alipayhk_mock ${programName}`;

/** Where a file or a command may follow, an empty word is completed to files, not to options. */
const bashPlainCases = (path: CompletionPath): readonly string[] =>
  path.takesFiles ? [bashCase(`"${path.path}"`, listPlainWords(path), ' return')] : [];

/**
 * Most options are the same in all commands: they get one case. Without words bash completes file
 * names.
 */
const bashValueCases = (paths: readonly CompletionPath[]): readonly string[] => {
  const shared = sharedOptions(paths);
  const toCase = ({ word, values }: CompletionOption, path: string): string =>
    bashCase(`${path}" ${word}"`, values, ' return');
  const own = paths.flatMap(({ path, options }) =>
    options
      .filter(({ takes, word }) => takes !== 'nothing' && !shared.has(word))
      .map((option) => toCase(option, path === '' ? '' : `"${path}"`)),
  );
  const common = [...shared.values()].filter(({ takes }) => takes !== 'nothing');
  const listed = common.filter(({ values }) => values.length > 0);
  const patterns = common
    .filter(({ values }) => values.length === 0)
    .map(({ word }) => `*" ${word}"`);
  return [
    ...own,
    ...listed.map((option) => toCase(option, '*')),
    `    ${patterns.join('|')}) COMPREPLY=(); return ;;`,
  ];
};

/** By word: options that are the same in all commands that have them. */
const sharedOptions = (paths: readonly CompletionPath[]): ReadonlyMap<string, CompletionOption> => {
  const shared = new Map<string, CompletionOption>();
  const different = new Set<string>();
  for (const option of paths.flatMap(({ options }) => options)) {
    const known = shared.get(option.word);
    if (known !== undefined && !isSameOption(known, option)) different.add(option.word);
    shared.set(option.word, option);
  }
  for (const word of different) shared.delete(word);
  return shared;
};

const isSameOption = (a: CompletionOption, b: CompletionOption): boolean =>
  a.takes === b.takes && a.values.join(' ') === b.values.join(' ');

const bashCase = (pattern: string, words: readonly string[], then = ''): string =>
  `    ${pattern}) COMPREPLY=($(compgen -P "$prefix" -W "${words.join(' ')}" -- "$word"));${then} ;;`;

const parentPath = (path: string): string => path.split(' ').slice(0, -1).join(' ');
const lastWord = (path: string): string => path.split(' ').at(-1) ?? '';

/** zsh reads bash's completions. */
const zsh = (
  paths: readonly CompletionPath[],
): string => `# ${programName} completion for zsh:  source <(${programName} completion zsh)
autoload -Uz +X compinit bashcompinit && compinit -i && bashcompinit
${bash(paths)}`;

const fish = (paths: readonly CompletionPath[]): string =>
  [
    `# ${programName} completion for fish:  ${programName} completion fish | source`,
    `complete -c ${programName} -f`,
    ...paths.flatMap(fishLines),
    ...fishCommonOptions(paths),
  ].join('\n');

const fishLine = (conditions: readonly string[], what: string): string => {
  const condition = conditions.length === 0 ? '' : ` -n '${conditions.join('; and ')}'`;
  return `complete -c ${programName}${condition} ${what}`;
};

const fishLines = (one: CompletionPath): readonly string[] => {
  const { path, commands, options, values, takesFiles } = one;
  const above = path.split(' ').filter((part) => part !== '');
  const seen = above.map((part) => `__fish_seen_subcommand_from ${part}`);
  const unseen =
    commands.length === 0
      ? []
      : [`not __fish_seen_subcommand_from ${commands.map(({ word }) => word).join(' ')}`];
  const own = above.length === 1 ? [] : options;
  return [
    ...commands.map(({ word, help }) =>
      fishLine([...seen, ...unseen], `-a ${word} -d ${fishText(help)}`),
    ),
    ...(values.length > 0 ? [fishLine(seen, `-a '${values.join(' ')}'`)] : []),
    ...(takesFiles ? [fishLine(seen, '-F')] : []),
    ...own.map((option) => fishLine(path === '' ? unseen : seen, fishOption(option))),
  ];
};

/** Those of commands without a group: one line for all commands that have the option alike. */
const fishCommonOptions = (paths: readonly CompletionPath[]): readonly string[] => {
  const commandsByOption = new Map<string, string[]>();
  for (const { path, options } of paths.filter((one) => /^\S+$/.test(one.path)))
    for (const option of options) {
      const key = fishOption(option);
      commandsByOption.set(key, [...(commandsByOption.get(key) ?? []), path]);
    }
  return [...commandsByOption].map(([option, commands]) =>
    fishLine([`__fish_seen_subcommand_from ${commands.join(' ')}`], option),
  );
};

const fishOption = (option: CompletionOption): string =>
  `-l ${option.word.slice(2)}${fishValue(option)} -d ${fishText(option.help)}`;

const fishValue = ({ takes, values }: CompletionOption): string => {
  if (takes === 'nothing') return '';
  if (values.length > 0) return ` -x -a '${values.join(' ')}'`;
  return takes === 'a file' ? ' -r -F' : ' -x';
};

const fishText = (help: string): string =>
  `'${help.replaceAll('\\', '').replaceAll("'", '’').slice(0, 70)}'`;

const powershell = (paths: readonly CompletionPath[]): string =>
  `# ${programName} completion for PowerShell, in your $PROFILE:
#   ${programName} completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName ${programName} -ScriptBlock {
  param($word, $ast, $position)
  $words = @{
${paths.map((one) => `    ${psText(one.path)} = ${psList(listWords(one))}`).join('\n')}
  }
  $values = @{
${psValues(paths).join('\n')}
  }
  $path = ''
  $before = ''
  foreach ($element in ($ast.CommandElements | Select-Object -Skip 1)) {
    if ($element.Extent.EndOffset -ge $position) { break }
    $before = $element.ToString()
    $next = "$path $before".Trim()
    if ($words.ContainsKey($next)) { $path = $next }
  }
  $key = "$path $before".Trim()
  if ($values.ContainsKey($key)) { $found = $values[$key] }
  elseif ($values.ContainsKey($before)) { $found = $values[$before] }
  else { $found = $words[$path] }
  $found | Where-Object { $_.StartsWith($word) } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}`;

/**
 * An option without a list has an empty one: PowerShell then completes file names. Long lists that
 * many commands have are there once.
 */
const psValues = (paths: readonly CompletionPath[]): readonly string[] => {
  const shared = [...sharedOptions(paths).values()].filter(({ values }) => values.length > 10);
  const words = new Set(shared.map(({ word }) => word));
  const line = ({ word, values }: CompletionOption, path: string): string =>
    `    ${psText(`${path} ${word}`.trim())} = ${psList(values)}`;
  const own = paths.flatMap(({ path, options }) =>
    options
      .filter(({ takes, word }) => takes !== 'nothing' && !words.has(word))
      .map((option) => line(option, path)),
  );
  return [...own, ...shared.map((option) => line(option, ''))];
};

const psText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const psList = (words: readonly string[]): string => `@(${words.map(psText).join(', ')})`;

const shells: Readonly<Record<string, (paths: readonly CompletionPath[]) => string>> = {
  bash,
  zsh,
  fish,
  powershell,
};
