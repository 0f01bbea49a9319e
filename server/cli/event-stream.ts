/** One event of a stream of server-sent events. */
export interface ServerEvent {
  readonly id: string | undefined;
  readonly name: string;
  readonly data: string;
}

/** Reads a stream of server-sent events until it ends. */
export async function* readEvents(
  body: AsyncIterable<Uint8Array> | undefined,
): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = readEvent(block);
      if (event !== undefined) yield event;
    }
  }
}

const readEvent = (block: string): ServerEvent | undefined => {
  const fields = new Map(
    block
      .split('\n')
      .map((line): [string, string] => [
        line.split(': ', 1)[0] ?? '',
        line.replace(/^[^:]*: ?/, ''),
      ]),
  );
  const data = fields.get('data');
  return data === undefined
    ? undefined
    : { id: fields.get('id'), name: fields.get('event') ?? 'message', data };
};
