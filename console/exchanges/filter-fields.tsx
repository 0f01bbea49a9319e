import { useMemo } from 'preact/hooks';
import type { ExchangeRow } from '../api/journal.ts';
import type { FilterName, Filters } from '../live/filters.ts';
import { useWords } from '../words/use-words.ts';

export interface FilterFieldsProps {
  readonly filters: Filters;
  readonly rows: readonly ExchangeRow[];
  readonly version: number;
  onSet(name: FilterName, value: string): void;
}

const choices = {
  status: ({ status }) => status,
  operation: ({ operation }) => operation,
  code: ({ code }) => code,
  client: ({ clientId }) => clientId,
  step: ({ step }) => step,
  finding: ({ findings }) => findings[0],
} as const satisfies Partial<Record<FilterName, (row: ExchangeRow) => string | undefined>>;
type ChoiceName = keyof typeof choices;
const choiceNames = Object.keys(choices) as ChoiceName[];

/** How many versions of the rows share one look at what there is to choose from. */
const versionsPerLook = 20;

/** A choice for each column, of what the list really holds. */
export const FilterFields = ({ filters, rows, version, onSet }: FilterFieldsProps) => {
  const t = useWords();
  const look = rows.length < 200 ? version : Math.floor(version / versionsPerLook);
  const values = useMemo(
    () =>
      Object.fromEntries(
        choiceNames.map((name) => [
          name,
          [...new Set(rows.map(choices[name]))].filter((value) => value !== undefined).sort(),
        ]),
      ),
    [rows, look],
  );
  const labelOf = (name: ChoiceName, value: string): string =>
    name === 'status'
      ? `${value} – ${t.statusName[value as 'S'] ?? value}`
      : name === 'step'
        ? (t.steps[value]?.name ?? value)
        : value;
  return (
    <>
      {choiceNames.map((name) => {
        const chosen = filters[name] ?? '';
        const offered = [
          ...new Set([
            ...(values[name] ?? []),
            ...(chosen === '' || chosen === 'any' ? [] : [chosen]),
          ]),
        ];
        return (
          <select
            key={name}
            class={`field${chosen === '' ? '' : ' set'}`}
            aria-label={t.filterNames[name]}
            value={chosen}
            onChange={({ currentTarget }) => onSet(name, currentTarget.value)}
          >
            <option value="">{t.filterNames[name]}</option>
            {name === 'finding' && <option value="any">{t.list.anyFinding}</option>}
            {offered.map((value) => (
              <option key={value} value={value}>
                {labelOf(name, value)}
              </option>
            ))}
          </select>
        );
      })}
    </>
  );
};
