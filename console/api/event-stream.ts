import { authorization } from './admin-client.ts';

export interface StreamEvent {
  readonly name: string;
  readonly id: string | undefined;
  readonly data: string;
}

/** `denied`: a token is needed. `lost`: reconnecting. */
export type StreamStatus = 'connecting' | 'live' | 'lost' | 'denied';

export interface StreamListener {
  /** All events of one chunk, so that a burst causes one update. */
  onEvents(events: readonly StreamEvent[]): void;
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
    const headers = new Headers({ accept: 'text/event-stream', ...authorization() });
    if (lastId !== undefined) headers.set('last-event-id', lastId);
    const response = await fetch(`/__admin${path}`, { headers, signal });
    if (response.status === 401 || response.status === 403) return 'denied';
    if (!response.ok || response.body === null) return 'lost';
    listener.onStatus('live');
    const read = createEventParser();
    for await (const text of decodeChunks(response.body)) {
      const events = read(text);
      if (events.length > 0) listener.onEvents(events);
    }
  } catch {
    // Any error leads to a new attempt.
  }
  return 'lost';
};

// Not every browser supports async iteration of a ReadableStream.
async function* decodeChunks(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield decoder.decode(value, { stream: true });
  }
}

/** Returns a parser for chunks of text; it returns the events that are complete. */
export const createEventParser = (): ((text: string) => readonly StreamEvent[]) => {
  let rest = '';
  return (text) => {
    const blocks = (rest + text).split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? '';
    return blocks.flatMap(parseEvent);
  };
};

const parseEvent = (block: string): readonly StreamEvent[] => {
  const fields = block.split(/\r?\n/).map((line) => /^([^:]*)(?:: ?(.*))?$/.exec(line));
  const readValues = (name: string): string[] =>
    fields.flatMap((field) => (field?.[1] === name ? [field[2] ?? ''] : []));
  const data = readValues('data');
  return data.length === 0
    ? []
    : [
        {
          name: readValues('event')[0] ?? 'message',
          id: readValues('id')[0],
          data: data.join('\n'),
        },
      ];
};
