import { outboundFaults } from '../../domain/outbound/outbound-faults.ts';
import type { JournalEntry } from '../../journal/journal-entry.ts';
import type { Hit } from './lint-memory.ts';
import { type LintRuleId, lintRules } from './lint-rules.ts';

/** What of an answer to a call violates which rule; a result that is F or U violates none. */
const rulesByProblem: Readonly<Record<string, LintRuleId>> = {
  OUT_UNSIGNED: 'L-OUT-02',
  OUT_SIGNATURE: 'L-OUT-02',
  OUT_NOT_DECRYPTED: 'L-OUT-02',
  OUT_CLIENT_ID: 'L-OUT-02',
  OUT_RESPONSE_TIME: 'L-OUT-02',
  OUT_HTTP_STATUS: 'L-OUT-03',
  OUT_CONTENT_TYPE: 'L-OUT-03',
  OUT_NOT_JSON: 'L-OUT-03',
  OUT_NO_RESULT: 'L-OUT-03',
  OUT_CONTRACT: 'L-OUT-03',
  OUT_TOO_LARGE: 'L-OUT-03',
  OUT_BROKEN_OFF: 'L-OUT-03',
  OUT_TIMEOUT: 'L-OUT-04',
};

/** The fault that a call was sent with. */
export const findOutboundFault = ({
  tags,
}: Pick<JournalEntry, 'tags'>): keyof typeof outboundFaults | undefined =>
  tags.find((tag): tag is keyof typeof outboundFaults => Object.hasOwn(outboundFaults, tag));

/** What the answer of the merchant to a call shows, one hit a rule. */
export const checkAnswer = (entry: JournalEntry): readonly Hit[] => {
  const { outbound, clientId = '', findings, number, id, receivedAt } = entry;
  if (outbound === undefined) return [];
  const fault = findOutboundFault(entry);
  const hit = (rule: LintRuleId, sentence: string): Hit => ({
    ...{ rule, clientId, severity: lintRules[rule].severity, members: [] },
    attempts: [{ journalNumber: number, id, receivedAt }],
    sentence: `${outbound.call}: ${sentence}`,
  });
  if (fault !== undefined && !outboundFaults[fault].isAcknowledged)
    return outbound.acknowledged ? [hit('L-OUT-01', `acknowledged with the fault ${fault}`)] : [];
  const found = new Map<LintRuleId, string>();
  for (const { id, sentence } of findings) {
    const rule = rulesByProblem[id];
    if (rule !== undefined && !found.has(rule)) found.set(rule, sentence);
  }
  return [...found].map(([rule, sentence]) => hit(rule, sentence));
};
