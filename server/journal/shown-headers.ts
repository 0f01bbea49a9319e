/** Headers that let their bearer in somewhere. */
const secretHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'agent-token',
]);

const redacted = '(redacted)';

/** By lower-case name. */
export const redactHeaders = (
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      secretHeaders.has(name) ? redacted : value,
    ]),
  );

/** Names and values in turns, as pairs. */
export const shownHeaderLines = (
  lines: readonly string[],
): readonly (readonly [name: string, value: string])[] =>
  headerPairs(lines).map(([name, value]) => [
    name,
    secretHeaders.has(name.toLowerCase()) ? redacted : value,
  ]);

export const headerPairs = (lines: readonly string[]): (readonly [name: string, value: string])[] =>
  lines.flatMap((name, at) => (at % 2 === 0 ? [[name, lines[at + 1] ?? ''] as const] : []));
