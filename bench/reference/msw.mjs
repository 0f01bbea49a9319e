// MSW has no server of its own: its request handlers behind a bare node:http, as its documentation suggests with getResponse.
// Copied beside the installed msw before it is started. Arguments: port, JSON of [{path, answer}].
import { createServer } from 'node:http';
// biome-ignore lint/correctness/noUndeclaredDependencies lint/correctness/noUnresolvedImports: it stands where this file is copied to
import { getResponse, HttpResponse, http } from 'msw';

const [port, routes] = process.argv.slice(2);
const handlers = JSON.parse(routes).map(({ path, answer }) =>
  http.post(`http://127.0.0.1${path}`, async ({ request }) => {
    await request.json();
    return HttpResponse.json(answer);
  }),
);

createServer(async (req, res) => {
  const parts = [];
  for await (const part of req) parts.push(part);
  const request = new Request(`http://127.0.0.1${req.url}`, {
    method: req.method,
    headers: req.headers,
    body: Buffer.concat(parts),
  });
  const response = await getResponse(handlers, request);
  const body = Buffer.from((await response?.arrayBuffer()) ?? []);
  res.writeHead(response?.status ?? 404, {
    ...Object.fromEntries(response?.headers ?? []),
    'content-length': body.length,
  });
  res.end(body);
}).listen(Number(port), '127.0.0.1');
