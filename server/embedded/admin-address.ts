/**
 * The address of a route of the admin API. A base that names `/__admin` itself, as `ALIPAYHK_ADMIN_URL`
 * does, keeps what is in front of it; any other path is that of the operations and has no effect here.
 */
export const adminAddress = (base: string, path: string): URL => {
  const url = new URL(base);
  const prefix = /^(.*)\/__(?:admin|console)(?:\/|$)/.exec(url.pathname)?.[1] ?? '';
  return new URL(`${prefix}/__admin${path}`, url.origin);
};
