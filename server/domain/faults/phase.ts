/**
 * When a fault strikes, bound to the transaction: what it leaves behind on the server follows from
 * it.
 */
export const phases = [
  'before-verify',
  'after-verify',
  'before-commit',
  'after-commit',
  'during-answer',
] as const;
export type Phase = (typeof phases)[number];

interface PhaseRow {
  readonly sentence: string;
  /** Whether there is a decision, and with it an answer that could be misdelivered. */
  readonly isDecided: boolean;
  /** Whether what was decided stays: the state, and the memory of the request id. */
  readonly keepsChange: boolean;
}

export const phaseTable: Readonly<Record<Phase, PhaseRow>> = {
  'before-verify': {
    sentence:
      'The request was received. Nothing was checked, decided or changed, so this strikes badly signed requests too.',
    isDecided: false,
    keepsChange: false,
  },
  'after-verify': {
    sentence: 'The request passed every check of the gateway. Nothing was decided or changed.',
    isDecided: false,
    keepsChange: false,
  },
  'before-commit': {
    sentence:
      'The request was decided, then the change was dropped: no new state, the request id is not remembered.',
    isDecided: true,
    keepsChange: false,
  },
  'after-commit': {
    sentence: 'The change was made and the request id is remembered; then the answer went wrong.',
    isDecided: true,
    keepsChange: true,
  },
  'during-answer': {
    sentence:
      'As after-commit: the change was made, and the answer breaks off while it is under way.',
    isDecided: true,
    keepsChange: true,
  },
};
