export interface SigningContentParts {
  /**
   * Path with the query string if there is one, exactly as on the request line; no scheme, no host.
   */
  readonly target: string;
  readonly clientId: string;
  /** The value of Request-Time or Response-Time exactly as sent. */
  readonly time: string;
  /** The body's bytes exactly as sent: the base64 text when it is sealed. */
  readonly body: Buffer;
}

/**
 * The exact bytes that are signed: `POST <target>\n<client id>.<time>.<body>`, nothing after the
 * body. Stated by sibling guides and all official SDKs; a response uses the request's method and
 * target with its own time and body.
 */
export const signingContent = ({ target, clientId, time, body }: SigningContentParts): Buffer =>
  Buffer.concat([Buffer.from(`POST ${target}\n${clientId}.${time}.`, 'utf8'), body]);
