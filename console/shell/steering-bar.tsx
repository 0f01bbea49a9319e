import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Client, ClockState, Scenario } from '../../server/admin/types.gen.ts';
import { callAdmin, useAction, useClients, useQuery } from '../api/admin.ts';
import { formatDateTime } from '../components/format.ts';
import { ErrorNotice } from '../components/widgets.tsx';
import { useMessages } from '../i18n/messages.tsx';
import { useEventCount, useFeed, useLastChange } from '../stream/feed.ts';
import { hrefFor } from './route.ts';

/** A rule that waits for a client's next calls. */
export interface QueuedOneShot {
  readonly name: string;
  readonly times: number;
  readonly when: Readonly<Record<string, unknown>>;
  readonly then: Readonly<Record<string, unknown>>;
}

export interface ScenarioList {
  readonly active: readonly string[];
  readonly known: readonly Scenario[];
}

export interface ScenariosState extends ScenarioList {
  readonly clients: readonly Client[];
  reload(): void;
}

/** Events after which something else may be scripted. */
const steeringEvents = ['scenarios', 'one-shots', 'clients', 'clock', 'reset', 'hello'];

/** How often each scenario answered, by the exchanges in the list. */
export const useMatchCounts = (): ReadonlyMap<string, number> => {
  const { rows } = useFeed().state;
  const change = useLastChange();
  return useMemo(() => {
    const counts = new Map<string, number>();
    for (const { rule } of rows) {
      if (rule === undefined) continue;
      const name = rule.replace(/, rule \d+$/, '');
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return counts;
  }, [change]);
};

/** Changes when a one-shot has answered: the queue of its client is shorter then. */
const useScriptedCount = (): number => {
  const counts = useMatchCounts();
  let sum = 0;
  for (const [name, count] of counts) if (name.startsWith('one-shot')) sum += count;
  return sum;
};

/** `syncOrder → UNKNOWN_EXCEPTION, reset`. */
export const describeOneShot = ({ when, then, times }: QueuedOneShot): string => {
  const { operation, body } = when;
  const conditions =
    typeof body === 'object' && body !== null ? Object.values(body).map(describeCondition) : [];
  const effects = Object.entries(then).map(([name, value]) =>
    name === 'delayMs' ? `${String(value)} ms` : describeCondition(value),
  );
  const target = [String(operation), ...conditions].join(' ');
  return `${target} → ${effects.join(', ')}${times > 1 ? ` ×${times}` : ''}`;
};

const describeCondition = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return String(value);
  const [first] = 'id' in value ? [value.id] : Object.values(value);
  return String(first);
};

const pathOfClient = (clientId: string): string => `/clients/${encodeURIComponent(clientId)}`;

/** What is scripted right now, on every view: scenarios, one-shots, held clocks, each with its ✕. */
export const SteeringBar = () => {
  const t = useMessages();
  const version = useEventCount(steeringEvents);
  const scripted = useScriptedCount();
  const clients = useClients(version + scripted);
  const scenarios = useQuery<ScenarioList>('/scenarios', version);
  const clock = useQuery<ClockState>('/clock', version);
  const { run, error, isBusy, clear } = useAction();
  const reload = (): void => {
    for (const one of [scenarios, clients, clock]) one.reload();
  };
  const change = (path: string, method: 'PUT' | 'DELETE', body?: unknown) => (): void =>
    run(async () => {
      await callAdmin(path, { method, body });
      reload();
    });
  const active = scenarios.value?.active ?? [];
  const all = clients.value?.clients ?? [];
  const steered = all.filter(
    ({ scenarios: own, oneShots, clock: held }) =>
      own.length > 0 || oneShots > 0 || held.rate === 0,
  );
  const isHeld = clock.value?.rate === 0;
  if (active.length === 0 && steered.length === 0 && !isHeld && error === undefined) return null;
  return (
    <section class="steering" aria-label={t.steering.title}>
      <strong class="steering-title">{t.steering.title}</strong>
      {active.map((name) => (
        <SteeringChip
          key={name}
          name={name}
          isBusy={isBusy}
          onRemove={change('/scenarios', 'PUT', { active: active.filter((one) => one !== name) })}
        >
          <ScenarioName name={name} />
        </SteeringChip>
      ))}
      {steered.map((client) => (
        <ClientSteering key={client.clientId} {...{ client, isBusy, change }} />
      ))}
      {isHeld && (
        <SteeringChip
          name={t.steering.clock}
          isBusy={isBusy}
          onRemove={change('/clock', 'PUT', { reset: true })}
        >
          <a href={hrefFor('keys')}>
            {t.steering.clockHeldAt(formatDateTime(clock.value?.now ?? 0))}
          </a>
        </SteeringChip>
      )}
      {error !== undefined && <ErrorNotice error={error} onRetry={clear} />}
    </section>
  );
};

const ScenarioName = ({ name }: { readonly name: string }) => {
  const t = useMessages();
  const count = useMatchCounts().get(name) ?? 0;
  return (
    <>
      <a class="mono" href={hrefFor('scenarios', name)}>
        {name}
      </a>{' '}
      {count > 0 && (
        <a class="quiet" href={hrefFor('exchanges', undefined, { scenario: name })}>
          {t.steering.matchCount(count)}
        </a>
      )}
    </>
  );
};

interface ClientSteeringProps {
  readonly client: Client;
  readonly isBusy: boolean;
  change(path: string, method: 'PUT' | 'DELETE', body?: unknown): () => void;
}

const ClientSteering = ({ client, isBusy, change }: ClientSteeringProps) => {
  const t = useMessages();
  const { clientId, scenarios, oneShots, clock } = client;
  const path = pathOfClient(clientId);
  const queue = useOneShots(oneShots > 0 ? clientId : undefined, 0);
  const who = <span class="quiet mono">{clientId}</span>;
  return (
    <>
      {scenarios.map((name) => (
        <SteeringChip
          key={name}
          name={`${name} ${clientId}`}
          isBusy={isBusy}
          onRemove={change(`${path}/scenarios`, 'PUT', {
            active: scenarios.filter((one) => one !== name),
          })}
        >
          <ScenarioName name={name} /> {who}
        </SteeringChip>
      ))}
      {queue.map((oneShot) => (
        <SteeringChip
          key={oneShot.name}
          name={`${oneShot.name} ${clientId}`}
          isBusy={isBusy}
          onRemove={change(`${path}/one-shots/${encodeURIComponent(oneShot.name)}`, 'DELETE')}
        >
          <a href={hrefFor('scenarios', '~one-shot', { client: clientId })}>
            {describeOneShot(oneShot)}
          </a>{' '}
          {who}
        </SteeringChip>
      ))}
      {clock.rate === 0 && (
        <SteeringChip
          name={`${t.steering.clock} ${clientId}`}
          isBusy={isBusy}
          onRemove={change(`${path}/clock`, 'PUT', { reset: true })}
        >
          <a href={hrefFor('keys')}>{t.steering.clockHeldAt(formatDateTime(clock.now))}</a> {who}
        </SteeringChip>
      )}
    </>
  );
};

/** The queue of a client; read again while rules of it may be used up. */
export const useOneShots = (
  clientId: string | undefined,
  turn: number,
): readonly QueuedOneShot[] => {
  const version = useEventCount(steeringEvents) + useLastChange() + turn;
  const path = clientId === undefined ? undefined : `${pathOfClient(clientId)}/one-shots`;
  return (
    useQuery<{ readonly oneShots: readonly QueuedOneShot[] }>(path, version).value?.oneShots ?? []
  );
};

interface SteeringChipProps {
  readonly name: string;
  readonly isBusy: boolean;
  readonly children: ComponentChildren;
  onRemove(): void;
}

const SteeringChip = ({ name, isBusy, children, onRemove }: SteeringChipProps) => {
  const t = useMessages();
  return (
    <span class="steering-chip">
      <span>{children}</span>
      <button
        type="button"
        class="remove"
        disabled={isBusy}
        aria-label={t.steering.remove(name)}
        title={t.steering.remove(name)}
        onClick={onRemove}
      >
        ✕
      </button>
    </span>
  );
};
