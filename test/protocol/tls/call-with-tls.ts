import { request } from 'node:https';

export interface TlsCall {
  /** PEM of what the client trusts; the machine's own authorities when absent. */
  readonly ca?: string | undefined;
  /** PEM of what the client shows. */
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
}

/** GETs a path over TLS. @returns the body; throws what the handshake threw. */
export const getWithTls = (url: string, path: string, options: TlsCall = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const { ca, ...rest } = options;
    request(
      new URL(path, url),
      { ...rest, ...(ca === undefined ? {} : { ca }), agent: false },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => {
          body += text;
        });
        response.on('end', () => resolve(body)).on('error', reject);
      },
    )
      .on('error', reject)
      .end();
  });
