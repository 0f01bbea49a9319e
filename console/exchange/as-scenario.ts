import { identityText } from '../api/identity-text.ts';
import type { Exchange } from '../api/journal.ts';

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');

/** The fields that name a thing, by operation; as the register's O-03 lists them. */
const namingField: Readonly<Record<string, string>> = {
  syncOrder: 'merchantBizNo',
  updateMembershipCard: 'passId',
  syncPaymentInfo: 'accountId',
  syncAdditionalInfo: 'accountId',
};

/** A scenario file that answers such a request as this one was answered. */
export const asScenario = (exchange: Exchange): string => {
  const operation = exchange.operation ?? 'syncOrder';
  const field = namingField[operation];
  const named = field === undefined ? undefined : fieldOf(exchange, field);
  return [
    `name: ${slug(`${operation} ${exchange.code}`)}`,
    'description: >-',
    `  ${operation} is answered ${exchange.code}, as in exchange ${exchange.id}.`,
    'rules:',
    '  - when:',
    `      operation: ${operation}`,
    ...(named === undefined || field === undefined
      ? []
      : ['      body:', `        ${field}: ${JSON.stringify(named)}`]),
    '    then:',
    `      result: ${exchange.code}`,
    ...(exchange.status === 'S' ? [] : [`      status: ${exchange.status}`]),
    '',
  ].join('\n');
};

const fieldOf = ({ request, identity }: Exchange, field: string): string | undefined => {
  try {
    const body: unknown = JSON.parse(request.opened?.text ?? request.bodyText ?? '');
    const value =
      typeof body === 'object' && body !== null
        ? Object.entries(body).find(([name]) => name === field)?.[1]
        : undefined;
    return typeof value === 'string' ? value : undefined;
  } catch {
    const only = identity === undefined ? undefined : identityText(identity);
    return only?.includes(' · ') === true ? undefined : only;
  }
};
