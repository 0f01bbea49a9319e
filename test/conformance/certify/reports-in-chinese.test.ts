import { describe, expect, test } from 'vitest';
import { catalogue } from '../../../server/conformance/certify/catalogue/index.ts';
import { receiverCatalogue } from '../../../server/conformance/certify/catalogue/receiver.ts';
import { certifyTranslator } from '../../../server/conformance/certify/html/elements.ts';
import { renderHtml } from '../../../server/conformance/certify/html/page.ts';
import { renderSummary } from '../../../server/conformance/certify/render-terminal.ts';
import type { CaseResult } from '../../../server/conformance/certify/result.ts';
import { certifyTestReport } from '../../../server/conformance/certify/to-test-report.ts';
import { renderMarkdown } from '../../../server/conformance/report/formats.ts';
import { translateText } from '../../../server/conformance/report/translate.ts';
import { translateProblem } from '../../../server/domain/chinese/problem-texts.ts';
import { believedUnsigned, sampleCase, sampleCheck, sampleResult } from './sample-result.ts';

const translate = certifyTranslator((text) => translateProblem(text) ?? text);

/** Words of English in a row that no tag, quotation or name explains. */
const sentencesIn = (text: string): readonly string[] =>
  text.match(/(?<![-/\w.])(?:[a-z’']{2,} ){3,}[a-z’']{2,}/g) ?? [];

/** As the checks write it. */
const sentence =
  'claimed SUCCESS after an answer that proves nothing (S SUCCESS), and sent nothing more';
const asChecked = (one: CaseResult): CaseResult => ({
  ...one,
  checks: one.checks.map((check) => ({ ...check, sentence })),
});

const everyCase = [
  ...catalogue.map(({ id }) => asChecked(believedUnsigned({ id }))),
  ...receiverCatalogue.map(({ id }) => asChecked(sampleCase({ id, operation: 'bill-notify' }))),
  sampleCase({
    id: 'C-LOST-03',
    verdict: 'NOT JUDGED',
    message: 'some exchanges of the case are lost',
    checks: [sampleCheck({ verdict: 'open', evidence: '-', sentence: 'nothing was claimed' })],
  }),
];
const result = sampleResult(everyCase, { revealed: true, claimConstant: true });

describe('a report of certify in Chinese', () => {
  test('as a page: no sentence is left in English, and nothing that was sent is changed', () => {
    const page = renderHtml(result, translate);
    expect(page).toContain('<html lang="zh-Hant-HK">');
    const shown = page
      .replace(/<(style|pre|code)\b[\s\S]*?<\/\1>/g, '')
      .replace(/<[^>]+>/g, '\n')
      .replace(/&[\w#]+;/g, '-');
    expect(sentencesIn(shown)).toEqual([]);
    const codes = (text: string): readonly string[] => text.match(/<(pre|code)\b.*?<\/\1>/gs) ?? [];
    expect(codes(page)).toEqual(codes(renderHtml(result)));
  });

  test('on a terminal', () => {
    const summary = renderSummary(result, { isStyled: false, translate });
    expect(summary).toContain('失敗');
    expect(sentencesIn(summary)).toEqual([]);
  });

  test('as Markdown for the summary of a job', () => {
    const text = renderMarkdown(certifyTestReport(result), [], translate);
    expect(text).toContain('個案');
    expect(sentencesIn(text)).toEqual([]);
  });

  test('in English by default, byte for byte', () => {
    expect(renderHtml(result, (text) => text)).toBe(
      renderHtml(result).replace('<html lang="en">', '<html lang="zh-Hant-HK">'),
    );
  });
});

describe('a text of a report', () => {
  test.each([
    ['critical, doc, not part of the profile', '嚴重、doc、不屬於 profile'],
    ['Why.', '原因。'],
    ['does not acknowledge, and changes nothing.', '不予確認，亦不作任何更改。'],
    ['2 of 3', '3 之中的 2'],
    ['the order of things', 'the order of things'],
  ])('%s', (english, chinese) => {
    expect(translateText(english, translate)).toBe(chinese);
  });
});
