import type { Command } from 'commander';
import { suggest } from '../problems/did-you-mean.ts';
import { exitCodes } from './exit-codes.ts';
import { usageError } from './input-output.ts';

/** Prints a shell's completion script, made from the program itself. */
export const completion = (shell: string, program: Command): number => {
  const write = shells[shell];
  if (write === undefined)
    throw usageError(
      shell,
      `no completion exists for "${shell}"`,
      suggest(shell, Object.keys(shells)),
    );
  process.stdout.write(`${write(completionWords(program))}\n`);
  return exitCodes.ok;
};

/** What may follow each command: `''` is the program itself, `keys add` a command of a group. */
type CompletionWords = ReadonlyMap<
  string,
  readonly { readonly word: string; readonly help: string }[]
>;

const completionWords = (program: Command): CompletionWords => {
  const words = new Map<string, { word: string; help: string }[]>();
  const collect = (command: Command, path: readonly string[]): void => {
    const options = command.options.flatMap(({ long, description }) =>
      long ? [{ word: long, help: description }] : [],
    );
    const commands = command.commands.map((one) => ({ word: one.name(), help: one.description() }));
    words.set(path.join(' '), [...commands, ...options, { word: '--help', help: 'show help' }]);
    for (const one of command.commands) collect(one, [...path, one.name()]);
  };
  collect(program, []);
  return words;
};

const programName = 'alipayhk-mock';

const bash = (words: CompletionWords): string =>
  `# ${programName} completion for bash:  source <(${programName} completion bash)
_alipayhk_mock() {
  local word="\${COMP_WORDS[COMP_CWORD]}" path="" part
  for part in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path \${part}" in
${[...words.keys()]
  .filter((path) => path !== '')
  .map((path) => `      "${parentCommand(path)} ${path.split(' ').at(-1)}") path="${path}" ;;`)
  .join('\n')}
    esac
  done
  case "$path" in
${[...words]
  .map(([path, list]) =>
    bashCase(
      path,
      list.map(({ word }) => word),
    ),
  )
  .join('\n')}
  esac
}
complete -o default -F _alipayhk_mock ${programName}`;

const bashCase = (path: string, words: readonly string[]): string =>
  `    "${path}") COMPREPLY=($(compgen -W "${words.join(' ')}" -- "$word")) ;;`;

/** zsh reads bash's completions. */
const zsh = (
  words: CompletionWords,
): string => `# ${programName} completion for zsh:  source <(${programName} completion zsh)
autoload -Uz +X compinit bashcompinit && compinit -i && bashcompinit
${bash(words)}`;

const fish = (words: CompletionWords): string =>
  [
    `# ${programName} completion for fish:  ${programName} completion fish | source`,
    `complete -c ${programName} -f`,
    ...[...words].flatMap(([path, list]) =>
      list.map(({ word, help }) => fishLine(path, word, help, words)),
    ),
  ].join('\n');

const fishLine = (path: string, word: string, help: string, words: CompletionWords): string => {
  const above = path.split(' ').filter((part) => part !== '');
  const below = (words.get(path) ?? [])
    .map((one) => one.word)
    .filter((one) => !one.startsWith('-'));
  const seen = above.map((part) => `__fish_seen_subcommand_from ${part}`);
  const unseen =
    word.startsWith('--') || below.length === 0
      ? []
      : [`not __fish_seen_subcommand_from ${below.join(' ')}`];
  const condition = [...seen, ...unseen].join('; and ');
  const [summary = ''] = help.split('\n');
  const description = summary.replaceAll('\\', '').replaceAll("'", '’').slice(0, 70);
  const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`;
  return `complete -c ${programName}${condition === '' ? '' : ` -n '${condition}'`} ${what} -d '${description}'`;
};

const parentCommand = (path: string): string => path.split(' ').slice(0, -1).join(' ');

const shells: Readonly<Record<string, (words: CompletionWords) => string>> = { bash, zsh, fish };
