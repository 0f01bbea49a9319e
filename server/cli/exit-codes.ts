/** Exit codes of the process. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  unusable: 2,
  cannotListen: 3,
  notEnoughSeen: 4,
  storeUnusable: 5,
  bug: 70,
  cannotRun: 127,
} as const;

export const exitCodeMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: 'done, or stopped as asked',
  failed:
    'a check failed: a response is not signed, a scenario differs from its `expect`, no simulator ' +
    'is ready, a diagnosis found a mistake, `certify` found a failure; with `send --fail`, a ' +
    'response is F or U',
  unusable: 'the command line, a setting or a file is unusable; all errors are printed at once',
  cannotListen:
    'the address cannot be listened on; `notify`, `query`: the merchant cannot be reached',
  notEnoughSeen: '`certify`, `report`, `coverage`: nothing failed, but not enough was seen',
  storeUnusable: 'the store that `store` names cannot be used',
  bug: 'unexpected error, a bug of the simulator; `NODE_DEBUG=alipayhk-mock` prints its stack',
  cannotRun:
    '`exec`, `certify`: the command cannot be run; otherwise `exec` ends with the command’s own code',
};
