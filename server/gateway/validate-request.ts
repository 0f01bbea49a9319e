import type { Finding } from '../contract/finding.ts';
import { inspectRequest, unknownFieldId } from '../contract/inspect-request.ts';
import type { RequestValidator } from '../contract/request-validator.ts';
import type { JsonLosses } from '../problems/json-text.ts';
import type { Exchange, Facts } from './exchange.ts';
import { refuseOpenly } from './refusal.ts';

/** Step 8: the fields keep the contract; what it lets pass but is odd becomes a finding. */
export const validateRequest = async (
  { operation, request, losses }: Pick<Facts, 'operation' | 'request' | 'losses'>,
  exchange: Exchange,
  validate: RequestValidator,
  unknownFieldsRefused: boolean,
): Promise<Record<never, never>> => {
  exchange.note(...lossFindings(losses));
  const faults = await validate(operation, request, losses.numbers);
  if (faults.length > 0) throw refuseOpenly('PARAM_ILLEGAL', 'G-02', faults.join('; '));
  const findings = inspectRequest(operation, request);
  const unknown = findings.filter(({ id }) => id === unknownFieldId);
  if (unknownFieldsRefused && unknown.length > 0)
    throw refuseOpenly('PARAM_ILLEGAL', 'G-17', unknown.map(({ sentence }) => sentence).join('; '));
  exchange.note(...findings);
  return {};
};

const mostFindings = 10;

/** The journal shows the body as it was sent; state and answers hold what was read of it. */
const lossFindings = ({ duplicates, numbers }: JsonLosses): Finding[] => [
  ...duplicates.slice(0, mostFindings).map(
    (name): Finding => ({
      id: 'DUPLICATE_NAME',
      sentence: `${name.slice(0, 64)}: given twice in the same object; the last one counts`,
      register: 'G-31',
    }),
  ),
  ...[...numbers].slice(0, mostFindings).map(
    ([name, written]): Finding => ({
      id: 'NUMBER_LOSES_DIGITS',
      sentence: `${name.slice(0, 64)}: the number ${written.slice(0, 40)} is read as ${Number(written)}; send it as text`,
      register: 'G-32',
    }),
  ),
];
