import { join } from 'node:path';
import { settingsWith } from '../../../server/app/settings/resolve-settings.ts';
import { type CaseEvidence, readCase } from '../../../server/conformance/certify/case-evidence.ts';
import type { CatalogueCase } from '../../../server/conformance/certify/catalogue/case.ts';
import { catalogue } from '../../../server/conformance/certify/catalogue/index.ts';
import { toCaseRun } from '../../../server/conformance/certify/harness/plan-runs.ts';
import type {
  CaseRecord,
  Claim,
  JobAction,
  JobEnd,
  JobRecord,
} from '../../../server/conformance/certify/types.ts';
import type { OperationId } from '../../../server/domain/contract/contract.ts';
import { readContract } from '../../../server/domain/contract/read-contract.ts';
import type { JsonObject } from '../../../server/domain/state/state.ts';
import { packageRoot } from '../../../server/package-root.ts';
import { attemptOptions, inFlight, record, type Sent, startMs } from '../traffic.ts';

const shipped = readContract(
  join(packageRoot, 'openapi', 'alipayhk.yaml'),
  settingsWith({}),
  false,
).value;
if (shipped === undefined) throw new Error('the shipped contract cannot be read');
export const contract = shipped;

/** An attempt of a case; its body is the case's message unless it says otherwise. */
export interface Attempt extends Sent {
  /** Which message it carries, from 1. */
  readonly message?: number;
  /** The rule of the case that answered it. */
  readonly played?: number;
  /** It is still in flight when the watching ends. */
  readonly isOpen?: true;
  /** It took effect under its requestId. */
  readonly isExecuted?: true;
}

/** A job and what came of it, in milliseconds since the case began. */
export interface JobStory {
  readonly action?: JobAction;
  readonly message?: number;
  readonly ms?: number;
  readonly endMs?: number;
  /** The outcome alone, or a whole claim. */
  readonly claim?: Claim['outcome'] | Claim;
  readonly byExitCode?: true;
  readonly end?: JobEnd;
}

export interface CaseStory {
  readonly id: string;
  readonly variant?: string;
  readonly operation?: OperationId;
  readonly attempts?: readonly Attempt[];
  readonly jobs?: readonly JobStory[];
  readonly more?: Partial<CaseRecord<CatalogueCase>>;
}

export const findCase = (id: string): CatalogueCase => {
  const found = catalogue.find((one) => one.id === id);
  if (found === undefined) throw new Error(`${id} is not a case`);
  return found;
};

const token = 'CTEST0001';
const us = (ms: number): number => (ms + 1000) * 1000;

/** A case as the harness would have recorded it, written by hand. */
export const recordCase = (story: CaseStory): CaseRecord<CatalogueCase> => {
  const { id, variant, operation = 'syncOrder', attempts = [], jobs = [{}], more } = story;
  const run = toCaseRun(
    { plan: findCase(id), variant, operation, algorithm: 'RSA256', sealed: false },
    {
      contract,
      clientId: 'SHOP',
      separation: 'client',
      token,
      time: startMs,
      messages: {},
    },
  );
  const sent = attempts.map((attempt) => toSent(attempt, run.messages, operation));
  const entries = record(sent).map((entry, index) =>
    attempts[index]?.isExecuted === true
      ? {
          ...entry,
          changes: [
            ...entry.changes,
            { collection: 'requests', id: `R${index}`, before: null, after: executed } as const,
          ],
        }
      : entry,
  );
  return {
    run,
    mode: 'command',
    separation: 'client',
    clientId: 'SHOP',
    startedUs: us(0),
    endedUs: us(60_000),
    jobs: jobs.map((job) => toJobRecord(job, run.messages, operation)),
    exchanges: entries.filter((_, index) => attempts[index]?.isOpen !== true),
    open: entries.filter((_, index) => attempts[index]?.isOpen === true).map(inFlight),
    played: new Map(
      attempts.flatMap(({ played }, index) =>
        played === undefined ? [] : [[index + 1, played] as const],
      ),
    ),
    quietMs: 0,
    pauseFactor: 1,
    hasStray: false,
    hasEvicted: false,
    error: undefined,
    isRepeat: false,
    ...more,
  };
};

const executed = {
  fingerprint: 'x',
  answer: { code: 'SUCCESS', status: 'S', message: '', fields: {} },
} as const;

const toSent = (
  { message = 1, id = 'R1', body, text, ...sent }: Attempt,
  messages: readonly JsonObject[],
  operation: OperationId,
): Sent => {
  const given = messages[message - 1] ?? {};
  const members = operation === 'updateMembershipCard' ? given : { requestId: id, ...given };
  return { ...sent, operation, text: text ?? JSON.stringify({ ...members, ...body }) };
};

const toJobRecord = (
  { action = 'send', message = 1, ms = -10, endMs = ms + 2000, claim, byExitCode, end }: JobStory,
  messages: readonly JsonObject[],
  operation: OperationId,
): JobRecord => ({
  job: {
    protocol: 1,
    job: 'test-1',
    action,
    operation,
    path: '/',
    sealed: false,
    ...(action === 'send' && { message: messages[message - 1] ?? {} }),
    ...(action === 'sendAll' && { messages }),
  },
  givenUs: us(ms),
  claim: typeof claim === 'string' ? { outcome: claim } : claim,
  claimedUs: claim === undefined ? undefined : us(endMs),
  claimedBy: claim === undefined ? undefined : byExitCode === true ? 'exit-code' : 'report',
  end: end ?? { kind: 'exited', code: 0 },
  endedUs: us(endMs),
  remarks: [],
  log: '',
});

export const readStory = (story: CaseStory): CaseEvidence =>
  readCase(recordCase(story), attemptOptions);
