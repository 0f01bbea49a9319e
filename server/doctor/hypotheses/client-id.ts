import type { ContentHead } from '../content.ts';
import type { CaseFacts, HeadChange, HeadHypothesis } from './hypothesis.ts';

const other = (clientId: string, detail: string): HeadChange => ({ parts: { clientId }, detail });

export const clientIdHypotheses: readonly HeadHypothesis[] = [
  { finding: 'CLIENT_ID_DIFFERS', frequent: true, changes: spellings },
  { finding: 'CLIENT_ID_DIFFERS', frequent: false, changes: omissions },
  { finding: 'CLIENT_ID_DIFFERS', frequent: false, changes: fromTheBody },
];

function spellings({ clientId }: ContentHead): readonly HeadChange[] {
  const variants = [
    other(clientId.toLowerCase(), 'in small letters'),
    other(clientId.toUpperCase(), 'in capitals'),
    other(clientId.trim(), 'without the blanks of the header'),
    other(`${clientId} `, 'with a blank behind it'),
    other(` ${clientId}`, 'with a blank before it'),
    other(`${clientId}\n`, 'with a line feed behind it'),
    other(`"${clientId}"`, 'in quotation marks'),
    other(clientId.replace(/^["']|["']$/g, ''), 'without the quotation marks of the header'),
  ];
  return variants.filter(({ parts }) => parts.clientId !== clientId);
}

function omissions(): readonly HeadChange[] {
  return [
    { parts: { clientId: '', dot: '' }, detail: 'left out' },
    { parts: { clientId: '' }, detail: 'empty' },
    { parts: { clientId: 'null' }, detail: '"null"' },
    { parts: { clientId: 'undefined' }, detail: '"undefined"' },
    { parts: { clientId: 'None' }, detail: '"None"' },
  ];
}

/** People sign a merchant id or app id where the client id belongs. */
function fromTheBody({ clientId }: ContentHead, { bodyTexts }: CaseFacts): readonly HeadChange[] {
  return bodyTexts
    .filter((text) => text !== clientId)
    .map((text) => other(text, 'a value of the body'));
}
