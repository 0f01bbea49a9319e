/** One event of a stream of server-sent events. */
export interface ServerEvent {
  readonly id: string | undefined;
  readonly name: string;
  readonly data: string;
}

/**
 * Reads a stream of server-sent events until it ends. Yields what arrived in one piece together, so
 * that a burst costs a reader one update.
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array> | null,
): AsyncGenerator<readonly ServerEvent[]> {
  // Not every browser can iterate over a stream.
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  const parse = createEventParser();
  try {
    for (;;) {
      const { done = true, value } = (await reader?.read()) ?? {};
      if (done) return;
      const events = parse(decoder.decode(value, { stream: true }));
      if (events.length > 0) yield events;
    }
  } finally {
    await reader?.cancel().catch(() => {});
  }
}

/** Takes text as it arrives, and returns the events that are complete. */
export const createEventParser = (): ((text: string) => readonly ServerEvent[]) => {
  let rest = '';
  return (text) => {
    const blocks = (rest + text).split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? '';
    return blocks.flatMap(parseEvent);
  };
};

/** No event for a block without data, such as a comment that keeps the connection open. */
const parseEvent = (block: string): readonly ServerEvent[] => {
  const fields = block.split(/\r?\n/).map((line) => /^([^:]*)(?:: ?(.*))?$/.exec(line));
  const valuesOf = (name: string): string[] =>
    fields.flatMap((field) => (field?.[1] === name ? [field[2] ?? ''] : []));
  const data = valuesOf('data');
  if (data.length === 0) return [];
  const [[name = 'message'], [id]] = [valuesOf('event'), valuesOf('id')];
  return [{ id, name, data: data.join('\n') }];
};
