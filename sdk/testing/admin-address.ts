import { requestUrl } from '../../server/protocol/request-url.ts';

/**
 * The address of a route of the admin API. A base that names `/__admin` itself, as
 * `ALIPAYHK_ADMIN_URL` does, keeps what is in front of it; any other path is that of the operations
 * and has no effect here.
 * @throws TargetError when a part of the path, such as an id `..`, would make it another route.
 */
export const adminAddress = (base: string, path: string): URL => {
  const url = new URL(base);
  const prefix = /^(.*)\/__(?:admin|console)(?:\/|$)/.exec(url.pathname)?.[1] ?? '';
  return requestUrl(url, `${prefix}/__admin${path}`);
};
