import { hrefOf } from '../routing/place.ts';
import { useWords } from '../words/use-words.ts';
import type { ScenariosState } from './scenarios-state.ts';

/** What is active for whom, in one look. */
export const ActiveOverview = ({
  state: { active, clients },
}: {
  readonly state: ScenariosState;
}) => {
  const t = useWords();
  const steered = clients.filter(({ scenarios, oneShots }) => scenarios.length > 0 || oneShots > 0);
  return (
    <section class="card active-overview" aria-labelledby="active-title">
      <h2 id="active-title">{t.scenarios.activeTitle}</h2>
      {active.length === 0 && steered.length === 0 ? (
        <p class="quiet">{t.scenarios.nothingActive}</p>
      ) : (
        <dl>
          {active.length > 0 && <Line who={t.scenarios.everyone} names={active} oneShots={0} />}
          {steered.map(({ clientId, scenarios, oneShots }) => (
            <Line key={clientId} who={clientId} names={scenarios} oneShots={oneShots} />
          ))}
        </dl>
      )}
    </section>
  );
};

const Line = ({
  who,
  names,
  oneShots,
}: {
  readonly who: string;
  readonly names: readonly string[];
  readonly oneShots: number;
}) => {
  const t = useWords();
  return (
    <div>
      <dt class={/^[\w.-]+$/.test(who) && who !== t.scenarios.everyone ? 'mono' : ''}>{who}</dt>
      <dd>
        {names.map((name) => (
          <a key={name} class="chip strong" href={hrefOf('scenarios', name)}>
            {name}
          </a>
        ))}
        {oneShots > 0 && <span class="chip">{t.scenarios.queued(oneShots)}</span>}
      </dd>
    </div>
  );
};
