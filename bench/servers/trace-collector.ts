import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a collector does with the spans that it is sent. */
export const collectorKinds = [
  'taking',
  'hanging',
  'unavailable',
  'limiting',
  'redirecting',
] as const;
export type CollectorKind = (typeof collectorKinds)[number];

const statuses: Readonly<Record<string, number>> = {
  unavailable: 503,
  limiting: 429,
  redirecting: 302,
};

/** Ends with this process; one serves every row. */
let started: Promise<string> | undefined;

const start = (): Promise<string> => {
  const server: Server = createServer((req, res) => {
    const kind = req.url?.split('/')[1];
    req.resume().once('end', () => {
      if (kind === 'hanging') return;
      const { [kind ?? '']: httpStatus = 200 } = statuses;
      res.writeHead(httpStatus, { 'content-type': 'application/json', location: '/taking' });
      res.end('{}');
    });
  });
  server.unref();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });
};

/** Options of a simulator that exports its spans to a collector of this process. */
export const exportTraces = (kind: CollectorKind) => async (): Promise<readonly string[]> => {
  started ??= start();
  return ['--otlp-endpoint', `${await started}/${kind}`];
};
