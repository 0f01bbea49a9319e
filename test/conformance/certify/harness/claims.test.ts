import { describe, expect, test } from 'vitest';
import {
  claimFromExitCode,
  readClaim,
} from '../../../../server/conformance/certify/harness/driver.ts';

describe('a report', () => {
  test('has its outcome, and what else the application says', () => {
    const line =
      '{"outcome":"UNKNOWN","resultCode":"UNKNOWN_EXCEPTION","nextAttemptInMs":600000,' +
      '"alerted":true,"observed":{"orderStatus":"TICKETED"},"reason":null,"own":1}';
    expect(readClaim(line)).toEqual({
      job: undefined,
      claim: {
        outcome: 'UNKNOWN',
        resultCode: 'UNKNOWN_EXCEPTION',
        nextAttemptInMs: 600_000,
        alerted: true,
        observed: { orderStatus: 'TICKETED' },
      },
    });
  });

  test('counts outcomes of several messages from 1 where they are not numbered', () => {
    const line = '{"outcome":"UNKNOWN","outcomes":[{"outcome":"SUCCESS"},{"outcome":"FAILED"}]}';
    expect(readClaim(line)).toMatchObject({
      claim: { outcomes: [{ message: 1, outcome: 'SUCCESS' }, { message: 2 }] },
    });
  });

  test.each(['', 'sent', '{', '{"level":"info"}', '["outcome"]', 'null', '{"outcome"'])(
    'is not every line of a log: %j',
    (line) => {
      expect(readClaim(line)).toBeUndefined();
    },
  );

  test.each([
    ['{"outcome":"OK"}', 'outcome'],
    ['{"outcome":"SUCCESS","nextAttemptInMs":"soon"}', 'nextAttemptInMs'],
    ['{"outcome":"SUCCESS","outcomes":[{"outcome":"YES"}]}', 'outcomes.0.outcome'],
  ])('that cannot be used says where it is wrong: %s', (line, member) => {
    expect(readClaim(line)).toEqual({ problem: expect.stringContaining(`${member}: `) });
  });
});

test.each([
  [0, 'SUCCESS'],
  [10, 'FAILED'],
  [20, 'UNKNOWN'],
  [77, 'UNSUPPORTED'],
])('the exit code %i says %s', (code, outcome) => {
  expect(claimFromExitCode(code)).toEqual({ outcome });
});

test.each([1, 2, 127, 255])('the exit code %i is no opinion', (code) => {
  expect(claimFromExitCode(code)).toBeUndefined();
});
