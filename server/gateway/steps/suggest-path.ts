import { nearestWord } from '../../problems/did-you-mean.ts';
import { clipText } from '../../problems/display-text.ts';

/**
 * Says which path may have been meant, and why it is not the one that was sent.
 * Paths are exact: letter case and a slash at the end count. Two of the contract's are inferred, so
 * a right one may well be unknown here.
 */
export const suggestPath = (path: string, known: readonly string[]): string => {
  const suggestion = nameKnown(path, known);
  if (suggestion === undefined)
    return 'if AlipayHK gave you this path, set it as paths.<operation>';
  return path.startsWith('/api/open/')
    ? `${suggestion}${suggestion.endsWith('?') ? '' : '.'} Else set paths.<operation>`
    : suggestion;
};

const nameKnown = (path: string, known: readonly string[]): string | undefined => {
  const plain = undoSlips(path);
  const same = known.find((candidate) => candidate.toLowerCase() === plain.toLowerCase());
  if (same !== undefined) return `did you mean ${same}?${reason(path)}`;
  const inside = known.find((candidate) => plain.toLowerCase().endsWith(candidate.toLowerCase()));
  if (inside !== undefined) {
    const prefix = plain.slice(0, plain.length - inside.length);
    return `did you mean ${inside}? To serve a prefix set basePath: ${clipText(prefix, 80)}`;
  }
  const longer = known.find(
    (candidate) => plain.length > 1 && candidate.toLowerCase().endsWith(plain.toLowerCase()),
  );
  if (longer !== undefined) return `did you mean ${longer}?`;
  const nearest = nearestPath(plain, known);
  return nearest === undefined ? undefined : `did you mean ${nearest}?`;
};

/** Percent-encoding, path parameters, white space, doubled slashes, one at the end. */
const undoSlips = (path: string): string =>
  decode(path)
    .replace(/;[^/]*/g, '')
    .replace(/\s+/g, '')
    .replace(/\\/g, '/')
    .replace(/\/{2,}/g, '/')
    .replace(/\/+$/, '');

const decode = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};

const reason = (path: string): string => {
  const decoded = decode(path);
  if (/;/.test(decoded)) return ' Path parameters (;name=value) are not part of it';
  if (/\s/.test(decoded)) return ' There is white space in the path';
  if (/\/\//.test(decoded)) return ' There is a doubled slash in the path';
  if (/\/$/.test(decoded)) return ' There is a slash at the end';
  if (decoded !== path) return ' Parts of it are percent-encoded';
  return '';
};

/**
 * The known paths have long beginnings in common: only the segments in which they differ count.
 */
const nearestPath = (path: string, known: readonly string[]): string | undefined => {
  const segments = path.split('/');
  const near = known.filter((candidate) => {
    const own = candidate.split('/');
    const different = own.filter(
      (segment, at) => segment.toLowerCase() !== segments[at]?.toLowerCase(),
    );
    return (
      own.length === segments.length &&
      different.every((segment) => isNear(segments[own.indexOf(segment)] ?? '', segment))
    );
  });
  return near.length === 1 ? near[0] : undefined;
};

const isNear = (given: string, segment: string): boolean =>
  nearestWord(given, [segment]) !== undefined;
