import type { RegisterId } from '../../domain/contract/contract.ts';
import { type Decides, isSuccessAnswer, type ProbeAnswer } from './probe.ts';

export const resultKinds = [
  'decided',
  'agrees',
  'differs-no-setting',
  'other',
  'not-distinguishable',
  'not-reached',
  'not-probed',
  'unstable',
] as const;
export type ResultKind = (typeof resultKinds)[number];

/** What was found out about one question. */
export interface RowResult {
  readonly row: RegisterId;
  /** `httpStatus`, `strict.unknownFields`, `clients.encryption.syncOrder`; absent: no setting. */
  readonly setting?: string | undefined;
  /** Which part of a row without a setting, where there are several. */
  readonly about?: string | undefined;
  /**
   * `decided`: a setting that differs from the default. `agrees`: as the default. `differs-no-setting`:
   * something that the simulator cannot imitate. `other`: none of the alternatives.
   */
  readonly result: ResultKind;
  /** What was observed, in the words of the setting where there is one. */
  readonly value?: string | undefined;
  readonly because?: string | undefined;
  /** Ids of the probe's runs in the transcript. */
  readonly evidence: readonly string[];
  /** When, ISO 8601. */
  readonly at: string;
}

export const settingName = (decides: Decides | undefined): string | undefined => {
  if (decides === undefined) return undefined;
  if ('member' in decides) return `${decides.key}.${decides.member}`;
  return 'operation' in decides ? `clients.encryption.${decides.operation}` : decides.key;
};

/** Final results: a resumed run does not ask again. */
export const isFinalResult = ({ result }: RowResult): boolean =>
  result !== 'not-probed' && result !== 'unstable' && result !== 'not-reached';

/** An answer in a few words that hold nothing of the request. */
export const summarizeAnswer = (answer: ProbeAnswer | { readonly lost: string }): string =>
  'lost' in answer
    ? `no answer (${answer.lost})`
    : [
        `HTTP ${answer.httpStatus}`,
        answer.code === '' ? 'without a readable result' : `${answer.code} ${answer.letter}`,
        `signature ${answer.signature}`,
        ...(answer.encrypted ? ['encrypted'] : []),
      ].join(', ');

/** A success without a good signature, or any answer with a bad one, is not the platform's. */
export const isUntrusted = ({ letter, signature }: ProbeAnswer): boolean =>
  signature === 'bad' || (letter === 'S' && signature === 'none');

export const isTrustedSuccess = (
  answer: ProbeAnswer | { readonly lost: string } | undefined,
): boolean =>
  answer !== undefined && !('lost' in answer) && isSuccessAnswer(answer) && !isUntrusted(answer);
