import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import {
  problemsInChinese,
  translateProblem,
} from '../../../server/domain/chinese/problem-texts.ts';
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

const printers = new Set(['usageError', 'printError', 'printWarning', 'InvalidArgumentError']);
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
  /^(must (be|have) at (least|most)|too many arguments|option '|\{\} is (a notification|answered while)|.* and claimed|an attempt came|\{\} (of \{\} )?cases? |\{\} of \{\} (items handled|cases, )|\{\} {2}\{\} {2}up to|no row {2}#|unexpected error)/;

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

test('no translation is left of a sentence that is gone', () => {
  const texts = `${written.join('\n')}\n${commander}`.replaceAll('&ne;', '≠').replace(/\s+/g, ' ');
  const unused = Object.keys(problemsInChinese).filter(
    (english) =>
      !composed.test(english) &&
      !english
        .replace(/^\{\} /, '')
        .split(/\{\}|\n/)
        .filter((part) => part.trim().length > 3)
        .every((part) => texts.includes(part)),
  );
  expect(unused).toEqual([]);
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
