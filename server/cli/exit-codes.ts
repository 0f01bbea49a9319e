/** What the process's exit code says. */
export const exitCodes = { ok: 0, failed: 1, unusable: 2, cannotListen: 3, cannotRun: 127 } as const;

export const exitCodeMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: 'done, or stopped as asked',
  failed: 'a check failed: an answer is not signed, a scenario did not do what it says, nobody is ready, a diagnosis found a mistake',
  unusable: 'the command line, a setting or a file cannot be used; everything that is wrong with them is printed',
  cannotListen: 'the address cannot be listened on',
  cannotRun: '`exec`: the command cannot be run; otherwise `exec` ends with the command’s own code',
};
