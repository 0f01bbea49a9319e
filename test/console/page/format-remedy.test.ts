import { expect, test } from 'vitest';
import { formatRemedy } from '../../../console/components/format.ts';
import { languages, remedies } from '../../../server/doctor/catalogue/remedies.ts';

test('each statement gets its line, and the comment stands above', () => {
  expect(
    formatRemedy(
      'byte[] body = a.b("; "); signer.update(body); // one byte[]; signed and sent',
      'java',
    ),
  ).toBe('// one byte[]; signed and sent\nbyte[] body = a.b("; ");\nsigner.update(body);');
  expect(formatRemedy("body = f(x)  # sign '#body'", 'python')).toBe("# sign '#body'\nbody = f(x)");
  expect(formatRemedy('$u = "http://x"; g($u);', 'php')).toBe('$u = "http://x";\ng($u);');
});

test('no remedy loses a word', () => {
  const words = (text: string): readonly string[] => (text.match(/\w+/g) ?? []).toSorted();
  for (const [topic, remedy] of Object.entries(remedies))
    for (const language of languages)
      expect([topic, language, words(formatRemedy(remedy[language], language))]).toEqual([
        topic,
        language,
        words(remedy[language]),
      ]);
});
