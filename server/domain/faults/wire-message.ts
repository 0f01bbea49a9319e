/** An answer as it goes over the wire. */
export interface WireMessage {
  readonly httpStatus: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}
