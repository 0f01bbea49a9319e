import type { Exchange } from '../../../server/admin/types.gen.ts';
import { classifyDelivery, type DeliveryState, formatDelivery } from '../../components/delivery.ts';
import { formatMicroseconds } from '../../components/format.ts';
import { useMessages } from '../../i18n/use-messages.ts';
import { DeliveryStep } from './delivery-step.tsx';

/** The steps of the gateway in order. `early-fault` is inserted only if it decided. */
const stations = [
  'receive',
  'read-headers',
  'identify-client',
  'verify-signature',
  'check-access',
  'decrypt-body',
  'parse-body',
  'validate-request',
  'decide',
  'reply',
] as const;

type StepResult = 'passed' | 'refused' | 'unreached' | 'undelivered' | 'incomplete' | 'altered';

interface Station {
  readonly name: string;
  readonly result: StepResult;
  readonly microseconds: number | undefined;
  readonly isDeciding: boolean;
}

/** Result of the last step, by what the client received. */
const deliveryResults = {
  intact: 'passed',
  altered: 'altered',
  incomplete: 'incomplete',
  nothing: 'undelivered',
} as const satisfies Record<DeliveryState, StepResult>;

/** Result of each step. A step outside the standard list is shown only if it decided. */
const listStations = (exchange: Exchange): readonly Station[] => {
  const { steps, step: deciding, status } = exchange;
  const isOutbound = exchange.direction === 'outbound';
  const names: string[] = isOutbound ? ['send', 'judge-answer'] : [...stations];
  if (!names.includes(deciding)) names.splice(1, 0, deciding);
  const ranSteps = names.map((name): Station => {
    const ran = steps.find((one) => one.name === name);
    const isDeciding = name === deciding;
    const isRefused = ran?.refused === true || (isDeciding && status !== 'S');
    const result = isRefused ? 'refused' : ran === undefined ? 'unreached' : 'passed';
    return { name, result, microseconds: ran?.microseconds, isDeciding };
  });
  return isOutbound ? ranSteps : [...ranSteps, deliverStation(exchange)];
};

/** Delivery: how long after the arrival of the request it ended. */
const deliverStation = (exchange: Exchange): Station => ({
  name: 'deliver',
  result: exchange.tags.includes('broken-off')
    ? 'unreached'
    : deliveryResults[classifyDelivery(exchange)],
  microseconds: exchange.delivery.endedUs - exchange.arrival.atUs,
  isDeciding: false,
});

/** Results that are written below the step, because no colour of their own says them. */
const isLabelled = (result: StepResult): boolean =>
  result === 'undelivered' || result === 'incomplete' || result === 'altered';

/** The steps of the gateway, with the deciding step highlighted. */
export const Pipeline = ({ exchange }: { readonly exchange: Exchange }) => {
  const t = useMessages();
  return (
    <section class="card pipeline-card" aria-labelledby="pipeline-title">
      <h2 id="pipeline-title">
        {exchange.direction === 'outbound' ? t.outbound.steps : t.pipeline.title}
      </h2>
      <ol class="pipeline">
        {listStations(exchange).map(({ name, result, microseconds, isDeciding }, at) => (
          <li
            key={name}
            class={`station ${result}${isDeciding ? ' deciding' : ''}`}
            aria-current={isDeciding ? 'step' : undefined}
            title={name === 'deliver' ? formatDelivery(exchange, t) : t.steps[name]?.meaning}
          >
            <span class="station-mark" aria-hidden="true">
              {result === 'passed' ? (
                <Tick />
              ) : result === 'refused' || result === 'undelivered' || result === 'incomplete' ? (
                <Cross />
              ) : result === 'altered' ? (
                '!'
              ) : (
                at + 1
              )}
            </span>
            <span class="station-name">{t.steps[name]?.name ?? name}</span>
            <span class="station-time mono">
              {microseconds === undefined
                ? ''
                : name === 'deliver'
                  ? t.pipeline.after(formatMicroseconds(microseconds))
                  : formatMicroseconds(microseconds)}
            </span>
            <span class={isLabelled(result) ? 'station-result' : 'hidden'}>
              {t.pipeline.results[result]}
            </span>
          </li>
        ))}
      </ol>
      {exchange.direction === 'inbound' && <DeliveryStep exchange={exchange} />}
    </section>
  );
};

const Tick = () => (
  <svg viewBox="0 0 16 16" width="14" height="14" class="icon" aria-hidden="true">
    <path d="M3.5 8.5l3 3 6-7" />
  </svg>
);

const Cross = () => (
  <svg viewBox="0 0 16 16" width="14" height="14" class="icon" aria-hidden="true">
    <path d="M4 4l8 8M12 4l-8 8" />
  </svg>
);
