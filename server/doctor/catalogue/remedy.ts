/** The languages that official SDKs of this protocol family exist for. */
export const languages = ['java', 'php', 'python', 'go', 'csharp', 'node'] as const;
export type Language = (typeof languages)[number];

export const languageNames: Readonly<Record<Language, string>> = {
  java: 'Java',
  php: 'PHP',
  python: 'Python',
  go: 'Go',
  csharp: 'C#',
  node: 'Node',
};

/**
 * What to write instead, per language. The snippets share their names: `content` is the text to
 * sign, `signature` its raw bytes, `value` what goes after `signature=`, `body` the bytes on the
 * wire, `key` the private key.
 */
export type Remedy = Readonly<Record<Language, string>>;
