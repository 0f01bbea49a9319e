import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { settingRows, variableNames } from '../../server/domain/settings/settings-table.ts';
import { packageRoot } from '../../server/package-root.ts';
import { parseAddress } from '../../server/storage/redis/address.ts';
import { startServer } from '../start-server.ts';
import { readFile as read } from './ci-jobs.ts';

/** The recipes for several simulators: what they name exists, and fits together. */

const ownVariables = new Set(settingRows.flatMap(variableNames));
const portOfImage = Number(/^EXPOSE (\d+)$/m.exec(read('Dockerfile'))?.[1]);

interface Service {
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: object;
  readonly volumes?: readonly string[];
  readonly [member: string]: unknown;
}
/** Members of the Compose specification that this recipe may use. */
const serviceMembers = new Set([
  ...['image', 'build', 'command', 'volumes', 'healthcheck', 'deploy', 'depends_on', 'ports'],
  ...['environment', 'user', 'read_only', 'cap_drop', 'security_opt'],
]);

test('the compose file: every service, volume, file, variable and port that it names exists', () => {
  const folder = 'examples/several';
  const file = parse(read(`${folder}/compose.yaml`));
  const services: Readonly<Record<string, Service>> = file.services;
  for (const [name, service] of Object.entries(services)) {
    expect(Object.keys(service).filter((member) => !serviceMembers.has(member))).toEqual([]);
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(condition, name).toBe('service_healthy');
      expect(services[other]?.healthcheck, `${name} waits for ${other}`).toBeDefined();
    }
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':');
      const exists = source.startsWith('.')
        ? existsSync(join(packageRoot, folder, source))
        : source in file.volumes;
      expect(exists, volume).toBe(true);
    }
  }
  const { alipayhk, valkey, balancer } = file.services;
  expect(existsSync(join(packageRoot, folder, alipayhk.build, 'Dockerfile'))).toBe(true);
  expect(Object.keys(alipayhk.environment).filter((name) => !ownVariables.has(name))).toEqual([]);
  const address = parseAddress(alipayhk.environment.ALIPAYHK_MOCK_STORE);
  expect(address).toMatchObject({ seeds: [{ host: 'valkey', port: 6379 }] });
  const given = valkey.command.join(' ');
  expect(given).toContain('--appendonly yes');
  expect(given).toContain('--maxmemory-policy noeviction');
  const rules = read(`${folder}/haproxy.cfg`);
  const template = /server-template (\S+) (\d+) (\S+):(\d+)/.exec(rules) ?? [];
  expect(template.slice(1)).toEqual([
    'alipayhk',
    String(alipayhk.deploy.replicas),
    'alipayhk',
    String(portOfImage),
  ]);
  const published = /^127\.0\.0\.1:(\d+):(\d+)$/.exec(balancer.ports[0]) ?? [];
  expect(rules).toContain(`bind :${published[2]}\n`);
  expect(rules).toMatch(/^ {2}retries 0$/m);
  expect(rules).toMatch(/^ {2}mode tcp$/m);
});

test('the Kubernetes example: selectors, ports, probes and secrets fit together', () => {
  const text = read('examples/kubernetes/several.yaml');
  const documents = parseAllDocuments(text).map((document) => document.toJS());
  const [deployment, budget, service] = ['Deployment', 'PodDisruptionBudget', 'Service'].map(
    (kind) => documents.find((document) => document.kind === kind),
  );
  expect(documents.map(({ apiVersion }) => apiVersion)).toEqual(['apps/v1', 'policy/v1', 'v1']);
  const { replicas, selector, template } = deployment.spec;
  expect(template.metadata.labels).toEqual(selector.matchLabels);
  expect(budget.spec.selector).toEqual(selector);
  expect(service.spec.selector).toEqual(selector.matchLabels);
  expect(replicas).toBe(3);
  expect(budget.spec.minAvailable).toBeLessThan(replicas);
  const [container] = template.spec.containers;
  const env: readonly { name: string; value?: string; valueFrom?: { secretKeyRef: object } }[] =
    container.env;
  const names = env.map(({ name }) => name);
  expect(names.filter((name) => !ownVariables.has(name))).toEqual([]);
  const port = Number(env.find(({ name }) => name === 'PORT')?.value);
  expect(port).toBe(portOfImage);
  expect(container.ports).toEqual([{ containerPort: port }]);
  expect(service.spec.ports).toEqual([{ port, targetPort: port }]);
  const secrets = env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []);
  const [, made = '', keys = ''] = /secret generic (\w+) (.*)$/m.exec(text) ?? [];
  const literals = [...keys.matchAll(/--from-literal=(\w+)=/g)].map(([, key]) => key);
  expect(secrets).toEqual(literals.toReversed().map((key) => ({ name: made, key })));
  for (const [probe, path] of [
    ['startupProbe', 'health'],
    ['livenessProbe', 'health'],
    ['readinessProbe', 'ready'],
  ] as const)
    expect(container[probe].httpGet).toEqual({ path: `/__admin/${path}`, port });
});

test('probes and the balancer ask without the token that the recipes set', async () => {
  const server = await startServer({ adminToken: 'change-me' });
  onTestFinished(() => server.close(0));
  for (const path of ['health', 'ready']) {
    const response = await fetch(`${server.url}/__admin/${path}`);
    expect(response.status, path).toBe(200);
  }
  expect((await fetch(`${server.url}/__admin/journal`)).status).toBe(403);
});
