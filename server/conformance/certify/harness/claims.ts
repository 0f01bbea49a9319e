import * as z from 'zod';
import { clipText } from '../../../problems/display-text.ts';
import { checkValue } from '../../../problems/schema-issues.ts';
import { type Claim, type ClaimedOutcome, claimedOutcomes, type MessageClaim } from '../types.ts';

/** A report, or what is wrong with it. */
export type ClaimResult =
  | { readonly claim: Claim; readonly job: string | undefined }
  | { readonly problem: string };

const outcomeName = z.enum(claimedOutcomes);
const boundedText = z.string().max(10_000);
const wholeNumber = z.int().min(0);

/** Members that it does not know are the application's own. */
const report = z.object({
  outcome: outcomeName,
  job: boundedText.optional(),
  resultCode: boundedText.nullish(),
  reason: boundedText.nullish(),
  nextAttemptInMs: z.number().min(0).nullish(),
  alerted: z.boolean().nullish(),
  observed: z.object({ orderStatus: boundedText.nullish() }).nullish(),
  attempts: wholeNumber.nullish(),
  pausesScaled: z.boolean().nullish(),
  requestId: boundedText.nullish(),
  resent: wholeNumber.nullish(),
  outcomes: z
    .array(
      z.object({
        outcome: outcomeName,
        message: z.int().min(1).optional(),
        resultCode: boundedText.nullish(),
      }),
    )
    .max(5)
    .nullish(),
});

/**
 * Reads a driver's report.
 * @returns undefined where the text is no report at all: another line of the log
 */
export const readClaim = (line: string): ClaimResult | undefined => {
  const value = parseReport(line);
  if (value === undefined) return undefined;
  const checked = checkValue(report, value);
  if ('issues' in checked) {
    const [issue] = checked.issues;
    const member = issue?.path.join('.');
    return { problem: `${member}: ${issue?.message ?? 'is unusable'} (${clipText(line, 120)})` };
  }
  const { job, observed, outcomes, ...rest } = checked.data;
  return {
    job,
    claim: {
      ...withoutNull(rest),
      outcome: checked.data.outcome,
      ...(observed ? { observed: { orderStatus: observed.orderStatus ?? undefined } } : {}),
      ...(outcomes ? { outcomes: outcomes.map(toMessageClaim) } : {}),
    },
  };
};

const parseReport = (line: string): object | undefined => {
  if (!line.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'outcome' in value ? value : undefined;
  } catch {
    return undefined;
  }
};

type NotNull<T> = { [K in keyof T]: Exclude<T[K], null> };

const withoutNull = <T extends object>(record: T): NotNull<T> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null)) as NotNull<T>;

type GivenOutcome = NonNullable<z.infer<typeof report>['outcomes']>[number];

const toMessageClaim = (given: GivenOutcome, index: number): MessageClaim => ({
  message: given.message ?? index + 1,
  outcome: given.outcome,
  resultCode: given.resultCode ?? undefined,
});

const exitOutcomes: Readonly<Record<number, ClaimedOutcome>> = {
  0: 'SUCCESS',
  10: 'FAILED',
  20: 'UNKNOWN',
  77: 'UNSUPPORTED',
};

/** What an exit code says where there is no report; undefined: no opinion. */
export const claimFromExitCode = (code: number): Claim | undefined => {
  const said = exitOutcomes[code];
  return said === undefined ? undefined : { outcome: said };
};
