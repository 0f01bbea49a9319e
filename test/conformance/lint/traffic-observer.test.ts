import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingsWith } from '../../../server/app/settings/resolve-settings.ts';
import { TrafficObserver } from '../../../server/conformance/traffic-observer.ts';
import { readContract } from '../../../server/domain/contract/read-contract.ts';
import { endpoints } from '../../../server/domain/operations/index.ts';
import { Journal } from '../../../server/journal/journal.ts';
import type { OpenExchange } from '../../../server/journal/journal-entry.ts';
import { packageRoot } from '../../../server/package-root.ts';
import { inFlight, record, startMs } from '../traffic.ts';

const settings = settingsWith({});
const contract =
  readContract(join(packageRoot, 'openapi', 'alipayhk.yaml'), settings).value ??
  expect.fail('the contract cannot be read');

const observe = (journal: Journal, isNumberedAtEnd: boolean): TrafficObserver =>
  new TrafficObserver({
    ...{ settings, contract, endpoints, journal, isNumberedAtEnd },
    isTestClient: () => false,
    originMs: startMs,
    nowUs: () => 60_000_000,
    onFinding: () => {},
    onError: (error) => expect.fail(String(error)),
  });

const limits = { entries: 100, bytes: 1e6 };

/** One request, and one whose requestId is the business number, which lint notes. */
const [first, second] = record([{ ms: 0 }, { ms: 10, id: 'ORDER1' }]);
if (first === undefined || second === undefined) expect.fail('two entries');

const rulesOf = (observer: TrafficObserver): readonly string[] =>
  observer.lint().findings.map(({ rule }) => rule);

test('what arrived before and is in flight holds up what came after it', () => {
  const journal = new Journal(limits);
  const observer = observe(journal, false);
  journal.addOpen(inFlight(first));
  journal.add(second);
  expect(rulesOf(observer)).not.toContain('L-ID-02');
  journal.add(first);
  expect(rulesOf(observer)).toContain('L-ID-02');
  observer.close();
});

test('where replicas share the journal, requests that only one of them knows hold up nothing', () => {
  /** Its requests in flight are those of one replica, with numbers of its own. */
  class MergedJournal extends Journal {
    override get open(): readonly OpenExchange[] {
      return [inFlight(first)];
    }
  }
  const journal = new MergedJournal(limits);
  const observer = observe(journal, true);
  journal.add(second);
  expect(rulesOf(observer)).toContain('L-ID-02');
  observer.close();
});
