import * as z from 'zod';
import { type AdminClient, queryText } from '../../../sdk/admin/admin-client.ts';
import { lintRemedies } from '../../conformance/lint/lint-remedies.ts';
import { isLintRule, lintRules, lintSeverities } from '../../conformance/lint/lint-rules.ts';
import { languages } from '../../doctor/catalogue/remedies.ts';
import { operationIds } from '../../domain/contract/contract.ts';
import { durationMs, settingRows } from '../../domain/settings/settings-table.ts';
import { collections } from '../../domain/state/state.ts';
import { suggest } from '../../problems/did-you-mean.ts';
import { omitUndefined } from '../../problems/plain-object.ts';
import { signatureAlgorithms } from '../../protocol/signatures.ts';
import type { Scenario } from '../types.gen.ts';
import {
  defaultLanguage,
  defineTool,
  type McpDeps,
  type MerchantEnvironment,
  requireSimulator,
  ToolError,
} from './mcp-tool.ts';

const nameText = z.string().max(200);

/** Settings that name paths, addresses, tokens or programs: those a caller may not choose. */
const lockedSettings =
  /^(host|port|httpsPort|tls\.|keys|data|durability|contract|calibration|scenarios|admin|otlp\.|store|outbound\.|clients$|watch|log|mcp|scenario$|seed$)/;

/** Whether `start_simulator` may set it. */
export const isOpenSetting = (key: string): boolean =>
  !lockedSettings.test(key) && settingRows.some((row) => row.key === key && row.isPath !== true);

const environment = z.object({
  url: z.string(),
  clientId: z.string(),
  env: z.record(z.string(), z.string()).describe('variables for the program under test'),
  privateKeyFile: z.string().describe('PEM of the merchant’s private key, a test key'),
});

const environmentFacts = (url: string, merchant: MerchantEnvironment) => ({ url, ...merchant });

/** A scenario of the package has a name that is known; others have texts from files. */
const isShipped = ({ source }: Scenario): boolean => source === 'package';

const shippedNames = (known: readonly Scenario[]): ReadonlySet<string> =>
  new Set(known.filter(isShipped).map(({ name }) => name));

export const simulatorStatus = defineTool({
  name: 'simulator_status',
  description:
    'Whether a simulator runs, where, with which settings and active scenarios, and the number of ' +
    'the newest exchange as a bookmark.',
  effect: 'read',
  isIdempotent: true,
  input: z.object({}),
  output: z.object({
    isRunning: z.boolean(),
    version: z.string(),
    url: z.string().optional(),
    adminUrl: z.string().optional(),
    isOwn: z.boolean().optional().describe('true: stop_simulator may end it'),
    clients: z.number().optional(),
    changedSettings: z.array(z.string()).optional(),
    activeScenarios: z.array(z.string()).optional(),
    exchanges: z.number().optional(),
    newest: z.number().optional(),
  }),
  run: async (_input, deps) => {
    const attached = deps.simulator();
    if (attached === undefined) return { facts: { isRunning: false, version: deps.version } };
    const { admin, url, isOwn } = attached;
    const [{ settings }, scenarios, journal, { clients }] = await Promise.all([
      admin.get('/settings'),
      admin.get('/scenarios'),
      admin.get('/journal', { query: { limit: 1 } }),
      admin.get('/clients'),
    ]);
    const shipped = shippedNames(scenarios.known);
    const knownSettings = new Set(settingRows.map(({ key }) => key));
    return {
      facts: {
        isRunning: true,
        version: deps.version,
        ...{ url, adminUrl: admin.url, isOwn, clients: clients.length },
        changedSettings: settings
          .filter(({ key, changed }) => changed && knownSettings.has(key))
          .map(({ key }) => key),
        activeScenarios: scenarios.active.filter((name) => shipped.has(name)),
        exchanges: journal.kept,
        newest: journal.newest,
      },
      untrusted: {
        otherActiveScenarios: scenarios.active.filter((name) => !shipped.has(name)),
        clients: clients.map(({ clientId }) => clientId),
      },
    };
  },
});

export const startSimulator = defineTool({
  name: 'start_simulator',
  description:
    'Starts a simulator in this process, in memory, on loopback, and returns what the merchant’s ' +
    'program needs to call it. It ends with this process.',
  effect: 'change',
  isIdempotent: true,
  input: z.object({
    scenario: z.array(nameText).max(50).optional(),
    seed: z.int().min(0).max(4_294_967_295).optional(),
    holdClockAt: nameText.optional().describe('ISO 8601: the clock is held there'),
    settings: z.record(z.string(), z.unknown()).optional().describe('by dotted names'),
  }),
  output: environment,
  run: async ({ scenario, seed, holdClockAt, settings }, deps) => {
    if (deps.start === undefined)
      throw new ToolError('a simulator runs already: this one', 'Call simulator_status.');
    if (deps.simulator()?.isOwn === true)
      throw new ToolError('a simulator runs already', 'Call stop_simulator first, or use it.');
    const locked = Object.keys(settings ?? {}).find((key) => !isOpenSetting(key));
    if (locked !== undefined)
      throw new ToolError(
        `the setting ${JSON.stringify(locked)} cannot be chosen here`,
        suggest(locked, settingRows.map(({ key }) => key).filter(isOpenSetting)),
      );
    const { url, merchant } = await deps.start({ scenario, seed, holdClockAt, settings });
    return { facts: environmentFacts(url, merchant) };
  },
});

export const stopSimulator = defineTool({
  name: 'stop_simulator',
  description: 'Ends the simulator that start_simulator began, with its journal and state.',
  effect: 'destroy',
  isIdempotent: true,
  input: z.object({}),
  output: z.object({ stopped: z.boolean() }),
  run: async (_input, { simulator, stop }) => {
    const attached = simulator();
    if (attached !== undefined && (!attached.isOwn || stop === undefined))
      throw new ToolError(
        'this simulator was not started here',
        'Stop it where it was started, e.g. with Ctrl-C.',
      );
    await stop?.();
    return { facts: { stopped: attached !== undefined } };
  },
});

export const findScenariosTool = defineTool({
  name: 'find_scenarios',
  description:
    'Finds scenarios of the package: scripted result codes, faults and sequences. Activate one ' +
    'with script_outcomes.',
  effect: 'read',
  isIdempotent: true,
  input: z.object({
    query: nameText.optional().describe('words in name or description'),
    operation: z.enum(operationIds).optional(),
    limit: z.int().min(1).max(100).default(20),
  }),
  output: z.object({
    scenarios: z.array(
      z.object({
        name: z.string(),
        what: z.string(),
        integration: z.string().optional().describe('what a correct integration does'),
      }),
    ),
    total: z.number(),
  }),
  run: async ({ query = '', operation, limit }, deps) => {
    const { known } = await requireSimulator(deps).admin.get('/scenarios');
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = ({ name, description, integration = '', operations }: Scenario): boolean =>
      (operation === undefined || operations.length === 0 || operations.includes(operation)) &&
      words.every((word) => `${name} ${description} ${integration}`.toLowerCase().includes(word));
    const found = known.filter(fits);
    const shipped = found.filter(isShipped);
    return {
      facts: {
        scenarios: shipped.slice(0, limit).map(({ name, description, integration }) => ({
          name,
          what: description,
          ...omitUndefined({ integration }),
        })),
        total: found.length,
      },
      untrusted: found
        .filter((one) => !isShipped(one))
        .slice(0, limit)
        .map(({ name, description }) => ({ name, description })),
    };
  },
});

const oneShot = z.object({
  times: z.int().min(1).max(10_000).optional(),
  when: z.record(z.string(), z.unknown()).describe('e.g. {operation: syncOrder}'),
  then: z.record(z.string(), z.unknown()).describe('e.g. {result: UNKNOWN_EXCEPTION, status: U}'),
});

export const scriptOutcomes = defineTool({
  name: 'script_outcomes',
  description:
    'Decides what the simulator answers: activates scenarios by name (an empty list ends them), ' +
    'or queues rules for one client’s next requests.',
  effect: 'change',
  isIdempotent: false,
  input: z.object({
    clientId: nameText.optional().describe('of this client; absent: scenarios for everyone'),
    scenarios: z.array(nameText).max(50).optional().describe('all that shall be active, in order'),
    oneShots: z.array(oneShot).max(50).optional().describe('needs clientId'),
    checkOnly: z.boolean().default(false).describe('changes nothing'),
  }),
  output: z.object({
    active: z.array(z.string()),
    queued: z.number(),
    problems: z.array(z.object({ at: z.string(), line: z.number().optional() })).optional(),
  }),
  run: async ({ clientId, scenarios, oneShots = [], checkOnly }, deps) => {
    const { admin } = requireSimulator(deps);
    if (clientId === undefined && oneShots.length > 0)
      throw new ToolError('rules are queued for one client', 'Name it with clientId.');
    if (checkOnly) {
      const problems = await checkOutcomes(admin, scenarios ?? [], oneShots);
      return {
        facts: {
          active: await readActive(admin, clientId),
          queued: 0,
          problems: problems.map(({ at, line }) => omitUndefined({ at, line })),
        },
        untrusted: problems.length === 0 ? undefined : problems,
      };
    }
    if (scenarios !== undefined)
      await (clientId === undefined
        ? admin.put('/scenarios', { body: { active: scenarios } })
        : admin.put('/clients/{clientId}/scenarios', {
            path: { clientId },
            body: { active: scenarios },
          }));
    let queued = 0;
    for (const body of oneShots)
      ({ queued } = await admin.post('/clients/{clientId}/one-shots', {
        path: { clientId: clientId ?? '' },
        body: omitUndefined(body),
      }));
    return {
      facts: { active: scenarios ?? (await readActive(admin, clientId)), queued },
    };
  },
});

/** What is wrong with scenarios by name and with rules, each with its place among the input. */
const checkOutcomes = async (
  admin: AdminClient,
  scenarios: readonly string[],
  oneShots: readonly z.infer<typeof oneShot>[],
) => {
  const { known } = await admin.get('/scenarios');
  const names = known.map(({ name }) => name);
  const unknown = scenarios.flatMap((name, index) =>
    names.includes(name)
      ? []
      : [
          {
            ...{ at: `scenarios[${index}]`, line: undefined, where: name },
            ...{ message: 'unknown scenario', remedy: suggest(name, names) },
          },
        ],
  );
  const checked = await Promise.all(
    oneShots.map(async (rule, index) => {
      const yaml = JSON.stringify({ name: 'checked', description: 'Checked.', rules: [rule] });
      const { problems } = await admin.post('/scenarios/check', { body: { yaml } });
      return problems.map((problem) => ({ line: undefined, ...problem, at: `oneShots[${index}]` }));
    }),
  );
  return [...unknown, ...checked.flat()];
};

/** Names that the caller did not write are the package's. */
const readActive = async (admin: AdminClient, clientId: string | undefined) => {
  const { active, known } = await admin.get('/scenarios');
  const shipped = shippedNames(known);
  const names =
    clientId === undefined
      ? active
      : ((await admin.get('/clients/{clientId}', { path: { clientId } })).scenarios ?? active);
  return names.filter((name) => shipped.has(name));
};

export const readState = defineTool({
  name: 'read_state',
  description: 'Reads what the simulator holds of a client: orders, accounts, linkages, cards …',
  effect: 'read',
  isIdempotent: true,
  input: z.object({
    clientId: nameText,
    collection: z.enum(collections).exclude(['oneShots', 'outbound']),
    identity: nameText.optional(),
    limit: z.int().min(1).max(100).default(20),
    cursor: z.string().max(2000).optional(),
  }),
  output: z.object({ total: z.number(), returned: z.number(), hasMore: z.boolean() }),
  run: async ({ clientId, collection, identity, limit, cursor }, deps) => {
    const { records, total, next } = await requireSimulator(deps).admin.get(
      '/clients/{clientId}/state/{collection}',
      { path: { clientId, collection }, query: { identity, limit, after: cursor } },
    );
    return {
      facts: { total, returned: records.length, hasMore: next !== undefined },
      untrusted: { records, next },
    };
  },
});

export const lintFindings = defineTool({
  name: 'lint_findings',
  description:
    'What is wrong with the traffic of clients, by rule, with exchanges that show it and code ' +
    'that mends it.',
  effect: 'read',
  isIdempotent: true,
  input: z.object({
    clientId: nameText.optional(),
    rule: nameText.optional(),
    since: z.int().optional().describe('only with this last or later'),
    language: z.enum(languages).default(defaultLanguage),
  }),
  output: z.object({
    findings: z.array(
      z.object({
        rule: z.string(),
        title: z.string(),
        severity: z.enum(lintSeverities),
        basis: z.string(),
        exchanges: z.array(z.number()),
        count: z.number(),
        last: z.number(),
        remedy: z.string(),
      }),
    ),
    evicted: z.number(),
  }),
  run: async ({ clientId, rule, since = 0, language }, deps) => {
    const report = await requireSimulator(deps).admin.get('/lint', { query: { clientId } });
    const found = report.findings.flatMap((one) =>
      isLintRule(one.rule) && (rule === undefined || one.rule === rule) && one.last >= since
        ? [{ ...one, rule: one.rule }]
        : [],
    );
    return {
      facts: {
        findings: found.map(({ severity, basis, exchanges, count, last, ...one }) => ({
          rule: one.rule,
          title: lintRules[one.rule].title,
          ...{ severity, basis, count, last },
          exchanges: exchanges.map(({ number }) => number),
          remedy: lintRemedies[lintRules[one.rule].remedy][language],
        })),
        evicted: report.evicted,
      },
      untrusted: found.map(({ clientId: id, sentence, members }) => ({
        clientId: id,
        sentence,
        members,
      })),
    };
  },
});

const maxMissing = 10;

export const coverageStatus = defineTool({
  name: 'coverage_status',
  description:
    'Which operations, result codes, faults and transitions the traffic has covered: seen, and ' +
    'handled correctly; with what produces those that are missing.',
  effect: 'read',
  isIdempotent: true,
  input: z.object({ group: nameText.optional().describe('of one group, all that is missing') }),
  output: z.object({
    total: z.number(),
    seen: z.number(),
    handled: z.number(),
    groups: z.array(
      z.object({
        id: z.string(),
        total: z.number(),
        seen: z.number(),
        handled: z.number(),
        missing: z.array(
          z.object({
            id: z.string(),
            how: z.string(),
            oneShot: z.record(z.string(), z.unknown()).optional(),
          }),
        ),
      }),
    ),
  }),
  run: async ({ group }, deps) => {
    const report = await requireSimulator(deps).admin.get('/coverage');
    const { total, answered, handled } = report;
    const groups = report.groups.filter(({ id }) => group === undefined || id === group);
    return {
      facts: {
        ...{ total, seen: answered, handled },
        groups: groups.map(({ items, ...one }) => ({
          id: one.id,
          total: one.total,
          seen: one.answered,
          handled: one.handled,
          missing: items
            .filter((item) => item.answered === 0 && !item.isOptional)
            .slice(0, group === undefined ? maxMissing : 200)
            .map(({ id, how, oneShot: rule }) => ({
              id,
              how,
              ...omitUndefined({ oneShot: rule }),
            })),
        })),
      },
    };
  },
});

const resetKinds = [
  'state',
  'request-ids',
  'journal',
  'scenarios',
  'client',
  'everything',
] as const;

export const reset = defineTool({
  name: 'reset',
  description:
    'Deletes state, remembered request ids, the journal or active scenarios, of all clients or ' +
    'one; client resets all of one client, everything all of all.',
  effect: 'destroy',
  isIdempotent: true,
  input: z.object({ what: z.enum(resetKinds), clientId: nameText.optional() }),
  output: z.object({ done: z.boolean() }),
  run: async ({ what, clientId }, deps) => {
    const { admin } = requireSimulator(deps);
    if (what === 'client' && clientId === undefined)
      throw new ToolError('no client is named', 'Name it with clientId.');
    if (what === 'client' && clientId !== undefined)
      await admin.post('/reset/clients/{clientId}', { path: { clientId } });
    else if (what === 'everything') await admin.post('/reset/everything');
    else await admin.request('POST', `/reset/${what}${queryText({ clientId })}`);
    return { facts: { done: true } };
  },
});

export const certify = defineTool({
  name: 'certify',
  description:
    'Plays certification cases against the merchant’s program, which you run. begin returns ' +
    'where it must send to and send first; result gives the next instruction, until isDone.',
  effect: 'change',
  isIdempotent: false,
  input: z.object({
    action: z.enum(['begin', 'result']),
    cases: z.array(nameText).max(60).optional().describe('ids such as C-PRE-01; absent: all'),
    operation: z.enum(operationIds).default('syncOrder'),
    handle: nameText.optional().describe('of begin'),
  }),
  output: z.object({
    handle: z.string(),
    isDone: z.boolean(),
    step: z.number().describe('greater than before: a new instruction'),
    instruction: z.string(),
    merchant: environment,
    cases: z.array(
      z.object({
        id: z.string(),
        operation: z.string(),
        verdict: z.string(),
        failedChecks: z.array(z.string()),
        exchanges: z.array(z.number()),
      }),
    ),
  }),
  run: async ({ action, cases = [], operation, handle }, { certify: certifier }) => {
    if (certifier === undefined)
      throw new ToolError(
        'certification needs a simulator of its own',
        'Run `alipayhk-mock mcp` over stdio, or `alipayhk-mock certify`.',
      );
    const key = action === 'begin' ? await certifier.begin(cases, operation) : handle;
    const session = key === undefined ? undefined : certifier.read(key);
    if (key === undefined || session === undefined)
      throw new ToolError('no certification has this handle', 'Call certify with begin.');
    const { url, merchant, ...rest } = session;
    return { facts: { handle: key, ...rest, merchant: environmentFacts(url, merchant) } };
  },
});

export const moveClock = defineTool({
  name: 'move_clock',
  description: 'Moves or freezes the simulator’s clock: waits for nothing.',
  effect: 'change',
  isIdempotent: false,
  input: z.object({
    advance: nameText.optional().describe('e.g. 30m'),
    freezeAt: nameText.optional().describe('ISO 8601; absent like advance: the machine’s time'),
  }),
  output: z.object({ now: z.string(), isHeld: z.boolean() }),
  run: async ({ advance, freezeAt }, deps) => {
    const { admin } = requireSimulator(deps);
    const { now, rate } = await admin.put('/clock', { body: readMove(advance, freezeAt) });
    return { facts: { now: new Date(now).toISOString(), isHeld: rate === 0 } };
  },
});

/** @throws ToolError unless exactly one of both is readable; neither: the machine's time again */
const readMove = (advance: string | undefined, freezeAt: string | undefined) => {
  if (advance !== undefined && freezeAt !== undefined)
    throw new ToolError('advance and freezeAt exclude each other', 'Give one of them.');
  if (advance !== undefined) {
    const advanceMs = durationMs(advance);
    if (advanceMs === undefined)
      throw new ToolError('advance is no duration', 'Write it like 90s, 5m or 1h.');
    return { advanceMs };
  }
  if (freezeAt === undefined) return { reset: true as const };
  const freeze = Date.parse(freezeAt);
  if (Number.isNaN(freeze))
    throw new ToolError('freezeAt is no time', 'Write it in ISO 8601, like 2026-01-01T00:00:00Z.');
  return { freeze };
};

export const addClient = defineTool({
  name: 'add_client',
  description:
    'Creates a client with its own state and clock. Its private key is written to a file, never ' +
    'returned.',
  effect: 'change',
  isIdempotent: false,
  input: z.object({ algorithm: z.enum(signatureAlgorithms).default('RSA256') }),
  output: environment,
  run: async ({ algorithm }, deps: McpDeps) => {
    const { admin, url } = requireSimulator(deps);
    if (deps.savePrivateKey === undefined)
      throw new ToolError(
        'private keys are not handed out here',
        'Create the client with `POST /__admin/clients`, or use `alipayhk-mock mcp` over stdio.',
      );
    const made = await admin.post('/clients', { body: { algorithm } });
    const platformKey = await admin.request<string>('GET', '/platform-key?format=base64');
    const privateKeyFile = deps.savePrivateKey(made.clientId, made.privateKey ?? '');
    const env = {
      ALIPAYHK_BASE_URL: url,
      ALIPAYHK_CLIENT_ID: made.clientId,
      ALIPAYHK_KEY_VERSION: '1',
      ALIPAYHK_PRIVATE_KEY_FILE: privateKeyFile,
      ALIPAYHK_PLATFORM_KEY: platformKey.trim(),
    };
    return { facts: { url, clientId: made.clientId, env, privateKeyFile } };
  },
});
