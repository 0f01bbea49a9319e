import type { Exchange, StateChange } from '../../../server/admin/types.gen.ts';
import { useQuery } from '../../api/admin.ts';
import {
  classifyDelivery,
  type DeliveryState,
  type DeliverySummary,
  findFault,
  formatDelivery,
} from '../../components/exchange-status.tsx';
import { formatIdentity, formatMicroseconds } from '../../components/format.ts';
import { type Messages, ScenarioText, useMessages } from '../../i18n/messages.tsx';
import { hrefFor } from '../../shell/route.ts';
import type { ScenarioList } from '../../shell/steering-bar.tsx';

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
const DeliveryStep = ({ exchange }: { readonly exchange: Exchange }) => {
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

/** State changes of an exchange, field by field. */
export const StateChanges = ({
  exchange: { changes, status, clientId },
}: {
  readonly exchange: Exchange;
}) => {
  const t = useMessages();
  const things = changes.filter(({ collection }) => !isInternal(collection));
  const memories = changes.filter(({ collection }) => isInternal(collection));
  return (
    <section class="card" aria-labelledby="changes-title">
      <h2 id="changes-title">{t.changes.title}</h2>
      {things.length === 0 && (
        <p class="quiet">{status === 'S' ? t.changes.noneThough : t.changes.none}</p>
      )}
      {things.map((change) => (
        <ChangeSection key={`${change.collection}${change.id}`} change={change} client={clientId} />
      ))}
      {memories.length > 0 && (
        <details>
          <summary>{t.changes.internalRecords(memories.length)}</summary>
          {memories.map((change) => (
            <ChangeSection key={`${change.collection}${change.id}`} change={change} />
          ))}
        </details>
      )}
    </section>
  );
};

/** Internal records: request ids with their responses, call counts, story states. */
const isInternal = (collection: StateChange['collection']): boolean =>
  ['requests', 'calls', 'stories'].includes(collection);

const ChangeSection = ({
  change,
  client,
}: {
  readonly change: StateChange;
  readonly client?: string | undefined;
}) => {
  const t = useMessages();
  return (
    <div class="change">
      <h3>
        <span class={`chip change-${change.kind}`}>{t.changes.kinds[change.kind]}</span>{' '}
        {t.collections[change.collection]}{' '}
        {client === undefined || change.kind === 'removed' ? (
          <span class="mono quiet">{formatIdentity(change.id, change.collection)}</span>
        ) : (
          <a
            class="mono"
            href={hrefFor('state', change.id, { client, collection: change.collection })}
          >
            {formatIdentity(change.id, change.collection)}
          </a>
        )}
      </h3>
      {change.redacted === true ? (
        <p class="quiet">{t.messages.redacted}</p>
      ) : (
        <ChangedFields change={change} />
      )}
    </div>
  );
};

/** Added and removed records have one side only, so their fields are not marked as different. */
const ChangedFields = ({ change: { kind, before, after } }: { readonly change: StateChange }) => {
  const t = useMessages();
  const isChange = kind === 'changed';
  return (
    <div class="table-box">
      <table class="change-table">
        <thead>
          <tr>
            <th scope="col">{t.changes.field}</th>
            {kind !== 'added' && <th scope="col">{t.changes.before}</th>}
            {kind !== 'removed' && <th scope="col">{t.changes.after}</th>}
          </tr>
        </thead>
        <tbody>
          {compareFields(before, after).map((row) => (
            <tr
              key={row.field}
              class={!isChange ? '' : row.before === row.after ? 'same' : 'differs'}
            >
              <th scope="row" class="mono">
                {row.field}
              </th>
              {kind !== 'added' && <td class="mono before">{row.before ?? '–'}</td>}
              {kind !== 'removed' && <td class="mono after">{row.after ?? '–'}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

export interface FieldChange {
  readonly field: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * The fields of a record by name. The nested `fields` of an entity are listed flat, next to its
 * event time and count.
 */
const flattenRecord = (record: unknown): ReadonlyMap<string, string> => {
  if (typeof record !== 'object' || record === null)
    return new Map(record === null || record === undefined ? [] : [['', formatValue(record)]]);
  return new Map(
    Object.entries(record).flatMap(([name, value]) =>
      name === 'fields' && typeof value === 'object' && value !== null
        ? Object.entries(value).map(([field, inner]) => [field, formatValue(inner)] as const)
        : [[`(${name})`, formatValue(value)] as const],
    ),
  );
};

const formatValue = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** All fields of a record before and after a change; changed fields come first. */
export const compareFields = (before: unknown, after: unknown): readonly FieldChange[] => {
  const [left, right] = [flattenRecord(before), flattenRecord(after)];
  const fields = [...new Set([...right.keys(), ...left.keys()])];
  const rows = fields.map((field) => ({ field, before: left.get(field), after: right.get(field) }));
  return [
    ...rows.filter((row) => row.before !== row.after),
    ...rows.filter((row) => row.before === row.after),
  ];
};
