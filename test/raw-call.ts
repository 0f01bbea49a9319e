import { type Agent, request } from 'node:http';

export interface RawAnswer {
  readonly status: number;
  /** Names and values as sent, in order. */
  readonly rawHeaders: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly json: Record<string, Record<string, string>>;
}

export interface RawRequest {
  readonly method?: string;
  /** As it goes on the request line. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body?: Buffer | string;
  readonly agent?: Agent;
}

/** One request over a real socket, bytes and header names as given. */
export const rawCall = (
  url: string,
  { method = 'POST', target, headers, body = '', agent }: RawRequest,
): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const req = request(
      {
        host: hostname,
        port,
        method,
        path: target,
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
        ...(agent === undefined ? {} : { agent }),
      },
      (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('end', () => {
          const bytes = Buffer.concat(chunks);
          resolve({
            status: res.statusCode ?? 0,
            rawHeaders: res.rawHeaders,
            headers: res.headers as Record<string, string>,
            body: bytes,
            json: parse(bytes),
          });
        });
        res.on('error', reject);
      },
    );
    req.on('error', reject);
    req.end(body);
  });

const parse = (bytes: Buffer): RawAnswer['json'] => {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return {};
  }
};
