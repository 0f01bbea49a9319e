import type { CheckId } from '../catalogue/case.ts';
import {
  alerted,
  codeKept,
  honestClaim,
  noFalseFailure,
  noFalseSuccess,
  statusNoticed,
} from './belief.ts';
import type { Check } from './check.ts';
import {
  constants,
  credibleTime,
  distinctIds,
  newKey,
  notOvertaken,
  risingTime,
  textUnchanged,
} from './content.ts';
import {
  arrives,
  eitherWay,
  ends,
  freshTime,
  noLoop,
  once,
  recovers,
  repeats,
  repeatsOnResume,
  sameBody,
  sameId,
  stops,
} from './repetition.ts';
import { givesUpByItself, pauses, plan, slowsDown, wholeDeadline } from './timing.ts';

/** What the catalogue names, by id. */
export const checks: Readonly<Record<CheckId, Check>> = {
  arrives,
  repeats,
  'repeats-on-resume': repeatsOnResume,
  'same-id': sameId,
  'same-body': sameBody,
  'fresh-time': freshTime,
  once,
  recovers,
  'no-false-success': noFalseSuccess,
  'no-false-failure': noFalseFailure,
  stops,
  'code-kept': codeKept,
  alerted,
  pauses,
  'slows-down': slowsDown,
  plan,
  ends,
  'no-loop': noLoop,
  'gives-up-by-itself': givesUpByItself,
  'whole-deadline': wholeDeadline,
  'text-unchanged': textUnchanged,
  'distinct-ids': distinctIds,
  'credible-time': credibleTime,
  'either-way': eitherWay,
  'new-key': newKey,
  'rising-time': risingTime,
  constants,
  'not-overtaken': notOvertaken,
  'status-noticed': statusNoticed,
  'honest-claim': honestClaim,
};
