import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { findConfigFile, readConfigFile } from '../../server/config/config-file.ts';
import { configFileSchema } from '../../server/config/config-schema.ts';
import { resolveSettings, type SettingSources } from '../../server/config/resolve-settings.ts';
import { durationMs, flagOf, settingRows, variablesOf } from '../../server/config/settings-table.ts';

const configFile = (text: string, name = 'alipayhk-mock.config.yaml') => {
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  writeFileSync(join(folder, name), text);
  return { folder, file: join(folder, name) };
};
const resolve = (sources: Partial<SettingSources>) =>
  resolveSettings({ flags: new Map(), variables: {}, file: undefined, folder: '/here', ...sources });

describe('settings', () => {
  test('flag beats variable beats file beats default', () => {
    const file = readConfigFile(configFile('port: 3\nhost: file\nordering: { stale: refuse }\norder.extraFields: note').file);
    const all = resolve({ flags: new Map([['port', ['1']]]), variables: { PORT: '2', HOST: '192.0.2.1' }, file });
    expect(all.problems).toEqual([]);
    expect(all.value).toMatchObject({
      port: 1,
      host: '192.0.2.1',
      'ordering.stale': 'refuse',
      'order.extraFields': 'note',
      logLevel: 'info',
    });
    expect(resolve({ variables: { PORT: '2', ALIPAYHK_MOCK_PORT: '4' } }).value.port).toBe(4);
    expect(resolve({ file }).value.port).toBe(3);
    expect(resolve({}).value.port).toBe(8852);
  });

  test('HOST counts where it is an address: shells put the name of the machine there', () => {
    for (const HOST of ['0.0.0.0', '::', 'localhost']) expect(resolve({ variables: { HOST } }).value.host).toBe(HOST);
    for (const HOST of ['build-17', 'x86_64-conda-linux-gnu', '']) expect(resolve({ variables: { HOST } }).value.host).toBe('127.0.0.1');
    expect(resolve({ variables: { ALIPAYHK_MOCK_HOST: 'build-17', HOST: '0.0.0.0' } }).value.host).toBe('build-17');
  });

  test('lists come from repeated flags, commas in variables, and sequences', () => {
    expect(resolve({ flags: new Map([['scenario', ['a', 'b']]]) }).value.scenario).toEqual(['a', 'b']);
    expect(resolve({ variables: { ALIPAYHK_MOCK_STRICT: 'timestamps, unknownFields' } }).value.strict).toEqual([
      'timestamps',
      'unknownFields',
    ]);
    expect(resolve({ file: readConfigFile(configFile('scenario: one').file) }).value.scenario).toEqual(['one']);
  });

  test('paths are taken from where they stand', () => {
    const { folder, file } = configFile('keys: ./my-keys');
    expect(resolve({ file: readConfigFile(file) }).value.keys).toBe(join(folder, 'my-keys'));
    expect(resolve({ flags: new Map([['data', ['state']]]) }).value.data).toBe('/here/state');
  });

  test('everything wrong is told at once, with file, line and remedy', () => {
    const { file } = configFile('prot: 1\nordering:\n  stale: sometimes\n  stalest: x\nclients:\n  X: { colour: red }\n');
    const { problems } = resolve({
      file: readConfigFile(file),
      flags: new Map([['port', ['eighty']]]),
      variables: { ALIPAYHK_MOCK_PROT: '1', ALIPAYHK_MOCK_LOG_LEVEL: 'loud' },
    });
    expect(problems.map(({ where, line, message }) => [where, line, message])).toEqual([
      [file, 1, '"prot" is not a setting'],
      [file, 4, '"ordering.stalest" is not a setting'],
      ['ALIPAYHK_MOCK_PROT', undefined, 'is not a variable of this program'],
      ['--port', undefined, 'port: must be a whole number from 0 to 65535'],
      ['ALIPAYHK_MOCK_LOG_LEVEL', undefined, expect.stringMatching(/^logLevel: .*"debug"/)],
      [file, 3, expect.stringMatching(/^ordering.stale: /)],
      [file, 6, expect.stringMatching(/clients: X: .*colour/)],
    ]);
    expect(problems.map(({ remedy }) => remedy).filter((remedy) => remedy.includes('Did you mean'))).toEqual([
      'Did you mean "port"?',
      'Did you mean "ordering.stale"?',
      'Did you mean "ALIPAYHK_MOCK_PORT"?',
    ]);
    expect(problems.find(({ where }) => where === '--port')?.remedy).toBe('Write <n>: port to listen on; 0 takes a free one.');
    expect(resolve({ variables: { HTTPS_PORT: '65536' } }).problems.map(({ message }) => message)).toEqual([
      'httpsPort: must be off, or a whole number from 0 to 65535',
    ]);
  });

  test('a file that is not YAML, not a mapping, or not there', () => {
    expect(readConfigFile(configFile('port: [').file).problems[0]).toMatchObject({ line: 1, remedy: expect.stringContaining('YAML') });
    expect(readConfigFile(configFile('- a').file).problems).toHaveLength(1);
    expect(readConfigFile(configFile('port: 1\nport: 2').file).problems[0]).toMatchObject({ line: 2 });
    expect(readConfigFile(configFile('').file)).toMatchObject({ problems: [], values: new Map() });
    expect(readConfigFile('/nowhere/x.yaml').problems[0]).toMatchObject({ where: '/nowhere/x.yaml' });
  });

  test('the file is found by its name, in YAML or JSON, and may name its schema', () => {
    for (const name of ['alipayhk-mock.config.yaml', 'alipayhk-mock.config.yml', 'alipayhk-mock.config.json']) {
      const { folder, file } = configFile('{"$schema": "./config.schema.json", "port": 5}', name);
      expect(findConfigFile(folder)).toBe(file);
      expect(resolve({ file: readConfigFile(file) })).toMatchObject({ problems: [], value: { port: 5 } });
    }
  });

  test('the schema accepts what the program accepts, and nothing else', () => {
    const validate = new Ajv({ strict: false }).compile(configFileSchema());
    const readmeExample =
      'port: 9000\nscenario: [x]\nordering: { stale: refuse }\nclients:\n  A: { encryption: { syncOrder: required }, requestsPerSecond: 50 }';
    expect(validate(parse(readmeExample))).toBe(true);
    expect(validate({ 'order.extraFields': 'note', paths: { syncOrder: '/x' } })).toBe(true);
    for (const wrong of [
      { port: '1' },
      { prot: 1 },
      { ordering: { stale: 'x' } },
      { paths: { syncOrder: 'x' } },
      { clients: { A: { x: 1 } } },
    ])
      expect(validate(wrong)).toBe(false);
    for (const row of settingRows) expect(row.schema.safeParse(row.initial).success).toBe(true);
  });

  test('every flag and variable is named once', () => {
    const flags = settingRows.map(flagOf);
    expect(new Set(flags).size).toBe(flags.length);
    const variables = settingRows.flatMap(variablesOf);
    expect(new Set(variables).size).toBe(variables.length);
    expect(variables).toEqual(
      expect.arrayContaining(['ALIPAYHK_MOCK_REQUEST_TIME_WINDOW', 'ALIPAYHK_MOCK_PATHS_SYNC_ORDER', 'ALIPAYHK_MOCK_LIMITS_BODY_BYTES']),
    );
  });

  test.each([
    ['5m', 300_000],
    ['90s', 90_000],
    ['1h', 3_600_000],
    ['20ms', 20],
    ['off', undefined],
  ])('%s is %s ms', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });
});
