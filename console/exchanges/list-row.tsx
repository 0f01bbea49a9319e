import { identityText } from '../api/identity-text.ts';
import type { ExchangeRow } from '../api/journal.ts';
import { Marks } from '../pieces/marks.tsx';
import { StatusBadge } from '../pieces/status-badge.tsx';
import { clockTime, duration } from '../pieces/times.ts';
import { useWords } from '../words/use-words.ts';

export const listColumns = [
  'time',
  'code',
  'operation',
  'identity',
  'client',
  'step',
  'duration',
] as const;

export interface ListRowProps {
  readonly row: ExchangeRow;
  readonly index: number;
  readonly top: number;
  readonly height: number;
  readonly isOpen: boolean;
  readonly isTabStop: boolean;
  onOpen(): void;
}

/**
 * One exchange in the list. In the compact form the same cells take two lines; the styles do that.
 */
export const ListRow = ({ row, index, top, height, isOpen, isTabStop, onOpen }: ListRowProps) => {
  const t = useWords();
  const identity = row.identity === undefined ? undefined : identityText(row.identity);
  const [finding] = row.findings;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    onOpen();
  };
  return (
    <div
      role="row"
      class={`list-row${isOpen ? ' open' : ''}${identity === undefined ? ' no-identity' : ''}`}
      data-id={row.id}
      aria-rowindex={index + 2}
      aria-selected={isOpen}
      tabIndex={isTabStop ? 0 : -1}
      style={{ transform: `translateY(${top}px)`, height: `${height}px` }}
      onClick={onOpen}
      onKeyDown={onKeyDown}
    >
      <span role="gridcell" class="cell-time mono">
        {clockTime(row.receivedAt)}
      </span>
      <span role="gridcell" class="cell-code">
        <StatusBadge exchange={row} />
        <Marks exchange={row} />
      </span>
      <span role="gridcell" class="cell-operation">
        {row.operation ?? <span class="quiet">{t.list.noOperation}</span>}
      </span>
      <span role="gridcell" class="cell-identity mono" title={identity}>
        {identity ?? <span class="quiet">–</span>}
      </span>
      <span role="gridcell" class="cell-client mono" title={row.clientId}>
        {row.clientId ?? <span class="quiet">–</span>}
      </span>
      <span role="gridcell" class="cell-step">
        <span class={finding === undefined ? 'step-name' : 'step-name has-finding'}>
          {t.steps[row.step]?.name ?? row.step}
        </span>
        {finding !== undefined && <span class="finding-id">{finding}</span>}
        {row.diagnosisPending === true && <span class="quiet"> · {t.list.diagnosing}</span>}
      </span>
      <span role="gridcell" class="cell-duration mono">
        {duration(row.milliseconds)}
      </span>
    </div>
  );
};
