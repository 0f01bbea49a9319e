import { type Html, html } from '../../report/html.ts';
import type { Family } from '../catalogue/case.ts';
import type { CaseResult, CaseVerdict } from '../result.ts';
import { caseLabel } from '../to-test-report.ts';

/** How much of a case is shown where the file would get too large, the most first. */
export const caseDetails = ['all', 'no wire log', 'checks only'] as const;
export type CaseDetail = (typeof caseDetails)[number];

/** What a verdict looks like: a mark and a tone. */
export interface VerdictLook {
  readonly mark: string;
  readonly tone: 'good' | 'bad' | 'unsure' | 'quiet';
  readonly name: string;
}

export const verdictLooks: Readonly<Record<CaseVerdict, VerdictLook>> = {
  PASS: { mark: '✓', tone: 'good', name: 'passed' },
  'PASS (claimed)': { mark: '✓', tone: 'good', name: 'passed by claim only' },
  'PASS (alone)': { mark: '✓', tone: 'unsure', name: 'passed when repeated alone' },
  WARN: { mark: '!', tone: 'unsure', name: 'warning' },
  FAIL: { mark: '✗', tone: 'bad', name: 'failed' },
  'NOT JUDGED': { mark: '?', tone: 'unsure', name: 'not judged' },
  'NOT APPLICABLE': { mark: '–', tone: 'quiet', name: 'not applicable' },
  ERROR: { mark: '✗', tone: 'bad', name: 'broke' },
  XFAIL: { mark: 'x', tone: 'unsure', name: 'failed as expected' },
  XPASS: { mark: '✗', tone: 'bad', name: 'passed unexpectedly' },
};

export const renderBadge = ({ verdict }: Pick<CaseResult, 'verdict'>): Html =>
  html`<span class="badge ${verdictLooks[verdict].tone}">${verdictLooks[verdict].name}</span>`;

/** Where the page of a case is in the file. */
export const caseAnchor = (one: CaseResult): string =>
  caseLabel(one)
    .replaceAll(/[^\w-]+/g, '-')
    .replace(/-$/, '');

/** What the cases of each family are about. */
export const familyTitles: Readonly<Record<Family, string>> = {
  PRE: 'First contact',
  REQ: 'What is sent',
  UNK: 'Unknown outcome',
  BACK: 'The printed plan',
  LOST: 'No usable answer',
  FIN: 'Final answers',
  SEC: 'Whose answer is it?',
  KEY: 'Key versions',
  SEAL: 'Encrypted bodies',
  ORD: 'Events in order',
  BOX: 'After a crash',
};

export const familyTitle = (family: string): string =>
  new Map<string, string>(Object.entries(familyTitles)).get(family) ?? family;
