import type { RequestHandler } from 'express';
import { readBody } from '../../protocol/body.ts';
import { writeProblems } from '../middleware.ts';
import type { McpDeps } from './mcp-tool.ts';

const maxRequestBytes = 1024 * 1024;

type Fetch = (request: Request) => Promise<Response>;

/**
 * Serves the Model Context Protocol over HTTP, with answers in JSON and without sessions. The guard
 * of the admin API is in front: the SDK itself accepts any Host and Origin.
 */
export const createMcpRoute = (deps: McpDeps): RequestHandler => {
  let fetching: Promise<Fetch> | undefined;
  return async (req, res) => {
    if (req.method !== 'POST') {
      res.set('allow', 'POST');
      return writeProblems(res, 405, [
        {
          where: `${req.method} /__admin/mcp`,
          message: 'only POST is served: there are no sessions and no streams',
          remedy: 'Send each message with POST.',
        },
      ]);
    }
    const body = await readBody(req, maxRequestBytes);
    if (!Buffer.isBuffer(body))
      return writeProblems(res, 413, [
        {
          where: 'POST /__admin/mcp',
          message: `the body is longer than ${maxRequestBytes} bytes, or broke off`,
          remedy: 'Send a smaller message.',
        },
      ]);
    fetching ??= createFetch(deps);
    const answer = await (await fetching)(
      new Request('http://127.0.0.1/__admin/mcp', {
        method: 'POST',
        headers: toHeaders(req.rawHeaders),
        body: new Uint8Array(body),
      }),
    );
    res.status(answer.status);
    const type = answer.headers.get('content-type');
    if (type !== null) res.set('content-type', type);
    res.send(Buffer.from(await answer.arrayBuffer()));
  };
};

const createFetch = async (deps: McpDeps): Promise<Fetch> => {
  const [sdk, { CallLimit, createMcpServer, loadSkills }] = await Promise.all([
    import('./sdk.ts'),
    import('./mcp-server.ts'),
  ]);
  const limit = new CallLimit();
  const skills = await loadSkills();
  const createServer = () => createMcpServer({ ...deps, skills }, 'core', limit);
  // No tool sends notifications, so its answers are JSON.
  const handler = sdk.createMcpHandler(createServer, { legacy: 'reject' });
  return async (request) => {
    if (!(await sdk.isLegacyRequest(request.clone()))) {
      const answer = await handler.fetch(request.clone());
      return isStream(answer) ? refuseStream(request, answer) : answer;
    }
    // The handler's own way for older clients answers with a stream of events.
    const transport = new sdk.WebStandardStreamableHTTPServerTransport({
      enableJsonResponse: true,
    });
    await createServer().connect(transport);
    return transport.handleRequest(request);
  };
};

const isStream = ({ headers }: Response): boolean =>
  headers.get('content-type')?.startsWith('text/event-stream') === true;

/** A subscription would wait forever: the lists do not change. */
const refuseStream = async (request: Request, stream: Response): Promise<Response> => {
  await stream.body?.cancel();
  const { id } = (await request.json()) as { readonly id?: string | number };
  const error = { code: -32601, message: 'Method not found' };
  return Response.json({ jsonrpc: '2.0', id, error }, { status: 404 });
};

/** Of the connection's own headers the handler needs none. */
const toHeaders = (rawHeaders: readonly string[]): Headers => {
  const headers = new Headers();
  rawHeaders.forEach((name, at) => {
    if (at % 2 === 0 && /^(accept|content-type|mcp-[a-z-]+)$/i.test(name))
      headers.append(name, rawHeaders[at + 1] ?? '');
  });
  return headers;
};
