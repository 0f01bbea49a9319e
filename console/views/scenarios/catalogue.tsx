import type { Scenario } from '../../../server/admin/types.gen.ts';
import { useMessages } from '../../i18n/use-messages.ts';
import { hrefFor } from '../../shell/route.ts';
import type { ScenariosState } from './scenarios-state.ts';

const findFamily = ({ id, source }: Scenario): string =>
  source !== 'package' ? 'own' : (id?.split('-')[0] ?? 'OTHER');

const matchesSearch = ({ name, id, description, integration }: Scenario, search: string): boolean =>
  [name, id, description, integration].some(
    (text) => text?.toLowerCase().includes(search.toLowerCase()) === true,
  );

export interface CatalogueProps {
  readonly state: ScenariosState;
  readonly search: string;
  readonly open: string | undefined;
}

/** All scenarios with their descriptions, grouped by family. */
export const Catalogue = ({ state: { known, active, clients }, search, open }: CatalogueProps) => {
  const t = useMessages();
  const shown = known.filter((scenario) => matchesSearch(scenario, search));
  const order = Object.keys(t.families);
  const families = [...new Set(shown.map(findFamily))].sort(
    (a, b) => order.indexOf(a) - order.indexOf(b),
  );
  const isActive = (name: string): boolean =>
    active.includes(name) || clients.some(({ scenarios }) => scenarios.includes(name));
  return (
    <div class="catalogue split-list">
      {shown.length === 0 && <p class="empty">{t.scenarios.nothingFound}</p>}
      {families.map((family) => (
        <section key={family} aria-label={t.families[family] ?? family}>
          <h2>{t.families[family] ?? family}</h2>
          <ul>
            {shown
              .filter((scenario) => findFamily(scenario) === family)
              .map(({ name, id, description }) => (
                <li key={name} class={name === open ? 'open' : ''}>
                  <a
                    href={hrefFor('scenarios', name)}
                    data-open={name}
                    aria-current={name === open ? 'true' : undefined}
                  >
                    <span class="catalogue-name">
                      <strong class="mono">{name}</strong>
                      {id !== undefined && <span class="quiet">{id}</span>}
                      {isActive(name) && <span class="chip strong">{t.scenarios.isActive}</span>}
                    </span>
                    <span class="catalogue-text quiet" lang="en">
                      {description}
                    </span>
                  </a>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
};
