import type { Exchange } from '../../../server/admin/types.gen.ts';
import { useQuery } from '../../api/use-admin.ts';
import {
  classifyDelivery,
  type DeliverySummary,
  findFault,
  formatDelivery,
} from '../../components/delivery.ts';
import { ScenarioText } from '../../components/server-text.tsx';
import type { Messages } from '../../i18n/messages.ts';
import { useMessages } from '../../i18n/use-messages.ts';
import { hrefFor } from '../../shell/route.ts';
import type { ScenarioList } from '../../shell/steering-bar.tsx';

/** What a correct client does with a response that no fault altered. */
export const expectedBehaviour = (
  exchange: DeliverySummary & Pick<Exchange, 'signed'>,
): keyof Messages['delivery']['expectations'] =>
  classifyDelivery(exchange) !== 'intact'
    ? 'lost'
    : exchange.status === 'U'
      ? 'unknown'
      : exchange.status === 'S'
        ? 'done'
        : exchange.signed
          ? 'refused'
          : 'unsigned';

/** The last step: what has left, which fault altered it, and what a correct client does. */
export const DeliveryStep = ({ exchange }: { readonly exchange: Exchange }) => {
  const t = useMessages();
  const { httpStatus, tags } = exchange;
  const fault = findFault(tags);
  // The package has a scenario for each fault; its text says what a correct client does.
  const { value } = useQuery<ScenarioList>(fault === undefined ? undefined : '/scenarios');
  const shown = value?.known.find(
    ({ name, source }) =>
      source === 'package' && ['net', 'sig', 'enc'].some((prefix) => name === `${prefix}-${fault}`),
  );
  return (
    <div class={`delivery-step ${classifyDelivery(exchange)}`}>
      <p>
        <strong>{t.delivery.step}:</strong>{' '}
        {httpStatus === 0
          ? t.delivery.noResponse
          : `${t.messages.httpStatus(httpStatus)} · ${formatDelivery(exchange, t)}`}
        {fault !== undefined && (
          <>
            {' · '}
            {t.delivery.fault}{' '}
            {shown === undefined ? (
              <code>{fault}</code>
            ) : (
              <a class="mono" href={hrefFor('scenarios', shown.name)}>
                {fault}
              </a>
            )}
          </>
        )}
      </p>
      <p>
        <strong>{t.delivery.expected}:</strong>{' '}
        {shown?.integration === undefined ? (
          t.delivery.expectations[expectedBehaviour(exchange)]
        ) : (
          <ScenarioText text={shown.integration} />
        )}
      </p>
    </div>
  );
};
