import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createProgram } from '../../server/cli/program.ts';
import { catalogue } from '../../server/conformance/certify/catalogue/index.ts';
import { receiverCatalogue } from '../../server/conformance/certify/catalogue/receiver.ts';
import { certifyTestReport } from '../../server/conformance/certify/to-test-report.ts';
import { lintRules } from '../../server/conformance/lint/lint-rules.ts';
import { translateProblem } from '../../server/domain/chinese/problem-texts.ts';
import { believedUnsigned, sampleResult } from '../conformance/certify/sample-result.ts';
import { rawCall } from '../raw-call.ts';
import { withSettings } from '../start-server.ts';
import { runCli } from './run-cli.ts';

const chinese = /[\u4e00-\u9fff]{3}/;
const home = process.cwd();
afterEach(() => {
  vi.unstubAllEnvs();
  process.chdir(home);
});

describe('a command is printed in Chinese', () => {
  const refused = ['journal', 'show', 'no-such-thing', '--url', 'http://127.0.0.1:9'] as const;

  test.each(['zh-hant', 'zh-HK', 'zh-TW'])('with --lang %s', async (tag) => {
    const { code, stderr } = await runCli(...refused, '--lang', tag);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: http:\/\/127\.0\.0\.1:9: 沒有回應/);
    expect(stderr).toContain('請啟動模擬器');
  });

  test.each(['ALIPAYHK_MOCK_LANG', 'ALIPAYHK_MOCK_LANGUAGE'])(
    'with the variable %s, unless a flag says otherwise',
    async (name) => {
      vi.stubEnv(name, 'zh-hant');
      expect((await runCli(...refused)).stderr).toMatch(chinese);
      expect((await runCli(...refused, '--lang', 'en')).stderr).not.toMatch(chinese);
    },
  );

  test('but not a word that was typed', async () => {
    const { stderr } = await runCli('send', 'nothing', '--lang', 'zh-hant');
    expect(stderr).toMatch(/^error: nothing: 沒有操作「nothing」/);
  });

  test('as the config file says, also when that file has an error', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'language-'));
    process.chdir(folder);
    writeFileSync('alipayhk-mock.config.yaml', 'language: zh-hant\nport: many\n');
    const { stderr } = await runCli('serve');
    expect(stderr).toContain('port：必須是 0 至 65535 的整數（收到 "many"）');
    process.chdir(home);
    rmSync(folder, { recursive: true });
  });

  test('and in English otherwise', async () => {
    expect((await runCli(...refused)).stderr).not.toMatch(chinese);
  });

  test.each([
    [['serve', '--no-such-option'], '不明的選項「--no-such-option」'],
    [['send'], '缺少必需的引數「operation」'],
    [['no-such-command'], '沒有這個指令'],
    [['keys', 'list', '--keys', '/no/such'], '未能讀取'],
    [['certify', '--case', 'C-NONE-99', '--', 'true'], '不是目錄中的個案'],
    [['scenarios', 'show', 'no-such-scenario'], '沒有這個情境'],
    [['compare', '--target', 'http://127.0.0.1:9', '--listen', 'x'], '無效'],
  ])('%j', async (words, text) => {
    const [end = words.length] = [words.indexOf('--')].filter((at) => at !== -1);
    const asked = [...words.slice(0, end), '--lang', 'zh-hant', ...words.slice(end)];
    const { code, stderr } = await runCli(...asked);
    expect(code).not.toBe(0);
    expect(stderr).toContain(text);
    expect(stderr).toMatch(/^error: /);
  });
});

test.each([
  ['wrote /x/y.yaml: a scenario to change', '已寫入 /x/y.yaml：供你修改的情境'],
  [
    'wrote /x/y.yaml (overwritten): a scenario to change',
    '已寫入 /x/y.yaml（覆蓋了原有的）：供你修改的情境',
  ],
  [
    'wrote /x/AGENTS.md (updated): a section on the simulator',
    '已寫入 /x/AGENTS.md（更新了原有的）：關於模擬器的一節',
  ],
  ['state of SHOP: reset', 'SHOP 的 state：已重設'],
  ['request-ids: reset', 'request-ids：已重設'],
  ['12 records of 1 client', '1 個客戶端的 12 筆記錄'],
  ['ready: http://127.0.0.1:8852', '已就緒：http://127.0.0.1:8852'],
  [
    'a.capsule.json: 2 exchanges, with pseudonyms for openId',
    'a.capsule.json：2 個請求記錄，openId 以假名代替',
  ],
  ['values: as they were sent; signatures: original', '值：與發送時相同；簽名：原本的'],
  ['replay differs at byte 12 (body)', '重現時自位元組 12 起不同（body）'],
])('%s: in Chinese', (english, text) => {
  expect(translateProblem(english)).toBe(text);
});

test('what init has written is listed in Chinese', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'language-'));
  const { stdout } = await runCli('init', folder, '--lang', 'zh-hant');
  for (const line of stdout.trim().split(/\n+/)) expect(line).toMatch(chinese);
  rmSync(folder, { recursive: true });
});

test('a language that is not known is refused by every command', async () => {
  for (const words of [['serve'], ['init'], ['completion', 'bash'], ['report', 'x.json']])
    expect((await runCli(...words, '--lang', 'fr')).stderr).toContain('"en" or "zh-hant"');
});

test('every command that does something has the option', async () => {
  const program = await createProgram(() => {});
  const missing = program.commands
    .flatMap((one) => (one.commands.length === 0 ? [one] : one.commands))
    .filter((one) => !one.options.some(({ long }) => long === '--lang'))
    .map((one) => one.name());
  expect(missing).toEqual([]);
});

test('the list of scenarios is in Chinese, and its JSON is not', async () => {
  const { stdout } = await runCli('scenarios', 'list', '--lang', 'zh-hant');
  expect(stdout).toMatch(/^order-fails-twice-then-succeeds .*[\u4e00-\u9fff]+.*。$/m);
  expect(stdout).toContain('不需要情境的特殊值');
  const json = await runCli('scenarios', 'list', '--lang', 'zh-hant', '--json');
  expect(json.stdout).not.toMatch(chinese);
});

test('an exchange is shown in Chinese: why, the steps, what was diagnosed', async () => {
  await withSettings({}, async (server) => {
    await rawCall(server.url, {
      ...{ target: '/api/open/alipay/v1/merchant/order/sync', body: '{}' },
      headers: {},
    });
    const show = ['journal', 'show', '1', '--url', server.url, '--lang', 'zh-hant'];
    const { stdout } = await runCli(...show);
    expect(stdout).toContain('\n步驟\n');
    expect(stdout).toContain('\n傳送\n');
    expect(stdout).toMatch(/標頭：沒有提供|沒有 Content-Type/);
    const json = await runCli(...show, '--json');
    expect(json.stdout).not.toMatch(chinese);
  });
});

test.each(Object.keys(lintRules))('%s is explained in Chinese', async (id) => {
  const { stdout } = await runCli('lint', '--explain', id, '--lang', 'zh-hant');
  const [shown = ''] = stdout.split('\nJava:');
  expect(shown.match(/^(發現的條件|為何重要|不視為問題)：.*[\u4e00-\u9fff].*。$/gm)).toHaveLength(
    3,
  );
  expect(shown).not.toMatch(/\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b/);
});

test.each([...catalogue, ...receiverCatalogue].map(({ id }) => id))(
  '%s is explained in Chinese',
  async (id) => {
    const { stdout } = await runCli('certify', '--explain', id, '--lang', 'zh-hant');
    const title = new RegExp(`^${id}: .*[\u4e00-\u9fff].* \\((嚴重|重要|輕微)\\)\\n`);
    expect(stdout).toMatch(title);
    expect(stdout.match(/(?<=\s(\/\/|#) )[^\u4e00-\u9fff\n]+$/gm)).toBe(null);
    const [, played = ''] = stdout.split(/^演示$|^檢視$/m);
    expect(played).not.toMatch(/^ {2}(once|every attempt|variants)|: (fault|security) /m);
    const labels = stdout.match(/^[\u4e00-\u9fff]+ {2,}(?=\S)/gm) ?? [];
    const widths = labels.map((label) => label.length + label.trim().length);
    expect(new Set(widths)).toEqual(new Set([18]));
  },
);

test.each([
  [['keys', 'list'], /^擁有者 +演算法 {2}版本 {2}狀態 .*指紋\n.* 生效中 .* 密鑰對 /],
  [['scenarios', 'check', 'scenarios/net-reset.yaml'], /^1 個情境、0 個錯誤、0 個警告$/m],
  [['scenarios', 'run', 'net-reset'], /^1 個通過，0 個失敗$/m],
  [['sign', 'order-sync'], /^所簽的內容/m],
] as const)('%j prints its list in Chinese', async (words, text) => {
  expect((await runCli(...words, '--lang', 'zh-hant')).stdout).toMatch(text);
  expect((await runCli(...words)).stdout).not.toMatch(text);
});

test('a response that proves nothing is judged in Chinese', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'language-'));
  const file = join(folder, 'response.http');
  const verify = ['verify-response', file, '--target', '/x', '--lang', 'zh-hant'];
  for (const [headers, text] of [
    ['', '✗ 回應沒有簽名'],
    ['Signature: x\n', '✗ 回應有 Signature 而沒有 Response-Time，簽名須涵蓋它'],
    ['Signature: x\nResponse-Time: x\n', '✗ 回應屬於 Client-Id (none)，而非 4Q5Y8W0WSG45P907917'],
  ] as const) {
    writeFileSync(file, `HTTP/1.1 200 OK\n${headers}\n{}`);
    expect((await runCli(...verify)).stdout).toContain(text);
  }
  rmSync(folder, { recursive: true });
});

test('the rules of lint are listed in Chinese', async () => {
  const { stdout } = await runCli('lint', '--list', '--lang', 'zh-hant');
  expect(stdout).toMatch(/^L-RTY-01 {3}錯誤 {5}結果未知/);
  expect(stdout).not.toMatch(/error|warning|note/);
});

test('a terminal in Hong Kong reads of the language once, from the doctor', async () => {
  const { languageHint, chooseOutputLanguage } = await import('../../server/cli/input-output.ts');
  const isTTY = process.stdout.isTTY;
  process.stdout.isTTY = true;
  try {
    for (const [locale, hint] of [
      ['zh_HK.UTF-8', true],
      ['zh_TW', true],
      ['zh_MO.UTF-8', true],
      ['zh_CN.UTF-8', false],
      ['en_HK.UTF-8', false],
    ] as const) {
      vi.stubEnv('LC_ALL', locale);
      await chooseOutputLanguage([]);
      expect(languageHint().includes('--lang zh-hant'), locale).toBe(hint);
    }
    vi.stubEnv('LC_ALL', 'zh_HK.UTF-8');
    await chooseOutputLanguage(['--lang', 'en']);
    expect(languageHint()).toBe('');
  } finally {
    process.stdout.isTTY = isTTY;
  }
});

test('the summary of a job counts every kind of evidence in Chinese', async () => {
  const { chooseOutputLanguage } = await import('../../server/cli/input-output.ts');
  const { certifyRenderers } = await import('../../server/cli/commands/certify/run-output.ts');
  const result = sampleResult([believedUnsigned({ id: 'C-SEC-01' })]);
  const counted = {
    ...result,
    summary: { ...result.summary, evidence: { ...result.summary.evidence, W: 16, 'W+C': 15 } },
  };
  const render = () =>
    certifyRenderers(counted, certifyTestReport(result), {
      file: 'x',
    } as never).markdown?.();
  await chooseOutputLanguage(['--lang', 'zh-hant']);
  expect(render()).toContain('檢查：16 項線路上所見, 15 項線路上所見並有聲稱。');
  await chooseOutputLanguage(['--lang', 'en']);
  expect(render()).toContain('Checks: 16 seen on the wire, 15 seen on the wire and claimed.');
});

test('titles of cases are Chinese only where a run asks for it', async () => {
  const { chooseOutputLanguage } = await import('../../server/cli/input-output.ts');
  const { translateCertify } = await import('../../server/cli/commands/certify/run-output.ts');
  await chooseOutputLanguage(['--lang', 'zh-hant']);
  expect(translateCertify('First contact')).toBe('首次接觸');
  await chooseOutputLanguage(['--lang', 'en']);
  expect(translateCertify('First contact')).toBe('First contact');
});
