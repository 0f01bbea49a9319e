import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { catalogue, correctHandling } from '../../../server/conformance/certify/catalogue/index.ts';
import { lintRemedies } from '../../../server/conformance/lint/lint-remedies.ts';
import {
  remedyCommentsInChinese,
  translateRemedy,
} from '../../../server/doctor/catalogue/chinese-texts.ts';
import { remedies } from '../../../server/doctor/catalogue/remedies.ts';
import certify from '../../../server/domain/chinese/certify.json' with { type: 'json' };
import { contractInChinese } from '../../../server/domain/chinese/contract-texts.ts';
import faults from '../../../server/domain/chinese/faults.json' with { type: 'json' };
import { foundInChinese } from '../../../server/domain/chinese/found-texts.ts';
import {
  problemsInChinese,
  translateProblem,
} from '../../../server/domain/chinese/problem-texts.ts';
import scenarios from '../../../server/domain/chinese/scenarios.json' with { type: 'json' };
import { serverTexts } from '../../../server/domain/chinese/server-texts.ts';
import { packageRoot } from '../../../server/package-root.ts';

const sourceFiles = ['server', 'sdk']
  .flatMap((folder) =>
    readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      join(folder, name),
    ),
  )
  .filter((file) => /(?<!\.gen)\.ts$/.test(file) && !file.includes('/chinese/'));

/** Texts that no command prints, or that have their Chinese elsewhere. */
const otherTexts =
  /doctor\/catalogue|certify\/(catalogue|checks|harness)|lint-(rules|remedies)|admin\/mcp|testing\/|domain\/operations|gateway\/|journal\/verify|calibrate\/(probe-table|build-request)/;

/** A text as a template: `{}` for each value; a choice of texts gives several. */
const toTemplates = (node: ts.Expression): readonly string[] => {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node.text];
  if (ts.isParenthesizedExpression(node)) return toTemplates(node.expression);
  if (ts.isConditionalExpression(node))
    return [...toTemplates(node.whenTrue), ...toTemplates(node.whenFalse)];
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
    return toTemplates(node.left).flatMap((left) =>
      toTemplates(node.right).map((right) => left + right),
    );
  if (!ts.isTemplateExpression(node)) return ['{}'];
  return node.templateSpans.reduce<readonly string[]>(
    (before, span) =>
      before.flatMap((text) =>
        toTemplates(span.expression).map((value) => text + value + span.literal.text),
      ),
    [node.head.text],
  );
};

const printers = new Set([
  'usageError',
  'printError',
  'printWarning',
  'InvalidArgumentError',
  'translateOutput',
]);
const problemNames = new Set(['message', 'remedy', 'why']);

/** What is printed as a problem or remedy by this node. */
const printedBy = (node: ts.Node): readonly ts.Expression[] => {
  if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name))
    return problemNames.has(node.name.text) ? [node.initializer] : [];
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return [];
  return ts.isIdentifier(node.expression) && printers.has(node.expression.text)
    ? [...(node.arguments ?? [])]
    : [];
};

const read = () => {
  const printed = new Map<string, string>();
  const written: string[] = [];
  for (const file of sourceFiles) {
    const text = readFileSync(join(packageRoot, file), 'utf8');
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
    const visit = (node: ts.Node): void => {
      if (!otherTexts.test(file))
        for (const one of printedBy(node))
          for (const template of toTemplates(one)) printed.set(template, file);
      if (
        ts.isStringLiteralLike(node) ||
        ts.isTemplateExpression(node) ||
        ts.isBinaryExpression(node)
      )
        written.push(...toTemplates(node));
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return { printed, written };
};

const { printed, written } = read();
const commanderFolder = join(packageRoot, 'node_modules/commander/lib');
const commander = readdirSync(commanderFolder)
  .map((name) => readFileSync(join(commanderFolder, name), 'utf8'))
  .join('\n');

/** Sentences that are put together of words, so that no source has them as one text. */
const composed =
  /^(must (be|have) at (least|most)|too many arguments|option '|\{\} is (a notification|answered while)|.* and claimed|an attempt came|\{\} (of \{\} )?cases? |\{\} of \{\} (items handled|cases, )|\{\} {2}\{\} {2}up to|no row {2}#|unexpected error|\{\} header: is missing, but|Run .*redis-cli ACL|\{\} notes?$|Request-Time differs from this machine's clock by \{\} s: )/;

/** Words of English that are not code, quoted or a command with its options. */
const englishIn = (text: string): string | undefined =>
  text.replace(/\{\}/g, '').match(/(?<![-/."$<[{\w])(?:[a-z’']{2,} ){2,}[a-z’']{2,}(?![-/(])/)?.[0];

test('there are problems to translate', () => {
  expect(printed.size).toBeGreaterThan(450);
  expect(commander).toContain('unknown option');
});

test('every problem and remedy that a command prints has its Chinese', () => {
  const missing = [...printed].filter(([english]) => {
    if (englishIn(english) === undefined) return false;
    const chinese = translateProblem(english);
    return chinese === undefined || englishIn(chinese) !== undefined;
  });
  expect(missing.map(([english, file]) => `${file}: ${english}`)).toEqual([]);
});

const normalise = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Lists and code of Markdown are shown without their marks. */
const bareWords = (text: string): string => text.replace(/[^\p{L}\p{N}{}]+/gu, ' ').trim();

/** Keys whose words, between their parameters, no text has. */
const findUnused = (keys: readonly string[], texts: string): readonly string[] =>
  keys.filter(
    (english) =>
      !english
        .replace(/^\{\} /, '')
        .split(/\{\d?\}|\n/)
        .filter((part) => part.trim().length > 3)
        .every((part) => texts.includes(part)),
  );

/** Every text in the YAML files of a folder of the package. */
const listYamlTexts = (folder: string): string => {
  const texts: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'string') texts.push(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  for (const name of readdirSync(join(packageRoot, folder)))
    if (name.endsWith('.yaml')) visit(parse(readFileSync(join(packageRoot, folder, name), 'utf8')));
  return normalise(texts.join('\n'));
};

describe('no translation is left of a sentence that is gone', () => {
  const sources = normalise(written.join('\n').replaceAll('&ne;', '≠'));

  test('in problems and reports', () => {
    const unused = findUnused(Object.keys(problemsInChinese), `${sources} ${normalise(commander)}`);
    expect(unused.filter((english) => !composed.test(english))).toEqual([]);
  });

  test.each([
    ['certify', certify],
    ['faults', faults],
    ['found', foundInChinese],
    ['server', Object.fromEntries(Object.values(serverTexts))],
    ['contract', contractInChinese],
    ['scenarios', scenarios],
  ])('in %s', (_name, texts) => {
    const all = bareWords(`${sources} ${listYamlTexts('scenarios')} ${listYamlTexts('openapi')}`);
    const keys = Object.keys(texts).filter((english) => !composed.test(english));
    expect(findUnused(keys.map(bareWords), all)).toEqual([]);
  });
});

test('the comments of all remedies have their Chinese, and no other has', () => {
  const snippets = [
    ...Object.values(remedies),
    ...Object.values(lintRemedies),
    ...catalogue.flatMap(({ id }) => correctHandling(id) ?? []),
  ].flatMap((remedy): readonly string[] => Object.values(remedy));
  const comments = snippets.flatMap((code) =>
    [...code.matchAll(/(?:^|\s)(?:\/\/|#) (.*)$/gm)].map(([, comment = '']) => comment),
  );
  expect(new Set(Object.keys(remedyCommentsInChinese))).toEqual(new Set(comments));
  for (const code of snippets) {
    const chinese = translateRemedy(code);
    expect(chinese.split('\n')).toHaveLength(code.split('\n').length);
    expect(translateRemedy(chinese)).toBe(chinese);
  }
});

describe('a problem in Chinese', () => {
  test.each([
    [
      'port: must be a whole number from 0 to 65535 (got "a")',
      'port：必須是 0 至 65535 的整數（收到 "a"）',
    ],
    ['cannot be read: it does not exist', '未能讀取：它不存在'],
    ['must be "a", "b" or "c" (got 1)', '必須是"a"、"b" 或 "c"（收到 1）'],
    ['would have no active RSA256 key from 9:00 on', '由 9:00 起將沒有生效中的 RSA256 密鑰'],
    ['this sentence is not known', undefined],
  ])('%s', (english, chinese) => {
    expect(translateProblem(english)).toBe(chinese);
  });

  test('keeps the parameters of its sentence', () => {
    const count = (text: string): number => text.match(/\{\d?\}/g)?.length ?? 0;
    const lost = Object.entries(problemsInChinese).filter(
      // The help of a setting is not translated.
      ([english, chinese]) => english !== 'Write {}: {}.' && count(english) !== count(chinese),
    );
    expect(lost).toEqual([]);
  });
});
