import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { merchantAt } from '../merchant.ts';
import { startServer } from '../start-server.ts';
import { adminCaller } from './admin-caller.ts';

const yaml = (name: string, include = '') =>
  `name: ${name}\ndescription: A story.\n${include}rules:\n  - when: { operation: syncOrder }\n    then: { result: UN_SUPPORT_BUSINESS }\n`;

test('an uploaded scenario outlives a change of the files beside it, and may include them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'uploaded-'));
  const server = await startServer({ watch: true, scenarios: [folder] });
  const { call } = adminCaller(server);
  expect(
    (await call('uploadScenario', { body: { yaml: yaml('uploaded', 'include: [net-reset]\n') } }))
      .status,
  ).toBe(201);
  expect(
    (await call('uploadScenario', { body: { yaml: yaml('another', 'include: [nothing]\n') } })).json
      .problems,
  ).toMatchObject([{ line: 3, message: 'includes unknown scenario "nothing"' }]);
  await call('activateScenarios', { body: { active: ['uploaded'] } });
  writeFileSync(join(folder, 'filed.yaml'), yaml('filed'));
  await expect.poll(() => server.scenarios.known.has('filed'), { timeout: 15_000 }).toBe(true);
  const { active, known } = (await call('listScenarios')).json;
  const sourceOf = (name: string) =>
    known.find((one: { name: string }) => one.name === name)?.source;
  expect([active, sourceOf('uploaded'), sourceOf('filed'), sourceOf('net-reset')]).toEqual([
    ['uploaded'],
    'uploaded',
    'folder',
    'package',
  ]);
  expect((await merchantAt(server).call('syncOrder')).code).toBe('UN_SUPPORT_BUSINESS');
  expect((await call('resetEverything')).status).toBe(204);
  expect(server.scenarios.known.has('uploaded')).toBe(false);
  await server.close();
});
