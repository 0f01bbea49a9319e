/** What the process's exit code says. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  unusable: 2,
  cannotListen: 3,
  bug: 70,
  cannotRun: 127,
} as const;

export const exitCodeMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: 'done, or stopped as asked',
  failed:
    'a check failed: an answer is not signed, a scenario did not do what it says, no simulator is ready, a diagnosis found a mistake; with `send --fail`, an answer is F or U',
  unusable:
    'the command line, a setting or a file cannot be used; everything that is wrong with them is printed',
  cannotListen: 'the address cannot be listened on',
  bug: 'an unexpected error, which is a bug of the simulator; `NODE_DEBUG=alipayhk-mock` prints its stack',
  cannotRun: '`exec`: the command cannot be run; otherwise `exec` ends with the command’s own code',
};
