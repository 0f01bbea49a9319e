import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  configFileSchema,
  findConfigFile,
  readConfigFile,
  resolveSettings,
  type SettingSources,
} from '../../../server/app/settings/resolve-settings.ts';
import {
  durationMs,
  flagName,
  settingRows,
  variableNames,
} from '../../../server/domain/settings/settings-table.ts';

const configFile = (text: string, name = 'alipayhk-mock.config.yaml') => {
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  writeFileSync(join(folder, name), text);
  return { folder, file: join(folder, name) };
};
const resolve = (sources: Partial<SettingSources>) =>
  resolveSettings({
    flags: new Map(),
    variables: {},
    file: undefined,
    folder: '/here',
    ...sources,
  });

describe('settings', () => {
  test('flag beats variable beats file beats default', () => {
    const file = readConfigFile(
      configFile('port: 3\nhost: file\nordering: { stale: refuse }\norder.extraFields: note').file,
    );
    const all = resolve({
      flags: new Map([['port', ['1']]]),
      variables: { PORT: '2', HOST: '192.0.2.1' },
      file,
    });
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
    for (const HOST of ['0.0.0.0', '::', 'localhost'])
      expect(resolve({ variables: { HOST } }).value.host).toBe(HOST);
    for (const HOST of ['build-17', 'x86_64-conda-linux-gnu', ''])
      expect(resolve({ variables: { HOST } }).value.host).toBe('127.0.0.1');
    expect(
      resolve({ variables: { ALIPAYHK_MOCK_HOST: 'build-17', HOST: '0.0.0.0' } }).value.host,
    ).toBe('build-17');
  });

  test('lists come from repeated flags, commas in variables, and sequences', () => {
    expect(resolve({ flags: new Map([['scenario', ['a', 'b']]]) }).value.scenario).toEqual([
      'a',
      'b',
    ]);
    expect(
      resolve({ variables: { ALIPAYHK_MOCK_STRICT: 'timestamps, unknownFields' } }).value.strict,
    ).toEqual(['timestamps', 'unknownFields']);
    expect(
      resolve({ file: readConfigFile(configFile('scenario: one').file) }).value.scenario,
    ).toEqual(['one']);
  });

  test('P-01 several paths: repeated flags, commas, a text or a list in the file', () => {
    const key = 'paths.syncAdditionalInfo';
    const name = 'ALIPAYHK_MOCK_PATHS_SYNC_ADDITIONAL_INFO';
    const inFile = (text: string) =>
      resolve({ file: readConfigFile(configFile(`paths: { syncAdditionalInfo: ${text} }`).file) });
    for (const { value, problems } of [
      resolve({ flags: new Map([[key, ['/a,/b']]]) }),
      resolve({ flags: new Map([[key, ['/a', '/b']]]) }),
      resolve({ variables: { [name]: '/a, /b' } }),
      inFile('[/a, /b]'),
    ])
      expect([value[key], problems]).toEqual([['/a', '/b'], []]);
    expect([inFile('/a').value[key], inFile('""').problems]).toEqual([['/a'], []]);
    for (const refused of [
      resolve({ variables: { [name]: '/a,b' } }),
      inFile('[/a, b]'),
      inFile('[/a, "/b?c"]'),
    ])
      expect(refused.problems.map(({ message }) => message)).toEqual([
        expect.stringMatching(
          /^paths\.syncAdditionalInfo\[2\]: must start with one "\/" and hold no/,
        ),
      ]);
    expect(inFile('5').problems.map(({ message }) => message)).toEqual([
      'paths.syncAdditionalInfo: must be text or a list (got 5)',
    ]);
    const validate = new Ajv({ strict: false }).compile(configFileSchema());
    for (const [paths, fits] of [
      ['/a', true],
      [['/a', '/b'], true],
      [['/a', 'b'], false],
      [5, false],
    ])
      expect([paths, validate({ paths: { syncAdditionalInfo: paths } })]).toEqual([paths, fits]);
  });

  test('paths are taken from where they stand', () => {
    const { folder, file } = configFile('keys: ./my-keys');
    expect(resolve({ file: readConfigFile(file) }).value.keys).toBe(join(folder, 'my-keys'));
    expect(resolve({ flags: new Map([['data', ['state']]]) }).value.data).toBe('/here/state');
  });

  test('everything wrong is told at once, with file, line and remedy', () => {
    const { file } = configFile(
      'prot: 1\nordering:\n  stale: sometimes\n  stalest: x\nclients:\n  X: { colour: red }\n',
    );
    const { problems } = resolve({
      file: readConfigFile(file),
      flags: new Map([['port', ['eighty']]]),
      variables: { ALIPAYHK_MOCK_PROT: '1', ALIPAYHK_MOCK_LOG_LEVEL: 'loud' },
    });
    expect(problems.map(({ where, line, message }) => [where, line, message])).toEqual([
      [file, 1, '"prot" is not a setting'],
      [file, 4, '"ordering.stalest" is not a setting'],
      ['ALIPAYHK_MOCK_PROT', undefined, 'is not a variable of this program'],
      ['--port', undefined, 'port: must be a whole number from 0 to 65535 (got "eighty")'],
      ['ALIPAYHK_MOCK_LOG_LEVEL', undefined, expect.stringMatching(/^logLevel: .*"debug"/)],
      [file, 3, expect.stringMatching(/^ordering.stale: /)],
      [file, 6, expect.stringMatching(/^clients\.X\.colour is not known here; known: disabled, /)],
    ]);
    expect(
      problems.map(({ remedy }) => remedy).filter((remedy) => remedy.includes('Did you mean')),
    ).toEqual([
      'Did you mean "port"?',
      'Did you mean "ordering.stale"?',
      'Did you mean "ALIPAYHK_MOCK_PORT"?',
    ]);
    expect(problems.find(({ where }) => where === '--port')?.remedy).toBe(
      'Write <n>: port to listen on; 0 takes a free one.',
    );
    expect(
      resolve({ variables: { HTTPS_PORT: '65536' } }).problems.map(({ message }) => message),
    ).toEqual(['httpsPort: must be off, or a whole number from 0 to 65535 (got 65536)']);
  });

  test('a file that is not YAML, not a mapping, or not there', () => {
    expect(readConfigFile(configFile('port: [').file).problems[0]).toMatchObject({
      line: 1,
      remedy: expect.stringContaining('Close what was opened'),
    });
    expect(readConfigFile(configFile('- a').file).problems).toHaveLength(1);
    expect(readConfigFile(configFile('port: 1\nport: 2').file).problems[0]).toMatchObject({
      line: 2,
    });
    expect(readConfigFile(configFile('').file)).toMatchObject({ problems: [], values: new Map() });
    expect(readConfigFile('/nowhere/x.yaml').problems[0]).toMatchObject({
      where: '/nowhere/x.yaml',
    });
  });

  test('the file is found by its name, in YAML or JSON, and may name its schema', () => {
    for (const name of [
      'alipayhk-mock.config.yaml',
      'alipayhk-mock.config.yml',
      'alipayhk-mock.config.json',
    ]) {
      const { folder, file } = configFile('{"$schema": "./config.schema.json", "port": 5}', name);
      expect(findConfigFile(folder)).toBe(file);
      expect(resolve({ file: readConfigFile(file) })).toMatchObject({
        problems: [],
        value: { port: 5 },
      });
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
    const flags = settingRows.map(flagName);
    expect(new Set(flags).size).toBe(flags.length);
    const variables = settingRows.flatMap(variableNames);
    expect(new Set(variables).size).toBe(variables.length);
    expect(variables).toEqual(
      expect.arrayContaining([
        'ALIPAYHK_MOCK_REQUEST_TIME_WINDOW',
        'ALIPAYHK_MOCK_PATHS_SYNC_ORDER',
        'ALIPAYHK_MOCK_LIMITS_BODY_BYTES',
      ]),
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

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: this is what users write
describe('each slip of a config file has its own sentence', () => {
  const problemsOf = (text: string | Buffer, name?: string) => {
    const { folder, file } = configFile('', name);
    writeFileSync(file, text);
    return resolve({ file: readConfigFile(file), folder }).problems;
  };
  test.each([
    ['watch: yes', 1, 8, 'watch: must be true or false (got "yes")', /^Write true or false/],
    ['watch: "true"', 1, 8, 'watch: must be true or false (got "true")', /without quotation marks/],
    ['port: "80"', 1, 7, 'port: must be a whole number from 0 to 65535 (got "80")', /Write <n>/],
    [
      'adminToken: 12345',
      1,
      13,
      'adminToken: must be text (got 12345)',
      /Put it in quotation marks: "12345"/,
    ],
    [
      'ordering:\n  stale: refused',
      2,
      10,
      'ordering.stale: must be "ignore", "refuse" or "apply" (got "refused")',
      /Did you mean "refuse"/,
    ],
    [
      'strict: [timestamp]',
      1,
      10,
      expect.stringMatching(/^strict\[1\]: must be .*\(got "timestamp"\)$/),
      /Did you mean "timestamps"/,
    ],
    [
      'clients:\n  A:\n    disabeld: true',
      3,
      5,
      'clients.A.disabeld is not known here',
      /Did you mean "disabled"/,
    ],
    [
      'clients:\n  A:\n    operations: [syncOrders]',
      3,
      18,
      expect.stringContaining('clients.A.operations[1]: must be '),
      /Did you mean "syncOrder"/,
    ],
    [
      'clients:\n  A:\n    encryption: { syncOrders: required }',
      3,
      19,
      'clients.A.encryption.syncOrders is not known here',
      /Did you mean "syncOrder"/,
    ],
    [
      'clients:\n  A:\n    encryption: always',
      3,
      17,
      expect.stringMatching(/^clients.A.encryption: must be "optional", "required", "forbidden"/),
      /./,
    ],
    ['prot:\n  a: 1', 1, 1, '"prot" is not a setting', /Did you mean "port"/],
    ['port: ${PORT}', 1, 7, 'has ${PORT}: variables are not filled in here', /ALIPAYHK_MOCK_/],
    [
      '{ port: ${PORT:-80} }',
      1,
      expect.any(Number),
      expect.stringMatching(/^has \$\{PORT:-80\}/),
      /ALIPAYHK_MOCK_/,
    ],
    [
      'port: 1\n---\nport: 2',
      2,
      expect.any(Number),
      'holds several YAML documents, separated by "---"',
      /one document/,
    ],
    [
      '{ // the port\n "port": 1 }',
      1,
      3,
      'is JSON with a comment, which JSON does not have',
      /file \.yaml/,
    ],
    [
      '{\n "port": 1 /* or 2 */ }',
      2,
      12,
      'is JSON with a comment, which JSON does not have',
      /file \.yaml/,
    ],
    [
      Buffer.from('\uFEFFport: 1', 'utf16le'),
      undefined,
      undefined,
      'is written in UTF-16',
      /UTF-8/,
    ],
    [Buffer.from('port: 1', 'utf16le'), undefined, undefined, 'is written in UTF-16', /UTF-8/],
    [Buffer.from('host: caf\xe9', 'latin1'), undefined, undefined, 'is not UTF-8 text', /UTF-8/],
    ['port: 1\n\thost: x', 2, expect.any(Number), expect.any(String), /./],
    ['port: 1\nport: 2', 2, 1, 'this name is given twice', /Delete one/],
    [
      'host: *nowhere',
      1,
      expect.any(Number),
      'uses the alias *nowhere, but no anchor &nowhere is defined before it',
      /anchors/,
    ],
    [
      'idempotency: { max: 90071992547409930 }',
      1,
      21,
      'the number 90071992547409930 does not keep its digits',
      /quotation marks/,
    ],
  ])('%s', (text, line, column, message, remedy) => {
    const [problem, ...more] = problemsOf(text);
    expect(more).toEqual([]);
    expect(problem).toMatchObject({ message });
    expect([problem?.line, problem?.column]).toEqual([line, column]);
    expect(problem?.remedy).toMatch(remedy);
    expect(`${problem?.message} ${problem?.remedy}`).not.toMatch(
      /Invalid|expected|received|Unrecognized|pattern/,
    );
  });

  test('a comment in a JSON file is named, whatever the parser makes of it; addresses are none', () => {
    expect(problemsOf('// mine\n{ "port": 1 }', 'alipayhk-mock.config.json')[0]?.message).toMatch(
      /^is JSON with a comment/,
    );
    expect(problemsOf('{ "adminToken": "http://a//b" }', 'alipayhk-mock.config.json')).toEqual([]);
  });

  test('Client-Ids that YAML takes for numbers keep their digits', () => {
    const text =
      'clients:\n  0123456789: { disabled: true }\n  21601200745268812160: {}\n  1e3: {}\n  0x1F: {}\n  true: {}\n';
    const { problems, value } = resolve({ file: readConfigFile(configFile(text).file) });
    expect(problems).toEqual([]);
    expect(Object.keys(value.clients)).toEqual([
      '0123456789',
      '21601200745268812160',
      '1e3',
      '0x1F',
      'true',
    ]);
    const wrong = resolve({
      file: readConfigFile(configFile('clients:\n  0123: { colour: red }\n').file),
    });
    expect(wrong.problems).toMatchObject([
      {
        line: 2,
        column: 11,
        message: expect.stringMatching(
          /^clients\.0123\.colour is not known here; known: disabled, /,
        ),
      },
    ]);
  });

  test('merge keys fill in what a mapping does not say itself', () => {
    const text =
      'clients:\n  A: &shop { requestsPerSecond: 5 }\n  B: { <<: *shop, disabled: true }\n';
    const { problems, value } = resolve({ file: readConfigFile(configFile(text).file) });
    expect(problems).toEqual([]);
    expect(value.clients['B']).toEqual({ requestsPerSecond: 5, disabled: true });
    const wrong = resolve({
      file: readConfigFile(configFile(text.replace('disabled: true', 'disabled: 1')).file),
    });
    expect(wrong.problems).toMatchObject([{ line: 3, column: 29 }]);
    expect(
      resolve({ file: readConfigFile(configFile('clients:\n  A: { <<: 1 }').file) }).problems,
    ).toMatchObject([{ message: 'has a merge key (<<) whose value is not a mapping' }]);
  });
});

// biome-ignore-end lint/suspicious/noTemplateCurlyInString: see above

test('what Kubernetes says of Services is not taken for settings', () => {
  const links = (service: string, port: number) => ({
    [`${service}_SERVICE_HOST`]: '10.0.0.1',
    [`${service}_SERVICE_PORT`]: String(port),
    [`${service}_SERVICE_PORT_HTTP`]: String(port),
    [`${service}_PORT`]: `tcp://10.0.0.1:${port}`,
    [`${service}_PORT_${port}_TCP`]: `tcp://10.0.0.1:${port}`,
    [`${service}_PORT_${port}_TCP_PROTO`]: 'tcp',
    [`${service}_PORT_${port}_TCP_PORT`]: String(port),
    [`${service}_PORT_${port}_TCP_ADDR`]: '10.0.0.1',
  });
  const variables = {
    ...links('ALIPAYHK_MOCK', 8852),
    ...links('ALIPAYHK_MOCK_ADMIN', 8853),
    ...links('ALIPAYHK_MOCK_HTTPS', 8443),
    PORT: 'tcp://10.0.0.1:80',
    HTTPS_PORT: 'udp://10.0.0.1:443',
  };
  const { problems, value } = resolve({ variables });
  expect(problems).toEqual([]);
  expect(value).toMatchObject({ port: 8852, adminPort: 'same', httpsPort: 'off' });
  expect(resolve({ variables: { ...variables, PORT: '9000' } }).value.port).toBe(9000);
  expect(resolve({ variables: { ALIPAYHK_MOCK_PORT: 'tcp:80' } }).problems).toHaveLength(1);
});
