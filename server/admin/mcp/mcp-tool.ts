import type * as z from 'zod';
import type { AdminClient } from '../../../sdk/admin/admin-client.ts';
import type { Language } from '../../doctor/catalogue/remedies.ts';
import type { Contract, OperationId } from '../../domain/contract/contract.ts';
import type { SkillCatalog } from './sdk.ts';

/** Which tools are offered: the usual ones, those that change nothing, or all. */
export const toolSets = ['core', 'read-only', 'all'] as const;
export type ToolSet = (typeof toolSets)[number];

/** A simulator that the tools act on. */
export interface AttachedSimulator {
  readonly admin: AdminClient;
  /** Where merchants send to. */
  readonly url: string;
  /** Whether `stop_simulator` may end it: this process has started it. */
  readonly isOwn: boolean;
}

export interface StartOptions {
  readonly scenario?: readonly string[] | undefined;
  readonly seed?: number | undefined;
  readonly holdClockAt?: string | undefined;
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
}

/** What a program needs to call the simulator; the private key is in a file. */
export interface MerchantEnvironment {
  readonly clientId: string;
  readonly env: Readonly<Record<string, string>>;
  readonly privateKeyFile: string;
}

/** One certification: the program under test is run by the caller, not from here. */
export interface CertifySession {
  /** How many instructions there have been; a greater number than before: there is a new one. */
  readonly step: number;
  /** The latest: what the program has to send now, from the catalogue and the contract. */
  readonly instruction: string;
  readonly isDone: boolean;
  readonly merchant: MerchantEnvironment;
  readonly url: string;
  readonly cases: readonly CertifyCase[];
}

export interface CertifyCase {
  readonly id: string;
  readonly operation: string;
  readonly verdict: string;
  readonly failedChecks: readonly string[];
  readonly exchanges: readonly number[];
}

/** What the tools need beside the admin API. */
export interface McpDeps {
  readonly version: string;
  /** What an agent can learn to do here: the protocol's extension for skills serves it. */
  readonly skills?: SkillCatalog;
  readonly contract: Contract;
  /** Undefined: none runs yet. */
  readonly simulator: () => AttachedSimulator | undefined;
  /** Absent where tools act on the simulator that serves them. */
  readonly start?: (
    options: StartOptions,
  ) => Promise<AttachedSimulator & { readonly merchant: MerchantEnvironment }>;
  readonly stop?: () => Promise<void>;
  readonly certify?: {
    begin(cases: readonly string[], operation: OperationId): Promise<string>;
    read(handle: string): CertifySession | undefined;
  };
  /** Writes a new client's private key to a file that only the user can read. */
  readonly savePrivateKey?: (clientId: string, pem: string) => string;
}

/** What a tool returns: facts from closed vocabularies, and text from outside apart from them. */
export interface ToolAnswer {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly untrusted?: unknown;
  readonly detail?: 'concise' | 'full' | undefined;
}

export interface McpTool {
  readonly name: string;
  readonly description: string;
  /** `read` changes nothing, `change` adds or switches, `destroy` removes. */
  readonly effect: 'read' | 'change' | 'destroy';
  readonly isIdempotent: boolean;
  readonly input: z.ZodObject;
  /** Of the facts; every member that may be absent is optional, never null. */
  readonly output: z.ZodObject;
  readonly run: (input: never, deps: McpDeps) => Promise<ToolAnswer>;
}

/** A failure that the caller can mend: `remedy` says how. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly code = 'TOOL_FAILED';

  constructor(problem: string, remedy: string) {
    super(`${problem}. ${remedy}`);
  }
}

/** Types the input of `run` by the tool's own schema. */
export const defineTool = <I extends z.ZodObject>(
  tool: Omit<McpTool, 'input' | 'run'> & {
    readonly input: I;
    readonly run: (input: z.infer<I>, deps: McpDeps) => Promise<ToolAnswer>;
  },
): McpTool => tool as unknown as McpTool;

/** @throws ToolError when no simulator runs */
export const requireSimulator = ({ simulator }: McpDeps): AttachedSimulator => {
  const attached = simulator();
  if (attached === undefined)
    throw new ToolError('no simulator runs', 'Call start_simulator first.');
  return attached;
};

export const defaultLanguage: Language = 'node';
