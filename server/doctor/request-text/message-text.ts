/** A message read from text. */
export interface ReadMessage {
  readonly kind: 'request' | 'response';
  readonly method: string;
  /** Path and query; empty for a response, whose request alone knows it. */
  readonly target: string;
  /** Host header, or the host of the URL. */
  readonly host?: string;
  readonly status?: number;
  /** Names as sent, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** The message, or in one sentence why the text is none. */
export type RequestReading = { readonly message: ReadMessage } | { readonly problem: string };

/** The first value of that header, whatever its letter case. */
export const findHeader = (
  { headers }: Pick<ReadMessage, 'headers'>,
  name: string,
): string | undefined => headers.find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1];

/** Path and query of a URL exactly as written: the URL class would normalise both. */
export const splitUrl = (url: string): { readonly target: string; readonly host?: string } => {
  const found =
    /^(?:https?:)?\/\/(?:[^/?#@]*@)?([^/?#]*)([^#]*)/i.exec(url) ?? /^([^/?#]+)([^#]*)/.exec(url);
  if (url.startsWith('/') && !url.startsWith('//')) return { target: url };
  const rest = found?.[2] ?? '';
  const target = rest.startsWith('/') ? rest : `/${rest}`;
  return found?.[1] ? { target, host: found[1] } : { target };
};
