import { useEffect, useState } from 'preact/hooks';
import type { components } from '../../server/admin/types.gen.ts';
import { AdminError, askJson } from '../api/admin.ts';
import type { Exchange, ExchangeRow } from '../api/journal.ts';
import { useRecovery } from '../api/recovery.ts';

export type Fate = 'accepted' | 'repeated' | 'stale' | 'refused';

/** One message about a thing: what it said, and what became of it. */
export interface HistoryEvent {
  readonly exchange: ExchangeRow;
  readonly fate: Fate;
  /** The status it asked for; undefined where the message says none, or may not be shown. */
  readonly status: string | undefined;
}

export interface History {
  readonly events: readonly HistoryEvent[];
  /**
   * How many exchanges the journal had to let go of: some of them may have been about this thing.
   */
  readonly evicted: number;
}

/** So many of the newest are looked into. */
const mostEvents = 40;

/** What the journal tells of a thing, oldest first. */
export const useHistory = (
  client: string,
  identity: string,
  version: number,
): { readonly value?: History; readonly error?: AdminError } => {
  const [got, setGot] = useState<{ readonly value?: History; readonly error?: AdminError }>({});
  const [turn, setTurn] = useState(0);
  useRecovery(() => {
    if (got.error !== undefined) setTurn((last) => last + 1);
  });
  useEffect(() => {
    const leaving = new AbortController();
    readHistory(client, identity, leaving.signal).then(
      (value) => setGot({ value }),
      (error: unknown) => {
        if (!leaving.signal.aborted) setGot({ error: AdminError.from(error) });
      },
    );
    return () => leaving.abort();
  }, [client, identity, version, turn]);
  return got;
};

const readHistory = async (
  clientId: string,
  identity: string,
  signal: AbortSignal,
): Promise<History> => {
  const query = new URLSearchParams({ clientId, identity, limit: String(mostEvents) });
  const page = await askJson<components['schemas']['JournalPage']>(`/journal?${query}`, { signal });
  const exchanges = await Promise.all(
    page.entries.map(({ id }) =>
      askJson<Exchange>(`/journal/${encodeURIComponent(id)}`, { signal }),
    ),
  );
  return { events: exchanges.reverse().map(eventOf), evicted: page.evicted };
};

const eventOf = (exchange: Exchange): HistoryEvent => ({
  exchange,
  fate: fateOf(exchange),
  status: askedStatus(exchange),
});

const fateOf = ({ marks, status }: Exchange): Fate =>
  marks.includes('stale')
    ? 'stale'
    : marks.includes('duplicate')
      ? 'repeated'
      : status === 'S'
        ? 'accepted'
        : 'refused';

const askedStatus = ({ request }: Exchange): string | undefined => {
  try {
    const body: unknown = JSON.parse(request.opened?.text ?? request.bodyText ?? '');
    const value: unknown =
      typeof body === 'object' && body !== null && 'orderStatus' in body
        ? body.orderStatus
        : undefined;
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
};
