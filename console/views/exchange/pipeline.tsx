import type { Exchange } from '../../../server/admin/types.gen.ts';
import { type Delivery, deliveryOf } from '../../components/exchange-status.tsx';
import { formatMicroseconds } from '../../components/format.ts';
import { useMessages } from '../../i18n/use-messages.ts';

/** The stations of the gateway in their order; `early-fault` and others come in where they ran. */
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

type StepResult = 'passed' | 'refused' | 'unreached' | 'undelivered' | 'altered';

interface Station {
  readonly name: string;
  readonly fate: StepResult;
  readonly microseconds: number | undefined;
  readonly isDeciding: boolean;
}

/** A composed answer counts as the client received it. */
const replyFates = {
  intact: 'passed',
  altered: 'altered',
  nothing: 'undelivered',
} as const satisfies Record<Delivery, StepResult>;

/** What each station did with the exchange. A step of no station is shown only where it decided. */
const journeyOf = (exchange: Exchange): readonly Station[] => {
  const { steps, step: deciding, status } = exchange;
  const delivery = deliveryOf(exchange);
  const names: string[] = [...stations];
  if (!names.includes(deciding)) names.splice(1, 0, deciding);
  return names.map((name) => {
    const ran = steps.find((one) => one.name === name);
    const isDeciding = name === deciding;
    const isRefused = ran?.refused === true || (isDeciding && status !== 'S');
    const fate = isRefused
      ? 'refused'
      : ran === undefined
        ? 'unreached'
        : name === 'reply'
          ? replyFates[delivery]
          : 'passed';
    return { name, fate, microseconds: ran?.microseconds, isDeciding };
  });
};

/** The way through the gateway, with the step lit up that refused. */
export const Pipeline = ({ exchange }: { readonly exchange: Exchange }) => {
  const t = useMessages();
  return (
    <section class="card pipeline-card" aria-labelledby="pipeline-title">
      <h2 id="pipeline-title">{t.pipeline.title}</h2>
      <ol class="pipeline">
        {journeyOf(exchange).map(({ name, fate, microseconds, isDeciding }, at) => (
          <li
            key={name}
            class={`station ${fate}${isDeciding ? ' deciding' : ''}`}
            aria-current={isDeciding ? 'step' : undefined}
            title={t.steps[name]?.meaning}
          >
            <span class="station-mark" aria-hidden="true">
              {fate === 'passed' ? (
                <Tick />
              ) : fate === 'refused' || fate === 'undelivered' ? (
                <Cross />
              ) : fate === 'altered' ? (
                '!'
              ) : (
                at + 1
              )}
            </span>
            <span class="station-name">{t.steps[name]?.name ?? name}</span>
            <span class="station-time mono">
              {microseconds === undefined ? '' : formatMicroseconds(microseconds)}
            </span>
            <span class={fate === 'undelivered' || fate === 'altered' ? 'station-fate' : 'hidden'}>
              {t.pipeline.results[fate]}
            </span>
          </li>
        ))}
      </ol>
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
