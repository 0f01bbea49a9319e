import { type Command, Option } from 'commander';
import { toolSets } from '../../admin/mcp/mcp-tool.ts';
import {
  addSettingOptions,
  type Finish,
  parseServerUrl,
  resolveOptionSettings,
} from '../options.ts';
import type { McpOptions } from './mcp.ts';

/** `alipayhk-mock mcp`: the tools of a coding agent. */
export const addMcpCommand = (program: Command, finish: Finish): void => {
  addSettingOptions(
    program
      .command('mcp')
      .description('serve the Model Context Protocol over standard input and output'),
  )
    .option('--url <url>', 'use the simulator that runs there', parseServerUrl)
    .option('--token <token>', 'the admin token of --url; the same as --admin-token')
    .addOption(
      new Option(
        '--tools <set>',
        'core; read-only: those that change nothing; all: also move_clock and add_client',
      )
        .choices(toolSets)
        .default('core'),
    )
    .addHelpText('after', mcpExamples)
    .action(async (options: McpOptions, command: Command) =>
      finish(await (await import('./mcp.ts')).serveMcp(options, resolveOptionSettings(command))),
    );
};

const mcpExamples = `
A coding agent starts this command itself. On a terminal it prints the configuration for one.
Without --url it uses the simulator at host and port if one answers there; otherwise its tool
start_simulator starts one in this process, in memory, on a free port of the loopback address.

Examples:
  alipayhk-mock mcp                                     print a configuration for your agent
  alipayhk-mock mcp --url http://127.0.0.1:8852 --tools read-only

Exit codes: 0 the agent has ended it, 2 unusable settings.`;
