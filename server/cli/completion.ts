import type { Argument, Command, Option } from 'commander';
import { suggest } from '../problems/did-you-mean.ts';
import { exitCodes } from './exit-codes.ts';
import { usageError } from './input-output.ts';
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
  const collect = (command: Command, path: readonly string[]): readonly CompletionPath[] => [
    {
      path: path.join(' '),
      commands: command.commands
        .filter((one) => !isHiddenCommand(one))
        .map((one) => ({ word: one.name(), help: firstLine(one.description()) })),
      options: [
        ...command.options.filter(({ hidden }) => !hidden).flatMap(toCompletionOption),
        { word: '--help', help: 'show help', takes: 'nothing', values: [] },
      ],
      values: command.registeredArguments.flatMap(argumentValues),
    },
    ...command.commands.flatMap((one) => collect(one, [...path, one.name()])),
  ];
  return collect(program, []);
};

const isHiddenCommand = (command: Command): boolean =>
  '_hidden' in command && command._hidden === true;

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

const toCompletionOption = (option: Option): CompletionOption[] => {
  const { long, flags, description, argChoices } = option;
  if (long === undefined || long === null) return [];
  const placeholder = /[<[](.*?)[>\]]/.exec(flags)?.[1];
  const listed = argChoices ?? listedValues(placeholder ?? '');
  const values = long === '--operation' ? suggestedValues('operation') : listed;
  const takes =
    placeholder === undefined ? 'nothing' : namesFile(placeholder) ? 'a file' : 'a value';
  return [{ word: long, help: firstLine(description), takes, values }];
};

/** `<warn|error>` lists its values; `<field=value>` does not. */
const listedValues = (placeholder: string): readonly string[] =>
  /^[\w.-]+(\|[\w.-]+)+$/.test(placeholder) ? placeholder.split('|') : [];

const namesFile = (placeholder: string): boolean => /\b(file|folder|path|dir)\b/.test(placeholder);

/** Arguments whose mistakes get a suggestion, which a list of the program's own would prevent. */
const suggestedValues = (name: string): readonly string[] => {
  if (name === 'operation') return Object.keys(shortNames);
  return name === 'shell' ? Object.keys(shells) : [];
};

const argumentValues = (argument: Argument): readonly string[] =>
  argument.argChoices ?? suggestedValues(argument.name());

const programName = 'alipayhk-mock';

const listWords = ({ commands, options, values }: CompletionPath): readonly string[] => [
  ...commands.map(({ word }) => word),
  ...values,
  ...options.map(({ word }) => word),
];

const bash = (paths: readonly CompletionPath[]): string =>
  `# ${programName} completion for bash:  source <(${programName} completion bash)
_alipayhk_mock() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" path="" part
  for part in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path \${part}" in
${paths
  .filter(({ path }) => path !== '')
  .map(({ path }) => `      "${parentPath(path)} ${lastWord(path)}") path="${path}" ;;`)
  .join('\n')}
    esac
  done
  case "$path $before" in
${paths.flatMap(bashValueCases).join('\n')}
  esac
  case "$path" in
${paths.map((one) => bashCase(`"${one.path}"`, listWords(one))).join('\n')}
  esac
}
complete -o default -F _alipayhk_mock ${programName}`;

/** Without words bash completes file names. */
const bashValueCases = ({ path, options }: CompletionPath): readonly string[] => {
  const listed = options.filter(({ values }) => values.length > 0);
  const others = options.filter(({ takes, values }) => takes !== 'nothing' && values.length === 0);
  const cases = listed.map(({ word, values }) => bashCase(`"${path} ${word}"`, values, ' return'));
  const patterns = others.map(({ word }) => `"${path} ${word}"`).join('|');
  return others.length === 0 ? cases : [...cases, `    ${patterns}) COMPREPLY=(); return ;;`];
};

const bashCase = (pattern: string, words: readonly string[], then = ''): string =>
  `    ${pattern}) COMPREPLY=($(compgen -W "${words.join(' ')}" -- "$word"));${then} ;;`;

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
  ].join('\n');

const fishLines = ({ path, commands, options, values }: CompletionPath): readonly string[] => {
  const above = path.split(' ').filter((part) => part !== '');
  const seen = above.map((part) => `__fish_seen_subcommand_from ${part}`);
  const unseen =
    commands.length === 0
      ? []
      : [`not __fish_seen_subcommand_from ${commands.map(({ word }) => word).join(' ')}`];
  const line = (conditions: readonly string[], what: string): string => {
    const condition = conditions.length === 0 ? '' : ` -n '${conditions.join('; and ')}'`;
    return `complete -c ${programName}${condition} ${what}`;
  };
  return [
    ...commands.map(({ word, help }) =>
      line([...seen, ...unseen], `-a ${word} -d ${fishText(help)}`),
    ),
    ...values.map((value) => line(seen, `-a ${value}`)),
    ...options.map((option) =>
      line(seen, `-l ${option.word.slice(2)}${fishValue(option)} -d ${fishText(option.help)}`),
    ),
  ];
};

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
${paths.flatMap(psValues).join('\n')}
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
  if ($values.ContainsKey($key)) { $found = $values[$key] } else { $found = $words[$path] }
  $found | Where-Object { $_.StartsWith($word) } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}`;

/** An option without a list has an empty one: PowerShell then completes file names. */
const psValues = ({ path, options }: CompletionPath): readonly string[] =>
  options
    .filter(({ takes }) => takes !== 'nothing')
    .map(({ word, values }) => `    ${psText(`${path} ${word}`.trim())} = ${psList(values)}`);

const psText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const psList = (words: readonly string[]): string => `@(${words.map(psText).join(', ')})`;

const shells: Readonly<Record<string, (paths: readonly CompletionPath[]) => string>> = {
  bash,
  zsh,
  fish,
  powershell,
};
