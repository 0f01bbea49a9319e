import { remember } from './remembered.ts';

/** The languages the doctor writes its remedies in. */
export const codeLanguages = ['java', 'php', 'python', 'go', 'csharp', 'node'] as const;
export type CodeLanguage = (typeof codeLanguages)[number];

export const codeLanguageNames: Readonly<Record<CodeLanguage, string>> = {
  java: 'Java',
  php: 'PHP',
  python: 'Python',
  go: 'Go',
  csharp: 'C#',
  node: 'Node',
};

export const codeLanguage = remember<CodeLanguage>('code-language', codeLanguages, () => 'java');
