import type { RegisterId } from '../../domain/contract/contract.ts';
import type { Decides, ProbeAnswer } from './probe.ts';

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
