import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { adminAccessProblem } from '../admin/guard.ts';
import { ListenError } from '../problems/problem.ts';

/**
 * Listens on this machine's loopback address, for programs of this machine.
 * @returns the address, or why the port of `--listen` cannot be listened on
 */
export const listenLocally = async (
  server: Server,
  port: number,
): Promise<string | ListenError> => {
  const error = await new Promise<Error | undefined>((resolve) => {
    server.once('error', resolve);
    server.listen(port, '127.0.0.1', () => resolve(undefined));
  });
  if (error !== undefined)
    return new ListenError(error, { host: '127.0.0.1', port, hostSetting: '', portSetting: '' });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** Why a request is refused, e.g. one of a web page of another site; undefined accepts it. */
export const localAccessProblem = (req: IncomingMessage, whatItIs: string): string | undefined =>
  adminAccessProblem(req, { onLoopback: true, token: undefined })?.replace(
    'the admin API',
    whatItIs,
  );
