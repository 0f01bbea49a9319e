import type { Settings } from '../../domain/settings/settings-table.ts';
import {
  isRefusal,
  isSuccessAnswer,
  type ProbeAnswer,
  type ProbeQuestion,
  type ProbeRequest,
} from './probe.ts';

export type ProbeAnswers = readonly ProbeAnswer[];

export const orderProbe = (more: Partial<ProbeRequest> = {}): ProbeRequest => ({
  operation: 'syncOrder',
  ...more,
});
export const goodOrder = orderProbe({ control: true, thing: 'control' });
export const payment = (more: Partial<ProbeRequest>): ProbeRequest => ({
  operation: 'syncPaymentInfo',
  ...more,
});
export const binding = (more: Partial<ProbeRequest>): ProbeRequest => ({
  operation: 'syncAccountLinkage',
  ...more,
});
export const card = (more: Partial<ProbeRequest>): ProbeRequest => ({
  operation: 'updateMembershipCard',
  thing: 'card',
  ...more,
});

export const succeeds =
  (at: number) =>
  (answers: ProbeAnswers): boolean =>
    isSuccessAnswer(answers[at]);
export const isRefused =
  (at: number, ...codes: readonly string[]) =>
  (answers: ProbeAnswers): boolean =>
    isRefusal(answers[at], ...codes);
export const isRefusedAfterSignature =
  (at: number) =>
  (answers: ProbeAnswers): boolean =>
    answers[at]?.letter === 'F' && answers[at]?.code !== 'INVALID_SIGNATURE';
export const spellsSignature =
  (name: string) =>
  ([answer]: ProbeAnswers): boolean =>
    spelling(answer, 'signature') === name;
export const statusAt = (answers: ProbeAnswers, at: number): unknown =>
  answers[at]?.fields['orderStatus'];

export const strictQuestion = (
  row: ProbeQuestion['row'],
  member: Settings['strict'][number],
  at: number,
): ProbeQuestion => ({
  row,
  decides: { key: 'strict', member },
  usual: 'off',
  alternatives: { off: succeeds(at), on: isRefused(at, 'PARAM_ILLEGAL') },
});

/** Words for a row without a setting: whether the request is accepted. */
export const observe = (
  row: ProbeQuestion['row'],
  usual: 'accepted' | 'refused',
  at: number,
): ProbeQuestion => ({
  row,
  usual,
  alternatives: {
    accepted: succeeds(at),
    refused: isRefusedAfterSignature(at),
  },
});

export const hasGoodSignature = (answer: ProbeAnswer | undefined): boolean =>
  answer !== undefined && answer.signature !== 'none';
export const isReadable = (answer: ProbeAnswer | undefined): boolean => answer?.letter === 'F';

export const headerAt = (answer: ProbeAnswer | undefined, name: string): number =>
  (answer?.rawHeaders ?? []).findIndex((one, at) => at % 2 === 0 && one.toLowerCase() === name);
export const hasHeader = (answer: ProbeAnswer | undefined, name: string): boolean =>
  headerAt(answer, name) >= 0;
export const spelling = (answer: ProbeAnswer | undefined, name: string): string | undefined =>
  answer?.rawHeaders[headerAt(answer, name)];
export const readProbeHeader = (
  answer: ProbeAnswer | undefined,
  name: string,
): string | undefined =>
  hasHeader(answer, name) ? answer?.rawHeaders[headerAt(answer, name) + 1] : undefined;
