/**
 * What is used of the protocol's SDK. A file of its own in the package, which only `alipayhk-mock
 * mcp` and the setting `mcp` load.
 */
export {
  createMcpHandler,
  isLegacyRequest,
  McpServer,
  ResourceTemplate,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
export { memorySkillFiles, SkillCatalog } from '@modelcontextprotocol/server/ext/skills';
export { serveStdio } from '@modelcontextprotocol/server/stdio';
