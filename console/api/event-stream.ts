import { AdminApiError } from '../../sdk/admin/admin-client.ts';
import { readEvents, type ServerEvent } from '../../sdk/admin/event-stream.ts';
import { openAdminClient } from './admin-client.ts';

/** `denied`: a token is needed. `lost`: reconnecting. */
export type StreamStatus = 'connecting' | 'live' | 'lost' | 'denied';

export interface StreamListener {
  /** All events of one chunk, so that a burst causes one update. */
  onEvents(events: readonly ServerEvent[]): void;
  onStatus(status: StreamStatus): void;
}

const maxRetryDelayMs = 8000;

/**
 * Reads server-sent events with fetch: EventSource cannot send an Authorization header. Reconnects
 * with Last-Event-ID.
 * @returns what ends it
 */
export const followEvents = (path: string, listener: StreamListener): (() => void) => {
  const leaving = new AbortController();
  const run = async (): Promise<void> => {
    let lastId: string | undefined;
    let waitMs = 500;
    listener.onStatus('connecting');
    while (!leaving.signal.aborted) {
      const ended = await readStream(path, lastId, leaving.signal, {
        onStatus: (status) => {
          if (status === 'live') waitMs = 500;
          listener.onStatus(status);
        },
        onEvents: (events) => {
          lastId = events.findLast(({ id }) => id !== undefined)?.id ?? lastId;
          listener.onEvents(events);
        },
      });
      if (leaving.signal.aborted) return;
      listener.onStatus(ended);
      if (ended === 'denied') return;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      waitMs = Math.min(waitMs * 2, maxRetryDelayMs);
    }
  };
  void run();
  return () => leaving.abort();
};

const readStream = async (
  path: string,
  lastId: string | undefined,
  signal: AbortSignal,
  listener: StreamListener,
): Promise<'lost' | 'denied'> => {
  try {
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (lastId !== undefined) headers['last-event-id'] = lastId;
    const response = await openAdminClient().send('GET', path, { headers, signal });
    listener.onStatus('live');
    for await (const events of readEvents(response.body)) listener.onEvents(events);
  } catch (error) {
    if (error instanceof AdminApiError && [401, 403].includes(error.httpStatus)) return 'denied';
    // Any other error leads to a new attempt.
  }
  return 'lost';
};
