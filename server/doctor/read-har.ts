import * as z from 'zod';
import { omitUndefined } from '../protocol/omit-undefined.ts';
import { findHeader, type ReadMessage, splitUrl } from './read-http.ts';

const harHeaders = z.array(z.object({ name: z.string(), value: z.string() }));

/** What the doctor needs of an HTTP Archive. */
const harFile = z.object({
  log: z.object({
    entries: z.array(
      z.object({
        request: z.object({
          method: z.string(),
          url: z.string(),
          headers: harHeaders,
          postData: z
            .object({ text: z.string().optional(), comment: z.string().optional() })
            .optional(),
        }),
      }),
    ),
  }),
});

/** The requests of an HTTP Archive, in its order; undefined: it is no HTTP Archive. */
export const readHar = (value: unknown): readonly ReadMessage[] | undefined => {
  const checked = harFile.safeParse(value);
  if (!checked.success) return undefined;
  return checked.data.log.entries.map(({ request }): ReadMessage => {
    // HTTP/2 names the host in a pseudo header.
    const sent = request.headers
      .filter(({ name }) => !name.startsWith(':'))
      .map((one) => [one.name, one.value] as const);
    const { target, host } = splitUrl(request.url);
    return {
      kind: 'request',
      method: request.method,
      target,
      ...omitUndefined({ host: findHeader({ headers: sent }, 'Host') ?? host }),
      headers: sent,
      body: readPostData(request.postData),
    };
  });
};

/** The format has no encoding for a request's body; the simulator's own files say base64. */
const readPostData = (
  data: { readonly text?: string | undefined; readonly comment?: string | undefined } | undefined,
): Buffer => Buffer.from(data?.text ?? '', data?.comment === 'base64' ? 'base64' : 'utf8');
