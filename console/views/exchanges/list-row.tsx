import type { ExchangeSummary } from '../../../server/admin/types.gen.ts';
import { Marks, StatusBadge } from '../../components/exchange-status.tsx';
import { formatDuration, formatIdentity, formatTime } from '../../components/format.ts';
import { useMessages } from '../../i18n/use-messages.ts';

export const listColumns = [
  'time',
  'code',
  'operation',
  'identity',
  'client',
  'reason',
  'duration',
] as const;

export interface ListRowProps {
  readonly row: ExchangeSummary;
  readonly index: number;
  readonly top: number;
  readonly height: number;
  readonly isOpen: boolean;
  readonly isTabStop: boolean;
  onOpen(): void;
}

/**
 * One row of the list. The compact layout, in the style sheet, shows the same cells in two lines.
 */
export const ListRow = ({ row, index, top, height, isOpen, isTabStop, onOpen }: ListRowProps) => {
  const t = useMessages();
  const identity = row.identity === undefined ? undefined : formatIdentity(row.identity);
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
        {formatTime(row.receivedAt)}
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
      <span
        role="gridcell"
        class="cell-reason"
        title={`${t.steps[row.step]?.name ?? row.step}: ${row.reason}`}
      >
        {row.diagnosisPending === true && <span class="chip">{t.list.diagnosing}</span>}
        {finding !== undefined && <span class="finding-id">{finding}</span>}
        <span lang="en">{row.reason}</span>
      </span>
      <span role="gridcell" class="cell-duration mono">
        {formatDuration(row.milliseconds)}
      </span>
    </div>
  );
};
